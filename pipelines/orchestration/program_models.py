"""The rules that this program has, read once a process: all of its assets are made from them."""

from __future__ import annotations

from functools import cache

from pipelines.rules.models import Model, read_models


@cache
def program_models() -> list[Model]:
    """Every rule's SQL file, each after the ones that it reads. Nobody changes the list."""
    return read_models()
