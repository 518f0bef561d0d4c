"""The temporary tables in which a table's rows pass the stages of contract 1, "Quarantine".

`typed` has every row of the drop's files as the row stage has read it. What a stage finds is a
table of its own, made by a select; nothing that is written is changed again. Over them stand three
views: `listed` is what the stages have found so far (line, code, column), `incoming` the rows of
`typed` that are left, `standing` those rows as they are written. Which rules there are is said by
the stages' modules.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

FINDING = '(line, code, "column")'
NOTHING = "select line, '', '' from typed where false"


class Staging:
    """One table's way through the stages: the views, as far as it has come.

    In: what of `listed` leaves `incoming`, as SQL; rows that it does not hold for stay although
    they are listed.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, leaving: str = "true") -> None:
        self._con = con
        self._leaving = leaving
        self._found: list[str] = []
        self._settled: list[str] = []

    def end_stage(self, stage: str, findings: Sequence[str], settled: str | None = None) -> None:
        """Keep what a stage has found: selects of (line, code, column) over what was left before.

        `settled` selects lines that leave without being listed.
        """
        self._con.execute(
            f"create or replace temp table {stage}_findings{FINDING} as "
            f"{' union all '.join(findings or [NOTHING])}"
        )
        self._found.append(f'select line, code, "column" from {stage}_findings')
        self._settled += [settled] if settled else []
        self._con.execute(
            f"create or replace temp view listed as {' union all '.join(self._found)}"
        )
        gone = [f"select line from listed where {self._leaving}", *self._settled]
        self._con.execute(
            f"create or replace temp view incoming as select typed.* from typed "
            f"anti join ({' union all '.join(gone)}) as gone on gone.line = typed.line"
        )
        self.let_stand({})

    def let_stand(self, values: dict[str, str], join: str = "") -> None:
        """Say how the rows that are left are written: SQL for columns that are not as they came."""
        told = ", ".join(f"{value} as {name}" for name, value in values.items())
        replaced = f" replace ({told})" if values else ""
        self._con.execute(
            f"create or replace temp view standing as select incoming.*{replaced} "
            f"from incoming {join}"
        )
