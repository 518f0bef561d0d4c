"""Explanations lead through a mapping back to the vendor's file, and keep what it says of others.

Belongs here: books whose exports are of another form than ours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import close_quietly
from small_book import drop, row, write_book, write_files
from upline_command import upline

NAME, STREET = "Jürg Private", "Lane 7"


def facts(book: Path, home: Path, id: str, *more: str) -> dict[str, dict[str, Any]]:
    """An order's facts by table, the whole answer under "all"."""
    close_quietly(book, home, "2020-01")
    done = upline("explain", "order", id, "--book", book, "--home", home, "--json", *more)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    return {fact["table"]: fact for fact in told["facts"]} | {"all": done.out}


@pytest.mark.long
def test_a_vendors_file_in_its_own_encoding_is_shown_as_it_stands(tmp_path: Path) -> None:
    mapping = """
[orders]
file = "Bestellungen_*.csv"
encoding = "windows-1252"
delimiter = ";"
skip_lines = 2
decimal = ","
date_format = "%d.%m.%Y"
time_format = "%d.%m.%Y %H:%M"
[orders.columns]
order_id = "Nr"
ordered_at = "Zeit"
seller_id = "Von"
customer_email = "Mail"
customer_name = "Käufer"
amount = "Betrag"
bv = "Punkte"
[orders.constants]
channel = "sale"
currency = "EUR"
country = "NL"
"""
    text = (
        "Export; made by hand\n\nNr;Zeit;Von;Mail;Käufer;Betrag;Punkte\n"
        "O1;05.01.2020 10:00;M1;a@b.cd;Jürg;10,00;8,00\n"
        "O2;06.01.2020 10:00;M1;a@b.cd;Zoë;20,50;9,00\n"
    )
    files = drop({"Bestellungen_1.csv": text.encode("windows-1252")})
    del files["orders.csv"]
    book = write_book(tmp_path / "book", files)
    write_files(book, {"mapping.toml": mapping})
    found = facts(book, tmp_path / "home", "O2")["orders"]
    assert found["raw"] == "O2;06.01.2020 10:00;M1;a@b.cd;Zoë;20,50;9,00"
    assert (found["file"], found["line"], found["raw_is"]) == ("Bestellungen_1.csv", 5, "sealed")
    assert (found["row"]["amount"], found["row"]["ordered_at"]) == ("20.50", "2020-01-06T09:00:00Z")


@pytest.mark.long
def test_a_vendors_line_of_who_has_opted_out_is_not_shown_for_any_table(tmp_path: Path) -> None:
    """Order and article come of one line, which names the buyer and where he lives."""
    text = (
        "Name,Placed,Mail,Buyer,Street,NoContact,Article\n"
        f"R1,2020-01-05T10:00Z,p@q.rs,{NAME},{STREET},true,CREAM\n"
        f"S1,2020-01-06T10:00Z,p@q.rs,{NAME},{STREET},false,CREAM\n"
    )
    orders = """
select Name as order_id, Placed as ordered_at, 'retail' as channel, Mail as customer_email,
    Buyer as customer_name, NoContact as contact_opt_out, 'NL' as country, '10.00' as amount,
    'EUR' as currency, '8.00' as bv, source_file, source_line
from shop
"""
    lines = """
select Name as order_id, '1' as line_no, Article as product_code, '1' as quantity,
    '10.00' as amount, '8.00' as bv, source_file, source_line
from shop
"""
    files = drop({"shop.csv": text}, returns=[row("returns", order_id="R1")])
    del files["orders.csv"]
    book = write_book(tmp_path / "book", files)
    write_files(book, {"mapping.toml": '[sources.shop]\nfile = "shop.csv"\n'})
    write_files(book / "mapping", {"orders.sql": orders, "order_lines.sql": lines})
    found = facts(book, tmp_path / "home", "R1")
    for personal in (NAME, STREET, "p@q.rs"):
        assert personal not in found["all"]
    assert [found[table]["raw"] for table in ("orders", "order_lines")] == [None, None]
    assert found["returns"]["raw"].startswith("R1,R1,changed_mind")
    other = facts(book, tmp_path / "home", "S1")
    line = f"S1,2020-01-06T10:00Z,p@q.rs,{NAME},{STREET},false,CREAM"
    assert other["order_lines"]["raw"] == line
    assert (other["orders"]["file"], other["orders"]["line"]) == ("shop.csv", 3)
    text_form = upline("explain", "order", "S1", "--book", book, "--home", tmp_path / "home").out
    assert NAME not in text_form and STREET not in text_form
