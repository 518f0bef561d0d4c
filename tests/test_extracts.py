"""What becomes of the rows of a drop: read, quarantined with its reason, or loaded (contract 1).

Belongs here: the quarantine's codes and what a row is told by, and how drops follow each other.
How files are read is in test_files; forms of single cells in test_row_shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from small_book import POLICY, VALID, Row, check, drop, full_drop, listed, loaded, row, write_book

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.extracts.check_command import Check
from pipelines.months import Month

LONG_ID = "M" * 33
LENIENT = POLICY + "[quality]\nmax_quarantined_share = 1\n"
Misfit = tuple[str, Row, list[tuple[str, str]]]
RowFault = tuple[str, Row, list[tuple[str, str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's book goes."""
    return tmp_path / "book"


def quarantine_of(
    folder: Path, *drops: dict[str, str | bytes]
) -> list[tuple[str | int | None, ...]]:
    """The quarantine of a book's last drop."""
    book = write_book(folder, *drops)
    found = check(book, f"2020-0{len(drops)}")
    assert found.stopped is None
    return listed(found)


def stop_of(folder: Path, *drops: dict[str, str | bytes]) -> str:
    """Why the book's last drop cannot be closed."""
    book = write_book(folder, *drops)
    stopped = check(book, f"2020-0{len(drops)}").stopped
    assert stopped is not None
    return stopped


def counts(found: Check, table: str) -> tuple[int, int, int, int]:
    """Rows, loaded, known already, quarantined of a table."""
    [load] = [load for load in found.loads if load.table == table]
    return (load.rows, load.loaded, load.known_already, load.quarantined)


def test_a_row_of_every_table_loads_without_a_word(folder: Path) -> None:
    found = check(write_book(folder, full_drop()))
    assert (found.stopped, listed(found), found.notes) == (None, [], [])
    assert len(found.loads) == 18
    assert {(load.rows, load.loaded) for load in found.loads} == {(1, 1)}


# The row stage: (table, cells, expected (key, code, column) of its line).
ROW_FAULTS: list[RowFault] = [
    ("orders", {"order_id": None}, [("", "missing", "order_id")]),
    ("orders", {"ordered_at": "10-01-2020"}, [("O1", "type", "ordered_at")]),
    ("orders", {"ordered_at": "1899-12-31T23:00:00Z"}, [("O1", "value", "ordered_at")]),
    ("orders", {"channel": "shop"}, [("O1", "value", "channel")]),
    ("orders", {"channel": "member"}, [("O1", "missing", "buyer_id")]),
    ("orders", {"seller_id": None}, [("O1", "missing", "seller_id")]),
    ("orders", {"customer_email": None}, [("O1", "missing", "customer_email")]),
    (
        "orders",
        {"channel": "retail", "customer_email": None},
        [("O1", "missing", "customer_email")],
    ),
    ("orders", {"customer_email": "kim@y"}, [("O1", "value", "customer_email")]),
    ("orders", {"contact_opt_out": "TRUE"}, [("O1", "type", "contact_opt_out")]),
    ("orders", {"country": "nl"}, [("O1", "value", "country")]),
    ("orders", {"amount": "-0.01"}, [("O1", "value", "amount")]),
    ("orders", {"amount": "1.005"}, [("O1", "type", "amount")]),
    ("orders", {"bv": "1234567890123"}, [("O1", "type", "bv")]),
    ("orders", {"currency": "EURO"}, [("O1", "value", "currency")]),
    ("orders", {"party_id": "#1"}, [("O1", "value", "party_id")]),
    ("orders", {"order_id": LONG_ID}, [(LONG_ID, "value", "order_id")]),
    ("orders", {"order_id": " O1"}, [(" O1", "value", "order_id")]),
    (
        "orders",
        {"amount": "x", "bv": None, "country": "?"},
        [("O1", "missing", "bv"), ("O1", "type", "amount"), ("O1", "value", "country")],
    ),
    ("returns", {"reason": "changed mind"}, [("R1", "value", "reason")]),
    ("returns", {"requested_on": "2020-02-30"}, [("R1", "type", "requested_on")]),
    ("order_lines", {"line_no": "0"}, [("O1/0", "value", "line_no")]),
    ("order_lines", {"line_no": "+1"}, [("O1/+1", "type", "line_no")]),
    ("order_lines", {"line_no": None}, [("O1/", "missing", "line_no")]),
    ("order_lines", {"quantity": "1.0"}, [("O1/1", "type", "quantity")]),
    ("reversals", {"kind": ""}, [("V1", "missing", "kind")]),
    ("paid_ranks", {"week_start": "2020-01-07"}, [("M1/2020-01-07", "value", "week_start")]),
    ("paid_ranks", {"rank": "king"}, [("M1/2020-01-06", "value", "rank")]),
    ("holds", {"ends_on": "2020-01-04"}, [("H1", "value", "ends_on")]),
    ("delegates", {"ends_on": "2019-12-31"}, [("M1/2020-01-01", "value", "ends_on")]),
    ("return_lines", {"quantity_received": "-1"}, [("R1/X1", "value", "quantity_received")]),
    ("subscriptions", {"monthly_budget": "1e3"}, [("S1", "type", "monthly_budget")]),
    ("plans", {"price": "0.00"}, [("L1", "value", "price")]),
    ("plans", {"instalments": "601"}, [("L1", "value", "instalments")]),
    ("payments", {"plan_id": None}, [("Y1", "missing", "plan_id")]),
    ("payments", {"amount": "0"}, [("Y1", "value", "amount")]),
    ("leads", {"email": "not one"}, [("D1", "value", "email")]),
]


