"""The ways in which one month is closed for a measurement, each a whole process of its own.

Belongs here: one run of each piece, and what it tells. Does not: how often, and what it means.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.peers.postgres.server import Server, Unavailable
from benchmarks.processes import Run, module, run
from benchmarks.subjects import (
    HISTORY,
    MONTH,
    Subject,
    copy_home,
    keep_reports,
    set_aside,
)

Figures = dict[str, Any]
COMPARED = ("referral", "inactivity", "finance")
PROGRESS = re.compile(r"^ *([\d.]+) s  (\d{4}-\d\d)  (\w+)", re.MULTILINE)


def last_line(found: Run) -> Figures:
    """The JSON of the last line that a command printed."""
    told: Figures = json.loads(found.printed.splitlines()[-1])
    return told


def close(subject: Subject, upline: str) -> Figures:
    """`upline close`, the plain command; its reports are kept to compare others with."""
    copy_home(subject.history, subject.now)
    found = run([upline, "close", MONTH, "--book", subject.book, "--home", subject.now])
    told = {
        "seconds": found.seconds,
        "processor_seconds": found.processor_seconds,
        "peak_mib": found.peak_mib,
        "warehouse_bytes": (subject.now / "warehouse.duckdb").stat().st_size,
        "marks": {name: float(at) for at, _, name in PROGRESS.findall(found.printed)},
    }
    keep_reports(subject)
    return told


def stages(subject: Subject, upline: str, *options: str) -> Figures:
    """The same with clocks round its steps."""
    copy_home(subject.history, subject.now)
    python = Path(upline).with_name("python")
    found = run([python, "-m", "benchmarks.stages", "--book", subject.book,
                 "--home", subject.now, "--month", MONTH, *options])  # fmt: skip
    set_aside(subject, subject.now)
    told = last_line(found)
    # The process itself cannot count its own end.
    return told | {
        "seconds": found.seconds, "seconds_inside": told["seconds"], "tree_peak_mib": found.peak_mib
    }  # fmt: skip


def apart(subject: Subject, upline: str) -> Figures:
    """The same again, without the leaders' packs."""
    return stages(subject, upline, "--without-packs")


def alike(subject: Subject, upline: str) -> Figures:
    """What the peers do, and no more: its CSV files must be those of the close."""
    copy_home(subject.history, subject.now)
    out = subject.folder / "alike"
    shutil.rmtree(out, ignore_errors=True)
    python = Path(upline).with_name("python")
    found = run([python, "-m", "benchmarks.alike", "--book", subject.book, "--home", subject.now,
                 "--month", MONTH, "--out", out])  # fmt: skip
    set_aside(subject, subject.now)
    return {
        "seconds": found.seconds,
        "processor_seconds": found.processor_seconds,
        "peak_mib": found.peak_mib,
        **compare(out, subject.reports),
    }


def dagster(subject: Subject, upline: str) -> Figures:
    """The same as a run that the UI launches: its seconds, and in a second one its memory.

    Memory is that of the process that holds the assets and of all that it begins, which are several
    all the time: looking at their shares takes the run a twentieth of its seconds.
    """
    timed = _launch(subject, upline, is_looked_at=False)
    return last_line(timed) | {"peak_mib": _launch(subject, upline, is_looked_at=True).peak_mib}


def _launch(subject: Subject, upline: str, is_looked_at: bool) -> Run:
    copy_home(subject.history, subject.now)
    python = Path(upline).with_name("python")
    found = run([python, "-W", "ignore", "-m", "benchmarks.dagster_close", "--book", subject.book,
                 "--home", subject.now, "--month", MONTH], is_looked_at)  # fmt: skip
    set_aside(subject, subject.now)
    return found


def floor(subject: Subject, upline: str) -> Figures:
    """The least: the drop read, one scan, the reports' bytes written again."""
    out = subject.folder / "floor"
    store = subject.folder / "floor.duckdb"
    command = module("peers.floor", "--book", subject.book, "--month", MONTH, "--store", store,
                     "--reports", subject.reports, "--out", out)  # fmt: skip
    if not store.exists():
        run(command)
        set_aside(subject, out)
    found = run(command)
    set_aside(subject, out)
    return last_line(found)


def pandas(subject: Subject, upline: str) -> Figures:
    """An analyst's script: every drop read anew, since there is no warehouse."""
    out = subject.folder / "pandas"
    shutil.rmtree(out, ignore_errors=True)
    found = run(module("peers.analyst_pandas", "--book", subject.book, "--out", out,
                       "--through", MONTH))  # fmt: skip
    month = last_line(found)
    return {
        "seconds": found.seconds,
        "processor_seconds": found.processor_seconds,
        "month_seconds": month["seconds"],
        "peak_mib": found.peak_mib,
        **compare(out / MONTH, subject.reports),
    }


class Postgres:
    """The same rules in PostgreSQL; the months before are loaded once, and copied for each run."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._server: Server | None = None
        self._load_seconds = 0.0

    def __call__(self, subject: Subject, upline: str) -> Figures:
        """One run on a copy of the loaded database."""
        try:
            server = self._server or self._load()
        except Unavailable as reason:
            return {"missing": str(reason)}
        out = subject.folder / "postgres"
        server.copy_database("history", "now")
        found = run(self._command(server, "now", "--first", MONTH))
        server.drop_database("now")
        return last_line(found) | {
            "version": server.version,
            "load_seconds": round(self._load_seconds, 1),
            **compare(out / MONTH, subject.reports),
        }

    def _load(self) -> Server:
        """Start a server, and load the months before into its database `history`."""
        server = Server(self._subject.folder / "postgres-data")
        server.start()
        self._server = server
        server.create_database("history")
        self._load_seconds = run(self._command(server, "history", "--through", HISTORY)).seconds
        return server

    def _command(self, server: Server, database: str, *more: str) -> list[str]:
        return module("peers.postgres.peer", "--book", self._subject.book, "--out",
                      self._subject.folder / "postgres", "--dsn", server.dsn(database),
                      *more)  # fmt: skip

    def end(self) -> None:
        """Stop the server and take its files away."""
        if self._server is not None:
            self._server.remove()


def compare(theirs: Path, ours: Path) -> Figures:
    """How many CSV files of a peer there are, and which are not Upline's byte for byte."""
    paths = [path for name in COMPARED for path in sorted((theirs / name).glob("*.csv"))]
    mirrored = [(path, ours / path.relative_to(theirs)) for path in paths]
    differing = [
        path.relative_to(theirs).as_posix()
        for path, mine in mirrored
        if not mine.exists() or path.read_bytes() != mine.read_bytes()
    ]
    return {"compared": len(paths), "differing": differing}


PIECES: dict[str, Callable[[Subject, str], Figures]] = {
    "stages": stages, "apart": apart, "dagster": dagster, "close": close, "floor": floor,
    "alike": alike, "pandas": pandas,
}  # fmt: skip
PEERS = ("pandas", "postgres")
