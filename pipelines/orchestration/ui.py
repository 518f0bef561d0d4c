"""`upline ui`: the Dagster UI on a book and home, with its own history kept in the home.

Belongs here: what has to be in order before the UI starts, and in which order it starts and ends:
nothing is made before it is known that it can.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from pipelines.book.policy import read_policy
from pipelines.closing.home import Home
from pipelines.closing.lock import make_home
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.settings import BATCH_SIZE, settle_settings
from pipelines.stop import Stop

if TYPE_CHECKING:
    import dagster as dg

LOCK = "ui.lock"


@dataclass(frozen=True)
class Served:
    """Where the UI is served and what it may do.

    `prefix` is the path below which it stands behind a proxy (`/upline`), nothing at the top.
    """

    host: str = "127.0.0.1"
    port: int = 3000
    prefix: str = ""
    is_read_only: bool = False

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.prefix}"


class Ended(BaseException):
    """The process was told to end, by this signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def start_ui(
    book: Path, home: Home, served: Served, environment: dict[str, str], reports: ASGIApp | None
) -> int:
    """Serve the UI until the process is told to end; out: the shell's code for that.

    In: the book and home, where it is served, the environment to hand on, and the application that
    shows the reports beside it. Stop, with nothing made, when the book has no good policy, the port
    is taken or another UI is at work on the home. What it makes is as private as the home.
    """
    read_policy(book / "policy.toml")
    desk = Desk(book.absolute(), home, served.prefix)
    check_prefix(served.prefix)
    taken = take_port(served)
    served = replace(served, port=taken.getsockname()[1])
    os.umask(home.umask)
    make_home(home)
    folder = home.folder / "dagster"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        print(tell_old_history(folder), end="", file=sys.stderr)
        with taken, hold_ui(folder, served.is_read_only):
            settle_settings(folder)
            os.environ.update(settings(desk, environment))
            os.chdir(folder)
            return _serve(desk, folder, served, taken, reports)
    except OSError as error:
        raise Stop(f"{home.folder}: cannot be the home: {error.strerror}") from error


def tell_old_history(folder: Path) -> str:
    """What to say of a history that an earlier version has kept, which masked nothing; else ''."""
    if not (folder / "history").is_dir() or (folder / LOCK).exists():
        return ""
    return (
        f"{folder / 'history'} was kept by an earlier version and may hold e-mail addresses: "
        f"remove it while no UI runs; the closed months are noted again\n"
    )


def settings(desk: Desk, environment: dict[str, str]) -> dict[str, str]:
    """The environment of all processes of a UI."""
    return environment | {
        "DAGSTER_HOME": str(desk.home.folder / "dagster"),
        "DAGSTER_EVENT_BATCH_SIZE": BATCH_SIZE,
        "UPLINE_BOOK": str(desk.book),
        "UPLINE_HOME": str(desk.home.folder),
        "UPLINE_SHARED": "yes" if desk.home.is_shared else "",
        "UPLINE_PREFIX": desk.prefix,
        "PYTHONWARNINGS": "ignore",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}",
    }


def check_prefix(prefix: str) -> None:
    """Stop when a path prefix is none."""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/") or "//" in prefix):
        raise Stop(f"--path-prefix {prefix!r}: begin it with a / and end it without: /upline")


def take_port(served: Served) -> socket.socket:
    """A socket with the UI's address, on which nothing listens yet; Stop where it is taken."""
    family = socket.AF_INET6 if ":" in served.host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((served.host, served.port))
        return taken
    except (OSError, OverflowError) as error:
        taken.close()
        where = f"{served.host}:{served.port}"
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise Stop(
                f"{where}: something else listens there; end it, or give another port with --port"
            ) from error
        raise Stop(f"{where}: the UI cannot listen there: {error}") from error


@contextmanager
def hold_ui(folder: Path, is_read_only: bool) -> Iterator[None]:
    """Hold the history for one UI; one that only looks may stand beside it. Stop where it is held.

    The kernel lets go of it however the process ends.
    """
    with (folder / LOCK).open("a+") as lock:
        try:
            if not is_read_only:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(
                f"{folder.parent}: another UI is at work on this home; use that one, end it, or "
                f"start this one with --read-only"
            ) from error
        yield


def _serve(
    desk: Desk, folder: Path, served: Served, taken: socket.socket, reports: ASGIApp | None
) -> int:
    print(f"the UI starts at {served.address} (stop it with Ctrl-C)", flush=True)
    end_by_signal()
    children: dict[int, str] = {}
    lost: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="upline-ui-") as own:
            try:
                _begin(desk, folder, served, taken, reports, Path(own), children, lost)
            finally:
                from pipelines.orchestration.children import end_all

                end_all(reversed(children))
        return 0
    except Ended as ended:
        if lost:
            raise Stop(
                f"the process that {lost[0]} has ended by itself, and the UI with it; what it "
                f"printed says why. Runs go on: start the UI again"
            ) from ended
        return 128 + ended.number


def _begin(
    desk: Desk, folder: Path, served: Served, taken: socket.socket, reports: ASGIApp | None,
    own: Path, children: dict[int, str], lost: list[str],
) -> None:  # fmt: skip
    warnings.simplefilter("ignore")  # as PYTHONWARNINGS does in the runs' processes
    import pipelines.orchestration.definitions  # noqa: F401 - read once, for all processes
    from pipelines.orchestration import services
    from pipelines.orchestration.children import has_ended, watched
    from pipelines.orchestration.web import serve_ui

    if not served.is_read_only:
        put_history_in_order(desk, folder)
    workspace = services.write_workspace(own)
    holder = services.hold_assets(own, taken.close, not served.is_read_only)
    children[holder] = "holds the assets"
    if not served.is_read_only:
        children[services.run_daemon(own, workspace, taken.close)] = "starts runs"
    services.wait_for_assets(own, lambda: has_ended(holder))
    with watched(children, lost), open_history(folder) as instance:
        serve_ui(instance, workspace, taken, served.prefix, served.is_read_only, reports)


def open_history(folder: Path) -> dg.DagsterInstance:
    """Dagster's history in a folder; Stop when the storage its settings name cannot be used."""
    import dagster as dg
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return dg.DagsterInstance.get()
    except (ImportError, SQLAlchemyError) as error:
        why = str(error).splitlines()[0]
        raise Stop(
            f"{folder / 'dagster.yaml'}: the history's storage cannot be used: {why}; of "
            f"PostgreSQL install upline[postgres], and write its address as postgresql+psycopg2://…"
        ) from error


def end_by_signal() -> None:
    """Have a signal end what goes on in order, and not at once as it ends other commands."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def put_history_in_order(desk: Desk, folder: Path) -> None:
    """Make Dagster's history say what is true of the home.

    Runs whose process is gone are failed, or the queue would wait for them for ever; months that
    the command line has closed are noted, those that were reopened taken back.
    """
    from pipelines.orchestration.history import keep_history
    from pipelines.orchestration.unfinished import fail_dead_runs

    with open_history(folder) as instance:
        fail_dead_runs(instance, folder)
        try:
            keep_history(desk, instance, time.time())
        except (Stop, OSError) as error:
            print(f"the history is brought up to date later: {error}", file=sys.stderr)
