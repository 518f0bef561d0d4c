"""The command `upline`: an entry point, so it may read the clock, the environment and arguments.

Belongs here: parsing and exit codes. Each module of this room adds the commands of one floor of the
house; what a command does is done below, and imported only when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from pipelines.command_line import book, closing, proof
from pipelines.stop import Stop

EXIT_STOPPED, EXIT_FAULT = 2, 1
EPILOG = """
exit codes: 0 done, 2 stopped by the data or the policy, 1 a fault of the program,
3 verify found a difference
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


class PrintVersion(argparse.Action):
    """`--version`: asked for only then, since a checkout has to look which commit it is."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> None:
        """Print it and end."""
        from pipelines.version import program_version

        print(f"upline {program_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The command's arguments, which explain themselves."""
    parser = argparse.ArgumentParser(
        prog="upline",
        description="The monthly close for direct-selling companies.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=PrintVersion, nargs=0, help="print which Upline this is, and end"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    closing.add_commands(commands)
    book.add_commands(commands)
    proof.add_commands(commands)
    return parser
