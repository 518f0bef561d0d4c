"""What the class of an extract says besides its columns."""

from __future__ import annotations

from typing import Any


def described(name: str, kind: str, *key: str) -> dict[str, Any]:
    """The metadata of a table: its name, kind (snapshot, record or event) and key columns."""
    return {"table": name, "kind": kind, "key": key}
