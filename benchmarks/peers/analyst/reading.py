"""Reads a book's drops into typed frames: money in cents, times in UTC, dates as day numbers.

Belongs here: files and cells. Does not: any rule. Rows are taken to be good; a quarantine list
may name rows to leave out.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

COLUMNS = {
    "members": "member_id member_type email language country sponsor_id enroller_id business_id "
    "enrolled_on rank",
    "orders": "order_id ordered_at channel buyer_id seller_id country amount bv",
    "reversals": "reversal_id order_id reversed_at kind amount bv",
    "paid_ranks": "member_id week_start rank",
    "holds": "hold_id member_id kind starts_on ends_on",
    "reassignments": "order_id member_id requested_at",
    "leads": "lead_id requested_at country",
    "delegates": "member_id delegate_id starts_on ends_on",
}
KEYS = {
    "reversals": ["reversal_id"],
    "paid_ranks": ["member_id", "week_start"],
    "holds": ["hold_id"],
    "reassignments": ["order_id"],
    "leads": ["lead_id"],
    "delegates": ["member_id", "starts_on"],
}
RECORDS = ("holds", "delegates")
TIMES = {"orders": "ordered_at", "reversals": "reversed_at", "reassignments": "requested_at",
         "leads": "requested_at"}  # fmt: skip
DATES = ("enrolled_on", "week_start", "starts_on", "ends_on")
MONEY = ("amount", "bv")
FOREVER = 10**6


def month_number(text: str) -> int:
    """YYYY-MM as months since 1970-01."""
    return int(np.datetime64(text, "M").astype(int))


def month_text(number: int) -> str:
    """Months since 1970-01 as YYYY-MM."""
    return str(np.datetime64(number, "M"))


def first_day(month: int) -> int:
    """The first day of a month in days since 1970."""
    return int(np.datetime64(month, "M").astype("datetime64[D]").astype(int))


def months_of(days: np.ndarray) -> np.ndarray:
    """The month of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def is_among(ids: pd.Series, wanted: pd.Series) -> np.ndarray:
    """`ids.isin(wanted)` without the detour of Arrow strings through Python objects."""
    found = pc.is_in(pa.array(ids, pa.string()), value_set=pa.array(wanted, pa.string()))
    return np.asarray(found, bool)


def read_table(
    drop: Path, table: str, zone: str, left_out: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A table of a drop, typed; an absent file is an empty table."""
    wanted = COLUMNS[table].split()
    rows = _read_text(drop, table, wanted)
    if left_out is not None:
        rows = _leave_out(rows, left_out[left_out["table"] == table], table)
    for column in set(MONEY) & set(wanted):
        rows[column] = (rows[column].astype(float) * 100).round().astype("int64")
    for column in set(DATES) & set(wanted):
        rows[column] = _day_numbers(rows[column])
    if table in TIMES:
        rows["instant"] = _instants(rows.pop(TIMES[table]), zone)
        local = rows["instant"].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        rows["day"] = local.to_numpy("datetime64[D]").astype(np.int64)
        rows["event_month"] = months_of(rows["day"].to_numpy())
    if table == "members":
        rows["email"] = rows["email"].str.strip(" \t\r\n").str.lower()
    return rows


def _read_text(drop: Path, table: str, wanted: list[str]) -> pd.DataFrame:
    for ending in ("csv", "csv.gz"):
        path = drop / f"{table}.{ending}"
        if path.exists():
            with pa.input_stream(str(path), compression="detect") as file:
                found = pa_csv.read_csv(
                    file,
                    parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                    convert_options=pa_csv.ConvertOptions(
                        include_columns=wanted, include_missing_columns=True,
                        column_types=dict.fromkeys(wanted, pa.string()),
                        strings_can_be_null=True, null_values=[""],
                    ),
                )  # fmt: skip
            return found.to_pandas()
    path = drop / f"{table}.parquet"
    if path.exists():
        found = pq.read_table(path)
        texts = {
            name: found[name].cast(pa.string()) if name in found.column_names
            else pa.nulls(len(found), pa.string())
            for name in wanted
        }  # fmt: skip
        return pa.table(texts).to_pandas()
    return pa.table({name: pa.nulls(0, pa.string()) for name in wanted}).to_pandas()


def _leave_out(rows: pd.DataFrame, listed: pd.DataFrame, table: str) -> pd.DataFrame:
    """Drop the listed rows; of members only duplicates, else the listed cell becomes null."""
    if table != "members":
        return rows.drop(index=listed["line"].to_numpy() - 2, errors="ignore")
    cells = listed[listed["code"] != "duplicate"]
    for column, lines in cells.groupby("column")["line"]:
        rows.loc[lines.to_numpy() - 2, str(column)] = None
    return rows.drop(index=listed.loc[listed["code"] == "duplicate", "line"].to_numpy() - 2)


def _day_numbers(text: pd.Series) -> np.ndarray:
    """Days since 1970; an empty date is far away."""
    days = pd.to_datetime(text, format="%Y-%m-%d").to_numpy("datetime64[D]")
    return np.where(np.isnat(days), FOREVER, days.astype(np.int64))


def _instants(text: pd.Series, zone: str) -> pd.Series:
    """UTC times; those without zone are local: the earlier of two, or the offset before."""
    printed = pd.to_datetime(text, format="ISO8601", utc=True).dt.tz_localize(None)
    printed = printed.astype("datetime64[us]")
    is_local = ~text.str.contains(r"(?:Z|[+-]\d\d:\d\d)$", regex=True).astype(bool)
    local = printed[is_local].dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    utc = local.dt.tz_convert("UTC").dt.tz_localize(None)
    place = ZoneInfo(zone)
    for index in utc.index[utc.isna()]:
        stamp = printed[index].to_pydatetime().replace(tzinfo=place, fold=0)
        utc[index] = stamp.astimezone(dt.UTC).replace(tzinfo=None)
    printed.loc[utc.index] = utc
    return printed


def read_calendar(book: Path) -> pd.DataFrame:
    """The calendar's windows in day numbers, by month."""
    rows = pd.read_csv(book / "calendar.csv", dtype=str, encoding="utf-8-sig")
    table = pd.DataFrame({name: _day_numbers(rows[name]) for name in rows.columns[1:]})
    table["month"] = rows["month"].map(month_number)
    return table.sort_values("benefits_start", ignore_index=True)


def read_left_out(folder: Path | None, month: int) -> pd.DataFrame | None:
    """The quarantine list of a month, if one is given."""
    if folder is None:
        return None
    path = folder / month_text(month) / "quality" / "quarantine.csv"
    return pd.read_csv(path, dtype={"key": str})