@pytest.fixture(scope="module")
def all_faults(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str | int | None, ...]]:
    """The quarantine of one drop with every row of ROW_FAULTS, in their order."""
    tables: dict[str, list[Row]] = {}
    for table, cells, _ in ROW_FAULTS:
        tables.setdefault(table, []).append(row(table, **cells))
    found = check(
        write_book(tmp_path_factory.mktemp("faults") / "book", drop(**tables), policy=LENIENT)
    )
    assert found.stopped is None
    return listed(found)


@pytest.mark.parametrize(("position", "fault"), list(enumerate(ROW_FAULTS)))
def test_a_bad_cell_is_listed_with_its_row(
    all_faults: list[tuple[str | int | None, ...]], position: int, fault: RowFault
) -> None:
    table, _, expected = fault
    line = 2 + sum(other == table for other, *_ in ROW_FAULTS[:position])
    assert [told[2:] for told in all_faults if told[:2] == (table, line)] == expected


def test_the_same_row_again_is_a_duplicate_and_the_first_stands(folder: Path) -> None:
    rows = [row("holds"), row("holds", hold_id="H2"), row("holds"), row("holds")]
    book = write_book(folder, drop(holds=rows))
    found = check(book)
    assert listed(found) == [
        ("holds", 4, "H1", "duplicate", None),
        ("holds", 5, "H1", "duplicate", None),
    ]
    assert counts(found, "holds") == (4, 2, 0, 2)


def test_rows_are_the_same_when_their_values_are(folder: Path) -> None:
    rows = [
        row("orders", amount="100.00", contact_opt_out="false", customer_email="KIM@y.com "),
        row("orders", amount="0100", contact_opt_out=None, ordered_at="2020-01-10 13:00+01:00"),
    ]
    assert quarantine_of(folder, drop(orders=rows)) == [("orders", 3, "O1", "duplicate", None)]


def test_one_key_with_different_rows_is_a_conflict_of_all(folder: Path) -> None:
    rows = [row("holds"), row("holds"), row("holds", kind="referral"), row("holds", hold_id="H2")]
    found = check(write_book(folder, drop(holds=rows)))
    assert listed(found) == [("holds", line, "H1", "conflict", None) for line in (2, 3, 4)]
    assert counts(found, "holds") == (4, 1, 0, 3)


