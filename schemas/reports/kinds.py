"""What the class of a report says besides its columns."""

from __future__ import annotations

from typing import Any


def reported(name: str, *key: str, each: str | None = None) -> dict[str, Any]:
    """The metadata of a report: its name (`referral/assignments`) and its key, if it has one.

    `each` is the column of the table, left out of the CSV, by whose value its rows are dealt out
    to files of their own: each leader's.
    """
    return {"report": name, "key": key, "each": each}
