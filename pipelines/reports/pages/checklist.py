"""The close checklist: what was checked, what was found, and what somebody should look at.

Belongs here: sums of the report tables put into sentences. A close that breaks a rule has stopped
long before this; what is left is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.reports.look.formats import amount, count, plural, rate, ratio, share
from pipelines.reports.look.words import TOLD
from pipelines.reports.pages.finance import proof, reconciled
from pipelines.reports.pages.view import MonthView

ORDER = ("failed", "decide", "passed", "off")


@dataclass(frozen=True)
class Check:
    """One line of the checklist; state: passed, decide, failed or off."""

    state: str
    title: str
    found: str
    page: str


def checklist(view: MonthView, pages: list[str]) -> list[Check]:
    """The checks of the programmes that run, what wants a decision first."""
    checks: list[tuple[str, Callable[[MonthView], Check]]] = [
        ("finance", _balanced), ("finance", _house), ("quality", _quarantine),
        ("quality", _tables), ("referral", _qualified), ("inactivity", _purge),
        ("inactivity", _still_present), ("inactivity", _notices), ("returns", _refunds),
        ("returns", _unmatched), ("customers", _owners), ("onboarding", _help),
    ]  # fmt: skip
    made = [check(view) for page, check in checks if page in pages]
    return sorted(made, key=lambda check: ORDER.index(check.state))


def _look(is_needed: bool) -> str:
    return "decide" if is_needed else "passed"


def _balanced(view: MonthView) -> Check:
    sums = proof(reconciled(view))
    wrong = [row for row in sums if row["difference"] != 0]
    state = "failed" if wrong else "passed"
    found = "; ".join(f"{row['told']}: {amount(row['difference'])} apart" for row in wrong)
    found = found or f"{len(sums)} sums from two sides each, 0.00 apart."
    return Check(state, "Every point of BV is accounted for", found, "finance")


def _house(view: MonthView) -> Check:
    rows = view.rows("""
        select reason, count(*) as orders, sum(bv) as bv from finance.bv_ledger
        where close_month = $month and entry = 'credit' and member_id is null
        group by reason order by reason
    """)
    told = "; ".join(
        f"{plural(row['orders'], 'order')}, {TOLD[row['reason']].lower()}: {amount(row['bv'])}"
        for row in rows
    )
    found = f"BV that the house keeps. {told}." if rows else "No retail order is the house's."
    return Check(_look(bool(rows)), "Retail orders have a leader", found, "finance")


def _quarantine(view: MonthView) -> Check:
    rows = view.rows("""
        select "table", rows, quarantined from quality.loads
        where drop_month = $month and quarantined > 0
        order by quarantined * 1.0 / rows desc, "table"
    """)
    read = view.value("select coalesce(sum(rows), 0) from quality.loads where drop_month = $month")
    if not rows:
        return Check(
            "passed", "Rows of the extracts are sound", f"All {count(read)} rows.", "quality"
        )
    worst, limit = rows[0], view.policy.max_quarantined_share
    found = (
        f"{count(sum(row['quarantined'] for row in rows))} of {count(read)} rows are listed; "
        f"most of {worst['table']}, {share(ratio(worst['quarantined'], worst['rows']))} "
        f"(a table stops the close above {rate(limit)} and 10 rows)."
    )
    return Check("decide", "Rows of the extracts are sound", found, "quality")


def _tables(view: MonthView) -> Check:
    files = view.value("select count(*) from quality.loads where drop_month = $month")
    notes = view.value("select count(*) from quality.notes where drop_month = $month")
    found = f"{plural(files, 'file')} read"
    found += f"; {plural(notes, 'note')} on what is missing or unknown." if notes else "."
    return Check(_look(notes > 0), "The drop is complete", found, "quality")


def _qualified(view: MonthView) -> Check:
    row = view.row("""
        select count(*) as seats, count(*) filter (where qualified) as qualified
        from referral.qualification where close_month = $month
    """)
    found = f"{count(row['qualified'])} of {plural(row['seats'], 'seat')} with the rank."
    return Check(_look(row["qualified"] == 0), "Leaders qualified for benefits", found, "referral")


def _purge(view: MonthView) -> Check:
    removed = view.value("select count(*) from inactivity.removed where close_month = $month")
    members = view.value("select count(*) from extracts.members")
    guard = view.policy.inactivity.max_removed_share if view.policy.inactivity else None
    found = (
        f"{plural(removed, 'record')} of {count(members)} removed, "
        f"{share(ratio(removed, members))} (the close stops above {rate(guard)})."
        if removed else "Nobody is removed by this close."
    )  # fmt: skip
    return Check(_look(removed > 0), "The purge of inactive records", found, "inactivity")


def _still_present(view: MonthView) -> Check:
    there = view.value("select count(*) from inactivity.still_present where close_month = $month")
    found = (
        f"{plural(there, 'member')} still in the extract: take them out of the system."
        if there else "No removed member is in the extract."
    )  # fmt: skip
    return Check(_look(there > 0), "Removed records are gone", found, "inactivity")


def _notices(view: MonthView) -> Check:
    row = view.row("""
        select count(*) as notices, count(*) filter (where email is null) as mute
        from inactivity.notices where close_month = $month
    """)
    found = f"{plural(row['notices'], 'notice')} to send" if row["notices"] else "No notice to send"
    found += f"; {count(row['mute'])} to somebody without an e-mail." if row["mute"] else "."
    return Check(_look(row["mute"] > 0), "New flags can be told", found, "inactivity")


def _refunds(view: MonthView) -> Check:
    rows = view.rows("""
        select currency, count(*) as rans,
            coalesce(sum(difference) filter (where difference > 0), 0) as owed,
            coalesce(sum(-difference) filter (where difference < 0), 0) as paid_too_much
        from returns.decisions where close_month = $month and difference <> 0
        group by currency order by currency
    """)
    told = "; ".join(
        f"{plural(row['rans'], 'return')} in {row['currency']}: {amount(row['owed'])} still due, "
        f"{amount(row['paid_too_much'])} paid beyond it"
        for row in rows
    )
    found = f"{told}." if rows else "Every refund made is the refund due."
    return Check(_look(bool(rows)), "Refunds match what is due", found, "returns")


def _unmatched(view: MonthView) -> Check:
    lost = view.value("select count(*) from returns.unmatched where close_month = $month")
    told = "names no known RAN of its" if lost == 1 else "name no known RAN of their"
    found = f"{plural(lost, 'refund')} {told} order." if lost else "Every refund names its RAN."
    return Check(_look(lost > 0), "Refunds name their return", found, "returns")


def _owners(view: MonthView) -> Check:
    row = view.row("""
        select count(*) as customers, count(previous_owner_id) as moved
        from customers.owners where close_month = $month
    """)
    found = (
        f"{plural(row['customers'], 'customer')}, one owner each; "
        f"{count(row['moved'])} had another one before."
    )
    return Check("passed", "Nobody owns a customer twice", found, "customers")


def _help(view: MonthView) -> Check:
    row = view.row("""
        select count(*) as accounts, count(*) filter (where overdue > 0) as late,
            coalesce(sum(overdue), 0) as overdue
        from onboarding.accounts where close_month = $month
    """)
    found = (
        f"{count(row['late'])} of {plural(row['accounts'], 'account')}, {amount(row['overdue'])} "
        f"{view.policy.company.currency} overdue."
        if row["late"] else f"{plural(row['accounts'], 'account')}, nothing overdue."
    )  # fmt: skip
    return Check(_look(row["late"] > 0), "Instalments are paid", found, "onboarding")
