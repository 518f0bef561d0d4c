"""A new book in an empty folder: policy, calendar, README and a vendor's mapping (contract 4).

Belongs here: what a new book is made of and where it may be written. Every file's content is made
before the first is written.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from pipelines.book.new_calendar import calendar_text, make_calendar
from pipelines.book.new_policy import LATEST, new_policy
from pipelines.months import Month
from pipelines.places import find_folder
from pipelines.stop import Stop, show_text

MOST_YEARS = 100
README = """\
# A book for Upline

- `policy.toml`: the rules in figures. Put in your company's name, currency, time zone,
  opening month, ranks and countries first.
- `calendar.csv`: qualification and benefits windows of {years}, in weeks of 4, 4 and 5. Put
  your company's own in, if it has others.
{mapping}- One folder a month, the drop: `{first}/` has the exports taken after that month ended,
  `members.csv` and `orders.csv` at least.

What a table needs: `upline describe`, or `upline describe orders`.
Whether a drop is right: `upline check {first} --book .` (it writes nothing).
What the month would be: `upline trial {first} --book . --home ../home`.
Closing it for good: `upline close {first} --book . --home ../home`.

Exports with other names, delimiters or formats need no converter: a `mapping.toml` beside the
policy says what they mean, and `upline check` drafts one for a file that does not fit.
"""
MAPPING = """\
- `mapping.toml` and `mapping/`: how exports of the form of {vendor} are read. It is a start:
  whose the orders are, their BV and what is left out are your company's to say.
"""


def list_vendors() -> list[str]:
    """The systems that a new book can start from."""
    return sorted(path.name for path in find_folder("data/vendors").iterdir() if path.is_dir())


def make_book(folder: Path, first: Month, years: int, vendor: str | None = None) -> list[str]:
    """Write a new book and name its files.

    In: a folder that is new or empty, the opening month, how many years the calendar has, and the
    system whose mapping is taken. Stop where the folder is not empty or cannot be written, or a
    figure or the system's name cannot be; nothing is written then.
    """
    files = {
        "README.md": _readme(first, last := _last_month(first, years), vendor).encode(),
        "calendar.csv": calendar_text(make_calendar(first, last)).encode(),
        "policy.toml": new_policy(first).encode(),
    }
    if vendor is not None:
        files |= _read_mapping(vendor)
    try:
        _refuse_used(folder)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise Stop(f"{folder}: a new book cannot be written there: {told}") from error
    return sorted(files)


def _refuse_used(folder: Path) -> None:
    if folder.is_dir():
        held = next(iter(sorted(path.name for path in folder.iterdir())), None)
        if held is not None:
            raise Stop(
                f"{folder}: is not empty (it has {show_text(held)!r}); "
                f"name a new or an empty folder for the book"
            )
    elif folder.exists() or folder.is_symlink():
        raise Stop(f"{folder}: is no folder; name a new or an empty folder for the book")


def _last_month(first: Month, years: int) -> Month:
    if not 1 <= years <= MOST_YEARS:
        raise Stop(f"--years: found {years}, must be 1 to {MOST_YEARS}")
    before = first.previous
    last = Month(f"{before.start.year + years:04}-{before.text[5:]}")
    if last > LATEST:
        raise Stop(f"a calendar of {years} years from {first} runs beyond {LATEST}: fewer --years")
    return last


def _read_mapping(vendor: str) -> dict[str, bytes]:
    vendors = list_vendors()
    if vendor not in vendors:
        close = difflib.get_close_matches(vendor.lower(), vendors, n=1)
        hint = f", did you mean {close[0]!r}?" if close else ""
        known = ", ".join(vendors)
        raise Stop(f"--like: {show_text(vendor)!r} is not known{hint} (known: {known})")
    book = find_folder("data/vendors") / vendor / "book"
    paths = [book / "mapping.toml", *sorted((book / "mapping").glob("*"))]
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in paths}


def _readme(first: Month, last: Month, vendor: str | None) -> str:
    mapping = "" if vendor is None else MAPPING.format(vendor=vendor)
    return README.format(years=f"{first} to {last}", first=first, mapping=mapping)
