"""The analyst's desk as one value: which book and home it is about, and where it is served."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.closing.home import Home


@dataclass(frozen=True)
class Desk:
    """A book and a home, and the path that the UI is served under (nothing at the top)."""

    book: Path
    home: Home
    prefix: str = ""
