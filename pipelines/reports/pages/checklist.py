"""The close checklist: what was checked, what was found, and what somebody should look at.

Belongs here: sums of the report tables put into sentences. A close that breaks a rule has stopped
long before this; what is left is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.reports.look.formats import amount, count, plural, rate, ratio, share
from pipelines.reports.look.words import TOLD
from pipelines.reports.packs.languages import nearest_language
from pipelines.reports.pages.finance import proof, reconciled
from pipelines.reports.pages.view import MonthView, read_query

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
        ("quality", _languages),
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
    rows = view.rows(read_query("checks/house"))
    told = "; ".join(
        f"{plural(row['orders'], 'order')}, {TOLD[row['reason']].lower()}: {amount(row['bv'])}"
        for row in rows
    )
    found = f"BV that the house keeps. {told}." if rows else "No retail order is the house's."
    return Check(_look(bool(rows)), "Retail orders have a leader", found, "finance")


def _quarantine(view: MonthView) -> Check:
    rows = view.rows(read_query("checks/quarantine"))
    read = view.row(read_query("checks/drop"))["rows"]
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
    drop = view.row(read_query("checks/drop"))
    files, notes = drop["files"], drop["notes"]
    found = f"{plural(files, 'file')} read"
    found += f"; {plural(notes, 'note')} on what is missing or unknown." if notes else "."
    return Check(_look(notes > 0), "The drop is complete", found, "quality")


def _languages(view: MonthView) -> Check:
    rows = view.rows(read_query("checks/languages"))
    packs = sum(row["packs"] for row in rows)
    lost = [row for row in rows if nearest_language(row["language"]) is None]
    told = ", ".join(f"{row['language'] or 'none known'} {count(row['packs'])}" for row in lost)
    found = (
        f"{count(sum(row['packs'] for row in lost))} of {plural(packs, 'pack')} are in English: "
        f"their readers' languages ({told}) have no catalogue."
        if lost else f"All {plural(packs, 'pack')}."
    )  # fmt: skip
    return Check(_look(bool(lost)), "Packs speak their readers' language", found, "quality")


def _qualified(view: MonthView) -> Check:
    row = view.row(read_query("checks/qualified"))
    found = f"{count(row['qualified'])} of {plural(row['seats'], 'seat')} with the rank."
    return Check(_look(row["qualified"] == 0), "Leaders qualified for benefits", found, "referral")


def _purge(view: MonthView) -> Check:
    row = view.row(read_query("checks/purge"))
    removed, members = row["removed"], row["members"]
    guard = view.policy.inactivity.max_removed_share if view.policy.inactivity else None
    found = (
        f"{plural(removed, 'record')} of {count(members)} removed, "
        f"{share(ratio(removed, members))} (the close stops above {rate(guard)})."
        if removed else "Nobody is removed by this close."
    )  # fmt: skip
    return Check(_look(removed > 0), "The purge of inactive records", found, "inactivity")


def _still_present(view: MonthView) -> Check:
    there = view.row(read_query("checks/purge"))["still_present"]
    found = (
        f"{plural(there, 'member')} still in the extract: take them out of the system."
        if there else "No removed member is in the extract."
    )  # fmt: skip
    return Check(_look(there > 0), "Removed records are gone", found, "inactivity")


def _notices(view: MonthView) -> Check:
    row = view.row(read_query("checks/notices"))
    found = f"{plural(row['notices'], 'notice')} to send" if row["notices"] else "No notice to send"
    found += f"; {count(row['mute'])} to somebody without an e-mail." if row["mute"] else "."
    return Check(_look(row["mute"] > 0), "New flags can be told", found, "inactivity")


def _refunds(view: MonthView) -> Check:
    rows = view.rows(read_query("checks/refunds"))
    told = "; ".join(
        f"{plural(row['rans'], 'return')} in {row['currency']}: {amount(row['owed'])} still due, "
        f"{amount(row['paid_too_much'])} paid beyond it"
        for row in rows
    )
    found = f"{told}." if rows else "Every refund made is the refund due."
    return Check(_look(bool(rows)), "Refunds match what is due", found, "returns")


def _unmatched(view: MonthView) -> Check:
    lost = view.value(read_query("checks/unmatched"))
    told = "names no known RAN of its" if lost == 1 else "name no known RAN of their"
    found = f"{plural(lost, 'refund')} {told} order." if lost else "Every refund names its RAN."
    return Check(_look(lost > 0), "Refunds name their return", found, "returns")


def _owners(view: MonthView) -> Check:
    row = view.row(read_query("checks/owners"))
    found = (
        f"{plural(row['customers'], 'customer')}, one owner each; "
        f"{count(row['moved'])} had another one before."
    )
    return Check("passed", "Nobody owns a customer twice", found, "customers")


def _help(view: MonthView) -> Check:
    row = view.row(read_query("checks/help"))
    found = (
        f"{count(row['late'])} of {plural(row['accounts'], 'account')}, {amount(row['overdue'])} "
        f"{view.policy.company.currency} overdue."
        if row["late"] else f"{plural(row['accounts'], 'account')}, nothing overdue."
    )  # fmt: skip
    return Check(_look(row["late"] > 0), "Instalments are paid", found, "onboarding")
