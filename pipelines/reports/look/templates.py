"""The templates' environment: everything that comes from an extract is escaped and made visible.

Belongs here: how a page is rendered and written. Which figures it is given is said by its module,
how it looks in reports/templates.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.places import find_folder
from pipelines.reports.look.compiled import CompiledTemplates, digest_compiler
from pipelines.reports.look.formats import visible
from pipelines.reports.look.small_drawings import draw_bar, draw_spark
from pipelines.reports.look.table_cells import SLOT_FILTERS, TableCells
from pipelines.reports.look.terms import explained_terms, mark_terms
from pipelines.reports.look.words import WORDS, named, told

TEMPLATES = find_folder("reports/templates")


@dataclass(frozen=True)
class Link:
    """A way to another page."""

    title: str
    href: str
    is_current: bool = False


@cache
def templates() -> Environment:
    """The house's templates.

    Autoescape is on; `visible` names characters that would act unseen; a page may run the house's
    own script and nothing else.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=CompiledTemplates(TEMPLATES, digest_compiler()),
    )
    environment.filters |= SLOT_FILTERS | {
        "told": told, "named": named, "terms": mark_terms, "anchor": query_anchor,
        "explained": explained_terms,
    }  # fmt: skip
    script = environment.get_template("tables.js").render()
    environment.globals |= {
        "lang": "en",
        "direction": "ltr",
        "is_trial": False,
        "links": (),
        "up": "",
        "story_root": "",
        "words": WORDS,
        "cells": TableCells(),
        "draw_spark": draw_spark,
        "draw_bar": draw_bar,
        "content_security": _content_security(script),
    }
    return environment


def query_anchor(name: str) -> str:
    """Where a page's query is shown on the dictionary's page: its name as an anchor."""
    return f"query-{name.replace('/', '-')}"


def _content_security(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def render_page(template: str, links: Sequence[Link] = (), **given: Any) -> str:
    """A page's text from its template and what it is given."""
    return templates().get_template(template).render(links=links, **given)


def write_page(path: Path, template: str, links: Sequence[Link] = (), **given: Any) -> None:
    """Render a page into a file of a folder that nobody reads yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(template, links, **given), encoding="utf-8", newline="\n")
