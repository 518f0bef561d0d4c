"""The commands about a book, which write nothing into a home: `init`, `check` and `describe`."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_book, add_month, read_month, this_month

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands

# Lines longer than that are hard to read, and shorter ones hold no table.
NARROWEST, WIDEST = 80, 100


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    init = commands.add_parser("init", help="make a new book in a new or empty folder")
    init.add_argument("book", type=Path, metavar="DIR", help="the new book's folder")
    init.add_argument(
        "--calendar-from",
        type=read_month,
        metavar="YYYY-MM",
        help="the opening month, with which the calendar begins (default: this month)",
    )
    init.add_argument(
        "--years", type=int, default=2, metavar="N", help="of the calendar (default: 2)"
    )
    init.add_argument(
        "--like", metavar="VENDOR", help="take a system's mapping, for example shopify"
    )
    init.set_defaults(run=run_init)
    check = commands.add_parser("check", help="read and validate a month's drop; writes nothing")
    check.add_argument("--json", action="store_true", help="print JSON instead of a table")
    check.set_defaults(run=run_check)
    add_month(check)
    add_book(check)
    describe = commands.add_parser(
        "describe", help="tell what the tables of a book need, or what stands in one or in a report"
    )
    describe.add_argument(
        "table", nargs="?", metavar="TABLE", help="for example orders, or referral/assignments"
    )
    describe.add_argument(
        "--markdown", action="store_true", help="print all tables and reports as a Markdown page"
    )
    describe.set_defaults(run=run_describe)


def run_init(chosen: argparse.Namespace) -> int:
    """`upline init`."""
    from pipelines.book.new_book import make_book

    first = chosen.calendar_from or this_month()
    for name in make_book(chosen.book, first, chosen.years, chosen.like):
        print(chosen.book / name)
    return 0


def run_check(chosen: argparse.Namespace) -> int:
    """`upline check`."""
    from pipelines.extracts.check_command import checked_drop
    from pipelines.extracts.check_printing import print_check, print_check_json
    from pipelines.stop import Stop

    with checked_drop(chosen.book, chosen.month) as found:
        (print_check_json if chosen.json else print_check)(found, sys.stdout)
    if found.stopped is not None:
        raise Stop(found.stopped)
    return 0


def run_describe(chosen: argparse.Namespace) -> int:
    """`upline describe`."""
    from pipelines.reports.dictionary.entries import extract_entries, find_entry, report_entries
    from pipelines.reports.dictionary.markdown import dictionary_lines
    from pipelines.reports.dictionary.terminal import entry_lines, tables_lines

    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    if chosen.markdown:
        lines = dictionary_lines(extract_entries(), report_entries())
    elif chosen.table is not None:
        lines = entry_lines(find_entry(chosen.table), width)
    else:
        lines = tables_lines(extract_entries(), report_entries(), width)
    for line in lines:
        print(line)
    return 0
