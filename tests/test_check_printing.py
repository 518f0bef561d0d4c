"""`upline check` prints a quarantine of any length in the same words, and holds little of it."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from small_book import POLICY, check, drop, row, write_book

from pipelines.extracts import check_command
from pipelines.extracts.check_command import Check, Listed, checked_drop
from pipelines.extracts.check_printing import print_check, print_check_json
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month

MONTH = Month("2020-01")
SPOILED = [
    row("orders", order_id="O1", amount="x"),
    row("orders", order_id="Ö\x07" * 9, currency=None, bv="y\ny"),
    row("orders", order_id="O3", seller_id="NOBODY"),
]
LENIENT = POLICY + "[quality]\nmax_quarantined_share = 1\n"


@pytest.mark.parametrize("orders", [SPOILED, []])
def test_what_is_printed_row_by_row_is_what_was_found(
    tmp_path: Path, orders: list[dict[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_command, "AT_ONCE", 2)
    book = write_book(tmp_path / "book", drop(orders=orders), policy=LENIENT)
    whole, as_json, as_tables = check(book), io.StringIO(), io.StringIO()
    with checked_drop(book, MONTH) as found:
        assert len(found.quarantine) == len(whole.quarantine) == (5 if orders else 0)
        assert all(row in found.quarantine for row in whole.quarantine)
        print_check_json(found, as_json)
        print_check(found, as_tables)
    told = json.loads(as_json.getvalue())
    assert told["quarantine"] == whole.quarantine
    assert json.dumps(told, indent=2, ensure_ascii=False) + "\n" == as_json.getvalue()
    wanted = io.StringIO()
    print_check(whole, wanted)
    assert as_tables.getvalue() == wanted.getvalue()
    assert ("\nquarantine\n" in wanted.getvalue()) == bool(orders)


class Nowhere(io.StringIO):
    """What is written is forgotten."""

    def write(self, text: str) -> int:
        return len(text)


@pytest.mark.parametrize("shown", [print_check, print_check_json])
def test_a_long_quarantine_is_not_held(shown: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_command, "AT_ONCE", 100)
    with open_warehouse(None) as con:
        con.execute("""
            insert into quality.quarantine
            select '2020-01', 'orders', 'orders.csv', i, 'O' || i, 'type', 'amount',
                repeat('raw ', 50)
            from range(4000) as numbers(i)
        """)
        tracemalloc.start()
        assert callable(shown)
        shown(Check(MONTH, quarantine=Listed(con, MONTH)), Nowhere())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1_000_000
