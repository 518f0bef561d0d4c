"""How a file of a drop is read (contract 5, "Reading a file"), as one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileForm:
    """The dialect of one file; the defaults are contract 1's.

    `skip_lines` are lines before the header, `skip_footer` records at the end that are none;
    `header` are the column names where the file has none of its own; `sheet` is a workbook's, None
    for its first; `trim` takes blanks round every cell away.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0
    skip_footer: int = 0
    sheet: str | None = None
    header: tuple[str, ...] | None = None
    trim: bool = False


PLAIN = FileForm()
