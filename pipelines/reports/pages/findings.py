"""What was found in a month: sums of the report tables put into sentences.

Belongs here: one function a check. A close that breaks a rule has stopped long before this; what is
left is for a person to decide. A title says what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.reports.look.formats import amount, count, plural, rate, ratio, share
from pipelines.reports.look.words import TOLD
from pipelines.reports.packs.languages import nearest_language
from pipelines.reports.pages.finance import proof, reconciled
from pipelines.reports.pages.month_view import MonthView, Query, read_query

HOUSE = read_query("checks/house")
QUARANTINE = read_query("checks/quarantine")
QUARANTINED_MONEY = read_query("money/quarantined")
DROP = read_query("checks/drop")
QUALIFIED = read_query("checks/qualified")
PURGE = read_query("checks/purge")
NOTICES = read_query("checks/notices")
REFUNDS = read_query("checks/refunds")
UNMATCHED = read_query("checks/unmatched")
OWNERS = read_query("checks/owners")
HELP = read_query("checks/help")
LANGUAGES = read_query("checks/languages")
LINES = read_query("finance/lines")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Check:
    """One line of the checklist.

    State: failed; new or standing, where somebody should look; passed. `at_stake` is the money or
    BV that it is about, as a bare number; the query is what it was read by.
    """

    state: str
    title: str
    found: str
    page: str
    query: Query
    at_stake: Decimal = ZERO

    @property
    def is_to_look_at(self) -> bool:
        """Whether somebody should look at it before signing."""
        return self.state in ("new", "standing")


def _look(found: int, new: int) -> str:
    """The state of what was found so many times, so many of them for the first time."""
    return "new" if new else "standing" if found else "passed"


def _news(found: int, new: int) -> str:
    """How many of what was found are new, in words; nothing where all are."""
    if new == found:
        return ""
    return f" {count(new)} of them new." if new else " None of them is new."


def tell_balance(view: MonthView) -> Check:
    """Whether every point of BV is accounted for."""
    sums = proof(reconciled(view))
    wrong = [row for row in sums if row["difference"] != 0]
    if wrong:
        found = "; ".join(f"{row['told']}: {amount(row['difference'])} apart" for row in wrong)
        return Check("failed", "BV is not all accounted for", f"{found}.", "finance", LINES)
    found = f"{len(sums)} sums from two sides each, 0.00 apart."
    return Check("passed", "Every point of BV is accounted for", found, "finance", LINES)


def tell_house(view: MonthView) -> Check:
    """Retail orders that no leader could be given."""
    rows = view.rows(HOUSE)
    if not rows:
        return Check("passed", "No retail order is left to the house",
                     "Every one posted has a leader.", "finance", HOUSE)  # fmt: skip
    orders, bv = sum(row["orders"] for row in rows), sum((row["bv"] for row in rows), ZERO)
    told = "; ".join(
        f"{TOLD[row['reason']].lower()}: {plural(row['orders'], 'order')}, {amount(row['bv'])} BV"
        + (f" ({count(row['orders_before'])} the month before)" if row["orders_before"] else "")
        for row in rows
    )
    state = _look(orders, sum(not row["orders_before"] for row in rows))
    title = f"{plural(orders, 'retail order')} without a leader: {amount(bv)} BV is the house's"
    return Check(state, title, f"{told[0].upper()}{told[1:]}.", "finance", HOUSE, bv)


def tell_quarantine(view: MonthView) -> Check:
    """Rows of the extracts that were left out, and their money."""
    rows, read = view.rows(QUARANTINE), view.row(DROP)["rows"]
    if not rows:
        return Check("passed", "No row of the extracts was left out",
                     f"All {plural(read, 'row')} are sound.", "quality", QUARANTINE)  # fmt: skip
    left_out = sum(row["quarantined"] for row in rows)
    money = [row for row in view.rows(QUARANTINED_MONEY) if row["amount"]]
    told = ", ".join(
        f"{row['table']} {amount(row['amount'])} ("
        + ("currency unknown)" if row["currency"] == "unknown" else f"{row['currency']})")
        for row in money
    )
    worst, limit = rows[0], view.policy.max_quarantined_share
    new = [row["table"] for row in rows if row["new_kinds"]]
    found = (
        f"{'Their money: ' + told + '. ' if told else ''}Most of {worst['table']}, "
        f"{share(ratio(worst['quarantined'], worst['rows']))} of its rows (a table stops the "
        f"close above {rate(limit)} and 10 rows). "
        + (f"New kinds in {', '.join(new)}." if new else "Of the kinds of the month before.")
    )  # fmt: skip
    title = f"{count(left_out)} of {plural(read, 'row')} of the extracts were left out"
    at_stake = sum((row["amount"] for row in money), ZERO)
    return Check(_look(left_out, len(new)), title, found, "quality", QUARANTINE, at_stake)


def tell_drop(view: MonthView) -> Check:
    """What the drop lacks, and what is unknown in it."""
    drop = view.row(DROP)
    files, notes = plural(drop["files"], "file"), drop["notes"]
    if not notes:
        return Check("passed", "The drop is complete", f"{files} read.", "quality", DROP)
    title = f"{plural(notes, 'note')} on what the drop lacks, or what is unknown in it"
    found = f"{files} read.{_news(notes, drop['new_notes'])}"
    return Check(_look(notes, drop["new_notes"]), title, found, "quality", DROP)


def tell_languages(view: MonthView) -> Check:
    """Packs that are not in their reader's language."""
    rows = view.rows(LANGUAGES)
    packs = sum(row["packs"] for row in rows)
    lost = [row for row in rows if nearest_language(row["language"]) is None]
    if not lost:
        title = "Every pack is in its reader's language"
        return Check("passed", title, f"{plural(packs, 'pack')}.", "quality", LANGUAGES)
    told = ", ".join(f"{row['language'] or 'none known'} {count(row['packs'])}" for row in lost)
    title = (
        f"{count(sum(row['packs'] for row in lost))} of {plural(packs, 'pack')} in English, for "
        f"want of the reader's language"
    )
    return Check("standing", title, f"Readers' languages: {told}.", "quality", LANGUAGES)


