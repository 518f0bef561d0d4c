"""The tables of a month in work, made by threads while Dagster's own thread tells what was made.

Belongs here: which steps a thread takes, and that all of them have ended before the month does. A
thread knows nothing of Dagster; what a step does is said in `closing.month_in_work`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Any

from pipelines.closing.month_in_work import MonthInWork
from pipelines.closing.month_tables import is_loaded_side_by_side
from pipelines.closing.steps import BOOK
from pipelines.extracts.shapes import SHAPES

Making = Callable[[MonthInWork], Any]
# How soon the next statement of what is interrupted is interrupted too.
NEXT_STATEMENT_SECONDS = 0.05


class StepThreads:
    """Threads with a connection each to the month in work, and what they are making."""

    def __init__(self, work: MonthInWork) -> None:
        with ExitStack() as stack:
            # One more than the engine's other hands: the month's own connection is for looking.
            engines = [stack.enter_context(each) for each in work.engine.others()]
            engines += [stack.enter_context(each) for each in work.engine.others()[:1]]
            self._connections = stack.pop_all()
        self._work = work
        self._hands = [work.by(engine) for engine in engines]
        self._free: SimpleQueue[MonthInWork] = SimpleQueue()
        for hand in self._hands:
            self._free.put(hand)
        self._threads = ThreadPoolExecutor(max(1, len(self._hands)))
        self._begun: dict[str, Future[Any]] = {}

    @property
    def at_once(self) -> int:
        """How many steps may be begun: one more than there are threads, so that none waits."""
        return len(self._hands) + 1

    def begin(self, table: str, values: Callable[[], dict[str, Any]]) -> Future[Any] | None:
        """Have a table made by the next thread that is free; None where none may make it.

        In: the table, of the drop or a model's or the book's, and what gives the values of the
        rules' parameters, which are there once the book's tables are.
        """
        make = self._find(table, values) if self._hands else None
        if make is None:
            return None

        def take() -> Any:
            hand = self._free.get()
            try:
                return make(hand)
            finally:
                self._free.put(hand)

        self._begun[table] = self._threads.submit(take)
        return self._begun[table]

    def _find(self, table: str, values: Callable[[], dict[str, Any]]) -> Making | None:
        """What makes a table, given who is to make it."""
        model = next((each for each in self._work.models if each.table == table), None)
        if model is not None:
            known = values()
            return lambda hand: hand.make(model, known)
        if not is_loaded_side_by_side(self._work):
            return None
        if table == BOOK:
            return MonthInWork.set_book
        drop_table = table.removeprefix("extracts.")
        return (lambda hand: hand.load(drop_table)) if drop_table in SHAPES else None

    def end(self, table: str) -> Future[Any] | None:
        """What a table that was begun came to, or comes to; None where it was not begun."""
        return self._begun.pop(table, None)

    def close(self) -> None:
        """Have what is still being made fail, and close the connections once it has."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while made := [each for each in self._begun.values() if not each.done()]:
            for hand in self._hands:
                hand.con.interrupt()  # the statement that it is at, not the next
            wait(made, NEXT_STATEMENT_SECONDS)
        self._threads.shutdown()
        self._hands.clear()
        self._connections.close()
