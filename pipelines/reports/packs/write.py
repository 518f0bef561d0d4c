"""Leaders' packs: for each leader a folder with a page and the leader's own rows of the month.

Belongs here: when the packs are written, and by how many processes. What a leader's rows are is
said in sql/leaders, how they are read in pack_rows, what the page is given in pack_page, how it
looks in reports/templates/leader.html.
"""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb

from pipelines.book.policy import Policy
from pipelines.months import Month
from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.rows import LeaderRows, read_packs, store_packs
from pipelines.reports.reported_month import ReportedMonth
from pipelines.rules.models import Model

FOLDER = "leaders"
# From so many packs on, processes of their own write them; below, starting one takes longer.
MANY = 1_000
PROCESSES = 2
# The SHA-256 of each file's bytes, by its path in the month's folder.
Digests = dict[str, str]


@dataclass(frozen=True)
class PackWork:
    """What a process needs to write its part of a month's packs."""

    policy: Policy
    month: Month
    is_trial: bool
    folder: Path
    store: Path
    part: int
    parts: int


@contextmanager
def packs_beside(
    con: duckdb.DuckDBPyConnection, reported: ReportedMonth, many: int = MANY
) -> Iterator[Digests]:
    """Write `leaders/<member_id>/` for everybody who gets a pack, while the block does other work.

    In: the warehouse with the month's rows, what is reported, and from how many packs on it is
    worth starting processes. When the block has ended all packs are there, and so are the
    digests of their files in what the block was given. An error of a process is raised here.
    """
    policy, month, is_trial = reported.policy, reported.month, reported.is_trial
    models, folder = reported.models, reported.folder
    digests: Digests = {}
    [(count,)] = con.execute("select count(*) from leaders.packs").fetchall()
    folder.mkdir(parents=True, exist_ok=True)
    if count < many:
        try:
            store_packs(con, models, None)
            pages = PackPages(policy, month, is_trial)
            yield digests | write_packs(read_packs(con, 0, 1), pages, folder)
        finally:
            con.execute("detach database if exists packs")
        return
    store = folder / "packs.duckdb"
    work = [
        PackWork(policy, month, is_trial, folder, store, part, PROCESSES)
        for part in range(PROCESSES)
    ]
    processes = _Processes()
    with con.cursor() as own, ThreadPoolExecutor(1) as threads:
        written = threads.submit(_write_apart, own, models, work, processes)
        try:
            yield digests
            digests |= written.result()
        except Exception as error:
            processes.end()
            # What the engine could not lay out is told, not what that did to the block.
            cause = written.exception()
            if isinstance(cause, duckdb.Error):
                raise cause from error
            raise
        finally:
            processes.end()
    store.unlink()


def _write_apart(
    con: duckdb.DuckDBPyConnection,
    models: list[Model],
    work: list[PackWork],
    processes: _Processes,
) -> Digests:
    """Lay out the packs' rows and have each part written by a process of its own."""
    try:
        store_packs(con, models, work[0].store)
    finally:
        con.execute("detach database if exists packs")
    for each in work:
        processes.start(each)
    return processes.finish()


def write_packs(packs: Iterator[LeaderRows], pages: PackPages, folder: Path) -> Digests:
    """Write each pack: its page, and its files where it has rows for them; out: their digests."""
    digests: Digests = {}
    for leader in packs:
        place = f"{FOLDER}/{leader.pack['leader_id']}"
        Path(f"{folder}/{place}").mkdir(parents=True)
        texts = {f"{each.name}.csv": each.text for each in leader.sections.values() if each.total}
        texts["index.html"] = pages.render(leader)
        for name, text in texts.items():
            content = text.encode()
            _write(f"{folder}/{place}/{name}", content)
            digests[f"{place}/{name}"] = hashlib.sha256(content).hexdigest()
    return digests


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as target:  # noqa: PTH123 - of a hundred thousand files
        target.write(content)


class _Processes:
    """The processes that write a month's packs; they end with this one, whatever happens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_over = False

    def start(self, work: PackWork) -> None:
        """Start one, unless it is over already."""
        with self._lock:
            if not self._is_over:
                self._running.append(_start(work))

    def finish(self) -> Digests:
        """Wait for all; out: what they have written. What has stopped one is raised."""
        digests: Digests = {}
        for process in self._running:
            digests |= _finish(process)
        return digests

    def end(self) -> None:
        """Stop those that still run, and start no more."""
        with self._lock:
            self._is_over = True
        for process in self._running:
            if process.poll() is None:
                process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def _start(work: PackWork) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pipelines.reports.packs.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,  # Ctrl-C ends the close, and that ends them
    )
    assert process.stdin is not None
    pickle.dump(work, process.stdin)
    process.stdin.flush()
    return process


def _finish(process: subprocess.Popen[bytes]) -> Digests:
    """Wait for a process; out: what it has written. What has stopped it is raised."""
    assert process.stdout is not None
    told = process.stdout.read()
    code = process.wait()
    found: Digests | Exception | None = pickle.loads(told) if told else None
    if isinstance(found, Exception):
        raise found
    if code or found is None:
        raise ChildProcessError(f"a process that wrote leaders' packs ended with {code}")
    return found
