"""Cells of contract 1's whole ranges never crash a close, and every sum of them is exact.

Belongs here: the largest amounts, quantities and rates in numbers that overflow a narrow type. That
valid cells are taken is in test_row_shapes.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from small_book import CALENDAR, VALID, Row, drop, row, write_book
from upline_command import close

from pipelines.extracts.shapes import SHAPES, Shape
from schemas.cells import Cell

pytestmark = pytest.mark.long

LARGEST = "999999999999.99"
MOST = 999_999_999
MANY = 10_100
POLICY = """\
[company]
name = "Large Book"
currency = "EUR"
timezone = "Europe/Amsterdam"
opening_month = "2020-01"
ranks = ["associate", "manager", "director"]
[referral]
countries = ["NL", "BE"]
min_rank = "director"
min_order_bv = 999999999999
min_enrolments = 0
[volume]
pay_levels = 1000
[inactivity]
months = 1
first_flag_month = "2020-01"
leader_rank = "manager"
list_levels = 1000
max_removed_share = 1
max_flagged_share = 1
[returns]
notice_business_days = 3660
guarantee_days = 3660
ran_days = 3660
[follow_up]
arrival_to_days = 3660
check_in_days = 3660
[subscriptions]
first_month_rate = 1
rate = 0.9999
[onboarding]
[journal]
commission_expense = "6100"
commission_payable = "2100"
refund_expense = "4090"
refund_payable = "2110"
[quality]
max_quarantined_share = 1
"""
MEMBERS = [
    row("members", member_id="M1"),
    row("members", member_id="M2", sponsor_id="M1", enroller_id="M1"),
    row("members", member_id="M3", sponsor_id="M2", enroller_id="M1"),
]
Rows = list[dict[str, str]]


def report(home: Path, month: str, name: str) -> Rows:
    """A report's rows."""
    path = home / "reports" / month / f"{name}.csv"
    with path.open(newline="") as source:
        return list(csv.DictReader(source))


def largest_orders() -> list[Row]:
    """As many of the largest orders as overflow eighteen digits, of every channel."""
    channels = ("member", "sale", "retail")
    return [
        row("orders", order_id=f"O{n}", channel=(channel := channels[n % 3]),
            buyer_id="M2" if channel == "member" else None,
            seller_id="M3" if channel == "sale" else None,
            amount=LARGEST, bv=LARGEST, party_id="P1")
        for n in range(3 * MANY)
    ]  # fmt: skip


def largest_returns() -> dict[str, list[Row]]:
    """One order of the largest lines, given back in pieces, and what is paid back for it."""
    lines = [
        row("order_lines", order_id="O1", line_no=str(MOST - n), quantity=str(MOST),
            amount=LARGEST, bv=LARGEST)
        for n in range(MANY)
    ]  # fmt: skip
    rans = [row("returns", ran_id=f"R{n}", order_id="O1", delivered_on="2020-01-11",
                issued_on="2020-01-12", received_on="2020-01-13", ran_displayed="true",
                proof_of_purchase="true") for n in range(20)]  # fmt: skip
    pieces = [
        row("return_lines", ran_id=each["ran_id"], quantity_authorised=str(MOST),
            quantity_received=str(MOST)) for each in rans
    ]  # fmt: skip
    refunds = [
        row("reversals", reversal_id=f"V{n}", order_id=f"O{n}", amount=LARGEST,
            bv=None if n % 2 else LARGEST, ran_id="R0")
        for n in range(MANY)
    ]  # fmt: skip
    return {"order_lines": lines, "returns": rans, "return_lines": pieces, "reversals": refunds}


