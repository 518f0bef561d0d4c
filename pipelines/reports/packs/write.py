"""Leaders' packs: for each leader a page and the leader's own rows of the month.

Belongs here: when the packs are written, by how many processes, and whether into a folder or one
ZIP file (contract 3). What a leader's rows are is said in sql/leaders, how they are laid out in
store and read in rows, what the page is given in page.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha256

import duckdb

from pipelines.engines.duck import another_connection
from pipelines.reports.packs.contents import pack_files
from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.reading import FOLDER, ZIP_FILE
from pipelines.reports.packs.rows import read_next_window, read_packs
from pipelines.reports.packs.store import store_packs
from pipelines.reports.packs.writers import PackWork, Writers
from pipelines.reports.packs.zip_writing import finish_zip
from pipelines.reports.reported_month import ReportedMonth

PROCESSES = 2
DETACH = "detach database if exists packs"
# The SHA-256 of each file's bytes, by its path in the month's folder.
Digests = dict[str, str]


@contextmanager
def packs_beside(
    con: duckdb.DuckDBPyConnection, reported: ReportedMonth, processes: int = PROCESSES
) -> Iterator[Digests]:
    """Write a pack for everybody who gets one, while the block does other work.

    In: the warehouse with the month's rows, what is reported, and how many processes write a ZIP
    file's packs; a few packs are written by a thread. When the block has ended all packs are
    there, and so are the digests of their files in what it was given. An error of a process or of
    the thread is raised here.
    """
    [(count,)] = con.execute("select count(*) from leaders.packs").fetchall()
    reported.folder.mkdir(parents=True, exist_ok=True)
    if reported.has_zipped_packs(count):
        with _zip_beside(con, reported, processes) as digests:
            yield digests
    else:
        with _folder_beside(con, reported) as digests:
            yield digests


@contextmanager
def _folder_beside(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> Iterator[Digests]:
    """Write `leaders/<member_id>/` for each while the block does other work."""
    digests: Digests = {}
    with another_connection(con) as own, ThreadPoolExecutor(1) as threads:
        written = threads.submit(_write_folder, own, reported)
        yield digests
        digests.update(written.result())


def _write_folder(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> Digests:
    """Write `leaders/<member_id>/` for each; out: the files' digests."""
    digests: Digests = {}
    try:
        store_packs(con, None)
        window = read_next_window(con)
        pages = PackPages(reported.policy, reported.month, reported.is_trial, window)
        for packs in read_packs(con, 0, 1):
            for path, content in (file for pack in packs for file in pack_files(pack, pages)):
                target = reported.folder / FOLDER / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                digests[f"{FOLDER}/{path}"] = sha256(content).hexdigest()
    finally:
        con.execute(DETACH)
    return digests


@contextmanager
def _zip_beside(
    con: duckdb.DuckDBPyConnection, reported: ReportedMonth, processes: int
) -> Iterator[Digests]:
    """Write `leaders.zip` by processes of their own while the block does other work."""
    store, target = reported.folder / "packs.duckdb", reported.folder / ZIP_FILE
    given = (reported.policy, reported.month, reported.is_trial, store, target)
    work = [PackWork(*given, part, processes) for part in range(processes)]
    writers = Writers()
    digests: Digests = {}
    with another_connection(con) as own, ThreadPoolExecutor(1) as threads:
        written = threads.submit(_write_zip, own, work, writers)
        try:
            yield digests
            digests[ZIP_FILE] = written.result()
        except Exception as error:
            writers.end()
            # What the engine could not lay out is told, not what that did to the block.
            cause = written.exception()
            if isinstance(cause, duckdb.Error):
                raise cause from error
            raise
        finally:
            writers.end()
    store.unlink()


def _write_zip(con: duckdb.DuckDBPyConnection, work: list[PackWork], writers: Writers) -> str:
    """Lay out the packs' rows and have the processes put what they make of them into one file; out:
    its digest."""
    target = work[0].target
    writers.start(len(work))
    try:
        store_packs(con, work[0].store)
    except BaseException:
        # What the engine cannot write down once more is not what went wrong.
        with suppress(duckdb.Error):
            con.execute(DETACH)
        raise
    con.execute(DETACH)
    target.write_bytes(b"")
    writers.set_to_work(work)
    return finish_zip(target, writers.placed())
