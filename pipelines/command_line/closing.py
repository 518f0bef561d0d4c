"""The commands that close months: `close`, `trial`, and `ui` for the same in Dagster."""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_book, add_home, add_month, say_with_time
from pipelines.stop import Stop

if TYPE_CHECKING:
    from pipelines.closing.home import Home
    from pipelines.command_line.arguments import Commands
    from pipelines.engines.engine import AskedEngine


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    close = commands.add_parser("close", help="close a month: compute, report and seal it")
    close.add_argument("--through", action="store_true", help="close every open month up to MONTH")
    close.set_defaults(run=run_close)
    trial = commands.add_parser("trial", help="compute and report a month without sealing it")
    trial.set_defaults(run=run_trial)
    ui = commands.add_parser("ui", help="start the Dagster UI on the same book and home")
    ui.add_argument("--host", default="127.0.0.1", help="where to listen: this machine alone")
    ui.add_argument("--port", type=int, default=3000, help="the UI's port (3000)")
    ui.add_argument(
        "--path-prefix", default="", metavar="PATH", help="the path behind a proxy, such as /upline"
    )
    ui.add_argument(
        "--read-only", action="store_true", help="only look: nothing can be run or changed"
    )
    ui.set_defaults(run=run_ui)
    for command in (close, trial):
        add_month(command)
        _add_engine(command)
    for command in (close, trial, ui):
        add_book(command)
        add_home(command)
        command.add_argument(
            "--shared", action="store_true", help="let the group read what is made"
        )


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", choices=("duck", "spark"),
        help="what the rules run on (as the last time; duck the first time)",
    )  # fmt: skip
    command.add_argument(
        "--remote", metavar="PLACE", help="where Spark is: sc://HOST:15002, or local[2] for a try"
    )
    command.add_argument(
        "--warehouse", type=Path, metavar="DIR",
        help="where Spark keeps its tables: a folder that it has under the same path",
    )  # fmt: skip


def _asked_engine(chosen: argparse.Namespace) -> AskedEngine | None:
    from pipelines.engines.engine import AskedEngine

    engine, remote, warehouse = (
        getattr(chosen, name, None) for name in ("engine", "remote", "warehouse")
    )
    if engine != "spark" and (remote or warehouse):
        raise Stop("--remote and --warehouse are Spark's: say --engine spark with them")
    return AskedEngine(engine, remote, warehouse) if engine else None


def open_home(chosen: argparse.Namespace) -> Home:
    """The home that a command works on, by its absolute name: none looks like an option or a URL.

    UPLINE_KILL_AT names a point at which this process ends as if it was killed: for tests.
    """
    from pipelines.closing.home import Home, pass_on

    wanted = os.environ.get("UPLINE_KILL_AT")
    at = kill_at(wanted) if wanted else pass_on
    return Home(chosen.home.absolute(), chosen.shared, at, _asked_engine(chosen))


def kill_at(wanted: str) -> Callable[[str], None]:
    """What ends this process at the named point: `#2` behind the name is the second time there."""
    name, _, number = wanted.partition("#")
    times = int(number or 1)

    def at(point: str) -> None:
        nonlocal times
        times -= point == name
        if times == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def run_close(chosen: argparse.Namespace) -> int:
    """`upline close`."""
    from pipelines.closing.close import close_months

    home = open_home(chosen)
    close_months(chosen.book, home, chosen.month, chosen.through, say_with_time())
    print(chosen.home / home.month(chosen.month).relative_to(home.folder))
    return 0


def run_trial(chosen: argparse.Namespace) -> int:
    """`upline trial`."""
    from pipelines.closing.close import try_month

    home = open_home(chosen)
    reports = try_month(chosen.book, home, chosen.month, say_with_time())
    print(chosen.home / reports.relative_to(home.folder))
    return 0


def run_ui(chosen: argparse.Namespace) -> int:
    """`upline ui`."""
    from pipelines.delivery.access_store import AccessStore
    from pipelines.delivery.beside_ui import make_reports_app
    from pipelines.orchestration.ui import Served, start_ui

    home = open_home(chosen)
    served = Served(chosen.host, chosen.port, chosen.path_prefix, chosen.read_only)
    reports = make_reports_app(AccessStore(home), chosen.book.absolute(), time.time)
    return start_ui(chosen.book, home, served, dict(os.environ), reports)
