"""Reversals that come without bv: what they take of their order, and what counts as sent again.

Belongs here: contract 1, "A reversal without bv". What else a reversal can fail is in
test_extracts.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import Row, check, drop, listed, loaded, row, write_book

pytestmark = pytest.mark.long


def reversal(reversal_id: str, day: int, amount: str, bv: str | None = None, **more: str) -> Row:
    """A reversal of O1 on a day of January, without bv unless the test says so."""
    at = f"2020-01-{day:02}T12:00:00Z"
    return row("reversals", reversal_id=reversal_id, reversed_at=at, amount=amount, bv=bv, **more)


def written(folder: Path, amount: str, bv: str, *reversals: list[Row]) -> Path:
    """A book of one order and, drop by drop, its reversals."""
    order = row("orders", amount=amount, bv=bv)
    return write_book(folder, *[drop(orders=[order], reversals=rows) for rows in reversals])


def taken(book: Path, month: str = "2020-01") -> dict[str, str]:
    """The bv that each loaded reversal takes."""
    with loaded(book, month) as con:
        found = con.execute("select reversal_id, bv from extracts.reversals order by reversal_id")
        return {reversal_id: str(bv) for reversal_id, bv in found.fetchall()}


@pytest.mark.parametrize(
    ("amount", "bv", "amounts", "expected"),
    [
        pytest.param("100.00", "50.00", ["50.00"], ["25.00"], id="in proportion"),
        pytest.param("3.00", "1.00", ["1.00"] * 3, ["0.33", "0.33", "0.34"], id="rest to the last"),
        pytest.param("100.00", "0.01", ["50.00", "49.99"], ["0.01", "0.00"], id="half a cent up"),
        pytest.param("100.00", "0.01", ["49.99"], ["0.00"], id="less than half a cent"),
        pytest.param(
            "4.00",
            "0.02",
            ["1.00"] * 4,
            ["0.01", "0.01", "0.00", "0.00"],
            id="no more than is left",
        ),
        pytest.param("10.00", "7.00", ["0.00", "10.00"], ["0.00", "7.00"], id="for nothing"),
        pytest.param("0.00", "7.00", ["0.00"], ["0.00"], id="an order of nothing"),
        pytest.param("10.00", "0.00", ["4.00", "6.00"], ["0.00", "0.00"], id="an order without bv"),
        pytest.param(
            "999999999999.99",
            "999999999999.99",
            ["999999999999.98", "0.01"],
            ["999999999999.98", "0.01"],
            id="the largest",
        ),
    ],
)
def test_takes_the_bv_that_goes_with_its_amount(
    tmp_path: Path, amount: str, bv: str, amounts: list[str], expected: list[str]
) -> None:
    rows = [reversal(f"V{n}", 11 + n, part) for n, part in enumerate(amounts)]
    book = written(tmp_path / "book", amount, bv, rows[::-1])
    assert listed(check(book)) == []
    assert list(taken(book).values()) == expected


def test_those_of_one_instant_go_by_their_id(tmp_path: Path) -> None:
    rows = [reversal("V9", 11, "1.00"), reversal("V10", 11, "1.00"), reversal("V1", 11, "1.00")]
    book = written(tmp_path / "book", "3.00", "1.00", rows)
    assert taken(book) == {"V1": "0.33", "V10": "0.33", "V9": "0.34"}


def test_those_with_bv_take_it_in_turn_with_the_others(tmp_path: Path) -> None:
    rows = [
        reversal("V1", 11, "5.00", "6.00"),
        reversal("V2", 12, "2.00"),
        reversal("V3", 13, "1.00", "0.01"),
        reversal("V4", 14, "3.00"),
    ]
    book = written(tmp_path / "book", "10.00", "7.00", rows)
    assert taken(book) == {"V1": "6.00", "V2": "1.00", "V4": "0.00"}
    assert listed(check(book)) == [("reversals", 4, "V3", "exceeds_order", "bv")]


def test_one_over_the_amount_is_listed_for_it_alone_and_takes_nothing(tmp_path: Path) -> None:
    rows = [reversal("V1", 11, "6.00"), reversal("V2", 12, "4.01"), reversal("V3", 13, "4.00")]
    book = written(tmp_path / "book", "10.00", "5.00", rows)
    assert taken(book) == {"V1": "3.00", "V3": "2.00"}
    assert listed(check(book)) == [("reversals", 3, "V2", "exceeds_order", "amount")]


def test_what_earlier_drops_took_is_gone_whatever_their_date(tmp_path: Path) -> None:
    first, second = [reversal("V2", 25, "1.00")], [reversal("V1", 11, "1.00")]
    book = written(tmp_path / "book", "2.00", "0.01", first, second)
    assert taken(book, "2020-02") == {"V1": "0.00", "V2": "0.01"}


def test_sent_again_without_bv_it_is_the_same_row_and_with_one_another(tmp_path: Path) -> None:
    first = [reversal("V1", 11, "1.00"), reversal("V2", 12, "1.00")]
    second = [first[0], first[1] | {"bv": "0.33"}]
    book = written(tmp_path / "book", "3.00", "1.00", first, second)
    found = check(book, "2020-02")
    assert listed(found) == [("reversals", 3, "V2", "changed", None)]
    [load] = [load for load in found.loads if load.table == "reversals"]
    assert (load.loaded, load.known_already) == (0, 1)
    assert taken(book, "2020-02") == {"V1": "0.33", "V2": "0.33"}


def test_one_that_came_with_bv_is_changed_without(tmp_path: Path) -> None:
    first = [reversal("V1", 11, "1.00", "0.33"), reversal("V2", 12, "0.00", "0.00")]
    second = [{**each, "bv": None} for each in first]
    book = written(tmp_path / "book", "3.00", "1.00", first, second)
    assert [told[2:4] for told in listed(check(book, "2020-02"))] == [
        ("V1", "changed"),
        ("V2", "changed"),
    ]


def test_in_one_file_with_and_without_bv_are_different_rows(tmp_path: Path) -> None:
    rows = [
        reversal("V1", 11, "1.00"),
        reversal("V1", 11, "1.00", "0.33"),
        reversal("V2", 12, "1.00"),
        reversal("V2", 12, "1.00"),
    ]
    book = written(tmp_path / "book", "3.00", "1.00", rows)
    assert [told[1:4] for told in listed(check(book))] == [
        (2, "V1", "conflict"),
        (3, "V1", "conflict"),
        (5, "V2", "duplicate"),
    ]


def test_one_that_was_left_out_takes_what_is_left_when_it_is_sent_again(tmp_path: Path) -> None:
    first = [reversal("V1", 11, "2.00"), reversal("V2", 12, "1.01")]
    second = [reversal("V2", 12, "1.00")]
    book = written(tmp_path / "book", "3.00", "1.00", first, second)
    assert taken(book, "2020-02") == {"V1": "0.67", "V2": "0.33"}


def test_a_file_without_the_column_is_as_good(tmp_path: Path) -> None:
    text = "reversal_id,order_id,reversed_at,kind,amount\nV1,O1,2020-01-10 00:00,refund,50.00\n"
    orders = [row("orders", amount="100.00", bv="50.00")]
    book = write_book(tmp_path / "book", drop({"reversals.csv": text}, orders=orders))
    assert taken(book) == {"V1": "25.00"}
