"""One person's data is gone from later months when docs/delivery.md is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from mail_server import run_server
from small_book import drop, full_drop, row, write_book
from test_deliver import run
from three_months import STRICT
from upline_command import close, contents

NAME, EMAIL, PHONE = "Kim Gone", "kim.gone@x.com", "+31 6 00000017"
KIM = {"member_id": "M2", "sponsor_id": "M1", "enroller_id": "M1"}
SUBSCRIPTION = {"subscription_id": "S2", "customer_email": EMAIL}


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_member_and_a_subscriber_are_gone_from_the_next_month_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ann = row("members")
    known = [ann, row("members", name=NAME, email=EMAIL, phone=PHONE, **KIM)]
    erased = [ann, row("members", name=None, email=None, **KIM)]
    opted_out = row("orders", order_id="O7", channel="retail", seller_id=None,
                    ordered_at="2020-02-10T12:00Z", customer_email=EMAIL, customer_name=NAME,
                    customer_phone=PHONE, contact_opt_out="true")  # fmt: skip
    lead = row("leads", lead_id="D7", requested_at="2020-02-11T12:00:00Z", name=NAME, email=EMAIL,
               phone=PHONE, contact_opt_out="true")  # fmt: skip
    gone = row("subscriptions", **SUBSCRIPTION | {"customer_email": "erased-17@erased.invalid"})
    book = write_book(
        tmp_path / "book",
        full_drop(members=known, subscriptions=[row("subscriptions", **SUBSCRIPTION)]),
        drop(members=erased, orders=[opted_out], leads=[lead], subscriptions=[gone]),
        policy=STRICT,
    )
    told = close("2020-02", book, home, "--through")
    assert told.code == 0, told.err
    for month, is_there in (("2020-01", True), ("2020-02", False)):
        found = b"".join(contents(home / "reports" / month).values())
        assert (NAME.encode() in found, EMAIL.encode() in found) == (is_there, is_there), month
        assert PHONE.encode() not in found or is_there
    with run_server() as server:
        run(home, server, month="2020-02")
    assert EMAIL not in {mail.recipient for mail in server.mails}
