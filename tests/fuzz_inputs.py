"""Books spoiled in every way that files are spoiled in, and what the command does with them.

    PYTHONPATH=.:tests python -m fuzz_inputs --inputs 2000 --seed 7

prints how many inputs of each kind were loaded and how many stopped. Belongs here: what must hold
whatever is done to a book: exit code 0 or 2; with 2 one line of at most 400 printable characters,
and nothing written; no traceback; in bounded time. The ways to spoil one are in `fuzz_spoilers`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fuzz_spoilers import KINDS, MONTH, Spoiler
from small_book import drop, full_drop, write_book
from upline_command import Outcome, upline

LONGEST_LINE = 400
SECONDS = 60
# Of the inputs that `check` loads, or stops at, one in so many is closed too: that takes longer.
CLOSED = {0: 12, 2: 3}


class Broken(AssertionError):
    """An input with which the command did what it must not do."""


def try_input(kind: str, seed: int, folder: Path) -> int:
    """Spoil a book and give it to the command; out: the exit code. Broken says what was wrong."""
    chance = random.Random(f"{kind} {seed}")
    files = full_drop() if chance.random() < 0.7 else drop()
    book, home = write_book(folder / "book", files), folder / "home"
    KINDS[kind](Spoiler(chance, book))
    found = _run(kind, seed, "check", MONTH, "--book", book)
    if chance.randrange(CLOSED[found.code]) == 0:
        closed = _run(kind, seed, "close", MONTH, "--book", book, "--home", home)
        if found.code == 2 != closed.code:
            raise Broken(f"{kind} {seed}: check stops, close ends with {closed.code}: {found.err}")
        if closed.code == 2 and home.exists():
            raise Broken(f"{kind} {seed}: a stop left {sorted(home.iterdir())}")
        return closed.code
    return found.code


def _run(kind: str, seed: int, *arguments: str | Path) -> Outcome:
    try:
        with limited(SECONDS):
            found = upline(*arguments)
    except BaseException as error:
        raise Broken(f"{kind} {seed}: {arguments[0]}: {type(error).__name__}: {error}") from error
    lines = found.err.splitlines()
    if found.code not in (0, 2):
        raise Broken(f"{kind} {seed}: {arguments[0]} ended with {found.code}: {found.err}")
    if found.code == 2:
        if len(lines) != 1 or len(lines[0]) > LONGEST_LINE or not lines[0].isprintable():
            raise Broken(f"{kind} {seed}: {arguments[0]} said {found.err!r}")
    elif found.err:
        raise Broken(f"{kind} {seed}: {arguments[0]} said {found.err!r} and ended with 0")
    return found


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """TimeoutError in whatever takes the processor for longer, or waits ten times as long.

    A machine that is busy with other work is not to be mistaken for a command that is slow.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    signals = (signal.SIGPROF, signal.SIGALRM)
    before = [signal.signal(number, stop) for number in signals]
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 10 * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def run_inputs(
    kinds: list[str], inputs: int, seed: int
) -> tuple[Counter[tuple[str, int]], list[str]]:
    """So many inputs of each kind; out: how many of one ended with which code, and what broke."""
    counts: Counter[tuple[str, int]] = Counter()
    broken = []
    for kind in kinds:
        for number in range(seed, seed + inputs):
            folder = Path(tempfile.mkdtemp(prefix="upline-fuzz-"))
            try:
                counts[kind, try_input(kind, number, folder)] += 1
            except Broken as error:
                broken.append(str(error))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    return counts, broken


def main() -> int:
    """Run from the command line; out: 1 when an input broke the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100, help="of each kind (100)")
    parser.add_argument("--seed", type=int, default=1, help="the first input's number (1)")
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="only these")
    chosen = parser.parse_args()
    start, every = time.monotonic(), []
    for kind in chosen.kind or KINDS:
        counts, broken = run_inputs([kind], chosen.inputs, chosen.seed)
        every += broken
        print(f"{kind:12} {counts[kind, 0]:6} loaded {counts[kind, 2]:6} stopped "
              f"{len(broken):6} broken", flush=True)  # fmt: skip
        for told in broken[:5]:
            print(f"  {told[:600]}", flush=True)
    print(f"{time.monotonic() - start:.0f} s, {len(every)} broken")
    return 1 if every else 0


if __name__ == "__main__":
    sys.exit(main())
