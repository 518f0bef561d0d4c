"""What the program gets wrong: rows that must not exist. What the data gets wrong is a `Stop`."""

from __future__ import annotations


class CheckFailed(Exception):
    """Rows exist that must not: the program, not the data, is at fault."""


class ShapeFailed(CheckFailed):
    """A report's rows are not what its shape declares."""