def largest_money() -> dict[str, list[Row]]:
    """The largest billings, plans and payments, more than nineteen digits of cents together."""
    billings = [row("billings", billing_id=f"B{n}", amount=LARGEST) for n in range(MANY)]
    plans = [
        row("plans", plan_id="L1", price=LARGEST, instalments="1"),
        row("plans", plan_id="L2", price=LARGEST, instalments="600", first_due_on="1900-01-31"),
        row("plans", plan_id="L3", price="0.01", instalments="600", first_due_on="2199-12-31"),
    ]
    kinds = (("top_up", None), ("purchase", "L1"), ("purchase", "L2"))
    payments = [
        row("payments", payment_id=f"Y{n}-{kind}-{plan}", kind=kind, plan_id=plan, amount=LARGEST)
        for kind, plan in kinds
        for n in range(MANY * (10 if plan == "L1" else 1))
    ]
    subscriptions = [row("subscriptions", monthly_budget=LARGEST)]
    return {"billings": billings, "plans": plans, "payments": payments,
            "subscriptions": subscriptions, "accounts": [row("accounts")],
            "parties": [row("parties")]}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two closed months of a book whose every figure is the largest."""
    folder = tmp_path_factory.mktemp("largest")
    first = drop(members=MEMBERS, orders=largest_orders(), **largest_returns(), **largest_money())
    second = drop(members=MEMBERS, orders=[])
    book = write_book(folder / "book", first, second, policy=POLICY)
    outcome = close("2020-02", book, folder / "home", "--through")
    assert outcome.code == 0, outcome.err
    return folder / "home"


@pytest.mark.exhaustive
@pytest.mark.long
def test_nothing_of_it_is_left_out(home: Path) -> None:
    assert report(home, "2020-01", "quality/quarantine") == []


@pytest.mark.exhaustive
def test_the_ledger_adds_up(home: Path) -> None:
    posted, taken = 3 * MANY * Decimal(LARGEST), MANY * Decimal(LARGEST)
    proof = report(home, "2020-01", "finance/reconciliation")
    lines = {each["line"]: Decimal(each["bv"]) for each in proof}
    assert lines["orders_posted"] == posted and lines["reversals_posted"] == taken
    assert lines["net"] == posted - taken and lines["difference"] == 0
    volume = {each["member_id"]: each for each in report(home, "2020-01", "finance/volume")}
    below = (2 * MANY) * Decimal(LARGEST) - sum(Decimal(LARGEST) for n in range(MANY) if n % 3 < 2)
    assert Decimal(volume["M1"]["group_bv"]) == Decimal(volume["M1"]["payline_bv"]) == below
    sold = report(home, "2020-01", "finance/sales")
    assert sum(Decimal(each["amount"]) for each in sold) == posted
    assert sum(Decimal(each["net_amount"]) for each in sold) == posted - taken


@pytest.mark.long
def test_refunds_add_up(home: Path) -> None:
    decided = {each["ran_id"]: each for each in report(home, "2020-01", "returns/decisions")}
    # One of MANY lines' quantity: a MANYth of MANY times the largest amount.
    assert {Decimal(each["refund_due"]) for each in decided.values()} == {Decimal(LARGEST)}
    assert {Decimal(each["bv_due"]) for each in decided.values()} == {Decimal(LARGEST)}
    assert Decimal(decided["R0"]["refund_made"]) == MANY * Decimal(LARGEST)
    journal = report(home, "2020-01", "finance/journal")
    [debit, credit] = [each for each in journal if each["document"] == "2020-01-refunds"]
    assert Decimal(debit["debit"]) == Decimal(credit["credit"]) == 19 * Decimal(LARGEST)


def test_commissions_add_up(home: Path) -> None:
    paid = report(home, "2020-01", "finance/subscription_commissions")
    assert len(paid) == MANY and {each["commission"] for each in paid} == {LARGEST}
    lines = report(home, "2020-01", "finance/journal")
    assert Decimal(lines[0]["debit"]) == MANY * Decimal(LARGEST)


def test_customers_and_parties_add_up(home: Path) -> None:
    [owner] = report(home, "2020-01", "customers/owners")
    left = sum(Decimal(LARGEST) for n in range(3 * MANY) if n % 3 == 1 and n >= MANY)
    assert Decimal(owner["net_bv"]) == left
    [party] = report(home, "2020-01", "customers/parties")
    assert Decimal(party["net_bv"]) == 2 * MANY * Decimal(LARGEST)


def test_accounts_add_up(home: Path) -> None:
    [account] = report(home, "2020-01", "onboarding/accounts")
    assert Decimal(account["invested"]) == 11 * MANY * Decimal(LARGEST)
    assert Decimal(account["balance"]) == -10 * MANY * Decimal(LARGEST)
    assert account["next_due_on"] == "2249-11-30" and account["next_due_amount"] == "0.01"


# Rows of every table from the corners of their cells' ranges.

SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(3, 20))]
FEW_IDS = ("A", "b.c_d-9", "Z" * 32)
DAYS = ("1900-01-01", "1999-12-31", "2019-12-31", "2020-01-01", "2020-01-31", "2020-02-29",
        "2024-02-29", "2199-12-31")  # fmt: skip
CLOCKS = ("00:00", "23:59:59.999999", "12:00:00.1", "02:30")
OFFSETS = ("", "Z", "+23:59", "-23:59", "+05:45")
CODES = {"value", "changed", "reference", "before_order", "exceeds_order", "already_linked"}
TEXTS = ("=1+1", "a,b", '"', "\u202e", "\U0001f600", "  ", "'", "line\nbreak", "x" * 3000)


def draw(chance: random.Random, cell: Cell, required: bool) -> str | None:
    """A valid cell from a corner of its range, or none where none is needed."""
    if not required and chance.random() < 0.25:
        return None
    least = cell.least if cell.least is not None else (cell.above or 0) + 1
    whole = (str(least), str(least + 1), str(cell.most or MOST))
    corners: dict[str, Callable[[], str]] = {
        "id": lambda: chance.choice(FEW_IDS),
        "date": lambda: "2020-01-06" if cell.is_monday else chance.choice(DAYS),
        "time": lambda: _draw_time(chance),
        "decimal": lambda: chance.choice(("0.01", "1", LARGEST, LARGEST, "333.33")),
        "int": lambda: chance.choice(whole),
        "bool": lambda: chance.choice(("true", "false")),
        "code": lambda: chance.choice(cell.allowed),
        "rank": lambda: chance.choice(("associate", "manager", "director")),
        "country": lambda: chance.choice(("NL", "BE", "ES", "ZZ")),
        "language": lambda: chance.choice(("en", "nl", "zh", "xx")),
        "currency": lambda: chance.choice(("EUR", "JPY")),
        "email": lambda: chance.choice(("kim@y.com", "=a@b.c", "x" * 300 + "@y.z")),
        "text": lambda: chance.choice(TEXTS),
    }
    return corners[cell.form]()


def _draw_time(chance: random.Random) -> str:
    day, clock, offset = (chance.choice(each) for each in (DAYS, CLOCKS, OFFSETS))
    return f"{day}{chance.choice('T ')}{clock}{offset}"


def draw_rows(chance: random.Random, shape: Shape, most: int) -> list[Row]:
    """Rows of one table, each key once, whose ids name the few of the other tables."""
    rows: dict[tuple[str | None, ...], Row] = {}
    for number in range(most):
        cells = {
            name: draw(chance, cell, cell.required or cell.required_when is not None)
            for name, cell in shape.cells.items()
        }
        if len(shape.key) == 1 and shape.key[0] not in ("order_id", "ran_id", "member_id"):
            cells[shape.key[0]] = f"{FEW_IDS[0]}{number}" if number > 2 else FEW_IDS[number]
        rows[tuple(cells[name] for name in shape.key)] = cells
    return list(rows.values())


def draw_policy(chance: random.Random) -> str:
    """A policy whose figures are corners of their ranges."""
    corners = {
        "= 3660": ("= 0", "= 1", "= 3660"),
        "= 1000": ("= 1", "= 1000"),
        "first_month_rate = 1": ("first_month_rate = 0.0001", "first_month_rate = 1"),
        "arrival_to_days": ("arrival_from_days = 0\narrival_to_days",),
        "min_order_bv = 999999999999": ("min_order_bv = 0", "min_order_bv = 999999999999"),
        "Europe/Amsterdam": ("Pacific/Kiritimati", "Etc/GMT+12", "UTC"),
    }
    policy = POLICY
    for text, choices in corners.items():
        policy = policy.replace(text, chance.choice(choices))
    return policy


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_a_book_of_corners_closes(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    drops = []
    for _ in range(3):
        rows = {table: draw_rows(chance, SHAPES[table], 8) for table in VALID}
        drawn = [draw_rows(chance, SHAPES["members"], 1)[0] for _ in FEW_IDS]
        rows["members"] = [
            each | {"member_id": member_id, "sponsor_id": above}
            for above, member_id, each in zip([None, *FEW_IDS], FEW_IDS, drawn, strict=False)
        ]
        drops.append(drop(**rows))
    book = write_book(tmp_path / "book", *drops, policy=draw_policy(chance), calendar=CALENDAR)
    outcome = close("2020-03", book, tmp_path / "home", "--through")
    assert outcome.code == 0, outcome.err
    for month in ("2020-01", "2020-02", "2020-03"):
        listed = report(tmp_path / "home", month, "quality/quarantine")
        assert {each["code"] for each in listed} <= CODES
        lines = report(tmp_path / "home", month, "finance/reconciliation")
        assert Decimal(lines[-1]["bv"]) == 0
