"""Why a seat qualified or did not: each condition of contract 2.2 with what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pipelines.book.policy import Policy
from pipelines.book.programme_sections import Referral
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


def tell_qualification(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """The reasons for and against, a sentence for each condition."""
    seats = sorted({decision.row["seat_id"] for decision in rows})
    centres: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in looked.rows(
        "select close_month, seat_id, member_id from referral.known_centres "
        "where list_contains($seats, seat_id)",
        seats=seats,
    ):
        centres[row["close_month"], row["seat_id"]].add(row["member_id"])
    members = sorted({member for found in centres.values() for member in found})
    paid = looked.rows(
        "select member_id, week_start, rank, drop_month from drops.paid_ranks "
        "where list_contains($members, member_id)",
        members=members,
    )
    holds = looked.rows(
        "select * from drops.holds where list_contains($members, member_id)", members=members
    )
    windows = {row["month"]: row for row in looked.rows("select * from book.windows")}
    told = []
    for decision in rows:
        own = centres[decision.month, decision.row["seat_id"]]
        of_seat = [row for row in paid if row["member_id"] in own]
        stood = standing_at(
            [row for row in holds if row["member_id"] in own], ("hold_id",), decision.month
        )
        told.append(_tell(looked, decision, windows[decision.month], of_seat, stood))
    return told


def _tell(
    looked: Looked, decision: Decision, window: Values, paid: list[Values], holds: list[Values]
) -> list[str]:
    row, policy = decision.row, looked.policy(decision.month)
    referral = policy.referral
    if referral is None:  # a row without the programme is none of ours
        return []
    start, end = window["qualification_start"], window["qualification_end"]
    known = [each for each in paid if each["drop_month"] <= decision.month]
    return [
        *_tell_weeks(policy, referral, row, start, end, known),
        _tell_order(referral, row, start, end),
        _tell_enrolments(referral, row, start, end),
        *_tell_standing(row, start, end, holds),
        *_tell_barred(row, window["benefits_start"], holds),
        *_tell_benefits(row, window),
    ]


def _tell_weeks(
    policy: Policy, referral: Referral, row: dict[str, str], start: date, end: date,
    paid: list[Values],
) -> list[str]:  # fmt: skip
    """Every week of the window in which no centre was paid at the rank."""
    levels = {rank: level for level, rank in enumerate(policy.company.ranks)}
    needed = levels[referral.min_rank]
    best: dict[date, str] = {}
    for each in paid:
        week = each["week_start"]
        if start <= week <= end and levels.get(each["rank"], -1) > levels.get(
            best.get(week, ""), -1
        ):
            best[week] = each["rank"]
    weeks = [start + timedelta(weeks=number) for number in range(((end - start).days + 1) // 7)]
    failing = [week for week in weeks if levels.get(best.get(week, ""), -1) < needed]
    if not failing:
        every = f"all {len(weeks)} weeks of the window, {span(start, end)}"
        return [f"paid as {referral.min_rank} or above in {every}"]
    return [
        f"paid as {best[week]} in the week of {week}; {referral.min_rank} is needed"
        if week in best
        else f"not paid in the week of {week}; {referral.min_rank} is needed"
        for week in failing
    ]


def _tell_order(referral: Referral, row: dict[str, str], start: date, end: date) -> str:
    needed = f"{referral.min_order_bv:.2f} is needed"
    if not row["best_order_bv"]:
        return f"no order of its own in the window, {span(start, end)}; {needed} in one order"
    return f"its best order in the window has {row['best_order_bv']} BV left on {end}; {needed}"


def _tell_enrolments(referral: Referral, row: dict[str, str], start: date, end: date) -> str:
    own = referral.min_enrolment_order_bv
    with_order = f" with an order of their own of {own:.2f} BV or more" if own else ""
    count = row["enrolments"]
    noun = "enrolment counts" if count == "1" else "enrolments count"
    verb = "is" if referral.min_enrolments == 1 else "are"
    return (
        f"{count} {noun} in the window{with_order}, {span(start, end)}; "
        f"{referral.min_enrolments} {verb} needed"
    )


def _tell_standing(row: dict[str, str], start: date, end: date, holds: list[Values]) -> list[str]:
    if row["good_standing"] == "true":
        return ["in good standing: no standing hold touches the window"]
    touching = [
        described_hold(hold)
        for hold in holds
        if hold["kind"] == "standing" and in_force(hold, start, end)
    ]
    return [f"not in good standing: {listed(touching)} touches the window, {span(start, end)}"]


def _tell_barred(row: dict[str, str], benefits: date, holds: list[Values]) -> list[str]:
    if row["barred"] == "false":
        return [f"no referral hold is in force on {benefits}, when the benefits start"]
    barring = [
        described_hold(hold)
        for hold in holds
        if hold["kind"] == "referral" and in_force(hold, benefits)
    ]
    return [f"barred: {listed(barring)} is in force on {benefits}, when the benefits start"]


def _tell_benefits(row: dict[str, str], window: dict[str, Any]) -> list[str]:
    days = span(window["benefits_start"], window["benefits_end"])
    if row["qualified"] == "true":
        return [f"it qualified: its benefits run {days}"]
    return [f"it did not qualify for the benefits of {days}: {row['reasons'].replace(';', ', ')}"]