def test_a_row_with_a_bad_cell_is_no_duplicate_of_anything(folder: Path) -> None:
    rows = [row("holds"), row("holds", kind="bad")]
    assert quarantine_of(folder, drop(holds=rows)) == [("holds", 3, "H1", "value", "kind")]


def test_a_key_of_two_columns_repeats_only_as_a_whole(folder: Path) -> None:
    rows = [row("order_lines"), row("order_lines", line_no="2"), row("order_lines", line_no="01")]
    found = quarantine_of(folder, drop(order_lines=rows))
    assert found == [("order_lines", 4, "O1/1", "duplicate", None)]


def test_an_event_that_comes_again_unchanged_is_ignored(folder: Path) -> None:
    book = write_book(folder, drop(), drop(orders=[row("orders", amount="100")]))
    found = check(book, "2020-02")
    assert (listed(found), counts(found, "orders")) == ([], (1, 0, 1, 0))


def test_an_event_that_comes_again_changed_is_listed_and_the_first_stands(folder: Path) -> None:
    book = write_book(folder, drop(), drop(orders=[row("orders", bv="81.00")]))
    assert listed(check(book, "2020-02")) == [("orders", 2, "O1", "changed", None)]
    with loaded(book, "2020-02") as con:
        assert str(con.execute("select bv, drop_month from extracts.orders").fetchall()) == (
            "[(Decimal('80.00'), '2020-01')]"
        )


def test_a_changed_event_stays_changed_in_every_later_drop(folder: Path) -> None:
    other = drop(orders=[row("orders", bv="81.00")])
    assert quarantine_of(folder, drop(), other, other) == [("orders", 2, "O1", "changed", None)]


def test_an_event_once_quarantined_counts_from_the_drop_that_loads_it(folder: Path) -> None:
    bad, good = drop(orders=[row("orders", bv="x")]), drop()
    book = write_book(folder, bad, good)
    assert listed(check(book, "2020-02")) == []
    with loaded(book, "2020-02") as con:
        found = con.execute("select drop_month, posting_month from extracts.orders").fetchall()
    assert found == [("2020-02", "2020-02")]


def test_an_event_once_unknown_counts_when_its_member_is_there(folder: Path) -> None:
    order = row("orders", seller_id="M2")
    members = [row("members"), row("members", member_id="M2", email=None)]
    first, second = drop(orders=[order]), drop(members=members, orders=[order])
    assert quarantine_of(folder, first, second) == []


def test_a_conflict_leaves_the_event_that_an_earlier_drop_loaded(folder: Path) -> None:
    again = drop(orders=[row("orders"), row("orders", bv="1.00")])
    book = write_book(folder, drop(), again)
    assert {told[3] for told in listed(check(book, "2020-02"))} == {"conflict"}
    with loaded(book, "2020-02") as con:
        assert con.execute("select count(*) from extracts.orders").fetchall() == [(1,)]


def test_a_record_is_replaced_by_a_newer_drop(folder: Path) -> None:
    book = write_book(
        folder,
        drop(holds=[row("holds"), row("holds", hold_id="H2")]),
        drop(holds=[row("holds", ends_on="2020-02-01")]),
    )
    with loaded(book, "2020-02") as con:
        found = con.execute(
            "select hold_id, cast(ends_on as varchar), drop_month from extracts.holds order by 1"
        ).fetchall()
    assert found == [("H1", "2020-02-01", "2020-02"), ("H2", None, "2020-01")]


@pytest.mark.parametrize(
    "rows",
    [
        [row("holds", ends_on="never")],
        [row("holds", kind="referral"), row("holds")],
        [row("holds", member_id="NOBODY")],
    ],
    ids=["bad cell", "conflict", "unknown member"],
)
def test_a_quarantined_record_leaves_the_earlier_row_standing(
    folder: Path, rows: list[Row]
) -> None:
    book = write_book(folder, drop(holds=[row("holds")]), drop(holds=rows))
    with loaded(book, "2020-02") as con:
        found = con.execute("select kind, member_id, drop_month from extracts.holds").fetchall()
    assert found == [("standing", "M1", "2020-01")]


