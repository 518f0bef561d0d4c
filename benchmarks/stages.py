"""Closes a month with clocks round the steps: where the time of a close goes.

    .venv/bin/python -m benchmarks.stages --book DIR --home DIR --month M

Belongs here: which function is which stage. Each clock counts the time in its functions that no
clock further inside counts. Of the packs two times are told, since a thread lays them out and
processes of their own write them while the other reports are made: `packs`, in which the close does
nothing else but wait for the last, and `packs_span`, from their begin to their end; they can be
left out, since they take the cores from everything beside them. It prints a line of JSON, and fails
when a function is not there any more. What is compared with others is the plain command, never
this.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from pipelines import SELDOM

WORK = "pipelines.closing.month_in_work:MonthInWork"
TABLES = "pipelines.closing.month_tables:"
CLOSE = "pipelines.closing.close:"
FUNCTIONS = (
    ("validate", TABLES, "load_tables"),
    ("rules", TABLES, "make_models"),
    ("reports", WORK, "write_reports"),
    ("seal", CLOSE, "seal_staged"),
    ("publish", CLOSE, "publish_month"),
    ("publish", CLOSE, "move_into_place"),
)
PACKS = ("pipelines.reports.write:", "packs_beside")
STAGES = ("validate", "rules", "reports", "packs", "seal", "publish")


class Clocks:
    """Seconds by stage; one stage's clock stands still while one inside it runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._inside = [0.0]

    @contextmanager
    def count(self, stage: str) -> Iterator[None]:
        """Count what the block takes, less what the clocks inside it have counted."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{stage} runs in a thread of its own: mend benchmarks/stages.py")
        self._inside.append(0.0)
        start = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - start
            self.seconds[stage] += taken - self._inside.pop()
            self._inside[-1] += taken

    def wrap(self, stage: str, owner: Any, name: str) -> None:
        """Have every call of a function counted."""
        function = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.calls[f"{stage} {name}"] += 1
            with self.count(stage):
                return function(*given, **named)

        setattr(owner, name, counted)

    def wrap_packs(self, owner: Any, name: str) -> None:
        """Have the begin and the end of the packs counted, and the span from one to the other."""
        packs_beside: Callable[..., AbstractContextManager[Any]] = getattr(owner, name)

        @contextmanager
        def counted(*given: Any, **named: Any) -> Iterator[Any]:
            self.calls[f"packs {name}"] += 1
            start = time.perf_counter()
            beside = packs_beside(*given, **named)
            with self.count("packs"):
                given_to_block = beside.__enter__()
            yield given_to_block
            with self.count("packs"):
                beside.__exit__(None, None, None)
            self.seconds["packs_span"] += time.perf_counter() - start

        setattr(owner, name, counted)


def find(place: str, name: str) -> Any:
    """The module or class that holds a function; SystemExit when it does not any more."""
    module, _, inner = place.partition(":")
    owner: Any = importlib.import_module(module)
    owner = getattr(owner, inner, None) if inner else owner
    if not hasattr(owner, name):
        raise SystemExit(f"{place} has no {name} any more: mend benchmarks/stages.py")
    return owner


def seconds_alive() -> float:
    """Seconds since the system started this process, to a hundredth."""
    told = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(told[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


@contextmanager
def no_packs(*given: Any, **named: Any) -> Iterator[dict[str, str]]:
    """In place of the packs: nothing."""
    yield {}


def close_with_clocks(book: Path, home: Path, month: str, has_packs: bool) -> dict[str, Any]:
    """Close a month; out: the seconds of each stage and what the close has made."""
    from pipelines.closing.close import close_months
    from pipelines.closing.home import Home
    from pipelines.months import Month
    from pipelines.reports.packs.reading import open_packs

    clocks = Clocks()
    for stage, place, name in FUNCTIONS:
        clocks.wrap(stage, find(place, name), name)
    if not has_packs:
        setattr(find(*PACKS), PACKS[1], no_packs)
    clocks.wrap_packs(find(*PACKS), PACKS[1])
    wanted = {f"{stage} {name}" for stage, _, name in FUNCTIONS} | {f"packs {PACKS[1]}"}
    reports = close_months(book, Home(home), Month.parse(month), False, lambda text: None)
    if silent := wanted - clocks.calls.keys():
        raise SystemExit(f"never called: {sorted(silent)}: mend benchmarks/stages.py")
    with open_packs(reports) as packs:
        written = sum(1 for _ in packs.leaders())
    return {
        **{stage: round(clocks.seconds[stage], 3) for stage in (*STAGES, "packs_span")},
        "packs_written": written,
        "warehouse_bytes": Home(home).published_file.stat().st_size,
    }


def main() -> None:
    """Parse the command line, close, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--month", required=True)
    parser.add_argument("--without-packs", action="store_true", help="leave the leaders' packs out")
    given = parser.parse_args()
    gc.set_threshold(*SELDOM)  # as the command does
    found = close_with_clocks(given.book, given.home, given.month, not given.without_packs)
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told = {"month": given.month, "seconds": round(seconds_alive(), 2), **found}
    print(json.dumps(told | {"peak_mib": own, "largest_child_mib": children}))


if __name__ == "__main__":
    main()
