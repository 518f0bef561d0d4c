"""A story as text: in order of time, one line a thing, with the reason in words.

Belongs here: what a line says. It names ids and figures and nobody: what is personal in a row, and
the text of a record that can hold it, is in the JSON and on the page alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from pipelines.months import Month
from pipelines.proof.story import Decision, Fact, Place, Quarantined, Row, Story
from pipelines.reports.look.words import told as in_words

Cells = dict[str, str | None]


def _order(row: Cells) -> str:
    who = {"member": f" of {row['buyer_id']}", "sale": f" of {row['seller_id']}"}
    return (
        f"{row['channel']} order {row['order_id']}{who.get(row['channel'] or '', '')}, "
        f"{row['country']}, {row['amount']} {row['currency']}, {row['bv']} BV"
    )


def _member(row: Cells) -> str:
    rank = f", {row['rank']}" if row["rank"] else ""
    seat = f", of business {row['business_id']}" if row["business_id"] else ""
    return (
        f"{(row['member_type'] or '').replace('_', ' ')} {row['member_id']}{rank}, "
        f"{row['country']}, enrolled {row['enrolled_on']}, sponsor {row['sponsor_id'] or 'none'}, "
        f"enroller {row['enroller_id'] or 'none'}{seat}"
    )


def _span(row: Cells) -> str:
    return f"from {row['starts_on']}" + (f" to {row['ends_on']}" if row["ends_on"] else "")


def _return(row: Cells) -> str:
    days = (("delivered_on", "delivered"), ("issued_on", "issued"), ("received_on", "received"))
    dated = "".join(f", {word} {row[name]}" for name, word in days if row[name])
    reason = in_words(row["reason"] or "").lower()
    return f"return {row['ran_id']}, {reason}, requested {row['requested_on']}{dated}"


def _reversal(row: Cells) -> str:
    ran = f", names {row['ran_id']}" if row["ran_id"] else ""
    return f"{row['kind']} {row['reversal_id']} of {row['amount']}, {row['bv']} BV{ran}"


FACTS: dict[str, Callable[[Cells], str]] = {
    "orders": _order,
    "members": _member,
    "returns": _return,
    "reversals": _reversal,
    "order_lines": lambda row: (
        f"line {row['line_no']}: {row['quantity']} x {row['product_code']}, "
        f"{row['amount']}, {row['bv']} BV"
    ),
    "reassignments": lambda row: f"{row['member_id']} asks for order {row['order_id']}",
    "party_links": lambda row: f"linked to party {row['party_id']}",
    "return_lines": lambda row: (
        f"{row['ran_id']}: {row['product_code']}, {row['quantity_authorised']} authorised, "
        f"{row['quantity_received']} received"
    ),
    "paid_ranks": lambda row: (
        f"{row['member_id']} paid as {row['rank']} in the week of {row['week_start']}"
    ),
    "holds": lambda row: f"{row['kind']} hold {row['hold_id']} of {row['member_id']}, {_span(row)}",
    "delegates": lambda row: f"{row['member_id']} names {row['delegate_id']}, {_span(row)}",
    "parties": lambda row: f"party {row['party_id']} held on {row['held_on']}",
    "subscriptions": lambda row: (
        f"subscription {row['subscription_id']}, started {row['started_on'] or 'not'}, "
        f"stopped {row['stopped_on'] or 'not'}, {row['monthly_budget']} a month"
    ),
    "accounts": lambda row: (
        f"account {row['account_id']} registered {row['registered_on']}, "
        f"verified {row['verified_on'] or 'not'}"
    ),
}


def tell_fact(fact: Fact) -> str:
    """A fact in words: where it stands, what it says, and what a reader should know of it."""
    told = f"{fact.file} line {fact.line} of {fact.drop}: {FACTS[fact.table](fact.row)}"
    if not fact.standing:
        told += "; a later drop replaced it"
    if fact.posts_in and fact.day and fact.posts_in > f"{fact.day:%Y-%m}":
        told += f"; first loaded by the drop of {fact.drop}, so it posts in {fact.posts_in}"
    if fact.is_withheld and fact.table == "orders":
        told += "; the customer has opted out of contact: name, e-mail and phone are withheld"
    if fact.raw_is in ("changed", "missing"):
        told += f"; the file is {fact.raw_is} since the close"
    return told


def tell_quarantine(row: Quarantined) -> str:
    """A quarantined row in words."""
    column = f" in {row.column}" if row.column else ""
    return (
        f"{row.file} line {row.line} of {row.drop}, {row.table} {row.key}: left out, "
        f"{row.code}{column}: {in_words(row.code).lower()}"
    )


def tell_decision(decision: Decision) -> str:
    """A report's row in words: what was decided, and why."""
    row, report = decision.row, decision.report
    what = next((row[name] for name in ("outcome", "decision", "status") if row.get(name)), "")
    if report == "referral/qualification":
        what = "qualified" if row["qualified"] == "true" else "not_qualified"
    if what == "assigned":
        what = f"assigned to seat {row['seat_id']}"
    named = f"{what.replace('_', ' ')}: " if what else ""
    because = "; ".join(decision.because)
    return f"close of {decision.month}, {report} (rule {decision.rule}): {named}{because}"


def tell_entry(entry: Row) -> str:
    """A ledger entry in words."""
    who = entry["member_id"] or "the house"
    reason = f", {in_words(entry['reason']).lower()}" if entry["reason"] else ""
    return (
        f"ledger of {entry['month']}, posting {entry['posting_no']}: {entry['entry']} of "
        f"{entry['bv']} BV, order {entry['order_id']}, {who}{reason}"
    )


def tell_place(place: Place) -> str:
    """A seat's place in words."""
    deal = place.last_deal
    last = f"last deal {deal['id']} in {deal['month']}" if deal else "never served"
    return (
        f"after the last deal of {place.month}: place {place.place} of {place.seats} "
        f"for {place.deals}s, {last}"
    )


def tell_with_text(fact: Fact) -> str:
    """A fact in words, and its record as it stands in the file, if that names nobody."""
    text = f" | {fact.raw}" if fact.raw is not None and fact.is_impersonal else ""
    return tell_fact(fact) + text


def timeline(story: Story, tell: Callable[[Fact], str] = tell_fact) -> list[tuple[date, str]]:
    """Everything of a story with its day, in order of time; facts as they are to be told."""
    things = [(fact.day or Month(fact.drop).end, tell(fact)) for fact in story.facts]
    things += [(Month(row.drop).end, tell_quarantine(row)) for row in story.quarantined]
    things += [(Month(each.month).end, tell_decision(each)) for each in story.decisions]
    things += [(Month(entry["month"]).end, tell_entry(entry)) for entry in story.entries]
    things += [(Month(place.month).end, tell_place(place)) for place in story.queue or ()]
    return sorted(things, key=lambda thing: thing[0])


def printable(text: str) -> str:
    """A text for a terminal: no control character of an extract reaches it."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def text_lines(story: Story) -> Iterable[str]:
    """A story's lines."""
    months = story.months
    span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    yield printable(f"{story.kind} {story.id}, {span}")
    for day, told in timeline(story, tell_with_text):
        yield printable(f"{day}  {told}")
    if story.related:
        named = ", ".join(f"{each.kind} {each.id} ({each.role})" for each in story.related)
        yield printable(f"see also: {named}")
