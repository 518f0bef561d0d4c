"""A month's tables, made by as many hands as the engine has.

Belongs here: in which order the steps are taken that make a table. What a step does is said in
`month_in_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from pipelines.closing.month_in_work import MonthInWork
from pipelines.closing.steps import BOOK
from pipelines.engines.duck import less_memory
from pipelines.engines.side_by_side import take_side_by_side
from pipelines.extracts.load import MOST_MEMORY_GIB, Load
from pipelines.extracts.shapes import SHAPES

Say = Callable[[str], None]
# Of a larger drop each table has work for all hands, and each would hold its own batch of text.
MOST_BYTES_BESIDE = 1 << 30


def compute_month(work: MonthInWork, say: Say) -> None:
    """Take every step of a month's close up to its reports."""
    make_tables(work, say)
    work.write_reports()
    say(f"{work.drop.month}  reports   written")


def make_tables(work: MonthInWork, say: Say) -> None:
    """Take every step of a month's close that makes a table: all of them but its reports."""
    month = work.drop.month
    work.begin()
    loads = load_tables(work)
    read = sum(load.rows for load in loads)
    bad = sum(load.quarantined for load in loads)
    files = sum(1 for load in loads if load.file)
    say(f"{month}  extracts  {read} rows of {files} files, {bad} quarantined")
    rows = make_models(work)
    say(f"{month}  rules     {rows} rows of {len(work.models)} tables")


def load_tables(work: MonthInWork, tables: Iterable[str] = SHAPES) -> list[Load]:
    """Load tables of the drop, all or those named, and put the book where the rules read it.

    Tables that do not name each other are loaded side by side where they may be.
    """
    steps = {f"extracts.{table}": table for table in tables}
    order = [*steps]
    order.insert(1 + max(order.index(step) for step in work.plan.below[BOOK]), BOOK)

    def take(hand: MonthInWork, step: str) -> Load | None:
        if step in steps:
            return hand.load(steps[step])
        hand.set_book()
        return None

    with less_memory(work.con, MOST_MEMORY_GIB), _hands(work) as hands:
        some = hands if is_loaded_side_by_side(work) else hands[:1]
        made = take_side_by_side(_needs(work, order), take, some)
    return [load for load in made.values() if load is not None]


def is_loaded_side_by_side(work: MonthInWork) -> bool:
    """Whether tables of the drop may be loaded at the same time.

    They may not where the drop is large, or queries take them from its sources: what a query leaves
    of one is handed on to the next.
    """
    return not work.drop.mapping.queries and work.seen.size <= MOST_BYTES_BESIDE


def make_models(work: MonthInWork) -> int:
    """Make every model's rows, those side by side that do not read each other; out: how many."""
    models = {model.table: model for model in work.models}
    values = work.values()

    def take(hand: MonthInWork, table: str) -> int:
        return hand.make(models[table], values)

    with _hands(work) as hands:
        return sum(take_side_by_side(_needs(work, models), take, hands).values())


def _needs(work: MonthInWork, steps: Iterable[str]) -> dict[str, frozenset[str]]:
    """What each of these steps reads of the others, itself or through them."""
    among = frozenset(steps)
    return {step: work.plan.below[step] & among for step in steps}


@contextmanager
def _hands(work: MonthInWork) -> Iterator[list[MonthInWork]]:
    """The month in work for each that takes steps at the same time, on a connection of its own."""
    with ExitStack() as stack:
        others = [stack.enter_context(each) for each in work.engine.others()]
        yield [work, *(work.by(engine) for engine in others)]
