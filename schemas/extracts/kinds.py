"""What the class of an extract says besides its columns."""

from __future__ import annotations

from typing import Any

# What a drop's file holds (contract 1, "Kinds of table").
KINDS = {
    "snapshot": "the whole state at the month's end",
    "record": "rows new or changed since the last drop; the newest row of a key stands",
    "event": "rows new since the last drop; the first row of a key stands for ever",
}


def described(name: str, kind: str, *key: str) -> dict[str, Any]:
    """The metadata of a table: its name, kind (snapshot, record or event) and key columns."""
    return {"table": name, "kind": kind, "key": key}
