"""`upline init`: a new book is one that the program reads; nothing that is there is touched."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_book import drop, row, write_files
from upline_command import contents, upline

from pipelines.book.calendar import Window, read_calendar
from pipelines.book.new_book import list_vendors
from pipelines.book.new_calendar import calendar_text, make_calendar
from pipelines.book.new_policy import new_policy
from pipelines.book.policy import read_policy
from pipelines.months import Month, months_between

DOCUMENTED = Path(__file__).parent.parent / "docs" / "contract" / "2-rules.md"
# Weeks of a window by its month of the quarter.
WEEKS = {1: 4, 2: 4, 0: 5}


def weeks(window: Window) -> int:
    """How many weeks a qualification window has."""
    days = window.qualification_end - window.qualification_start + timedelta(days=1)
    return days.days // 7


@given(year=st.integers(1901, 2150), month=st.integers(1, 12), years=st.integers(1, 12))
def test_a_calendar_is_one_of_the_contract_from_whatever_month_on(
    tmp_path_factory: pytest.TempPathFactory, year: int, month: int, years: int
) -> None:
    first, last = Month(f"{year}-{month:02}"), Month(f"{year + years}-{month:02}").previous
    path = tmp_path_factory.mktemp("calendar") / "calendar.csv"
    path.write_text(calendar_text(make_calendar(first, last)))
    windows = read_calendar(path)
    assert [window.month for window in windows] == months_between(first, last)
    for window in windows:
        due = WEEKS[window.month.start.month % 3]
        more = 1 if window.month.start.month == 12 else 0
        assert due <= weeks(window) <= due + more


def test_a_53rd_week_is_decembers() -> None:
    windows = make_calendar(Month("2020-01"), Month("2029-12"))
    long = [window for window in windows if weeks(window) == 6]
    assert [window.month.text for window in long] == ["2024-12", "2029-12"]


def test_a_new_book_is_checked_once_it_has_a_drop(tmp_path: Path) -> None:
    book = tmp_path / "new" / "book"
    made = upline("init", book, "--calendar-from", "2020-01", "--years", "1")
    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines() == [
        str(book / name) for name in ("README.md", "calendar.csv", "policy.toml")
    ]
    write_files(book / "2020-01", drop(members=[row("members", rank="director")]))
    found = upline("check", "2020-01", "--book", book)
    assert (found.code, found.err) == (0, "")


def test_a_new_policy_has_every_key_and_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(new_policy(Month("2020-01")))
    read = read_policy(path)
    [told] = re.findall(r"## 0\. Policy\n```toml\n(.*?)```", DOCUMENTED.read_text(), re.DOTALL)
    whole = "\n".join(
        re.sub(r"^# (?=\[|\w+ = )", "", line) for line in path.read_text().splitlines()
    )
    assert keys(tomllib.loads(whole)) == keys(tomllib.loads(told))
    path.write_text(whole)
    assert read_policy(path).journal is not None
    needed = re.sub(r"(?m)^[a-z_]+ = (\d[\d.]*|\[\]) .*\n", "", new_policy(Month("2020-01")))
    assert "max_quarantined_share" not in needed and "guarantee_days" not in needed
    path.write_text(needed)
    assert read_policy(path) == read


def keys(settings: dict[str, object], under: str = "") -> set[str]:
    """The dotted names of all keys."""
    found = set()
    for name, value in settings.items():
        found |= keys(value, f"{under}{name}.") if isinstance(value, dict) else {under + name}
    return found


@pytest.mark.parametrize("month", ["1900-01", "2199-12", "2198-06"])
def test_the_first_and_the_last_months_have_a_policy(tmp_path: Path, month: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(new_policy(Month(month)))
    assert read_policy(path).company.opening_month == Month(month)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--years", "0"], "--years: found 0, must be 1 to 100"),
        (["--calendar-from", "2199-06", "--years", "1"], "runs beyond 2199-12"),
        (["--like", "shopfy"], "--like: 'shopfy' is not known, did you mean 'shopify'? (known: "),
        (["--like", "../vendors/shopify"], "is not known"),
    ],
)
def test_what_cannot_be_stops_and_writes_nothing(
    tmp_path: Path, arguments: list[str], told: str
) -> None:
    found = upline("init", tmp_path / "book", *arguments)
    assert found.code == 2 and told in found.err and found.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("held", ["policy.toml", ".hidden"])
def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, held: str) -> None:
    (tmp_path / held).write_text("mine")
    found = upline("init", tmp_path)
    assert found.code == 2
    assert f"{tmp_path}: is not empty (it has {held!r})" in found.err
    assert contents(tmp_path) == {held: b"mine"}


def test_a_file_in_the_folders_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "book").write_text("mine")
    for name in ("book", "book/inside"):
        found = upline("init", tmp_path / name)
        assert found.code == 2 and found.err.startswith("upline: stopped: ")
    assert contents(tmp_path) == {"book": b"mine"}


@pytest.mark.parametrize("vendor", list_vendors())
def test_a_book_like_a_vendors_has_its_mapping(tmp_path: Path, vendor: str) -> None:
    assert upline("init", tmp_path, "--like", vendor).code == 0
    made = contents(tmp_path)
    vendors = contents(DOCUMENTED.parents[2] / "data" / "vendors" / vendor / "book")
    mapping = {name for name in vendors if name.split("/")[0] in ("mapping", "mapping.toml")}
    assert {name: made[name] for name in mapping} == {name: vendors[name] for name in mapping}
    assert set(made) - mapping == {"README.md", "calendar.csv", "policy.toml"}
    assert vendor in made["README.md"].decode()
