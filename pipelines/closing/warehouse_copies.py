"""The copies of the working file that analysts open, and the link that leads to the latest.

Belongs here: how a copy takes the place of the one before, and how that is undone. Each copy has a
name of its own: the engine keeps its log beside the file that the link leads to, so that whoever
still writes into an old copy never puts a log beside the new one, which nobody could open then. The
copy before stays until the month's reports are in their place, so that a close which dies in
between is undone by leading back to it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb

from pipelines.closing.chain import remembered_months
from pipelines.closing.early_copy import log_of
from pipelines.closing.home import Home, sync
from pipelines.closing.inputs import digest_file
from pipelines.engines.duck import open_file
from pipelines.months import FORM, Month

COPY = re.compile(rf"({FORM.pattern}-[0-9a-f]{{16}}\.[0-9]+|before)\.duckdb(\.wal)?")


def publish_copy(home: Home, staged: Path, month: Month, seal: str) -> None:
    """Have the link lead to a staged copy of a month under its seal, which nobody has open."""
    sync(staged)
    home.warehouses.mkdir(exist_ok=True)
    copy = _unused_name(home, month, seal)
    staged.rename(copy)
    sync(home.warehouses)
    home.at("before the warehouse is published")
    lead_to(home, copy)
    home.at("the warehouse is published")


def _unused_name(home: Home, month: Month, seal: str) -> Path:
    """A name that no copy has had: somebody may still write a log beside an old one."""
    used = {path.name for path in home.warehouses.iterdir()}
    number = 1
    while any(name.startswith(f"{name_of(month, seal)}.{number}.") for name in used):
        number += 1
    return home.warehouses / f"{name_of(month, seal)}.{number}.duckdb"


def name_of(month: Month, seal: str) -> str:
    """How the copies of a month are called, up to their number."""
    return f"{month}-{seal[:16]}"


def lead_to(home: Home, copy: Path) -> None:
    """Have the link that analysts open lead to a copy."""
    staged = home.work / "warehouse.link"
    staged.unlink(missing_ok=True)
    staged.symlink_to(f"{home.warehouses.name}/{copy.name}")
    if home.published_file.is_file() and not home.published_file.is_symlink():
        keep_copy(home)
    # A client that does not follow links keeps its log here.
    log_of(home.published_file).unlink(missing_ok=True)
    staged.replace(home.published_file)
    sync(home.folder)


def keep_copy(home: Home) -> None:
    """Keep what earlier versions published without a link, until it is not needed any more."""
    kept = home.warehouses / "before.duckdb"
    kept.unlink(missing_ok=True)
    try:
        kept.hardlink_to(home.published_file)
    except OSError:  # not every file system has hard links
        shutil.copyfile(home.published_file, kept)


def published_copy(home: Home) -> Path | None:
    """The copy that the link leads to; None where there is no link or nothing where it leads."""
    if not home.published_file.is_symlink():
        return None
    copy = home.warehouses / home.published_file.readlink().name
    return copy if copy.is_file() else None


def remove_old_copies(home: Home) -> None:
    """Remove the copies that the link does not lead to, and their logs.

    Who has one open keeps it.
    """
    current = published_copy(home)
    kept = {current.name, log_of(current).name} if current else set()
    for path in home.warehouses.glob("*.duckdb*"):
        if COPY.fullmatch(path.name) and path.name not in kept:
            path.unlink(missing_ok=True)


def undo_publish(home: Home) -> None:
    """Lead back to the last sealed month's copy when a month was published and never sealed.

    While reports that were closed are not to be seen, nothing is taken away.
    """
    current, sealed = published_copy(home), home.sealed_months()
    if current is None or _is_of(current, home, sealed):
        return
    copies = sorted(home.warehouses.glob("*.duckdb"), key=lambda path: path.stat().st_ctime_ns)
    before = [path for path in copies if _is_of(path, home, sealed)]
    if before:
        lead_to(home, before[-1])
    elif remembered_months(home):
        return
    else:
        home.published_file.unlink()
    remove_old_copies(home)


def _is_of(copy: Path, home: Home, sealed: list[Month]) -> bool:
    """Whether a copy is of the last sealed month, under its seal."""
    if copy.name == "before.duckdb":
        return True
    return bool(sealed) and copy.name.startswith(
        f"{name_of(sealed[-1], digest_file(home.seal(sealed[-1])))}."
    )


def is_published(home: Home) -> bool:
    """Whether what analysts open is of the last sealed month, or there is none."""
    sealed = home.sealed_months()
    if not sealed:
        return True
    copy = published_copy(home)
    if copy is not None:
        return _is_of(copy, home, sealed)
    return home.published_file.is_file() and _has_seal(home, sealed[-1])


def _has_seal(home: Home, month: Month) -> bool:
    """Whether a warehouse that was published without a link is of a month and its seal."""
    try:
        with open_file(home.published_file, is_read_only=True) as con:
            held = con.execute("from book.closes order by 1 desc limit 1").fetchall()
    except (OSError, duckdb.Error):  # somebody writes in it, or has spoiled it
        return False
    return held == [(month.text, digest_file(home.seal(month)))]
