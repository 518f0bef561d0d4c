"""Why an order or lead went to the seat that it went to, or to none (contract 2.3).

Belongs here: assignments and leads. The queue is told again from what the closes have kept: who
qualified, the holds known then, the deals before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons.words import (
    Values,
    described_hold,
    in_force,
    listed,
    span,
    standing_at,
)
from pipelines.proof.story import Decision

SOURCES = {
    "referral/assignments": ("order", "order_id", "orders", "ordered_on"),
    "referral/leads": ("lead", "lead_id", "leads", "requested_on"),
}
NEXT_TOLD = 3


def tell_deals(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """The reasons of a report's rows; with `is_whole` with the queue as it stood at each deal."""
    if not rows:
        return []
    deals, key, table, day = SOURCES[rows[0].report]
    ids = [decision.row[key] for decision in rows]
    found = looked.rows(
        f"select {key} as id, {day} as day from drops.{table} where list_contains($ids, {key})",
        ids=ids,
    )
    days: dict[str, date] = {row["id"]: row["day"] for row in found}
    history = _histories(looked, deals, rows)
    return [
        _tell(
            looked, decision, decision.row[key], deals, days[decision.row[key]], history, is_whole
        )
        for decision in rows
    ]


def _histories(looked: Looked, deals: str, rows: Sequence[Decision]) -> dict[str, list[Values]]:
    """The deals of the rows' seats, in order."""
    seats = sorted({decision.row["seat_id"] for decision in rows} - {""})
    history: dict[str, list[Values]] = defaultdict(list)
    for deal in looked.rows(
        "select seat_id, source_id, deal_no, close_month from referral.deals "
        "where kind = $deals and list_contains($seats, seat_id) order by deal_no",
        deals=deals, seats=seats,
    ):  # fmt: skip
        history[deal["seat_id"]].append(deal)
    return history


def _tell(
    looked: Looked, decision: Decision, id: str, deals: str, day: date,
    history: dict[str, list[Values]], is_whole: bool,
) -> list[str]:  # fmt: skip
    row, month = decision.row, decision.month
    referral = looked.policy(month).referral
    if row["outcome"] == "outside_countries":
        if referral is None:
            return [f"the referral programme does not run in {month}"]
        countries = ", ".join(referral.countries)
        return [f"{row['country']} is not one of the programme's countries ({countries})"]
    if row["outcome"] == "outside_benefits":
        return [f"no benefits window of the calendar holds its business date, {day}"]
    told = [_tell_window(looked, row["benefits_month"], day)]
    if row["outcome"] == "no_leader":
        return told + _tell_nobody(looked, month, row["benefits_month"], day)
    served = history[row["seat_id"]]
    at = next(place for place, deal in enumerate(served) if deal["source_id"] == id)
    if is_whole:
        told += _tell_queue(looked, decision, deals, day, served[at]["deal_no"])
    else:
        before = served[at - 1] if at else None
        told.append(f"it was the turn of seat {row['seat_id']}, {_served(before)}")
    told.append(_tell_credit(looked, row, month, day))
    if row.get("contact_by") and referral is not None:
        told.append(f"contact by {row['contact_by']}: within {referral.contact_hours} hours")
    return told + (_tell_delegate(looked, row, month, day) if deals == "lead" else [])


def _served(deal: Values | None) -> str:
    if deal is None:
        return "never served before"
    return f"last served with {deal['source_id']} in {deal['close_month']}"


def _tell_window(looked: Looked, benefits_month: str, day: date) -> str:
    [window] = looked.rows("select * from book.windows where month = $own", own=benefits_month)
    days = span(window["benefits_start"], window["benefits_end"])
    return f"its business date {day} lies in the benefits of {benefits_month} ({days})"


def held_seats(looked: Looked, month: str, benefits_month: str, day: date) -> dict[str, Values]:
    """The seats that qualified for a window: each with a hold in force on the day, or nothing.

    A hold counts on any centre of the month's snapshot or of the qualification (contract 2.3).
    """
    qualified = looked.rows(
        "select seat_id from referral.qualification where close_month = $own and qualified",
        own=benefits_month,
    )
    seats: dict[str, Values] = {row["seat_id"]: {} for row in qualified}
    centres = looked.rows(
        "select distinct seat_id, member_id from referral.known_centres "
        "where close_month in ($own, $then) and list_contains($seats, seat_id)",
        own=month, then=benefits_month, seats=list(seats),
    )  # fmt: skip
    members = {row["member_id"] for row in centres}
    holds = looked.rows(
        "select * from drops.holds where list_contains($members, member_id)", members=list(members)
    )
    for hold in standing_at(holds, ("hold_id",), month):
        for centre in centres:
            if centre["member_id"] == hold["member_id"] and in_force(hold, day):
                seats[centre["seat_id"]] = hold
    return seats