def test_a_snapshot_replaces_the_one_before(folder: Path) -> None:
    second = [row("members", member_id="M2")]
    book = write_book(folder, drop(), drop(members=second))
    with loaded(book, "2020-02") as con:
        found = con.execute("select member_id from extracts.members").fetchall()
    assert found == [("M2",)]


# The reference stage: (table, cells, expected (code, column)), each in a world of its own.
REFERENCES: list[Misfit] = [
    ("orders", {"seller_id": "M9"}, [("reference", "seller_id")]),
    ("orders", {"channel": "member", "buyer_id": "M9"}, [("reference", "buyer_id")]),
    ("orders", {"buyer_id": "M9"}, [("reference", "buyer_id")]),
    ("orders", {"channel": "retail", "seller_id": "M9"}, [("reference", "seller_id")]),
    ("returns", {"order_id": "O9"}, [("reference", "order_id")]),
    ("parties", {"consultant_id": "M9"}, [("reference", "consultant_id")]),
    ("subscriptions", {"consultant_id": "M9"}, [("reference", "consultant_id")]),
    ("accounts", {"partner_id": "M9"}, [("reference", "partner_id")]),
    ("plans", {"account_id": "A9"}, [("reference", "account_id")]),
    ("order_lines", {"order_id": "O9"}, [("reference", "order_id")]),
    ("reversals", {"order_id": "O9"}, [("reference", "order_id")]),
    ("paid_ranks", {"member_id": "M9"}, [("reference", "member_id")]),
    ("holds", {"member_id": "m1"}, [("reference", "member_id")]),
    (
        "reassignments",
        {"member_id": "M9", "order_id": "O9"},
        [("reference", "member_id"), ("reference", "order_id")],
    ),
    ("delegates", {"delegate_id": "M9"}, [("reference", "delegate_id")]),
    ("return_lines", {"ran_id": "R9"}, [("reference", "ran_id")]),
    ("party_links", {"party_id": "P9"}, [("reference", "party_id")]),
    ("billings", {"subscription_id": "S9"}, [("reference", "subscription_id")]),
    ("payments", {"account_id": "A9"}, [("reference", "account_id")]),
    ("payments", {"plan_id": "L9"}, [("reference", "plan_id")]),
    ("payments", {"kind": "top_up", "plan_id": "L9"}, [("reference", "plan_id")]),
    # By business date: O1 is of the 10th in Amsterdam.
    (
        "reversals",
        {"reversed_at": "2020-01-09T22:59:59.999999Z"},
        [("before_order", "reversed_at")],
    ),
    ("reversals", {"reversed_at": "2020-01-09T23:00:00Z"}, []),
    ("reversals", {"reversed_at": "2020-01-10 00:00"}, []),
    ("reassignments", {"requested_at": "2020-01-10"}, [("type", "requested_at")]),
    ("reassignments", {"requested_at": "2020-01-09T23:59"}, [("before_order", "requested_at")]),
    ("reassignments", {"requested_at": "2020-01-10T00:00"}, []),
    ("party_links", {"linked_on": "2020-01-09"}, [("before_order", "linked_on")]),
    (
        "party_links",
        {"linked_on": "2020-01-09", "party_id": "P9"},
        [("before_order", "linked_on"), ("reference", "party_id")],
    ),
    ("reversals", {"amount": "100.01"}, [("exceeds_order", "amount")]),
    ("reversals", {"bv": "80.01"}, [("exceeds_order", "bv")]),
    (
        "reversals",
        {"amount": "101", "bv": "81"},
        [("exceeds_order", "amount"), ("exceeds_order", "bv")],
    ),
    ("orders", {"party_id": "P9"}, []),
    ("reversals", {"ran_id": "R9"}, []),
    ("reversals", {"reversed_at": "2020-01-10T12:00:00Z", "amount": "100", "bv": "80"}, []),
    ("reassignments", {"requested_at": "2020-01-10 13:00"}, []),
    ("orders", {"party_id": "P1"}, []),
    ("leads", {"requested_at": "2019-01-10 13:00"}, []),
    ("leads", {"name": "  ", "phone": "+31 6"}, []),
    ("holds", {"ends_on": "2020-01-05"}, []),
    ("holds", {"hold_id": "H" * 29}, []),
    ("order_lines", {"line_no": "999999999"}, []),
    ("orders", {"amount": "123456789012.99", "bv": "-0"}, []),
    ("orders", {"customer_email": " Kim@Y.com\t"}, []),
    ("plans", {"instalments": "600", "price": "0.01"}, []),
    ("payments", {"kind": "top_up", "plan_id": None}, []),
]


