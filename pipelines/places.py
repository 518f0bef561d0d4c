"""Where the house's files that are not Python lie: SQL, templates, catalogues, Dagster's settings.

Belongs here: nothing else. In a checkout they stand at its top; an installed Upline carries them
inside this package, where `setup.py` puts them.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CARRIED = _PACKAGE / "carried"


def find_checkout() -> Path | None:
    """The checkout that this program runs from; None for one that was installed."""
    return None if _CARRIED.is_dir() else _PACKAGE.parent


def find_file(name: str) -> Path:
    """The house's file called `name` (`dagster.yaml`), which must be there."""
    return (find_checkout() or _CARRIED) / name


def find_folder(name: str) -> Path:
    """The folder of the house called `name` (`sql`, `reports/templates`), which must be there."""
    return find_file(name)
