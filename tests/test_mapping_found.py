"""Books that people really have, each with the mapping that it needs (contract 5).

Belongs here: the found inputs whose answer is a mapping, and real export layouts with what their
tables then hold. The mappings are files under tests/mappings; what is expected is here.
"""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from small_book import loaded_from, why_stopped
from upline_command import close

FOUND = Path(__file__).parent / "found"
MAPPINGS = Path(__file__).parent / "mappings"


def mapped(folder: Path, name: str) -> Path:
    """A found book with the mapping that it needs."""
    book = folder / "book"
    shutil.copytree(FOUND / name / "book", book)
    if (MAPPINGS / name).is_dir():
        shutil.copytree(MAPPINGS / name, book, dirs_exist_ok=True)
    return book


# Book, month, query, rows.
EXPECTED = [
    (
        "map_constant",
        "2024-01",
        "select order_id, channel from extracts.orders",
        [("O1", "retail")],
    ),
    (
        "map_file_for_two_tables",
        "2024-01",
        "select order_id, file, line from extracts.orders order by 1",
        [("O1", "Export.csv", 2), ("O2", "Export.csv", 3)],
    ),
    (
        "map_values_blank_cell",
        "2024-01",
        "select order_id, channel from extracts.orders",
        [("O2", "member")],
    ),
    (
        "map_onto_existing_name",
        "2024-01",
        "select order_id from extracts.orders order by 1",
        [("N-O1",), ("N-O2",)],
    ),
    (
        "hash_names",
        "2024-01",
        "select order_id from extracts.orders order by 1",
        [("1001",), ("O2",)],
    ),
    (
        "shopify_time",
        "2024-01",
        "select order_id, strftime(ordered_at, '%d %H:%M') from extracts.orders order by 1",
        [("O1", "10 15:00"), ("O2", "11 10:00")],
    ),
    (
        "excel_date",
        "2024-01",
        "select order_id, strftime(ordered_at, '%d %H:%M') from extracts.orders union all "
        "select key, code || ' ' || \"column\" from quality.quarantine",
        [("O1", "10 09:00"), ("O2", "type ordered_at")],
    ),
    (
        "orders_negative_rows",
        "2024-01",
        "select placed.order_id, placed.amount - undone.amount, placed.bv - undone.bv, undone.line "
        "from extracts.orders as placed join extracts.reversals as undone using (order_id)",
        [("O1", 0, 0, 3)],
    ),
    (
        "stripe_utc_month_end",
        "2026-04",
        "select order_id, ordered_on::varchar, posting_month from extracts.orders",
        [("ch_1", "2026-05-01", "2026-05")],
    ),
    (
        "real_shopify",
        "2026-04",
        "select order_id, seller_id, customer_email, country, amount::varchar, bv::varchar, line "
        "from extracts.orders",
        [("71737", "BOB", "ben@x.example", "BD", "2100.00", "2000.00", 3)],
    ),
    (
        "real_shopify",
        "2026-04",
        "select line_no, product_code, quantity, amount::varchar from extracts.order_lines "
        "order by 1",
        [(1, "PF600", 1, "600.00"), (2, "Vinegartablets", 1, "1400.00")],
    ),
    (
        "real_shopify",
        "2026-04",
        "select order_id, amount::varchar, bv::varchar, strftime(reversed_at, '%d %H:%M') "
        "from extracts.reversals",
        [("71737", "600.00", "571.43", "05 21:49")],
    ),
    (
        "real_shopify",
        "2026-04",
        "select source, rows, left_out from quality.sources",
        [("shop", 3, 1)],
    ),
    (
        "real_odoo",
        "2026-04",
        "select order_id, amount::varchar, strftime(ordered_at, '%d %H:%M') from extracts.orders",
        [("SO21-000827", "4323800.00", "15 02:38")],
    ),
    (
        "real_odoo",
        "2026-04",
        "select line_no, product_code, quantity from extracts.order_lines order by 1",
        [(1, "HAA364D011I0", 2), (2, "HAA365D311I0", 13)],
    ),
    (
        "real_stripe",
        "2026-04",
        "select right(order_id, 3), strftime(ordered_at, '%d %H:%M'), posting_month, currency, "
        "amount::varchar from extracts.orders order by 1",
        [
            ("Pvo", "30 22:38", "2026-05", "EUR", "15.00"),
            ("Pvp", "11 09:00", "2026-04", "EUR", "40.00"),
        ],
    ),
    (
        "real_stripe",
        "2026-04",
        "select right(order_id, 3), amount::varchar from extracts.reversals",
        [("Pvp", "40.00")],
    ),
    (
        "real_paypal_de",
        "2026-04",
        "select order_id, strftime(ordered_at, '%d %H:%M'), amount::varchar, currency, "
        "customer_name from extracts.orders",
        [("TX123", "01 08:15", "1012.50", "EUR", "Max Muster")],
    ),
    (
        "real_paypal_de",
        "2026-04",
        "select reversal_id, order_id, amount::varchar from extracts.reversals",
        [("TX124", "TX123", "1012.50")],
    ),
    (
        "real_mlm_genealogy_levels",
        "2026-04",
        "select member_id, sponsor_id, rank, enrolled_on::varchar "
        "from extracts.members order by line",
        [
            ("0", None, "associate", "2016-07-26"),
            ("1900", "0", "associate", "2016-07-27"),
            ("166500", "1900", "associate", "2017-05-16"),
            ("2000", "0", "director", "2016-07-27"),
        ],
    ),
    (
        "real_woo_wide",
        "2026-04",
        "select order_id, buyer_id, amount::varchar from extracts.orders",
        [("9002", "BOB", "55.00")],
    ),
    (
        "real_woo_wide",
        "2026-04",
        "select line_no, product_code, quantity, amount::varchar, line from extracts.order_lines "
        "order by 1",
        [(1, "E1", 5, "32.50", 2), (2, "M1", 1, "17.50", 2)],
    ),
]


