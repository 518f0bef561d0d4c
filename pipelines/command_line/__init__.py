"""The command `upline`: an entry point, so it may read the clock, the environment and arguments.

Belongs here: parsing and exit codes. Each module of this room adds the commands of one floor of the
house; what a command does is done below, and imported only when it runs.
"""

from __future__ import annotations

import gc
import os
import sys

from pipelines import SELDOM

# Nothing else is imported before signals are taken: see `ending`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

EXIT_STOPPED, EXIT_FAULT, EXIT_INTERRUPTED = 2, 1, 130
EPILOG = """
exit codes: 0 done, 2 stopped by the data or the policy, 1 a fault of the program,
3 verify found a difference
example: upline close 2020-01 --book data/sample --home build/sample
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; out: its exit code. Nothing a user can do wrong shows a traceback.

    In: its arguments; None for those of this process, which then ends at a signal.
    """
    from pipelines.command_line.ending import end_process, wait_for_the_end

    if arguments is None:
        prepare_process()
    try:
        code = _end_well(arguments)
    finally:
        wait_for_the_end()
    if arguments is None:
        end_process(code)
    return code


def prepare_process() -> None:
    """Have a process, and those that it begins, ready for a command: before all else is loaded."""
    from pipelines.command_line.ending import prepare_ending

    prepare_ending()
    gc.set_threshold(*SELDOM)
    # numpy's linear algebra, which nothing asks for, has threads that turn in circles at first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _end_well(arguments: list[str] | None) -> int:
    """Run a command; out: its exit code, whatever it met."""
    from pipelines.command_line.ending import end_output, is_output_closed
    from pipelines.stop import Stop

    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError as error:
        return end_output() if is_output_closed() else _tell_fault(error)
    except Stop as stop:
        print(f"upline: stopped: {in_one_line(str(stop))}", file=sys.stderr)
        return EXIT_STOPPED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        return _tell_fault(error)


def _run(arguments: list[str] | None) -> int:
    try:
        chosen = build_parser().parse_args(arguments)
        code: int = chosen.run(chosen)
    except SystemExit as end:  # the parser has said what is wrong, or helped
        return end.code if isinstance(end.code, int) else EXIT_STOPPED
    return code


def _tell_fault(error: OSError) -> int:
    told = in_one_line(str(error))
    print(f"upline: failed: {told}; nothing that was closed has changed", file=sys.stderr)
    return EXIT_FAULT


def in_one_line(text: str) -> str:
    """A text for the terminal, on which no file's name or cell plays tricks."""
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text
    )


def build_parser() -> argparse.ArgumentParser:
    """The command's arguments, which explain themselves."""
    import argparse

    from pipelines.command_line import book, closing, delivery, mail, proof
    from pipelines.command_line.arguments import PrintVersion

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
    mail.add_commands(commands)
    delivery.add_commands(commands)
    return parser
