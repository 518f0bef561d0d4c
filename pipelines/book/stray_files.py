"""What a message says of files in a drop that nobody reads (contract 1, the book).

Belongs here: which table comes nearest, and what to do. A name is never offered that a file of the
drop has already, or that the mapping reads from elsewhere.
"""

from __future__ import annotations

import difflib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.book.regular_files import name_irregular
from pipelines.stop import Stop, show_text

READABLE = (".csv", ".csv.gz", ".parquet", ".xlsx")
MOST_TOLD = 3
# What somebody who has such a file can do.
ADVICE = {
    ".xls": "save it as .xlsx or .csv",
    ".ods": "save it as .xlsx or .csv",
    ".numbers": "save it as .xlsx or .csv",
    ".zip": "unpack it",
    ".7z": "unpack it",
    ".rar": "unpack it",
    ".tar": "unpack it",
    ".tgz": "unpack it",
    ".bz2": "unpack it",
    ".xz": "unpack it",
    ".zst": "unpack it",
    ".gz": "unpack it, or name it .csv.gz",
}


@dataclass(frozen=True)
class Names:
    """The names that a file of a drop may have.

    `free` have no file in this drop, `taken` leads from each that has one to its file, `moved` to
    where it is said of the others that they are read from elsewhere.
    """

    free: list[str]
    taken: dict[str, str]
    moved: dict[str, str]


class StrayFiles(Stop):
    """The Stop for files that nobody reads, by their names, or by the tables they seem to be.

    Who can look into the files raises it again with what their columns say (`by_columns`): a name
    is the weaker sign.
    """

    def __init__(
        self, folder: Path, strays: list[Path], names: Names, guessed: Mapping[Path, str]
    ) -> None:
        super().__init__(_tell(folder, strays, names, guessed))
        self.folder, self._strays, self._names = folder, strays, names

    def by_columns(self, guessed: Mapping[Path, str]) -> StrayFiles:
        """The same, in: which table each file seems to be by its columns."""
        return StrayFiles(self.folder, self._strays, self._names, guessed)


def _tell(folder: Path, strays: list[Path], names: Names, guessed: Mapping[Path, str]) -> str:
    told = [_explain(path, names, guessed.get(path)) for path in strays[:MOST_TOLD]]
    if len(strays) == 1:
        return f"{strays[0]}: {told[0]}"
    more = f"; and {len(strays) - MOST_TOLD} more" if len(strays) > MOST_TOLD else ""
    each = "; ".join(
        f"{show_text(path.name)}: {why}" for path, why in zip(strays, told, strict=False)
    )
    return f"{folder}: {len(strays)} files that nobody reads: {each}{more}"


def _explain(path: Path, names: Names, guessed: str | None) -> str:
    free, taken, moved = names.free, names.taken, names.moved
    wrong = name_irregular(path)
    if wrong is not None and not stat.S_ISDIR(path.stat(follow_symlinks=False).st_mode):
        return f"{wrong}; take it out of the drop"
    what = "is no table's file but a folder" if wrong else "is no table's file"
    stem = path.name.split(".")[0]
    if guessed in free:
        advice = f"{_advise(path.name, guessed)}, or map it: `upline check` drafts the lines"
        return f"{what}, did you mean {guessed!r}? {advice}"
    name = _find_nearest(stem, [*free, *taken, *moved])
    if name in moved:
        if name == stem:
            return f"is nobody's: {moved[name]} makes {name} of other files; take this one away"
        return f"{what}; take it out of the drop"
    if name in taken:
        return f"{what}; {taken[name]} holds {name} already: take this one out of the drop"
    if name is None:
        known = f", or name it after one that has none: {', '.join(free)}" if free else ""
        return f"{what}: take it out of the drop{known}"
    if wrong:
        return f"{what}, did you mean {name!r}? Put the file itself into the drop"
    return f"{what}, did you mean {name!r}? {_advise(path.name, name)}"


def _advise(file: str, name: str) -> str:
    lower = file.lower()
    for ending in sorted(READABLE, key=len, reverse=True):
        if lower.endswith(ending):
            return f"Then name it {name}{ending}"
    for ending, advice in ADVICE.items():
        if lower.endswith(ending):
            return f"Then {advice}"
    return f"Then save it as {name}.csv"


def _find_nearest(stem: str, names: list[str]) -> str | None:
    """The name that a stem is, contains, or resembles."""
    lower = stem[:100].lower()
    plain = {name.replace("*", "").lower(): name for name in reversed(names)}
    plain.pop("", None)
    if lower in plain:
        return plain[lower]
    inside = [name for name in plain if name in lower]
    if inside:
        return plain[max(inside, key=len)]
    close = difflib.get_close_matches(lower, list(plain), n=1, cutoff=0.5)
    return plain[close[0]] if close else None
