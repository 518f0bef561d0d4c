"""What is hashed is what was read: a file that is exchanged during a close stops it.

Belongs here: real exchanges at named points of a real close, and what they leave: nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_book import drop, row, write_files
from three_months import MEMBERS, STRICT, order
from upline_command import contents, what_is_kept

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.stop import Stop

Act = Callable[[Path], object]
OTHER = drop(members=MEMBERS, orders=[order(2, "2020-02-10") | {"bv": "999.00"}])["orders.csv"]
ORDERS = "2020-02/orders.csv"


def move_away(book: Path) -> None:
    """The orders put aside, and others in their place."""
    (book / ORDERS).rename(book / "aside.csv")
    (book / ORDERS).write_bytes(str(OTHER).encode())


def move_back(book: Path) -> None:
    """The same file, by its inode, back in its place."""
    (book / "aside.csv").replace(book / ORDERS)


def write_over(book: Path) -> None:
    """The orders written over where they lie, their time set back."""
    path = book / ORDERS
    shutil.copy2(path, book / "aside.csv")
    path.write_bytes(str(OTHER).encode())


def write_back(book: Path) -> None:
    """Their first bytes and time again."""
    path, status = book / ORDERS, (book / "aside.csv").stat()
    path.write_bytes((book / "aside.csv").read_bytes())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def move_drop_away(book: Path) -> None:
    """The whole drop put aside, and another in its place."""
    (book / "2020-02").rename(book / "aside")
    shutil.copytree(book / "aside", book / "2020-02")
    (book / ORDERS).write_bytes(str(OTHER).encode())


def move_drop_back(book: Path) -> None:
    """The first drop in its place again."""
    shutil.rmtree(book / "2020-02")
    (book / "aside").rename(book / "2020-02")


def close_with(mine: Path, acts: dict[str, Act]) -> None:
    """Close February, doing something to the book at named points."""

    def at(point: str) -> None:
        if point in acts:
            acts[point](mine / "book")

    home = Home(mine / "home", at=at)
    close_months(mine / "book", home, Month("2020-02"), False, lambda text: None)


EXCHANGES: dict[str, dict[str, Act]] = {
    "moved away and back around the reading": {
        "before orders is read": move_away, "orders is read": move_back,
    },
    "moved away after the digest and back before the seal": {
        "the inputs are digested": move_away, "the reports are written": move_back,
    },
    "written over and back around the reading": {
        "before orders is read": write_over, "orders is read": write_back,
    },
    "written over and back before the seal": {
        "the inputs are digested": write_over, "the reports are written": write_back,
    },
    "the drop moved away and back around the reading": {
        "before orders is read": move_drop_away, "orders is read": move_drop_back,
    },
    "changed when all was read": {"the reports are written": write_over},
    "removed when all was read": {"the reports are written": lambda book: (book / ORDERS).unlink()},
    "another file when all was read": {
        "the reports are written": lambda book: write_files(
            book / "2020-02", {"holds.csv": drop(holds=[row("holds")])["holds.csv"]}
        ),
    },
    "the drop's policy when all was read": {
        "the reports are written": lambda book: write_files(
            book / "2020-02", {"policy.toml": STRICT}
        ),
    },
}  # fmt: skip


@pytest.mark.first(3)
@pytest.mark.long
@pytest.mark.parametrize("how", EXCHANGES)
def test_an_exchanged_file_stops_the_close(mine: Path, january: Path, how: str) -> None:
    with pytest.raises(Stop, match="was changed during the close|was changed while it was read"):
        close_with(mine, EXCHANGES[how])
    assert what_is_kept(mine / "home") == what_is_kept(january / "home")


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_policy_that_is_exchanged_is_sealed_as_it_was_read(mine: Path, tmp_path: Path) -> None:
    straight = Path(shutil.copytree(mine, tmp_path / "straight", symlinks=True))
    close_with(straight, {})
    policy = mine / "book" / "policy.toml"
    close_with(mine, {
        "the inputs are digested": lambda book: policy.write_text(STRICT.replace("Small", "Large")),
        "the reports are written": lambda book: policy.write_text(STRICT),
    })  # fmt: skip
    assert contents(mine / "home" / "reports") == contents(straight / "home" / "reports")


@pytest.mark.long
def test_what_is_added_to_the_book_for_later_stops_nothing(mine: Path) -> None:
    close_with(mine, {
        "before orders is read": lambda book: write_files(book / "2020-04", drop()),
        "orders is read": lambda book: (book / "notes.txt").write_text("for April"),
    })  # fmt: skip
    assert (mine / "home" / "reports" / "2020-02" / "seal.json").is_file()


SHOP = "No,Day,Who,Sum\n{no},2020-02-10 12:00,shop 1,{sum}\n"
QUERY = """\
select No as order_id, Day as ordered_at, 'sale' as channel, people.id as seller_id,
    'kim@y.com' as customer_email, 'NL' as country, Sum as amount, 'EUR' as currency, Sum as bv,
    source_file, source_line
from (select * from shop) as sold join (select shop, id from people) as people
    on people.shop = sold.Who
"""
MAPPING = """\
[sources.shop]
file = "shop"
[sources.people]
file = "people.csv"
lookup = true
"""
PEOPLE = "shop,id\nshop 1,M1\n"
THEIRS = {
    "a look-up": ("2020-02/mapping/people.csv", PEOPLE.replace("M1", "M2")),
    "a source": ("2020-02/shop.csv", SHOP.format(no=9, sum=999)),
}


def write_mapped(mine: Path) -> None:
    """February's orders made by a query of a source and a look-up, all of them in the drop."""
    folder = mine / "book" / "2020-02"
    for path in folder.iterdir():
        if path.name != "members.csv":
            path.unlink()
    write_files(folder, {"shop.csv": SHOP.format(no=1, sum=50), "mapping.toml": MAPPING})
    write_files(folder / "mapping", {"people.csv": PEOPLE, "orders.sql": QUERY})


@pytest.mark.first(1)
@pytest.mark.parametrize("point", ["before orders is read", "orders is read"])
@pytest.mark.parametrize("what", THEIRS)
def test_an_exchanged_file_of_a_mapping_stops_the_close(
    mine: Path, january: Path, what: str, point: str
) -> None:
    """Put aside before the orders are read and back after, or changed once they are."""
    write_mapped(mine)
    path, text = mine / "book" / THEIRS[what][0], THEIRS[what][1]
    aside = mine / "aside"

    def put_aside(book: Path) -> None:
        path.rename(aside)
        path.write_text(text)

    acts: dict[str, Act] = {point: put_aside}
    if point == "before orders is read":
        acts["orders is read"] = lambda book: aside.replace(path)
    with pytest.raises(Stop, match="was changed during the close"):
        close_with(mine, acts)
    assert what_is_kept(mine / "home") == what_is_kept(january / "home")


@pytest.mark.exhaustive
def test_a_query_that_is_exchanged_is_sealed_as_it_was_read(mine: Path, tmp_path: Path) -> None:
    write_mapped(mine)
    straight = Path(shutil.copytree(mine, tmp_path / "straight", symlinks=True))
    close_with(straight, {})
    query, other = mine / "book" / "2020-02" / "mapping" / "orders.sql", "Sum / 2 as bv"
    close_with(mine, {
        "the inputs are digested": lambda book: query.write_text(QUERY.replace("Sum as bv", other)),
        "the reports are written": lambda book: query.write_text(QUERY),
    })  # fmt: skip
    assert contents(mine / "home" / "reports") == contents(straight / "home" / "reports")