def world(number: int, table: str, cells: Row) -> dict[str, Row]:
    """A row of every table whose ids nobody else has, one of them with the case's cells."""
    rows = {name: row(name) for name in VALID} | {table: row(table, **cells)}
    return {
        name: {
            column: f"{value}-{number}" if value and column.endswith("_id") else value
            for column, value in rows[name].items()
        }
        for name in rows
    }


@pytest.fixture(scope="module")
def all_misfits(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str | int | None, ...]]:
    """The quarantine of one drop with the worlds of all REFERENCES, in their order."""
    worlds = [world(i, table, cells) for i, (table, cells, _) in enumerate(REFERENCES)]
    files = drop(**{table: [each[table] for each in worlds] for table in VALID})
    found = check(write_book(tmp_path_factory.mktemp("misfits") / "book", files, policy=LENIENT))
    assert found.stopped is None
    return listed(found)


@pytest.mark.parametrize(("number", "misfit"), list(enumerate(REFERENCES)))
def test_a_row_that_does_not_fit_the_others_is_listed(
    all_misfits: list[tuple[str | int | None, ...]], number: int, misfit: Misfit
) -> None:
    table, _, expected = misfit
    assert [told[3:] for told in all_misfits if told[:2] == (table, number + 2)] == expected


def test_a_party_link_on_the_day_of_its_order_is_no_earlier(folder: Path) -> None:
    order = row("orders", ordered_at="2020-01-10T23:30:00Z")  # the 11th in Amsterdam
    links = [row("party_links", linked_on="2020-01-11")]
    rows = {"orders": [order], "parties": [row("parties")]}
    assert quarantine_of(folder, drop(party_links=links, **rows)) == []


def test_a_party_link_of_the_day_before_by_the_companys_clock_is_earlier(folder: Path) -> None:
    order = row("orders", ordered_at="2020-01-10T23:30:00Z")  # the 11th in Amsterdam
    links = [row("party_links", linked_on="2020-01-10")]
    rows = {"orders": [order], "parties": [row("parties")]}
    found = quarantine_of(folder, drop(party_links=links, **rows))
    assert found == [("party_links", 2, "O1", "before_order", "linked_on")]


def test_an_order_that_has_a_party_is_linked_already(folder: Path) -> None:
    files = full_drop(orders=[row("orders", party_id="P1")])
    assert quarantine_of(folder, files) == [("party_links", 2, "O1", "already_linked", "order_id")]


def test_a_quarantined_row_is_not_known_to_what_names_it(folder: Path) -> None:
    found = quarantine_of(folder, full_drop(orders=[row("orders", bv="x")]))
    assert {told[0] for told in found} == {
        "orders", "returns", "order_lines", "reversals", "reassignments", "return_lines",
        "party_links",
    }  # fmt: skip


def test_orders_of_history_may_name_who_was_never_known(folder: Path) -> None:
    orders = [
        row("orders", order_id="O1", ordered_at="2019-12-31T22:59:59Z", seller_id="M9"),
        row("orders", order_id="O2", ordered_at="2019-12-31T23:00:00Z", seller_id="M9"),
    ]
    found = quarantine_of(folder, drop(orders=orders))
    assert found == [("orders", 3, "O2", "reference", "seller_id")]


def test_history_is_told_by_the_opening_month_and_not_by_the_drop(folder: Path) -> None:
    orders = [row("orders", order_id="O2", seller_id="M9")]
    found = quarantine_of(folder, drop(), drop(orders=orders))
    assert found == [("orders", 2, "O2", "reference", "seller_id")]