def queue_before(looked: Looked, deals: str, month: str, deal_no: int) -> dict[str, Values]:
    """Each seat's last deal before one: from the queue of the month before and the month's own."""
    found = looked.rows(
        """
        select seat_id, source_id, deal_no, close_month from referral.deals
        where kind = $deals and deal_no < $own and close_month <= $month
        qualify row_number() over (partition by seat_id order by deal_no desc) = 1
        """,
        deals=deals, own=deal_no, month=month,
    )  # fmt: skip
    return {deal["seat_id"]: deal for deal in found}


def _tell_queue(
    looked: Looked, decision: Decision, deals: str, day: date, deal_no: int
) -> list[str]:
    """Where the seat stood among the eligible ones, and who was not eligible."""
    row, month = decision.row, decision.month
    holds = held_seats(looked, month, row["benefits_month"], day)
    last = queue_before(looked, deals, month, deal_no)
    eligible = sorted(
        (seat for seat, hold in holds.items() if not hold),
        key=lambda seat: (last[seat]["deal_no"] if seat in last else 0, seat),
    )
    own = last.get(row["seat_id"])
    told = f"of {len(eligible)} eligible seats {row['seat_id']} was served longest ago"
    if len(eligible) == 1:
        told = f"{row['seat_id']} is the only eligible seat"
    never = [seat for seat in eligible if seat not in last]
    ties = f", first by id of {len(never)} such seats" if len(never) > 1 else ""
    sentences = [f"{told}: {_served(own)}{ties if own is None else ''}"]
    after = [f"{seat} ({_served(last.get(seat))})" for seat in eligible[1 : 1 + NEXT_TOLD]]
    if after:
        sentences.append(f"next in the queue: {', '.join(after)}")
    return sentences + _tell_held(holds, day)


def _tell_held(holds: dict[str, Values], day: date) -> list[str]:
    return [
        f"seat {seat} is not eligible: {described_hold(hold)} is in force on {day}"
        for seat, hold in sorted(holds.items())
        if hold
    ]


def _tell_nobody(looked: Looked, month: str, benefits_month: str, day: date) -> list[str]:
    holds = held_seats(looked, month, benefits_month, day)
    if not holds:
        return [f"no seat qualified for the benefits of {benefits_month}"]
    return ["no seat that qualified is eligible on that day", *_tell_held(holds, day)]


def _tell_credit(looked: Looked, row: dict[str, str], month: str, day: date) -> str:
    """Why this centre is credited: the latest enrolled by that day, or the one frozen."""
    centres = looked.rows(
        "select member_id, enrolled_on from referral.known_centres "
        "where close_month = $month and seat_id = $seat",
        month=month, seat=row["seat_id"],
    )  # fmt: skip
    enrolled = {centre["member_id"]: centre["enrolled_on"] for centre in centres}
    told = f"credited to {row['member_id']}"
    if row["member_id"] not in enrolled or enrolled[row["member_id"]] > day:
        return f"{told}, frozen at its qualification: no centre of {month} was enrolled by then"
    if len(enrolled) == 1:
        return f"{told}, its only centre"
    others = listed(sorted(set(enrolled) - {row["member_id"]}))
    return (
        f"{told}, its centre enrolled last by that day ({enrolled[row['member_id']]}); "
        f"its other centres: {others}"
    )


def _tell_delegate(looked: Looked, row: dict[str, str], month: str, day: date) -> list[str]:
    if not row["delegate_id"]:
        return [f"{row['member_id']} has named no delegate for that day: the lead is its own"]
    named = looked.rows(
        "select * from drops.delegates where member_id = $leader and delegate_id = $delegate",
        leader=row["member_id"], delegate=row["delegate_id"],
    )  # fmt: skip
    versions = standing_at(named, ("member_id", "starts_on"), month)
    days = [span(each["starts_on"], each["ends_on"]) for each in versions if in_force(each, day)]
    return [f"received by {row['delegate_id']}, whom {row['member_id']} has named ({days[-1]})"]
