"""Flags, removals, compression, effect, lists, notices (contract 2, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.analyst.books import HOUSE, Books, Line
from benchmarks.peers.analyst.finance import payline_volumes
from benchmarks.peers.analyst.reading import first_day, month_number
from benchmarks.peers.analyst.writing import dates, flags, money, months, without_formula

NEVER = -(10**6)
DEFAULTS = {"months": 24, "list_levels": 3, "exempt": [], "markets": {}}


@dataclass(frozen=True)
class Outcome:
    """Who is flagged, removed or still present at a close, and when each was last active."""

    last: np.ndarray
    flagged: pd.DataFrame
    removed: pd.DataFrame
    still_present: pd.DataFrame
    gone: np.ndarray


def inactivity_policy(books: Books) -> dict[str, Any] | None:
    """The inactivity section in force with its defaults, if there is one."""
    section = books.policy.get("inactivity")
    return None if section is None else DEFAULTS | section


def _actors(books: Books, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Members whom orders keep active: holders, and the sponsors of customers who buy."""
    line = books.line
    holder = rows["holder"].to_numpy()
    is_customer = (holder >= 0) & (rows["channel"].to_numpy() == 0)
    is_customer &= line.present[holder] & ~line.is_associate[holder]
    sponsor = np.where(is_customer, line.sponsor[holder], HOUSE)
    is_sponsored = (sponsor >= 0) & line.is_associate[sponsor]
    return holder, np.where(is_sponsored, sponsor, HOUSE)


def _last_activity(books: Books, cutoff: int) -> np.ndarray:
    """The last activity of everybody who may be inactive or was removed; others get `cutoff`."""
    line, end = books.line, books.last_day
    orders = books.orders
    is_cancelled = books.reversed_until(end, "amount") >= orders["amount"].to_numpy()
    day = orders["day"].to_numpy()
    stands = (day <= end) & ~is_cancelled
    enrolled = np.where(line.enrolled <= end, line.enrolled, NEVER)
    last = np.where(enrolled >= cutoff, cutoff, NEVER)
    recent = orders[["holder", "day", "channel"]][stands & (day >= cutoff)]
    for actor in _actors(books, recent):
        last[actor[actor >= 0]] = cutoff
    asked = line.present & (last == NEVER)
    asked[list(books.removed_in)] = True
    last[asked] = enrolled[asked]
    asked_sponsor = asked[line.sponsor] & (line.sponsor >= 0)
    is_wanted = (asked | asked_sponsor)[orders["holder"].to_numpy()]
    rows = orders[["holder", "day", "channel"]][stands & is_wanted]
    for actor in _actors(books, rows):
        at = (actor >= 0) & asked[actor]
        np.maximum.at(last, actor[at], rows["day"].to_numpy()[at])
    return last


def _notice(books: Books, market: dict[str, Any]) -> tuple[int, int, int]:
    """Notice date, deadline and first flag month of a market at this close."""
    following = first_day(books.month + 1)
    notice = following + market.get("notice_day", 1) - 1
    grace = market.get("grace_days")
    deadline = first_day(books.month + 2) - 1 if grace is None else notice + grace
    section = inactivity_policy(books) or {}
    first = market.get("first_flag_month", section.get("first_flag_month"))
    return notice, deadline, month_number(str(first))


