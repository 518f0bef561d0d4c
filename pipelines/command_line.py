"""The command `upline`: an entry point, so it may read the clock, the environment and arguments."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.months import Month
from pipelines.stop import Stop

EXIT_STOPPED, EXIT_FAULT = 2, 1
EPILOG = """
exit codes: 0 done, 2 stopped by the data or the policy, 1 a fault of the program
example: upline close 2020-01 --book data/sample --home build/sample
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; out: its exit code. Nothing a user can do wrong shows a traceback."""
    chosen = build_parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = chosen.run
        code = run(chosen)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output has left: nothing more is written, not at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAULT
    except Stop as stop:
        print(f"upline: stopped: {stop}", file=sys.stderr)
        return EXIT_STOPPED
    except KeyboardInterrupt:
        print("upline: interrupted; the next command goes on from here", file=sys.stderr)
        return EXIT_FAULT
    except OSError as error:
        print(f"upline: failed: {error}; nothing that was closed has changed", file=sys.stderr)
        return EXIT_FAULT


def build_parser() -> argparse.ArgumentParser:
    """The command's arguments, which explain themselves."""
    parser = argparse.ArgumentParser(
        prog="upline",
        description="The monthly close for direct-selling companies.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    close = commands.add_parser("close", help="close a month: compute, report and seal it")
    close.add_argument("--through", action="store_true", help="close every open month up to MONTH")
    close.set_defaults(run=run_close)
    trial = commands.add_parser("trial", help="compute and report a month without sealing it")
    trial.set_defaults(run=run_trial)
    check = commands.add_parser("check", help="read and validate a month's drop; writes nothing")
    check.add_argument("--json", action="store_true", help="print JSON instead of a table")
    check.set_defaults(run=run_check)
    for command in (close, trial, check):
        command.add_argument("month", type=read_month, metavar="MONTH", help="for example 2020-01")
    ui = commands.add_parser("ui", help="start the Dagster UI on the same book and home")
    ui.add_argument("--port", type=int, default=3000, help="the UI's port (3000)")
    ui.set_defaults(run=run_ui)
    for command in (close, trial, check, ui):
        command.add_argument("--book", type=Path, required=True, metavar="DIR",
                             help="the book: policy.toml, calendar.csv and the drops")  # fmt: skip
    for command in (close, trial, ui):
        command.add_argument("--home", type=Path, required=True, metavar="DIR",
                             help="where closed months and the warehouse are kept")  # fmt: skip
    return parser


def read_month(text: str) -> Month:
    """A month argument; argparse says what is wrong with it."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def say_with_time() -> Callable[[str], None]:
    """A way to print progress with the seconds since the start."""
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - start:7.2f} s  {text}", flush=True)

    return say


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


def run_check(chosen: argparse.Namespace) -> int:
    """`upline check`."""
    from pipelines.extracts.checking import check_drop, print_check, print_check_json

    found = check_drop(chosen.book, chosen.month)
    (print_check_json if chosen.json else print_check)(found, sys.stdout)
    if found.stopped is not None:
        print(f"upline: stopped: {found.stopped}", file=sys.stderr)
        return EXIT_STOPPED
    return 0


def run_ui(chosen: argparse.Namespace) -> int:
    """`upline ui`."""
    from pipelines.orchestration.ui import start_ui

    return start_ui(chosen.book, chosen.home, chosen.port, dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
