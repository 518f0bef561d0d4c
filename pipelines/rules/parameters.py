"""What the rules' queries are given: the month's dates and the policy's figures.

Belongs here: values only. What they mean is said in the queries that name them.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.book.policy import Policy
from pipelines.book.programmes import SECTIONS, running_sections
from pipelines.months import Month

DEFAULT_PAY_LEVELS = 5


def parameters(con: duckdb.DuckDBPyConnection, policy: Policy, month: Month) -> dict[str, Any]:
    """Every parameter that a query may name, for the month in work.

    Figures of a programme that does not run are null, as is the last month that a programme ran in
    when it never has; pay levels are the contract's default without `volume`. Refunds are
    journalised in months that have both `journal` and `returns`.
    """
    values: dict[str, Any] = {
        "close_month": month.text,
        "previous_month": month.previous.text,
        "opening_month": policy.company.opening_month.text,
        "month_start": month.start,
        "month_end": month.end,
        "close_day": month.next.start,
        "company_currency": policy.company.currency,
        "pay_levels": DEFAULT_PAY_LEVELS,
    }
    return values | _figures(policy) | _last_months(con, policy, month)


def _figures(policy: Policy) -> dict[str, Any]:
    ranks = policy.company.ranks
    figures: dict[str, Any] = {"min_rank_level": None, "leader_rank_level": None}
    for name in running_sections(policy):
        section = getattr(policy, name)
        figures |= {key: getattr(section, key) for key in section.__dataclass_fields__}
    if policy.referral:
        figures["min_rank_level"] = ranks.index(policy.referral.min_rank)
    if policy.inactivity:
        figures["leader_rank_level"] = ranks.index(policy.inactivity.leader_rank)
        figures["first_flag_month"] = policy.inactivity.first_flag_month.text
    return figures


def _last_months(
    con: duckdb.DuckDBPyConnection, policy: Policy, month: Month
) -> dict[str, str | None]:
    last = dict(con.execute(
        "select programme, max(close_month) from book.programmes "
        "where close_month < $1 group by programme", [month.text],
    ).fetchall())  # fmt: skip
    [(refunds,)] = con.execute(
        "select max(close_month) from (select close_month from book.programmes "
        "where close_month < $1 and programme in ('journal', 'returns') "
        "group by close_month having count(*) = 2)", [month.text],
    ).fetchall()  # fmt: skip
    months = {f"last_{section}_month": last.get(section) for section in SECTIONS}
    # Without returns nothing is due, which is no change of what is.
    return months | {"last_journalised_refunds_month": refunds if policy.returns else None}