@pytest.mark.first(12)
@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "month", "query", "rows"),
    EXPECTED,
    ids=[f"{each[0]}-{at}" for at, each in enumerate(EXPECTED)],
)
def test_a_found_book_is_what_its_mapping_says(
    tmp_path: Path, name: str, month: str, query: str, rows: list[tuple[object, ...]]
) -> None:
    with loaded_from(mapped(tmp_path, name), month, month) as con:
        assert con.execute(query).fetchall() == rows


@pytest.mark.parametrize(
    ("name", "month", "told"),
    [
        ("map_value_typo", "2024-01",
         "orders.values.channel: 'M' gives 'membre', which must be one of member, sale, retail; "
         "did you mean 'member'?"),
        ("optout_mapped_wrongly", "2024-02",
         "columns.contact_opt_out names 'DoNotContact', did you mean 'Do Not Contact'?"),
        ("mapping_moves_orders_leftover", "2024-01", "orders.csv: is nobody's"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_wrong_stops_and_is_blamed(
    tmp_path: Path, name: str, month: str, told: str
) -> None:
    assert told in why_stopped(mapped(tmp_path, name), month)


@pytest.mark.long
def test_a_negative_row_is_a_reversal_and_takes_its_members_volume_back(tmp_path: Path) -> None:
    book = mapped(tmp_path, "orders_negative_rows")
    assert close("2024-01", book, tmp_path / "home").code == 0
    statements = (tmp_path / "home/reports/2024-01/finance/statements.csv").read_text()
    [header, *lines] = csv.reader(io.StringIO(statements))
    [bob] = [dict(zip(header, line, strict=True)) for line in lines if line[0] == "BOB"]
    assert bob["net_bv"] == "0.00"


@pytest.mark.long
def test_a_payment_of_the_last_evening_in_utc_posts_in_the_next_month(tmp_path: Path) -> None:
    book = mapped(tmp_path, "stripe_utc_month_end")
    assert close("2026-04", book, tmp_path / "home").code == 0
    ledger = (tmp_path / "home/reports/2026-04/finance/bv_ledger.csv").read_text()
    assert "ch_1" not in ledger