def tell_qualified(view: MonthView) -> Check:
    """Whether anybody qualified for benefits."""
    row = view.row(QUALIFIED)
    found = f"{count(row['qualified'])} of {plural(row['seats'], 'seat')} with the rank."
    if row["qualified"]:
        return Check("passed", "Leaders qualified for benefits", found, "referral", QUALIFIED)
    is_new = row["qualified_before"] > 0 or not row["seats_before"]
    state = _look(1, int(is_new))
    return Check(state, "No leader qualified for benefits", found, "referral", QUALIFIED)


def tell_purge(view: MonthView) -> Check:
    """Records that this close removes."""
    row = view.row(PURGE)
    removed, members = row["removed"], row["members"]
    guard = view.policy.inactivity.max_removed_share if view.policy.inactivity else None
    if not removed:
        return Check("passed", "Nobody is removed by this close",
                     f"{count(members)} members stay.", "inactivity", PURGE)  # fmt: skip
    title = f"{plural(removed, 'record')} {'is' if removed == 1 else 'are'} removed by this close"
    found = (
        f"{share(ratio(removed, members))} of {plural(members, 'member')} "
        f"(the close stops above {rate(guard)}). {count(row['removed_before'])} the month before."
    )
    return Check("new", title, found, "inactivity", PURGE)


def tell_still_present(view: MonthView) -> Check:
    """Removed members whom the extract still has."""
    row = view.row(PURGE)
    there, new = row["still_present"], row["new_present"]
    if not there:
        return Check("passed", "Removed records are gone", "No removed member is in the extract.",
                     "inactivity", PURGE)  # fmt: skip
    title = (
        f"{plural(there, 'removed member')} {'is' if there == 1 else 'are'} in the extract still"
    )
    found = f"Take them out of the system.{_news(there, new)}"
    return Check(_look(there, new), title, found, "inactivity", PURGE)


def tell_notices(view: MonthView) -> Check:
    """Notices that cannot be mailed."""
    row = view.row(NOTICES)
    to_send = f"{plural(row['notices'], 'notice')} to send." if row["notices"] else "None to send."
    if not row["mute"]:
        return Check("passed", "Who is newly flagged can be told", to_send, "inactivity", NOTICES)
    title = f"{plural(row['mute'], 'notice')} cannot be mailed: there is no e-mail"
    return Check("new", title, to_send, "inactivity", NOTICES)


def tell_refunds(view: MonthView) -> Check:
    """Refunds that are not as due."""
    rows = view.rows(REFUNDS)
    if not rows:
        return Check("passed", "Refunds are as due", "Every refund made is the refund due.",
                     "returns", REFUNDS)  # fmt: skip
    rans, new = sum(row["rans"] for row in rows), sum(row["new_rans"] for row in rows)
    told = "; ".join(
        f"{row['currency']} {amount(row['owed'])} still due, {amount(row['paid_too_much'])} paid "
        f"beyond it" for row in rows
    )  # fmt: skip
    at_stake = sum((row["owed"] + row["paid_too_much"] for row in rows), ZERO)
    title = f"{plural(rans, 'refund')} {'is' if rans == 1 else 'are'} not as due"
    return Check(
        _look(rans, new), title, f"{told}.{_news(rans, new)}", "returns", REFUNDS, at_stake
    )


def tell_unmatched(view: MonthView) -> Check:
    """Refunds that name no known return of their order."""
    rows = view.rows(UNMATCHED)
    lost = sum(row["refunds"] for row in rows)
    if not lost:
        return Check("passed", "Every refund names its return", "None is without a known RAN.",
                     "returns", UNMATCHED)  # fmt: skip
    told = "; ".join(f"{row['currency']} {amount(row['amount'])}" for row in rows if row["refunds"])
    earlier = count(sum(row["refunds_before"] for row in rows))
    found = f"Refunded without a known RAN: {told}. {earlier} the month before."
    title = f"{plural(lost, 'refund')} without a return of {'its' if lost == 1 else 'their'} order"
    at_stake = sum((row["amount"] for row in rows), ZERO)
    return Check("new", title, found, "returns", UNMATCHED,
                 at_stake)  # fmt: skip


def tell_owners(view: MonthView) -> Check:
    """Customers and their owners."""
    row = view.row(OWNERS)
    found = (
        f"{plural(row['customers'], 'customer')}, one owner each; "
        f"{count(row['moved'])} had another one before."
    )
    return Check("passed", "Nobody owns a customer twice", found, "customers", OWNERS)


def tell_instalments(view: MonthView) -> Check:
    """Accounts with overdue instalments."""
    row = view.row(HELP)
    late, new = row["late"], row["new_late"]
    if not late:
        found = f"{plural(row['accounts'], 'account')}, nothing overdue."
        return Check("passed", "Instalments are paid", found, "onboarding", HELP)
    overdue = f"{view.policy.company.currency} {amount(row['overdue'])}"
    title = f"{plural(late, 'account')} overdue with {overdue}"
    found = f"Of {plural(row['accounts'], 'account')}.{_news(late, new)}"
    return Check(_look(late, new), title, found, "onboarding", HELP, row["overdue"])
