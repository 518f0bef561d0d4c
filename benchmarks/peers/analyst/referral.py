"""Qualification and the rotation of retail orders and leads (contract 2, sections 2 and 3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.analyst.books import Books, Qualified
from benchmarks.peers.analyst.reading import month_text
from benchmarks.peers.analyst.writing import flags, money, months, times

REASONS = ("paid_rank", "order", "enrolments", "standing", "barred")
DEFAULTS = {"min_order_bv": 100, "min_enrolments": 2, "min_enrolment_order_bv": 0,
            "reassignment_business_days": 3, "contact_hours": 24}  # fmt: skip


def referral_policy(books: Books) -> dict[str, Any] | None:
    """The referral section in force with its defaults, if there is one."""
    section = books.policy.get("referral")
    return None if section is None else DEFAULTS | section


def _cents(figure: float | int) -> int:
    return round(figure * 100)


def _centres(books: Books) -> pd.DataFrame:
    frame = books.line.frame
    rows = frame.loc[frame["member_type"] == "associate"]
    return rows[["member_id", "code", "seat", "rank_number", "enrolled_on"]]


def _count(seats: pd.Index, of: pd.Series) -> pd.Series:
    return of.value_counts().reindex(seats, fill_value=0)


def qualify(books: Books) -> pd.DataFrame:
    """One row per candidate seat of the window whose month is being closed."""
    policy = referral_policy(books) or {}
    window = books.calendar[books.calendar["month"] == books.month]
    centres = _centres(books)
    lowest = books.rank_number(policy["min_rank"])
    highest = centres.groupby("seat")["rank_number"].max()
    seats = pd.Index(highest[highest >= lowest].index.sort_values())
    if window.empty:
        seats = seats[:0]
    centres = centres[centres["seat"].isin(seats)].sort_values(["enrolled_on", "member_id"])
    start, end, benefits = (
        int(window[name].iloc[0]) if len(window) else 0
        for name in ("qualification_start", "qualification_end", "benefits_start")
    )
    seat_of = centres.set_index("member_id")["seat"]
    paid = books.tables["paid_ranks"]
    paid = paid[paid["week_start"].between(start, end) & (paid["rank"] >= lowest)]
    paid = paid.assign(seat=paid["member_id"].map(seat_of)).dropna(subset=["seat"])
    weeks_paid = _count(seats, paid.drop_duplicates(["seat", "week_start"])["seat"])
    best = _best_orders(books, start, end)
    best_order = (
        pd.Series(best.reindex(centres["code"]).to_numpy(), centres["seat"].to_numpy())
        .groupby(level=0).max().reindex(seats)
    )  # fmt: skip
    enrolments = _count(seats, _enrolments(books, seat_of, best, start, end, policy))
    holds = books.tables["holds"]
    holds = holds.assign(seat=holds["member_id"].map(seat_of))
    is_overlapping = (holds["starts_on"] <= end) & (holds["ends_on"] >= start)
    standing = seats.isin(holds.loc[is_overlapping & (holds["kind"] == "standing"), "seat"])
    is_in_force = (holds["starts_on"] <= benefits) & (holds["ends_on"] >= benefits)
    barred = seats.isin(holds.loc[is_in_force & (holds["kind"] == "referral"), "seat"])
    weeks = (end - start + 1) // 7
    against = np.array([
        weeks_paid < weeks,
        ~(best_order >= _cents(policy["min_order_bv"])),
        enrolments < policy["min_enrolments"],
        standing,
        barred,
    ])  # fmt: skip
    qualified = ~against.any(axis=0)
    credit = centres.groupby("seat")["code"].last().reindex(seats).to_numpy(np.int64)
    books.qualified[books.month] = Qualified(
        seats[qualified], centres.loc[centres["seat"].isin(seats[qualified]), ["seat", "code"]],
        credit[qualified],
    )  # fmt: skip
    ranks = np.array(books.policy["company"]["ranks"], object)
    return pd.DataFrame({
        "month": month_text(books.month),
        "seat_id": seats,
        "credit_member_id": books.ids(credit),
        "rank": ranks[highest.reindex(seats).to_numpy(np.int64)],
        "weeks_paid": weeks_paid.to_numpy(),
        "weeks": weeks,
        "best_order_bv": money(best_order.to_numpy(float)),
        "enrolments": enrolments.to_numpy(),
        "good_standing": flags(~standing),
        "barred": flags(barred),
        "qualified": flags(qualified),
        "reasons": [";".join(np.array(REASONS)[column]) or None for column in against.T],
    })  # fmt: skip


def _best_orders(books: Books, start: int, end: int) -> pd.Series:
    """The best net BV of one member order in the window, by buyer."""
    orders = books.orders
    rows = orders[(orders["channel"] == 0) & orders["day"].between(start, end)]
    net = rows["bv"] - books.reversed_until(end, "bv")[rows.index]
    return net.groupby(rows["holder"]).max()


def _enrolments(
    books: Books, seat_of: pd.Series, best: pd.Series, start: int, end: int,
    policy: dict[str, Any],
) -> pd.Series:  # fmt: skip
    """The seat of every enrolment that counts."""
    frame = books.line.frame
    rows = frame[frame["enrolled_on"].between(start, end)]
    seat = rows["enroller_id"].map(seat_of)
    is_own = (rows["member_type"] == "associate") & (rows["seat"] == seat)
    is_own |= rows["business_id"] == seat
    least = _cents(policy["min_enrolment_order_bv"])
    if least > 0:
        is_own |= ~(best.reindex(rows["code"]).to_numpy() >= least)
    return seat[~is_own & seat.notna()]


def assign(books: Books, table: str) -> pd.DataFrame:
    """Orders or leads of the month in the order of assignment, with outcome, seat and member."""
    policy = referral_policy(books)
    rows = books.posted(table)
    if table == "orders":
        rows = rows[rows["channel"] == 2]
    key = "order_id" if table == "orders" else "lead_id"
    windows = books.calendar
    at = np.searchsorted(windows["benefits_start"], rows["day"], side="right") - 1
    is_held = (at >= 0) & (windows["benefits_end"].to_numpy()[at] >= rows["day"])
    window = np.where(is_held, at, len(windows))
    rows = rows.assign(window=window)
    rows = rows.sort_values(["window", "instant", key])
    rows["benefits_month"] = np.append(windows["month"], -1)[rows["window"]]
    outcome = np.where(rows["window"] < len(windows), "no_leader", "outside_benefits")
    countries = policy["countries"] if policy else []
    rows["outcome"] = np.where(rows["country"].isin(countries), outcome, "outside_countries")
    _deal(books, rows, "order" if table == "orders" else "lead")
    return rows


def _deal(books: Books, rows: pd.DataFrame, kind: str) -> None:
    """Serve whoever was served longest ago: a cyclic walk while eligibility stays the same."""
    served = books.served[kind]
    seat = np.full(len(rows), None, object)
    member = np.full(len(rows), -1)
    outcome = rows["outcome"].to_numpy(object).copy()
    waiting = np.flatnonzero(outcome == "no_leader")
    windows = rows["benefits_month"].to_numpy()[waiting]
    days = rows["day"].to_numpy()[waiting]
    starts = np.flatnonzero(np.diff(windows, prepend=-1) | np.diff(days, prepend=-1))
    holds: dict[int, pd.DataFrame] = {}
    for run in np.split(waiting, starts[1:]) if len(waiting) else []:
        month, day = (int(rows[name].iat[run[0]]) for name in ("benefits_month", "day"))
        qualified = books.qualified.get(month)
        if qualified is None or not len(qualified.seats):
            continue
        if month not in holds:
            holds[month] = _holds(books, qualified)
        is_held = (holds[month]["starts_on"] <= day) & (holds[month]["ends_on"] >= day)
        places = np.flatnonzero(~qualified.seats.isin(holds[month].loc[is_held, "seat"]))
        if not len(places):
            continue
        last = np.array([served.get(seat_id, -1) for seat_id in qualified.seats[places]])
        queue = places[np.argsort(last, kind="stable")]
        chosen = queue[np.arange(len(run)) % len(queue)]
        seat[run] = qualified.seats[chosen]
        member[run] = qualified.credit[chosen]
        outcome[run] = "assigned"
        number = len(served) and max(served.values()) + 1
        served.update(zip(seat[run], range(number, number + len(run)), strict=True))
    rows["outcome"], rows["seat_id"] = outcome, seat
    rows["credited"] = _credited(books, rows, member)


def _holds(books: Books, qualified: Qualified) -> pd.DataFrame:
    """The holds of every seat: of its centres in the snapshot and of those it qualified with."""
    holds = books.tables["holds"]
    holds = holds[["starts_on", "ends_on"]].assign(code=books.codes(holds["member_id"]))
    now = _centres(books)[["seat", "code"]]
    return pd.concat([holds.merge(centres, on="code") for centres in (now, qualified.centres)])


def _credited(books: Books, rows: pd.DataFrame, frozen: np.ndarray) -> np.ndarray:
    """The latest centre enrolled by the day, else the one frozen at qualification."""
    centres = _centres(books)
    centres = centres[centres["seat"].isin(rows["seat_id"].dropna())]
    centres = centres.sort_values(["enrolled_on", "member_id"])
    wanted = pd.DataFrame({"seat": rows["seat_id"].astype("str"), "day": rows["day"].to_numpy(),
                           "at": np.arange(len(rows))})  # fmt: skip
    wanted = wanted.dropna(subset=["seat"]).sort_values("day")
    found = pd.merge_asof(
        wanted, centres.astype({"seat": "str"}), left_on="day", right_on="enrolled_on", by="seat"
    )
    credited = frozen.copy()
    is_found = found["code"].notna()
    credited[found.loc[is_found, "at"]] = found.loc[is_found, "code"].astype(int)
    return credited


def assignments_report(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """`referral/assignments.csv`."""
    hours = pd.Timedelta(hours=(referral_policy(books) or DEFAULTS)["contact_hours"])
    contact_by = (rows["instant"] + hours).where(rows["outcome"] == "assigned")
    return pd.DataFrame({
        "order_id": rows["order_id"],
        "ordered_at": times(rows["instant"]),
        "country": rows["country"],
        "bv": money(rows["bv"]),
        "benefits_month": months(rows["benefits_month"]),
        "outcome": rows["outcome"],
        "seat_id": rows["seat_id"],
        "member_id": books.ids(rows["credited"]),
        "contact_by": times(contact_by),
    })  # fmt: skip


def leads_report(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """`referral/leads.csv`, with the delegate whom the credited member has named for the day."""
    member = books.ids(rows["credited"])
    named = books.tables["delegates"]
    code = books.codes(named["delegate_id"])
    named = named[(code >= 0) & books.line.present[np.maximum(code, 0)]]
    asked = pd.DataFrame({
        "member_id": pd.Series(member, dtype="str"),
        "day": rows["day"].to_numpy(),
        "at": np.arange(len(rows)),
    })  # fmt: skip
    pairs = asked.merge(named, on="member_id")
    pairs = pairs[(pairs["starts_on"] <= pairs["day"]) & (pairs["ends_on"] >= pairs["day"])]
    newest = pairs.sort_values("starts_on").drop_duplicates("at", keep="last")
    delegate = newest.set_index("at")["delegate_id"].reindex(range(len(rows)))
    return pd.DataFrame({
        "lead_id": rows["lead_id"].to_numpy(),
        "requested_at": times(rows["instant"]),
        "country": rows["country"].to_numpy(),
        "benefits_month": months(rows["benefits_month"]),
        "outcome": rows["outcome"].to_numpy(),
        "seat_id": rows["seat_id"].to_numpy(),
        "member_id": member,
        "delegate_id": delegate.to_numpy(object),
    })  # fmt: skip