def test_a_member_who_has_left_is_still_known(folder: Path) -> None:
    second = drop(members=[row("members", member_id="M2")], orders=[row("orders", order_id="O2")])
    assert quarantine_of(folder, drop(), second) == []


def test_documents_may_name_what_earlier_drops_loaded(folder: Path) -> None:
    second = full_drop(orders=[row("orders", order_id="O2")])
    for table in ("returns", "parties", "subscriptions", "accounts", "plans"):
        del second[f"{table}.csv"]
    later = {"return_lines": [row("return_lines", product_code="X2")]}
    assert quarantine_of(folder, full_drop(), second | drop(**later)) == []


def test_a_purchase_on_another_accounts_plan_is_no_reference(folder: Path) -> None:
    tables = {
        "accounts": [row("accounts"), row("accounts", account_id="A2")],
        "plans": [row("plans", account_id="A2")],
        "payments": [row("payments"), row("payments", payment_id="Y2", kind="top_up")],
    }
    found = quarantine_of(folder, drop(**tables))
    assert found == [("payments", 2, "Y1", "reference", "plan_id")]


def test_a_purchase_of_an_unknown_account_is_listed_for_the_account_alone(folder: Path) -> None:
    tables = {
        "accounts": [row("accounts")],
        "plans": [row("plans")],
        "payments": [row("payments", account_id="A9")],
    }
    found = quarantine_of(folder, drop(**tables))
    assert found == [("payments", 2, "Y1", "reference", "account_id")]


def reversal(reversal_id: str, day: str, amount: str, bv: str = "0") -> Row:
    """A reversal of O1 (amount 100.00, bv 80.00) on a day of January."""
    at = f"2020-01-{day}T12:00:00Z"
    return row("reversals", reversal_id=reversal_id, reversed_at=at, amount=amount, bv=bv)


def test_reversals_over_the_orders_total_take_nothing_and_later_ones_may_fit(folder: Path) -> None:
    rows = [
        reversal("V4", "23", "40.00"),
        reversal("V3", "22", "0.01", "81.00"),
        reversal("V2", "21", "60.01"),
        reversal("V1", "20", "60.00"),
    ]
    assert quarantine_of(folder, drop(reversals=rows)) == [
        ("reversals", 3, "V3", "exceeds_order", "bv"),
        ("reversals", 4, "V2", "exceeds_order", "amount"),
    ]


def test_reversals_of_one_instant_go_by_their_id(folder: Path) -> None:
    rows = [reversal("V10", "20", "60"), reversal("V1", "20", "50"), reversal("V9", "20", "50")]
    found = quarantine_of(folder, drop(reversals=rows))
    assert found == [("reversals", 2, "V10", "exceeds_order", "amount")]


def test_reversals_of_earlier_drops_come_first_whatever_their_date(folder: Path) -> None:
    first, second = [reversal("V1", "25", "90")], [reversal("V2", "20", "10.01")]
    found = quarantine_of(folder, drop(reversals=first), drop(reversals=second))
    assert found == [("reversals", 2, "V2", "exceeds_order", "amount")]


def test_a_reversal_that_fails_otherwise_takes_nothing(folder: Path) -> None:
    rows = [reversal("V1", "09", "90"), reversal("V2", "20", "x"), reversal("V3", "20", "100")]
    assert [told[2:4] for told in quarantine_of(folder, drop(reversals=rows))] == [
        ("V1", "before_order"),
        ("V2", "type"),
    ]


