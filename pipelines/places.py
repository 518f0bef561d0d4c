"""Where the house's files that are not Python lie: SQL, templates, catalogues.

Belongs here: nothing else. In a checkout they stand at its top; an installed Upline carries them
inside this package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def find_folder(name: str) -> Path:
    """The folder of the house called `name` (`sql`, `reports/templates`), which must be there."""
    beside, inside = _PACKAGE.parent / name, _PACKAGE / name
    return beside if beside.is_dir() else inside
