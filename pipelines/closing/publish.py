"""The warehouse that analysts open: a copy of the working file, and a link that leads to it.

Belongs here: how the copy comes about, and how it takes the place of the one before. A copy of ten
gigabytes takes as long as many rules, so a process of its own makes it while the reports are
written, which only read. It is used when nothing was written since; else, and where a month is not
being closed, the copy is made anew.

Each copy has a name of its own, and what analysts open is a link to the latest: the engine keeps
its log beside the file that the link leads to, so that whoever still writes into an old copy never
puts a log beside the new one, which nobody could open then. The copy before stays until the month's
reports are in their place, so that a close which dies in between is undone by leading back to it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import duckdb

from pipelines.closing.chain import remembered_months
from pipelines.closing.home import Home, sync
from pipelines.closing.inputs import digest_file
from pipelines.engines.duck import open_file, quoted
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import FORM, Month

COPY = re.compile(rf"({FORM.pattern}-[0-9a-f]{{16}}\.[0-9]+|before)\.duckdb(\.wal)?")
Mark = tuple[tuple[int, int] | None, ...]


def record_seal(con: duckdb.DuckDBPyConnection, month: Month, seal: str) -> None:
    """Note in a warehouse which seal its rows of the month belong to, and write all of it down."""
    con.execute("delete from book.closes where close_month = $1", [month.text])
    con.execute("insert into book.closes values ($1, $2)", [month.text, seal])
    con.execute("checkpoint")


def log_of(path: Path) -> Path:
    """The file in which the engine keeps what it has not yet written into a warehouse's own."""
    return path.with_name(f"{path.name}.wal")


def unlink_copy(path: Path) -> None:
    """Make way for a copy: one that a killed close has left running goes on where nobody looks."""
    for each in (path, log_of(path)):
        each.unlink(missing_ok=True)


@dataclass
class EarlyCopy:
    """A copy of a home's working file, made while its month's reports are written."""

    home: Home
    _mark: Mark | None = None

    @property
    def file(self) -> Path:
        """Where the copy lies until it is published."""
        return self.home.work / "published.duckdb"

    @contextmanager
    def made_beside(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Copy the working file, of which `con` is the connection, while the block reads it.

        OSError when it cannot be copied; what the engine cannot write down is raised in place of
        what that did to the block.
        """
        unlink_copy(self.file)
        stopped = Event()
        with con.cursor() as own, ThreadPoolExecutor(1) as threads:
            copied = threads.submit(self._copy, own, stopped)
            try:
                yield
            except BaseException as error:
                stopped.set()
                cause = copied.exception()
                if cause is not None and isinstance(error, Exception):
                    raise cause from error
                raise
            copied.result()

    def _copy(self, con: duckdb.DuckDBPyConnection, stopped: Event) -> None:
        """Have the engine write down what it holds, and copy it, unless stopped.

        A process of its own copies: when a file is closed, the system takes away every lock that
        the process holds on it, also the engine's.
        """
        con.execute("checkpoint")
        self._mark = self._look()
        copying = subprocess.Popen(
            ["cp", "--", self.home.working_file, self.file], stderr=subprocess.PIPE, text=True
        )
        while copying.poll() is None:
            if stopped.wait(0.01):
                copying.kill()
        _, told = copying.communicate()
        if copying.returncode and not stopped.is_set():
            raise OSError(f"the warehouse cannot be copied: {told.strip()}")

    def is_current(self) -> bool:
        """Whether a copy was made and nothing was written to the working file since."""
        return self._mark is not None and self._mark == self._look()

    def _look(self) -> Mark:
        """Size and time of change of the working file and of its log."""
        path = self.home.working_file
        found = [each.stat() if each.exists() else None
                 for each in (path, log_of(path))]  # fmt: skip
        return tuple(each and (each.st_size, each.st_mtime_ns) for each in found)


def publish_month(
    con: duckdb.DuckDBPyConnection, copy: EarlyCopy | None, home: Home, month: Month, seal: str
) -> None:
    """Record a month's seal in the working file, whose connection is closed, and publish it."""
    is_current = copy is not None and copy.is_current()
    home.at("before the seal is recorded")
    record_seal(con, month, seal)
    con.close()
    home.at("the seal is recorded")
    publish_warehouse(home, month, seal, is_current)


def publish_warehouse(home: Home, month: Month, seal: str, is_copied: bool = False) -> None:
    """Have the link lead to a copy of the working file, which nobody has open.

    In: the last month that it has, and the month's seal. With `is_copied` an early copy is there
    already.
    """
    staged = EarlyCopy(home).file
    if not is_copied:
        unlink_copy(staged)
        shutil.copyfile(home.working_file, staged)
    with open_warehouse(staged) as con:
        con.execute("delete from book.steps")  # they are of use to a close only
        record_seal(con, month, seal)
    _publish_copy(home, month, seal)


def publish_without(home: Home, month: Month) -> None:
    """Publish what is left when a month and all later ones are closed no more.

    No row of a rule's table is of them then. What was exported, and what became of it, stays as it
    was loaded last: nobody reads there that a month is closed.
    """
    sealed, staged = home.sealed_months(), EarlyCopy(home).file
    if not sealed or not _is_readable(home.published_file):
        home.published_file.unlink(missing_ok=True)
    else:
        unlink_copy(staged)
        shutil.copyfile(home.published_file, staged)
        with open_warehouse(staged) as con:
            for table in _tables_by_month(con):
                con.execute(f"delete from {table} where close_month >= $1", [month.text])
            con.execute("checkpoint")
        _publish_copy(home, sealed[-1], digest_file(home.seal(sealed[-1])))
    remove_old_copies(home)


def _is_readable(path: Path) -> bool:
    try:
        with open_file(path, is_read_only=True) as con:
            con.execute("from book.closes limit 0")
    except (OSError, duckdb.Error):
        return False
    return True


def _tables_by_month(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables whose rows say of which close they are."""
    found = con.execute("""
        select schema_name, table_name
        from duckdb_columns() join duckdb_tables() using (schema_name, table_name)
        where column_name = 'close_month'
        order by all
    """).fetchall()
    return [f"{quoted(schema)}.{quoted(table)}" for schema, table in found]


def _publish_copy(home: Home, month: Month, seal: str) -> None:
    """Have the link lead to the copy that is staged, which nobody has open."""
    staged = EarlyCopy(home).file
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
