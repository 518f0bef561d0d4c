"""Files that people really have (found/README.md): what the command says of each, and of its kind.

Belongs here: files whose form is wrong. What is right for rows and rules is in other tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from upline_command import Outcome, close, upline

pytestmark = pytest.mark.long

FOUND = Path(__file__).parent / "found"


def copied(folder: Path, name: str) -> Path:
    """A found book that the test may change."""
    return Path(shutil.copytree(FOUND / name / "book", folder / "book"))


def check(book: Path) -> Outcome:
    """`upline check` of the book's month."""
    return upline("check", "2024-01", "--book", book)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("all_refunds_negative_small_month", "reversals.csv: 10 of 10 rows would be quarantined"),
        (
            "bad_quotes_unescaped",
            "orders.csv: cannot be read: line 2, column 7 (customer_name): a quote",
        ),
        (
            "header_case",
            "orders.csv: line 1: the required column 'order_id' is missing, did you mean "
            "'Order_ID'?",
        ),
        ("semicolon", "orders.csv: line 1: the delimiter seems to be ';'"),
        (
            "windows1252",
            "members.csv: cannot be read: line 3, column 3 (name): the byte 0xEB is not UTF-8; it "
            "looks like windows-1252",
        ),
        (
            "title_rows",
            "orders.csv: line 1 is a title ('Sales by customer'); the header seems to stand in "
            "line 5",
        ),
        ("mapping_moves_orders_leftover", "orders.csv: is nobody's: "),
    ],
)
def test_a_found_file_stops_with_one_sentence(tmp_path: Path, name: str, told: str) -> None:
    book = FOUND / name / "book"
    for found in (check(book), close("2024-01", book, tmp_path / "home")):
        assert found.code == 2 and told in found.err
        assert found.err.count("\n") == 1 and len(found.err) < 400
    assert not (tmp_path / "home").exists()


def test_empty_records_at_the_end_are_passed_over(tmp_path: Path) -> None:
    assert check(FOUND / "comma_rows_end_members" / "book").code == 0


def test_a_leftover_is_not_told_to_be_renamed() -> None:
    found = check(FOUND / "mapping_moves_orders_leftover" / "book")
    assert "take this one away" in found.err
    assert "did you mean" not in found.err and "rename" not in found.err


@pytest.mark.parametrize(("rows", "code"), [(4, 0), (5, 2)])
def test_all_of_at_least_five_rows_quarantined_stop(tmp_path: Path, rows: int, code: int) -> None:
    book = Path(
        shutil.copytree(FOUND / "all_refunds_negative_small_month" / "book", tmp_path / "b")
    )
    path = book / "2024-01" / "reversals.csv"
    path.write_text("\n".join(path.read_text().split("\n")[: rows + 1]) + "\n")
    assert check(book).code == code


def test_a_share_of_one_lets_all_rows_be_quarantined(tmp_path: Path) -> None:
    book = Path(
        shutil.copytree(FOUND / "all_refunds_negative_small_month" / "book", tmp_path / "b")
    )
    policy = book / "policy.toml"
    policy.write_text(policy.read_text().replace("_share = 0.05", "_share = 1"))
    assert check(book).code == 0
