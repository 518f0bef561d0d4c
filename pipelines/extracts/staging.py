"""The names by which a table's rows pass the stages of contract 1, "Quarantine".

`typed` has every row of the drop's files as the row stage has read it. What a stage finds is kept
by a name of its own, as a query finds it; nothing that is written is changed again. Over them stand
three names: `listed` is what the stages have found so far (line, code, column), `incoming` the rows
of `typed` that are left, `standing` those rows as they are written. Which rules there are is said
by the stages' modules.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.engines.loading import Loading
from pipelines.extracts.shapes import Shape

NOTHING: Mapping[str, str] = {}


class Staging:
    """One table's way through the stages: the names, as far as it has come.

    In: what of `listed` leaves `incoming`, as SQL; rows that it does not hold for stay although
    they are listed.
    """

    def __init__(self, loading: Loading, shape: Shape, leaving: str = "true") -> None:
        self._loading = loading
        self._columns = (*shape.staged, "line")
        self._leaving = leaving
        self._found: list[str] = []
        self._settled: list[str] = []

    def end_stage(self, found: str | None, settled: str | None = None) -> None:
        """Note what a stage has found: a select of (line, code, column) over what it has kept.

        `settled` selects lines that leave without being listed.
        """
        self._found += [found] if found else []
        self._settled += [settled] if settled else []
        if not found and not settled:
            return
        self._loading.call("listed", " union all ".join(self._found))
        gone = [f"select line from listed where {self._leaving}", *self._settled]
        self._loading.call(
            "incoming",
            f"select typed.* from typed "
            f"anti join ({' union all '.join(gone)}) as gone on gone.line = typed.line",
        )

    def let_stand(self, values: Mapping[str, str] = NOTHING, join: str = "") -> None:
        """End the last stage: say how the rows that are left are written.

        In: SQL for columns that are not as they came, and for the join that it needs.
        """
        told = ", ".join(
            f'{values.get(name, f"incoming.{name}")} as "{name}"' for name in self._columns
        )
        self._loading.call("standing", f"select {told} from incoming {join}")
