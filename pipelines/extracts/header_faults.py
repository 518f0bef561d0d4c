"""Why a file's header is not a table's: what is missing, what comes nearest, what the file may be.

Belongs here: guesses for a message, never for reading. Nothing is read otherwise because of them.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.book.file_form import FileForm
from pipelines.extracts.csv_faults import first_records
from pipelines.stop import show_text

DELIMITERS = {
    ",": "','", ";": "';'", "\t": "a tab", "|": "'|'", ":": "':'", " ": "a blank", "^": "'^'",
}  # fmt: skip
TOP = 50
MOST_NAMED = 8
LOOKS_LIKE_DATA = re.compile(r"\d|@")


@dataclass(frozen=True)
class _Guess:
    """Where a header may stand: its line, the delimiter, and how many names it then has."""

    line: int
    delimiter: str
    known: int
    names: list[str]


def explain_columns(header: list[str], required: list[str], known: list[str]) -> str | None:
    """What a message says of the required columns that a header does not have; None if it has all.

    In: the names in the header, those that must be there, and all that mean something: a name that
    means something already is never offered for another.
    """
    missing = [name for name in required if name not in set(header)]
    if not missing:
        return None
    free = [name for name in dict.fromkeys(header) if name and name not in set(known)]
    blank = [name for name in missing if any(other.strip() == name for other in free)]
    if blank and len(blank) == len(missing):
        return (
            f"there are blanks round names of columns ({', '.join(blank[:MOST_NAMED])}): "
            f"export without, or set trim = true in mapping.toml"
        )
    near = _match(missing, free)
    if len(missing) == 1:
        return f"the required column {missing[0]!r} is missing, {_offer(missing[0], near, free)}"
    named = [
        f"{name!r} ({show_text(near[name])}?)" if name in near else repr(name)
        for name in missing[:MOST_NAMED]
    ]
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    advice = "; rename or map those with ?" if near else f"; {_list(free)}"
    return f"the required columns {', '.join(named)}{more} are missing{advice}"


def _match(missing: list[str], free: list[str]) -> dict[str, str]:
    """The free name that comes nearest to each missing one: none is offered for two."""
    left, near = list(free), dict[str, str]()
    for names in ([name for name in missing if plain_name(name) in map(plain_name, free)], missing):
        for name in names:
            close = None if name in near else find_nearest(name, left)
            if close is not None:
                near[name] = close
                left.remove(close)
    return near


def explain_header(
    path: Path, form: FileForm, header: list[str], required: list[str], known: list[str]
) -> str | None:
    """As `explain_columns` for a CSV file, of which the first lines are looked at too."""
    told = explain_columns(header, required, known)
    if told is None or form.header is not None:
        return told
    layout = explain_layout(path, form, header, required, known)
    if layout is not None:
        return layout
    line = find_header_line(path, form)
    if _is_data(header, known):
        return f"line {line} seems to be a row and not the header; a header row is needed; {told}"
    return f"line {line}: {told}"


def find_header_line(path: Path, form: FileForm) -> int:
    """The line that a CSV file's header begins in, as an editor counts."""
    top = first_records(path, form, 1)
    return top[0][0] if top else 1


def explain_layout(
    path: Path, form: FileForm, header: list[str], required: list[str], known: list[str]
) -> str | None:
    """Why the header may be read wrongly: another delimiter, or a title above it; None: it is not.

    In: the names that must be there, and all that mean something.
    """
    if form.header is not None:
        return None
    line = find_header_line(path, form)
    guess = _find_header(path, form, required, known)
    if guess is None:
        return None
    if guess.line > line:
        return _explain_title(line, header, guess, form)
    if guess.line < line:
        return (
            f"line {line} is no header; it seems to stand in line {guess.line}: "
            f"set skip_lines = {guess.line - 1} in mapping.toml"
        )
    if guess.delimiter == form.delimiter:
        return None
    return (
        f"line {line}: the delimiter seems to be {DELIMITERS[guess.delimiter]}, must be "
        f"{DELIMITERS.get(form.delimiter, repr(form.delimiter))}: export with it, "
        f"or set {_setting(guess.delimiter)} in mapping.toml"
    )


def _setting(delimiter: str) -> str:
    return 'delimiter = "\\t"' if delimiter == "\t" else f'delimiter = "{delimiter}"'


def _explain_title(line: int, header: list[str], guess: _Guess, form: FileForm) -> str:
    title = show_text(" ".join(filter(None, header)))
    other = ""
    if guess.delimiter != form.delimiter:
        other = f" and {_setting(guess.delimiter)}"
    return (
        f"line {line} is a title ({title!r}); the header seems to stand in line {guess.line}: "
        f"export without what is above it, or set skip_lines = {guess.line - 1}{other} "
        f"in mapping.toml"
    )


def _find_header(
    path: Path, form: FileForm, required: list[str], known: list[str]
) -> _Guess | None:
    """The best place for a header among the first records; None where no place has most names."""
    wanted = {plain_name(name) for name in known}
    needed = {plain_name(name) for name in required}
    best = None
    for delimiter in dict.fromkeys([form.delimiter, *DELIMITERS]):
        whole = replace(form, delimiter=delimiter, skip_lines=0)
        if delimiter == form.quote:
            continue
        for line, cells in first_records(path, whole, TOP):
            names = {plain_name(cell) for cell in cells}
            guess = _Guess(line, delimiter, len(names & wanted), cells)
            is_likely = guess.known > 1 and 2 * len(names & needed) >= len(needed)
            if is_likely and (best is None or guess.known > best.known):
                best = guess
    return best


def plain_name(name: str) -> str:
    """A name without what exports differ in: letter case, blanks and signs."""
    return re.sub(r"[\W_]+", "", name).lower()


def _is_data(header: list[str], known: list[str]) -> bool:
    filled = [name for name in header if name]
    looks = sum(bool(LOOKS_LIKE_DATA.search(name)) for name in filled)
    return not set(header) & set(known) and len(filled) > 1 and 2 * looks >= len(filled)


def find_nearest(name: str, names: list[str]) -> str | None:
    """The name that comes nearest, letter case, blanks and signs apart first."""
    for other in names:
        if plain_name(other) == plain_name(name):
            return other
    plain = {plain_name(other): other for other in reversed(names[:1000])}
    close = difflib.get_close_matches(plain_name(name), list(plain), n=1, cutoff=0.6)
    return plain[close[0]] if close else None


def _offer(name: str, near: dict[str, str], free: list[str]) -> str:
    if name not in near:
        return _list(free)
    return f"did you mean {show_text(near[name])!r}? Rename it in the export or map it"


def _list(free: list[str]) -> str:
    if not free:
        return "the header has no other names: add the column to the export"
    named = ", ".join(repr(show_text(name)) for name in free[:MOST_NAMED])
    return f"the header's other names are {named}{' …' if len(free) > MOST_NAMED else ''}"