# Members.


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"email": "nobody"}, "value"),
        ({"language": "EN"}, "value"),
        ({"sponsor_id": "?"}, "value"),
        ({"enroller_id": LONG_ID}, "value"),
        ({"business_id": "a b"}, "value"),
        ({"sponsor_id": "M9"}, "reference"),
        ({"enroller_id": "M9"}, "reference"),
    ],
)
def test_a_member_stands_without_a_bad_optional_cell(folder: Path, cells: Row, code: str) -> None:
    [column] = cells
    book = write_book(
        folder, drop(members=[row("members"), row("members", member_id="M2", **cells)])
    )
    assert listed(check(book)) == [("members", 3, "M2", code, column)]
    with loaded(book) as con:
        found = con.execute(
            f"select {column} from extracts.members where member_id = 'M2'"
        ).fetchall()
    assert found == [(None,)]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"member_id": None}, "line 3: missing member_id"),
        ({"member_type": "partner"}, "line 3: value member_type"),
        ({"country": "Netherlands"}, "line 3: value country"),
        ({"enrolled_on": "01/05/2019"}, "line 3: type enrolled_on"),
        ({"rank": None}, "line 3: missing rank"),
        ({"rank": "king"}, "line 3: value rank"),
        ({"member_type": "preferred_customer", "rank": "king"}, "line 3: value rank"),
        ({"member_id": "M1"}, "line 2: conflict; line 3: conflict"),
    ],
)
def test_a_member_that_cannot_be_left_out_stops_the_close(
    folder: Path, cells: Row, told: str
) -> None:
    second = row("members", name="Bob") | {"member_id": "M2"} | cells
    assert told in stop_of(folder, drop(members=[row("members"), second]))


def test_a_preferred_customer_needs_no_rank(folder: Path) -> None:
    second = row("members", member_id="M2", member_type="preferred_customer", rank=None)
    assert quarantine_of(folder, drop(members=[row("members"), second])) == []


def test_a_duplicate_member_is_left_out(folder: Path) -> None:
    rows = [row("members"), row("members", email="ANN@X.COM")]
    assert quarantine_of(folder, drop(members=rows)) == [("members", 3, "M1", "duplicate", None)]


def test_members_that_differ_only_in_a_bad_optional_cell_are_duplicates(folder: Path) -> None:
    rows = [row("members", language=None), row("members", language="Dutch")]
    assert quarantine_of(folder, drop(members=rows)) == [
        ("members", 3, "M1", "duplicate", None),
        ("members", 3, "M1", "value", "language"),
    ]


def test_a_sponsor_who_was_only_in_an_earlier_snapshot_is_no_reference(folder: Path) -> None:
    members = [row("members", member_id="M2", sponsor_id="M1", enroller_id="M1")]
    assert quarantine_of(folder, drop(), drop(members=members)) == [
        ("members", 2, "M2", "reference", "enroller_id"),
        ("members", 2, "M2", "reference", "sponsor_id"),
    ]


# The sponsor line.


def members_sponsored(sponsors: Mapping[str, str | None]) -> list[Row]:
    """Members by id, each with its sponsor."""
    return [row("members", member_id=name, sponsor_id=sponsors[name]) for name in sponsors]


def test_a_cycle_in_the_sponsor_line_names_its_members(folder: Path) -> None:
    sponsors = {"M1": None, "A": "C", "B": "A", "C": "B", "D": "C"}
    told = stop_of(folder, drop(members=members_sponsored(sponsors)))
    assert "circle: A -> C -> B -> A;" in told
    assert "members.csv" in told


def test_a_member_who_sponsors_himself_has_no_sponsor(folder: Path) -> None:
    sponsors = {"M1": "M1", "M2": "M1"}
    book = write_book(folder, drop(members=members_sponsored(sponsors)))
    with loaded(book) as con:
        found = con.execute("select member_id, sponsor_id from extracts.members order by 1")
        assert found.fetchall() == [("M1", None), ("M2", "M1")]
    assert listed(check(book)) == []


def test_of_a_long_cycle_ten_members_are_named(folder: Path) -> None:
    sponsors = {f"M{i:02}": f"M{(i + 1) % 25:02}" for i in range(25)}
    told = stop_of(folder, drop(members=members_sponsored(sponsors), orders=[]))
    assert told.count("M0") == 11 and "M09 and more -> M00;" in told


# How much may be quarantined.


def bad_holds(bad: int, good: int) -> list[Row]:
    """So many holds with a bad kind, then so many good ones."""
    kinds = ["bad"] * bad + ["standing"] * good
    return [row("holds", hold_id=f"H{i}", kind=kind) for i, kind in enumerate(kinds)]


