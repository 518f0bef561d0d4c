"""The month's pages: what was closed, its main figures, and the way to every file.

Belongs here: which figures a page is given. How they look is in reports/templates.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.book.policy import Policy
from pipelines.months import Month

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "reports" / "templates"
TITLES = {
    "referral": "Customer referral",
    "finance": "Finance",
    "inactivity": "Inactive records",
    "returns": "Returns and follow-up",
    "customers": "Customers",
    "onboarding": "Onboarding",
    "quality": "Quality of the extracts",
}
SWITCHED_OFF = {
    "referral": "referral/* (every retail order is outside_countries)",
    "volume": "finance/volume.csv",
    "inactivity": "inactivity/*",
    "returns": "returns/decisions.csv, lines.csv and unmatched.csv",
    "follow_up": "returns/follow_ups.csv",
    "subscriptions": "customers/* and finance/subscription_commissions.csv",
    "onboarding": "onboarding/*",
}


def templates() -> Environment:
    """The house's templates: everything from an extract is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def amount(value: Decimal) -> str:
    """A figure with two places and its thousands apart: 12,345.60."""
    return f"{value:,.2f}"


def write_index(
    con: duckdb.DuckDBPyConnection, policy: Policy, month: Month, folder: Path, is_trial: bool
) -> None:
    """Write the month's index.html: main figures, what needs attention, links to every CSV."""
    page = templates().get_template("month.html")
    text = page.render(
        company=policy.company,
        month=month.text,
        is_trial=is_trial,
        figures=_figures(con, month),
        attention=_attention(con, month),
        programmes=_files(folder),
        switched_off=[told for name, told in SWITCHED_OFF.items() if getattr(policy, name) is None],
    )
    (folder / "index.html").write_text(text, encoding="utf-8")


def _files(folder: Path) -> list[tuple[str, list[str]]]:
    found = []
    for programme, title in TITLES.items():
        names = sorted(path.name for path in (folder / programme).glob("*.csv"))
        if names:
            found.append((title, [f"{programme}/{name}" for name in names]))
    return found


def _one(con: duckdb.DuckDBPyConnection, query: str, month: Month) -> Any:
    return con.execute(query, [month.text]).fetchall()[0][0]


def _figures(con: duckdb.DuckDBPyConnection, month: Month) -> list[tuple[str, str]]:
    lines = con.execute(
        "select line, bv from finance.reconciliation where close_month = $1 order by place",
        [month.text],
    ).fetchall()
    titles = {
        "orders_posted": "BV of orders posted",
        "house_credits": "of it to the house",
        "reversals": "BV taken back",
        "net": "Net BV",
        "difference": "Difference in the reconciliation",
    }
    told = [(titles[line], amount(bv)) for line, bv in lines if line in titles]
    counts = (
        ("Leaders qualified", "select count(*) from referral.qualification where close_month = $1 and qualified"),
        ("Retail orders assigned", "select count(*) from referral.assignments where close_month = $1 and outcome = 'assigned'"),
        ("Records flagged", "select count(*) from inactivity.flagged where close_month = $1"),
        ("Records removed", "select count(*) from inactivity.removed where close_month = $1"),
    )
    return told + [(title, f"{_one(con, query, month):,}") for title, query in counts]


def _attention(con: duckdb.DuckDBPyConnection, month: Month) -> list[str]:
    codes = con.execute(
        "select code, count(*) from quality.quarantine where drop_month = $1 group by 1 order by 1",
        [month.text],
    ).fetchall()
    notes = con.execute(
        'select "table", note from quality.notes where drop_month = $1 order by 1, 2', [month.text]
    ).fetchall()
    told = [f"{count:,} cells or rows quarantined as {code}" for code, count in codes]
    return told + [f"{table}: {note}" for table, note in notes]
