"""What a simulation changes: each figure of each member and month, before and after (contract 4).

Belongs here: which figures are compared, from which report each is read, and `differences.csv`.
Before is what the home has sealed, after what was simulated: both are read from CSV files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engines.duck import literal, open_file, quoted
from pipelines.months import Month

Rows = list[dict[str, Any]]
SIDES = ("before", "after")


@dataclass(frozen=True)
class Figure:
    """One figure of a member: its report, the column that names the member, and how it is counted.

    `column` is summed; without one the rows are counted, those alone whose cell `only[0]` is
    `only[1]` where that is given. Of a burden less is better.
    """

    name: str
    title: str
    report: str
    member: str = "member_id"
    column: str | None = None
    is_count: bool = False
    only: tuple[str, str] | None = None
    is_burden: bool = False


FIGURES = (
    Figure("net_bv", "Net BV", "finance/statements", column="net_bv"),
    Figure("group_bv", "Group BV", "finance/volume", column="group_bv"),
    Figure("payline_bv", "Payline BV", "finance/volume", column="payline_bv"),
    Figure("commission", "Commission", "finance/subscription_commissions", "consultant_id",
           "commission"),
    Figure("seats_qualified", "Seats qualified", "referral/qualification", "credit_member_id",
           is_count=True, only=("qualified", "true")),
    Figure("orders_assigned", "Orders assigned", "referral/assignments", is_count=True,
           only=("outcome", "assigned")),
    Figure("leads_assigned", "Leads assigned", "referral/leads", is_count=True,
           only=("outcome", "assigned")),
    Figure("flagged", "Flagged", "inactivity/flagged", is_count=True, is_burden=True),
    Figure("removed", "Removed", "inactivity/removed", is_count=True, is_burden=True),
    Figure("customers", "Customers owned", "customers/value", "owner_id", "customers", True),
)  # fmt: skip
REPORTS = tuple(dict.fromkeys(f"{figure.report}.csv" for figure in FIGURES))
COUNTS = ", ".join(literal(figure.name) for figure in FIGURES if figure.is_count)

COMPARED = """
    select
        month,
        member_id,
        figure,
        cast(sum(case when side = 'before' then value else 0 end) as decimal(38, 2)) as sealed,
        cast(sum(case when side = 'after' then value else 0 end) as decimal(38, 2)) as simulated
    from figures
    group by month, member_id, figure
"""
PRINTED = ", ".join(
    f"case when figure in ({COUNTS}) then cast(cast({value} as decimal(38, 0)) as varchar) "
    f"else cast({value} as varchar) end as {name}"
    for name, value in (
        ("before", "sealed"), ("after", "simulated"), ("difference", "simulated - sealed"),
    )
)  # fmt: skip
SUMS = """sum(sealed) as before, sum(simulated) as after,
        sum(simulated) - sum(sealed) as difference"""
TOTALS = f"""
    select figure, month, {SUMS},
        count(*) filter (where sealed <> simulated) as differing,
        sum(case when member_id = '' then simulated - sealed else 0 end) as house
    from compared
    group by figure, month
    order by figure, month
"""
# The house neither wins nor loses: what it gains, members lose.
MOVED = f"""
    select member_id as member, {SUMS}, count(*) over () as members
    from compared
    where figure = $figure and member_id <> ''
    group by member_id
    having case when $is_more then sum(simulated) > sum(sealed)
        else sum(simulated) < sum(sealed) end
    order by abs(difference) desc, member_id
    limit $most
"""


@dataclass(frozen=True)
class Compared:
    """Figures of both sides, in the engine."""

    con: duckdb.DuckDBPyConnection

    def write(self, path: Path) -> int:
        """Write `differences.csv`; out: how many lines it has."""
        found = self.con.execute(f"""
            copy (
                select month, nullif(member_id, '') as member_id, figure, {PRINTED}
                from compared
                where sealed <> simulated
                order by month, compared.member_id, figure
            ) to {literal(str(path))} (format csv, header true)
        """).fetchall()
        return int(found[0][0])

    def totals(self) -> Rows:
        """Each figure's sums by month, for how many it differs, and the house's difference."""
        return self._rows(TOTALS)

    def moved(self, figure: Figure, is_won: bool, most: int) -> Rows:
        """The members who win most over all months, or lose most; `members` is how many there are.

        Whom a burden is taken from wins.
        """
        is_more = is_won != figure.is_burden
        return self._rows(MOVED, figure=figure.name, is_more=is_more, most=most)

    def _rows(self, query: str, **given: Any) -> Rows:
        found = self.con.execute(query, given)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def compared_reports(scratch: Path, before: Path, after: Path, months: list[Month]) -> Iterator[
    Compared
]:  # fmt: skip
    """The figures of two folders of months' reports, compared in a file in `scratch`.

    A report that a month does not have counts as one without rows.
    """
    with open_file(scratch / "figures.duckdb", scratch / "spill") as con:
        con.execute(
            "create table figures (side varchar, month varchar, member_id varchar, "
            "figure varchar, value decimal(38, 2))"
        )
        for side, folder in zip(SIDES, (before, after), strict=True):
            for month in months:
                for figure in FIGURES:
                    path = folder / month.text / f"{figure.report}.csv"
                    if path.is_file():
                        con.execute(_read(figure, path, side, month))
        con.execute(f"create table compared as {COMPARED}")
        yield Compared(con)


def _read(figure: Figure, path: Path, side: str, month: Month) -> str:
    """SQL that reads a month's figure out of its report, every cell as the text that it is."""
    with path.open(encoding="utf-8") as report:
        names = report.readline().rstrip("\n").split(",")
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in names)
    value = f"sum(cast({quoted(figure.column)} as decimal(38, 2)))" if figure.column else "count(*)"
    where = f"where {quoted(figure.only[0])} = {literal(figure.only[1])}" if figure.only else ""
    return f"""
        insert into figures
        select {literal(side)}, {literal(month.text)}, coalesce({quoted(figure.member)}, ''),
            {literal(figure.name)}, {value}
        from read_csv({literal(str(path))}, columns = {{{columns}}}, header = true,
            auto_detect = false, delim = ',', quote = '"', escape = '"')
        {where}
        group by {quoted(figure.member)}
    """