def judge(books: Books) -> Outcome:
    """Work out who is flagged, removed and still present, and remember it."""
    policy = inactivity_policy(books) or {}
    line, month = books.line, books.month
    cutoff_month = month + 1 - int(policy["months"])
    cutoff = first_day(cutoff_month)
    last = _last_activity(books, cutoff)
    is_exempt = np.zeros(len(last), bool)
    exempt = books.member_ids.get_indexer(policy["exempt"])
    is_exempt[exempt[exempt >= 0]] = True
    inactive = line.present & ~is_exempt & (last > NEVER) & (last < cutoff)
    for code, removed in list(books.removed_in.items()):
        if line.present[code] and last[code] >= first_day(removed + 1):
            del books.removed_in[code]
    still = np.array([c for c in sorted(books.removed_in) if line.present[c]], np.int64)
    still_present = pd.DataFrame({"code": still})
    still_present["removed_in"] = still_present["code"].map(books.removed_in).astype("int64")
    may_go = inactive.copy()
    may_go[still] = False
    before = books.flagged[may_go[books.flagged["code"]]]
    removed = before[before["deadline"] <= books.last_day]
    kept = before[before["deadline"] > books.last_day].assign(new=False)
    may_go[before["code"]] = False
    flagged = pd.concat([kept, _new_flags(books, np.flatnonzero(may_go), policy)])
    books.flagged = flagged.drop(columns="new").astype("int64")
    books.removed_in |= dict.fromkeys(removed["code"].tolist(), month)
    gone = np.zeros(len(last), bool)
    gone[still] = True
    gone[removed["code"]] = True
    return Outcome(last, flagged, removed, still_present, gone)


def _new_flags(books: Books, codes: np.ndarray, policy: dict[str, Any]) -> pd.DataFrame:
    country = books.line.frame.set_index("code")["country"].reindex(codes)
    markets = {name: _notice(books, policy["markets"].get(name, {})) for name in country.unique()}
    found = [(code, *markets[name]) for code, name in zip(codes, country, strict=True)]
    rows = pd.DataFrame(found, columns=["code", "notice", "deadline", "first"])
    rows = rows[rows["first"] <= books.month].drop(columns="first")
    rows = rows.assign(flagged=first_day(books.month + 1), new=True)
    return rows.astype({"code": "int64", "notice": "int64", "deadline": "int64"})


def _details(books: Books, rows: pd.DataFrame, last: np.ndarray) -> pd.DataFrame:
    """The columns that flagged and removed members share."""
    code = rows["code"].to_numpy(np.int64)
    frame = books.line.frame.set_index("code").reindex(code)
    return pd.DataFrame({
        "member_id": books.ids(code),
        "member_type": frame["member_type"].to_numpy(),
        "country": frame["country"].to_numpy(),
        "sponsor_id": books.ids(books.line.sponsor[code]),
        "enroller_id": books.ids(books.line.enroller[code]),
        "last_activity_on": dates(last[code]),
        "flagged_on": dates(rows["flagged"]),
        "notice_on": dates(rows["notice"]),
        "deadline": dates(rows["deadline"]),
    })  # fmt: skip


def status_reports(books: Books, found: Outcome) -> dict[str, pd.DataFrame]:
    """`flagged`, `removed` and `still_present`."""
    flagged = _details(books, found.flagged, found.last)
    flagged["new"] = flags(found.flagged["new"])
    removed = _details(books, found.removed, found.last).drop(columns="notice_on")
    still_present = pd.DataFrame({
        "member_id": books.ids(found.still_present["code"]),
        "removed_in": months(found.still_present["removed_in"]),
    })  # fmt: skip
    reports = {"flagged": flagged, "removed": removed, "still_present": still_present}
    return {name: rows.sort_values("member_id") for name, rows in reports.items()}


