"""Reassignments, ledger, statements, volume, reconciliation (contract 2, sections 4 and 5)."""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np
import pandas as pd

from benchmarks.peers.analyst.books import HOUSE, Books
from benchmarks.peers.analyst.referral import referral_policy
from benchmarks.peers.analyst.writing import dates, money, months, times

ENTRY_ORDER = {"credit": 0, "transfer": 1, "reversal": 2}


@cache
def _holidays(country: str, years: tuple[int, ...]) -> np.ndarray:
    try:
        found = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        return np.array([], "datetime64[D]")
    return np.array(sorted(found), "datetime64[D]")


def _business_days(country: pd.Series, start: pd.Series, end: pd.Series) -> np.ndarray:
    """Business days from the day after `start` up to and including `end`."""
    count = np.zeros(len(country), np.int64)
    after = start.to_numpy().astype("datetime64[D]") + 1
    until = end.to_numpy().astype("datetime64[D]") + 1
    if not len(count):
        return count
    years = tuple(range(int(str(after.min())[:4]), int(str(until.max())[:4]) + 1))
    for name in country.astype(object).unique():
        at = (country == name).to_numpy()
        off = _holidays(name, years)
        count[at] = np.busday_count(after[at], until[at], holidays=off)
    return count


def reassign(books: Books) -> pd.DataFrame:
    """The month's reassignments with what was decided; accepted ones move their order."""
    policy = referral_policy(books)
    rows = books.posted("reassignments").sort_values(["instant", "order_id"])
    order = books.orders.loc[rows["order"]].reset_index(drop=True)
    rows = rows.reset_index(drop=True)
    rows["from"] = order["holder"]
    rows["to"] = books.codes(rows["member_id"])
    rows["business_days"] = _business_days(order["country"], order["day"], rows["day"])
    left = order["bv"] - _reversed_before(books, rows)
    to = rows["to"].to_numpy()
    is_associate = (to >= 0) & books.line.is_associate[np.maximum(to, 0)]
    rows["decision"] = np.select(
        [
            order["channel"] != 2,
            ~order["is_assigned"] | (policy is None),
            ~is_associate,
            rows["business_days"] > (policy or {}).get("reassignment_business_days", 3),
            (left <= 0) & (order["bv"] > 0),
        ],
        ["not_retail", "not_assigned", "not_associate", "too_late", "reversed"],
        "accepted",
    )
    rows["bv"] = left.where(rows["decision"] == "accepted", 0)
    return rows


def _reversed_before(books: Books, rows: pd.DataFrame) -> pd.Series:
    """The BV that reversals posted before each reassignment took from its order."""
    reversals = books.tables["reversals"]
    pairs = rows[["order", "instant"]].reset_index().merge(reversals, on="order")
    is_posted = (pairs["event_month"] >= books.opening) & (pairs["posting"] <= books.month)
    is_history = pairs["event_month"] < books.opening
    is_earlier = (pairs["posting"] < books.month) | (pairs["instant_y"] < pairs["instant_x"])
    pairs = pairs[is_history | (is_posted & is_earlier)]
    return pairs.groupby("index")["bv"].sum().reindex(rows.index, fill_value=0)


