"""The commands that close months: `close`, `trial`, and `ui` for the same in Dagster."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_book, add_home, add_month, say_with_time

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    close = commands.add_parser("close", help="close a month: compute, report and seal it")
    close.add_argument("--through", action="store_true", help="close every open month up to MONTH")
    close.set_defaults(run=run_close)
    trial = commands.add_parser("trial", help="compute and report a month without sealing it")
    trial.set_defaults(run=run_trial)
    ui = commands.add_parser("ui", help="start the Dagster UI on the same book and home")
    ui.add_argument("--port", type=int, default=3000, help="the UI's port (3000)")
    ui.set_defaults(run=run_ui)
    for command in (close, trial):
        add_month(command)
    for command in (close, trial, ui):
        add_book(command)
        add_home(command)


def run_close(chosen: argparse.Namespace) -> int:
    """`upline close`."""
    from pipelines.closing.close import close_months
    from pipelines.closing.home import Home

    reports = close_months(
        chosen.book, Home(chosen.home), chosen.month, chosen.through, say_with_time()
    )
    print(reports)
    return 0


def run_trial(chosen: argparse.Namespace) -> int:
    """`upline trial`."""
    from pipelines.closing.close import try_month
    from pipelines.closing.home import Home

    print(try_month(chosen.book, Home(chosen.home), chosen.month, say_with_time()))
    return 0


def run_ui(chosen: argparse.Namespace) -> int:
    """`upline ui`."""
    from pipelines.orchestration.ui import start_ui

    return start_ui(chosen.book, chosen.home, chosen.port, dict(os.environ))
