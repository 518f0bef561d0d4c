"""The reports' rows about an order, member or seat, cell by cell as their CSVs have them.

Belongs here: which reports are whose, and by which column. The reasons are in `reasons`.
"""

from __future__ import annotations

from functools import cache

from pipelines.proof.closed_home import Looked
from pipelines.proof.story import Decision, Row
from pipelines.reports.csv_files import free_columns, printed_columns, written
from pipelines.rules.models import SQL, Model, read_model

BY_ORDER, BY_MEMBER = "order_id = $id", "member_id = $id"
RANS = "ran_id in (select ran_id from drops.returns where order_id = $id)"
SEATS = """(close_month, seat_id) in (
    select (close_month, seat_id) from referral.known_centres where member_id = $id
)"""
# What decides about whom: the report, the contract's section, the condition (contract 4).
ORDER = {
    "referral/assignments": ("2.3", BY_ORDER), "referral/reassignments": ("2.4", BY_ORDER),
    "returns/decisions": ("2.7", BY_ORDER), "returns/lines": ("2.7", RANS),
    "returns/unmatched": ("2.7", BY_ORDER), "returns/follow_ups": ("2.7", BY_ORDER),
}  # fmt: skip
MEMBER = {
    "referral/assignments": ("2.3", BY_MEMBER),
    "referral/leads": ("2.3", "$id in (member_id, delegate_id)"),
    "referral/qualification": ("2.2", SEATS), "finance/statements": ("2.4", BY_MEMBER),
    "finance/volume": ("2.5", BY_MEMBER), "inactivity/flagged": ("2.6", BY_MEMBER),
    "inactivity/removed": ("2.6", BY_MEMBER), "inactivity/still_present": ("2.6", BY_MEMBER),
    "inactivity/compression": ("2.6", BY_MEMBER), "inactivity/effect": ("2.6", BY_MEMBER),
    "inactivity/lists": ("2.6", BY_MEMBER), "inactivity/notices": ("2.6", BY_MEMBER),
    "customers/value": ("2.8", "owner_id = $id"), "onboarding/funnel": ("2.9", "partner_id = $id"),
}  # fmt: skip
SEAT = {
    "referral/qualification": ("2.2", "seat_id = $id"),
    "referral/assignments": ("2.3", "seat_id = $id"), "referral/leads": ("2.3", "seat_id = $id"),
}  # fmt: skip
REPORTS = {"order": ORDER, "member": MEMBER, "seat": SEAT}
LEDGER = "finance/bv_ledger"
ENTRIES = {"order": BY_ORDER, "member": BY_MEMBER}


def find_decisions(looked: Looked, kind: str, id: str) -> list[Decision]:
    """The rows of a kind's reports that are about the id, by month, report and row."""
    models = _read_models(tuple(REPORTS[kind]))
    found = [
        Decision(month, report, rule, row)
        for report, (rule, condition) in REPORTS[kind].items()
        for month, row in _report_rows(looked, models[report], condition, id)
    ]
    return sorted(found, key=lambda decision: (decision.month, decision.report))


def find_entries(looked: Looked, kind: str, id: str) -> list[Row]:
    """The ledger's entries of an order, or on a member; a seat has none of its own."""
    if kind not in ENTRIES:
        return []
    rows = _report_rows(looked, _read_models((LEDGER,))[LEDGER], ENTRIES[kind], id)
    return [{"month": month} | row for month, row in rows]


def _report_rows(looked: Looked, model: Model, condition: str, id: str) -> list[tuple[str, Row]]:
    """A report's rows of the months in which it was written, in the report's order."""
    report = f"{model.programme}/{model.name}"
    months = [
        month.text
        for month in looked.months
        if (looked.home.month(month) / f"{report}.csv").is_file()
    ]
    if not months or not _is_there(looked, model):
        return []
    columns, free = printed_columns(looked.con, model), free_columns(model)
    cells = ", ".join(
        f"{written(name, kind, name in free)} as c{place}"
        for place, (name, kind) in enumerate(columns.items())
    )
    rows = looked.rows(
        f"select close_month as month_of_row, {cells} from {model.table} "
        f"where list_contains($written, close_month) and {condition} "
        f"order by close_month, {model.order}",
        written=months, id=id,
    )  # fmt: skip
    return [
        (month, {name: _unquoted(cell) for name, cell in zip(columns, values, strict=True)})
        for month, *values in (row.values() for row in rows)
    ]


@cache
def _read_models(reports: tuple[str, ...]) -> dict[str, Model]:
    """What makes each of some reports."""
    return {report: read_model(SQL / f"{report}.sql") for report in reports}


def _is_there(looked: Looked, model: Model) -> bool:
    """Whether any month has made the table."""
    found = looked.rows(
        "select 1 from information_schema.tables "
        "where table_schema = $schema and table_name = $name",
        schema=model.programme, name=model.name,
    )  # fmt: skip
    return bool(found)


def _unquoted(cell: str) -> str:
    """A cell of a line of a CSV as its reader gets it."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
