"""What the program gets wrong: rows that must not exist. What the data gets wrong is a `Stop`."""

from __future__ import annotations

from collections.abc import Iterable


class CheckFailed(Exception):
    """Rows exist that must not: the program, not the data, is at fault."""


class ShapeFailed(CheckFailed):
    """A report's rows are not what its shape declares.

    `kinds` says in which way: `key`, `type`, or the kind of a fault (`report_check`).
    """

    def __init__(self, message: str, kinds: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.kinds = frozenset(kinds)
