"""What the analyst keeps from month to month, and how a drop is added to it.

Belongs here: the state and its growth. Does not: any rule.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.analyst.reading import (
    COLUMNS,
    FOREVER,
    KEYS,
    RECORDS,
    first_day,
    is_among,
    month_number,
    month_text,
    read_calendar,
    read_left_out,
    read_table,
)

HOUSE = -1
CHANNELS = ["member", "sale", "retail"]


@dataclass(frozen=True)
class Line:
    """M's snapshot by member code: arrays over every member code ever seen."""

    present: np.ndarray
    is_associate: np.ndarray
    rank: np.ndarray
    enrolled: np.ndarray
    sponsor: np.ndarray
    enroller: np.ndarray
    frame: pd.DataFrame


@dataclass(frozen=True)
class Qualified:
    """The frozen result of one window: seats by id, their centres, whom they credit."""

    seats: pd.Index
    centres: pd.DataFrame
    credit: np.ndarray


@dataclass
class Books:
    """Everything known after the last drop that was added."""

    book: Path
    left_out: Path | None = None
    month: int = 0
    policy: dict[str, Any] = field(default_factory=dict)
    calendar: pd.DataFrame = field(default_factory=pd.DataFrame)
    member_ids: pd.Index = field(default_factory=lambda: pd.Index([], dtype="str"))
    line: Line = field(init=False)
    orders: pd.DataFrame = field(default_factory=pd.DataFrame)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    qualified: dict[int, Qualified] = field(default_factory=dict)
    served: dict[str, dict[str, int]] = field(default_factory=lambda: {"order": {}, "lead": {}})
    flagged: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({
        "code": [], "flagged": [], "notice": [], "deadline": []}, dtype="int64"))  # fmt: skip
    removed_in: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.policy = tomllib.loads((self.book / "policy.toml").read_text("utf-8"))
        self.calendar = read_calendar(self.book)

    @property
    def zone(self) -> str:
        """The company's time zone."""
        return str(self.policy["company"]["timezone"])

    @property
    def opening(self) -> int:
        """The first month that this book closes."""
        return month_number(self.policy["company"]["opening_month"])

    @property
    def last_day(self) -> int:
        """E, the last day of the month being closed."""
        return first_day(self.month + 1) - 1

    def rank_number(self, rank: pd.Series | str) -> Any:
        """A rank's place, lowest 0; none is -1."""
        order = {name: place for place, name in enumerate(self.policy["company"]["ranks"])}
        return order[rank] if isinstance(rank, str) else rank.map(order).fillna(-1).astype(int)

    def codes(self, ids: pd.Series) -> np.ndarray:
        """Member codes of ids; an empty id is the house."""
        return np.asarray(self.member_ids.get_indexer(ids))

    def ids(self, codes: np.ndarray | pd.Series) -> np.ndarray:
        """Member ids of codes; the house is empty."""
        values = np.asarray(codes, np.int64)
        found = self.member_ids.take(np.maximum(values, 0)).to_numpy(object).copy()
        found[values < 0] = None
        return np.asarray(found)

    def add_drop(self, month: int) -> None:
        """Read a month's drop and add what is new."""
        self.month = month
        drop = self.book / month_text(month)
        if (drop / "policy.toml").exists():
            self.policy = tomllib.loads((drop / "policy.toml").read_text("utf-8"))
        listed = read_left_out(self.left_out, month)
        read = {name: read_table(drop, name, self.zone, listed) for name in COLUMNS}
        self._add_members(read["members"])
        self._add_orders(read["orders"])
        for table in KEYS:
            self._add_rows(table, read[table])

    def _add_members(self, rows: pd.DataFrame) -> None:
        fresh = rows.loc[self.codes(rows["member_id"]) < 0, "member_id"]
        self.member_ids = self.member_ids.append(pd.Index(fresh))
        code = self.codes(rows["member_id"])
        rows = rows.assign(code=code, seat=rows["business_id"].fillna(rows["member_id"]))
        rows["rank_number"] = self.rank_number(rows["rank"])
        count = len(self.member_ids)
        present = np.zeros(count, bool)
        present[code] = True

        def spread(values: Any, default: int) -> np.ndarray:
            array = np.full(count, default, np.int64)
            array[code] = values
            return array

        def related(column: str) -> np.ndarray:
            other = spread(self.codes(rows[column]), HOUSE)
            return np.where((other >= 0) & present[other], other, HOUSE)

        self.line = Line(
            present, spread(rows["member_type"] == "associate", 0).astype(bool),
            spread(rows["rank_number"], -1), spread(rows["enrolled_on"], FOREVER),
            related("sponsor_id"), related("enroller_id"), rows,
        )  # fmt: skip

    def _add_orders(self, rows: pd.DataFrame) -> None:
        if len(self.orders):
            known = self.orders["order_id"]
            sent_before = known[is_among(known, rows["order_id"])]
            rows = rows[~is_among(rows["order_id"], sent_before)]
        channel = rows["channel"].map({name: place for place, name in enumerate(CHANNELS)})
        actor = rows.pop("buyer_id").where(channel == 0, rows.pop("seller_id"))
        rows = rows.assign(
            channel=channel.astype("int8"), country=rows["country"].astype("category"),
            holder=np.where(channel == 2, HOUSE, self.codes(actor)).astype("int32"),
            posting=np.maximum(rows["event_month"], self.month), is_assigned=False,
        )  # fmt: skip
        if len(self.orders):
            both = pd.api.types.union_categoricals([self.orders["country"], rows["country"]])
            country = both
            self.orders = pd.concat(
                [self.orders.drop(columns="country"), rows.drop(columns="country")],
                ignore_index=True,
            ).assign(country=country)
        else:
            self.orders = rows.reset_index(drop=True)

    def _add_rows(self, table: str, rows: pd.DataFrame) -> None:
        keys = KEYS[table]
        known = self.tables.get(table)
        if "order_id" in rows:
            rows = rows.assign(order=self._order_rows(rows["order_id"]))
        if table == "reversals":
            rows = self._admit_reversals(rows, known)
        if "event_month" in rows:
            rows = rows.assign(posting=np.maximum(rows["event_month"], self.month))
        if "rank" in rows:
            rows = rows.assign(rank=self.rank_number(rows["rank"]))
        if known is None:
            self.tables[table] = rows.drop_duplicates(keys, ignore_index=True)
            return
        both = pd.concat([known, rows], ignore_index=True)
        keep = "last" if table in RECORDS else "first"
        self.tables[table] = both.drop_duplicates(keys, keep=keep, ignore_index=True)

    def _admit_reversals(self, rows: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
        """Leave out repeated reversals and those that take more than is left of their order."""
        if known is not None:
            rows = rows[~is_among(rows["reversal_id"], known["reversal_id"])]
            known = known[known["order"].isin(rows["order"])]
        order = self.orders.loc[rows["order"]]
        total = pd.concat([known, rows]).groupby("order")[["amount", "bv"]].sum()
        limit = self.orders.loc[total.index, ["amount", "bv"]]
        over = set(total.index[(total > limit).any(axis=1)])
        rows = rows[rows["instant"].to_numpy() >= order["instant"].to_numpy()]
        suspects = rows[rows["order"].isin(over)].sort_values(["instant", "reversal_id"])
        taken = known.groupby("order")[["amount", "bv"]].sum() if known is not None else total * 0
        left = (limit - taken.reindex(limit.index, fill_value=0)).loc[list(over)].T.to_dict("list")
        kept = []
        for index, number, amount, bv in suspects[["order", "amount", "bv"]].itertuples():
            amount_left, bv_left = left[number]
            if amount <= amount_left and bv <= bv_left:
                left[number] = [amount_left - amount, bv_left - bv]
                kept.append(index)
        is_fine = ~rows["order"].isin(over)
        return rows[is_fine | rows.index.isin(kept)]

    def _order_rows(self, order_ids: pd.Series) -> np.ndarray:
        """The row numbers of orders in `orders`."""
        found = self.orders["order_id"]
        found = found[is_among(found, order_ids)]
        return np.asarray(found.index.to_numpy()[pd.Index(found).get_indexer(order_ids)])

    def posted(self, table: str) -> pd.DataFrame:
        """The rows of an event table that post in this month."""
        rows = self.orders if table == "orders" else self.tables[table]
        is_posted = (rows["posting"] == self.month) & (rows["event_month"] >= self.opening)
        return rows[is_posted]

    def reversed_until(self, day: int, column: str) -> np.ndarray:
        """What known reversals dated up to a day took from every order."""
        rows = self.tables["reversals"]
        rows = rows[rows["day"] <= day]
        total = np.zeros(len(self.orders), np.int64)
        np.add.at(total, rows["order"].to_numpy(), rows[column].to_numpy())
        return total
