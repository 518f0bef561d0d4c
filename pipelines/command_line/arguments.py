"""Arguments that several commands have, and how progress is printed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.months import Month

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_month(command: argparse.ArgumentParser) -> None:
    """The month that a command works on."""
    command.add_argument("month", type=read_month, metavar="MONTH", help="for example 2020-01")


def add_book(command: argparse.ArgumentParser) -> None:
    """The book that a command reads."""
    command.add_argument(
        "--book",
        type=Path,
        required=True,
        metavar="DIR",
        help="the book: policy.toml, calendar.csv and the drops",
    )


def add_home(command: argparse.ArgumentParser) -> None:
    """The home that a command reads or writes."""
    command.add_argument(
        "--home",
        type=Path,
        required=True,
        metavar="DIR",
        help="where closed months and the warehouse are kept",
    )


def read_month(text: str) -> Month:
    """A month argument; argparse says what is wrong with it."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def this_month() -> Month:
    """The month that it is here."""
    return Month(time.strftime("%Y-%m"))


def say_with_time() -> Callable[[str], None]:
    """A way to print progress with the seconds since the start."""
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - start:7.2f} s  {text}", flush=True)

    return say


class PrintVersion(argparse.Action):
    """`--version`: asked for only then, since a checkout has to look which commit it is."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> None:
        """Print it and end."""
        from pipelines.version import program_version

        print(f"upline {program_version()}")
        parser.exit()


def say_on_error() -> Callable[[str], None]:
    """A way to print progress beside what a command prints as its result."""
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - start:7.2f} s  {text}", file=sys.stderr, flush=True)

    return say