def reassignments_report(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """`referral/reassignments.csv`."""
    return pd.DataFrame({
        "order_id": rows["order_id"],
        "requested_at": times(rows["instant"]),
        "from_member_id": books.ids(rows["from"]),
        "to_member_id": rows["member_id"],
        "business_days": rows["business_days"],
        "decision": rows["decision"],
        "bv": money(rows["bv"]),
    })  # fmt: skip


def post(books: Books, assigned: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """The month's ledger entries in posting order."""
    outcome = assigned["outcome"].reindex(books.orders.index[assigned.index])
    credits = books.posted("orders")
    reason = outcome.reindex(credits.index).where(credits["holder"] == HOUSE)
    credits = credits.assign(entry="credit", source_id=credits["order_id"], reason=reason)
    moves = moves[moves["decision"] == "accepted"].assign(entry="transfer", reason=None)
    moves = moves.assign(source_id=moves["order_id"])
    away = moves.assign(holder=moves["from"], bv=-moves["bv"], part=0)
    towards = moves.assign(holder=moves["to"], part=1)
    reversals = books.posted("reversals")
    move = moves.set_index("order").reindex(reversals["order"])
    is_moved = move["instant"].to_numpy() <= reversals["instant"].to_numpy()
    before = books.orders["holder"].to_numpy()[reversals["order"]]
    reversals = reversals.assign(
        entry="reversal", source_id=reversals["reversal_id"], reason=reversals["kind"],
        bv=-reversals["bv"], holder=np.where(is_moved, move["to"].fillna(HOUSE), before),
    )  # fmt: skip
    books.orders.loc[moves["order"], "holder"] = moves["to"].to_numpy("int32")
    columns = ["instant", "order_id", "entry", "source_id", "holder", "bv", "day",
               "event_month", "reason", "part"]  # fmt: skip
    parts = [credits.assign(part=0), away, towards, reversals.assign(part=0)]
    entries = pd.concat([part[columns].astype({"holder": "int64"}) for part in parts])
    entries["place"] = entries["entry"].map(ENTRY_ORDER)
    return entries.sort_values(["instant", "place", "source_id", "part"], ignore_index=True)


def ledger_report(books: Books, entries: pd.DataFrame) -> pd.DataFrame:
    """`finance/bv_ledger.csv`."""
    return pd.DataFrame({
        "posting_no": np.arange(1, len(entries) + 1),
        "order_id": entries["order_id"],
        "entry": entries["entry"],
        "source_id": entries["source_id"],
        "member_id": books.ids(entries["holder"]),
        "bv": money(entries["bv"]),
        "event_date": dates(entries["day"]),
        "event_month": months(entries["event_month"]),
        "reason": entries["reason"],
    })  # fmt: skip


def statements_report(books: Books, entries: pd.DataFrame) -> pd.DataFrame:
    """`finance/statements.csv`."""
    sums = entries.pivot_table("bv", "holder", "entry", "sum", fill_value=0)
    sums = sums.reindex(columns=list(ENTRY_ORDER), fill_value=0)
    report = pd.DataFrame({
        "member_id": books.ids(sums.index.to_numpy()),
        "credits": money(sums["credit"]),
        "transfers": money(sums["transfer"]),
        "reversals": money(sums["reversal"]),
        "net_bv": money(sums.sum(axis=1)),
    })  # fmt: skip
    return report.sort_values("member_id", na_position="first")


def personal_volumes(books: Books, entries: pd.DataFrame) -> np.ndarray:
    """The net BV of the month of every member code."""
    personal = np.zeros(len(books.member_ids), np.int64)
    held = entries[entries["holder"] >= 0]
    np.add.at(personal, held["holder"].to_numpy(), held["bv"].to_numpy())
    return personal


def group_volumes(personal: np.ndarray, sponsor: np.ndarray) -> np.ndarray:
    """Own and downline volume: leaves first, each handed up once, whatever the depth."""
    group = personal.tolist()
    parent = sponsor.tolist()
    waiting = np.bincount(sponsor[sponsor >= 0], minlength=len(group)).tolist()
    leaves = [code for code, count in enumerate(waiting) if count == 0]
    while leaves:
        code = leaves.pop()
        above = parent[code]
        if above >= 0:
            group[above] += group[code]
            waiting[above] -= 1
            if waiting[above] == 0:
                leaves.append(above)
    return np.array(group, np.int64)


def payline_volumes(personal: np.ndarray, sponsor: np.ndarray, levels: int) -> np.ndarray:
    """The downline's volume in levels 1 to `levels`."""
    payline = np.zeros_like(personal)
    level = personal
    below = np.flatnonzero(sponsor >= 0)
    for _ in range(levels):
        above = np.zeros_like(personal)
        np.add.at(above, sponsor[below], level[below])
        payline += above
        level = above
    return payline


def volume_report(
    books: Books, personal: np.ndarray, group: np.ndarray, payline: np.ndarray
) -> pd.DataFrame:
    """`finance/volume.csv`."""
    codes = np.flatnonzero((personal != 0) | (group != 0) | (payline != 0))
    report = pd.DataFrame({
        "member_id": books.ids(codes),
        "personal_bv": money(personal[codes]),
        "group_bv": money(group[codes]),
        "payline_bv": money(payline[codes]),
    })  # fmt: skip
    return report.sort_values("member_id")


def reconciliation_report(books: Books, entries: pd.DataFrame, volume_total: int) -> pd.DataFrame:
    """`finance/reconciliation.csv`."""
    sums = entries.groupby("entry")["bv"].sum().reindex(list(ENTRY_ORDER), fill_value=0)
    house = entries[entries["holder"] == HOUSE]
    net, house_net = int(entries["bv"].sum()), int(house["bv"].sum())
    lines = {
        "orders_posted": books.posted("orders")["bv"].sum(),
        "credits": sums["credit"],
        "house_credits": house.loc[house["entry"] == "credit", "bv"].sum(),
        "transfers": sums["transfer"],
        "reversals_posted": books.posted("reversals")["bv"].sum(),
        "reversals": sums["reversal"],
        "net": net,
        "house_net": house_net,
        "volume_total": volume_total,
        "difference": net - house_net - volume_total,
    }
    return pd.DataFrame({"line": lines.keys(), "bv": money(np.array(list(lines.values())))})