def test_ten_bad_rows_never_stop_a_close(folder: Path) -> None:
    assert len(quarantine_of(folder, drop(holds=bad_holds(10, 1)))) == 10


def test_eleven_bad_rows_stop_when_they_are_more_than_the_share(folder: Path) -> None:
    told = stop_of(folder, drop(holds=bad_holds(11, 208)))
    assert "holds.csv: 11 of 219 rows" in told
    assert "max_quarantined_share = 0.05" in told and "value kind" in told


def test_eleven_bad_rows_that_are_just_the_share_do_not_stop(folder: Path) -> None:
    assert len(quarantine_of(folder, drop(holds=bad_holds(11, 209)))) == 11


def test_a_row_with_several_bad_cells_counts_once(folder: Path) -> None:
    rows = [row("holds", hold_id=f"B{i}", kind="bad", starts_on="bad") for i in range(10)]
    assert len(quarantine_of(folder, drop(holds=[*rows, row("holds")]))) == 20


def test_bad_optional_cells_of_members_never_stop_a_close(folder: Path) -> None:
    rows = [row("members")] + [row("members", member_id=f"N{i}", email="x") for i in range(20)]
    assert len(quarantine_of(folder, drop(members=rows))) == 20


def test_many_duplicate_members_stop_a_close(folder: Path) -> None:
    assert "members.csv: 11 of 12 rows" in stop_of(folder, drop(members=[row("members")] * 12))


# What is only noted.


def test_a_table_that_the_drop_before_had_is_noted(folder: Path) -> None:
    book = write_book(folder, drop(holds=[row("holds")]), drop(), drop())
    told = ["holds: the drop before had this table, this one has not"]
    assert [check(book, month).notes for month in ("2020-01", "2020-02", "2020-03")] == [
        [],
        told,
        [],
    ]


def test_an_event_posts_in_the_later_month_of_its_date_and_its_drop(folder: Path) -> None:
    orders = [
        row("orders", order_id="O2", ordered_at="2019-12-05T00:00Z"),
        row("orders", order_id="O3", ordered_at="2020-01-31T22:59Z"),
        row("orders", order_id="O4", ordered_at="2020-03-31T22:00Z"),
    ]
    with loaded(write_book(folder, drop(), drop(orders=orders)), "2020-02") as con:
        found = con.execute(
            "select order_id, cast(ordered_on as varchar), posting_month from extracts.orders"
            " order by 1"
        ).fetchall()
    assert found == [
        ("O1", "2020-01-10", "2020-01"),
        ("O2", "2019-12-05", None),
        ("O3", "2020-01-31", "2020-02"),
        ("O4", "2020-04-01", "2020-04"),
    ]


def test_the_quarantine_report_holds_any_key_as_it_stands(folder: Path) -> None:
    keys = [
        "=1+1",
        "-x",
        "@x",
        "\tx",
        "a\x01b",
        'a"b',
        "a,b",
        "a\nb",
        "a\rb",
        "a\x00b",
        "#x",
        " ",
        "é",
    ]
    cells = [
        f'"{key.replace(chr(34), chr(34) * 2)}",M1,standing,2020-01-05,' for key in ["H1", *keys]
    ]
    text = "\n".join(["hold_id,member_id,kind,starts_on,ends_on", *cells])
    book = write_book(folder, drop({"holds.csv": text}), policy=LENIENT)
    reports = close_months(book, Home(folder / "home"), Month("2020-01"), False, lambda text: None)
    text = (reports / "quality" / "quarantine.csv").read_bytes().decode()
    shown = [f"'{key}" if key[0] in "=-@\t" else key for key in keys]
    quoted = [
        f'"{key.replace(chr(34), chr(34) * 2)}"' if set(key) & set('",\r\n') else key
        for key in shown
    ]
    lines = [f"holds,holds.csv,{line},{key},value,hold_id\n" for line, key in enumerate(quoted, 3)]
    assert text == "table,file,line,key,code,column\n" + "".join(lines)