def compress(line: Line, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sponsor line without the gone, and how many of them each member passed."""
    sponsor, levels = line.sponsor.copy(), np.zeros(len(gone), np.int64)
    moving = np.flatnonzero(line.present & ~gone & (sponsor >= 0))
    while True:
        moving = moving[(sponsor[moving] >= 0) & gone[sponsor[moving]]]
        if not len(moving):
            break
        sponsor[moving] = line.sponsor[sponsor[moving]]
        levels[moving] += 1
    sponsor[gone] = HOUSE
    return sponsor, levels


def compression_reports(
    books: Books, gone: np.ndarray, personal: np.ndarray, payline: np.ndarray
) -> dict[str, pd.DataFrame]:
    """`compression` and `effect`."""
    line = books.line
    after, levels = compress(line, gone)
    moved = np.flatnonzero(levels > 0)
    compression = pd.DataFrame({
        "member_id": books.ids(moved),
        "old_sponsor_id": books.ids(line.sponsor[moved]),
        "new_sponsor_id": books.ids(after[moved]),
        "levels_up": levels[moved],
    })  # fmt: skip

    def legs(sponsor: np.ndarray) -> np.ndarray:
        above = sponsor[line.is_associate & (sponsor >= 0)]
        return np.bincount(above, minlength=len(sponsor))

    pay_levels = books.policy.get("volume", {}).get("pay_levels", 5)
    payline_after = payline_volumes(np.where(gone, 0, personal), after, pay_levels)
    legs_before, legs_after = legs(line.sponsor), legs(after)
    is_changed = (legs_before != legs_after) | (payline != payline_after)
    at = np.flatnonzero(line.present & ~gone & is_changed)
    effect = pd.DataFrame({
        "member_id": books.ids(at),
        "legs_before": legs_before[at],
        "legs_after": legs_after[at],
        "payline_bv_before": money(payline[at]),
        "payline_bv_after": money(payline_after[at]),
    })  # fmt: skip
    reports = {"compression": compression, "effect": effect}
    return {name: rows.sort_values("member_id") for name, rows in reports.items()}


def lists_report(books: Books, found: Outcome) -> pd.DataFrame:
    """`inactivity/lists.csv`: each flagged member's enroller and the leaders above."""
    policy, line = inactivity_policy(books) or {}, books.line
    code = found.flagged["code"].to_numpy(np.int64)
    enroller = line.enroller[code]
    fits = (enroller >= 0) & (enroller != code)
    fits &= line.is_associate[enroller] & ~found.gone[enroller]
    parts = [pd.DataFrame({"leader": enroller[fits], "member": code[fits], "relation": "enroller"})]
    levels = []
    lowest = books.rank_number(policy.get("leader_rank", "director"))
    above = code
    for level in range(1, int(policy["list_levels"]) + 1):
        above = np.where(above >= 0, line.sponsor[above], HOUSE)
        pair = pd.DataFrame({"leader": above, "member": code, "level": level})
        levels.append(pair[above >= 0])
        leads = (above >= 0) & line.is_associate[above]
        leads &= (line.rank[above] >= lowest) & ~found.gone[above]
        parts.append(pair.loc[leads, ["leader", "member"]].assign(relation="upline"))
    rows = pd.concat(parts).drop_duplicates(["leader", "member"])
    if levels:
        rows = rows.merge(pd.concat(levels), how="left", on=["leader", "member"])
    report = pd.DataFrame({
        "leader_id": books.ids(rows["leader"]),
        "member_id": books.ids(rows["member"]),
        "relation": rows["relation"],
        "level": rows.get("level", pd.Series(dtype=float)).astype("Int64"),
    })  # fmt: skip
    return report.sort_values(["leader_id", "member_id"])


def notices_report(books: Books, found: Outcome) -> pd.DataFrame:
    """`inactivity/notices.csv`: to each newly flagged holder and to the enroller."""
    new = found.flagged[found.flagged["new"].astype(bool)]
    code = new["code"].to_numpy(np.int64)
    enroller = books.line.enroller[code]
    fits = (enroller >= 0) & (enroller != code) & ~found.gone[enroller]
    rows = pd.concat([
        new.assign(recipient=code, role="holder"),
        new.assign(recipient=enroller, role="enroller")[fits],
    ])  # fmt: skip
    contact = books.line.frame.set_index("code").reindex(rows["recipient"])
    report = pd.DataFrame({
        "member_id": books.ids(rows["code"]),
        "recipient_id": books.ids(rows["recipient"]),
        "role": rows["role"].to_numpy(),
        "language": contact["language"].to_numpy(),
        "email": without_formula(contact["email"].astype("str")).to_numpy(),
        "notice_on": dates(rows["notice"]),
        "deadline": dates(rows["deadline"]),
    })  # fmt: skip
    return report.sort_values(["member_id", "role"])
