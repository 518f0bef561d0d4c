"""The real-shop book: all twelve months close and give what docs/real-book.md says of them."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import PROJECT

COUNTED = (
    "inactivity/flagged", "inactivity/removed", "inactivity/still_present",
    "inactivity/compression", "returns/decisions", "returns/unmatched", "customers/owners",
)  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def told_in_the_docs() -> dict[str, list[str]]:
    text = (PROJECT / "docs" / "real-book.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines() if line.startswith("| 20")
    ]  # fmt: skip
    return {line[0]: line[1:] for line in cells}


def found_in(month: Path) -> list[str]:
    proof = {row["line"]: Decimal(row["bv"]) for row in rows(month / "finance/reconciliation.csv")}
    assert proof["difference"] == 0
    house = proof["net"] - proof["volume_total"]
    seats = sum(row["qualified"] == "true" for row in rows(month / "referral/qualification.csv"))
    dealt = sum(row["outcome"] == "assigned" for row in rows(month / "referral/assignments.csv"))
    bad = {(row["file"], row["line"]) for row in rows(month / "quality/quarantine.csv")}
    counts = [len(rows(month / f"{name}.csv")) for name in COUNTED]
    return [f"{proof['net']:,}", f"{house:,}", *map(str, (seats, dealt, *counts, len(bad)))]


@pytest.mark.exhaustive
@pytest.mark.long
def test_the_docs_tell_what_the_close_found(closed_shop: Path) -> None:
    told = told_in_the_docs()
    assert len(told) == 12
    assert {month: found_in(closed_shop / month) for month in told} == told
