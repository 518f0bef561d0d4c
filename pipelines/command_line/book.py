"""The commands about a book, which write nothing into a home: `check`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_book, add_month

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    check = commands.add_parser("check", help="read and validate a month's drop; writes nothing")
    check.add_argument("--json", action="store_true", help="print JSON instead of a table")
    check.set_defaults(run=run_check)
    add_month(check)
    add_book(check)


def run_check(chosen: argparse.Namespace) -> int:
    """`upline check`."""
    from pipelines.extracts.checking import check_drop, print_check, print_check_json
    from pipelines.stop import Stop

    found = check_drop(chosen.book, chosen.month)
    (print_check_json if chosen.json else print_check)(found, sys.stdout)
    if found.stopped is not None:
        raise Stop(found.stopped)
    return 0
