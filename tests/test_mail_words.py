"""What mail says and how it is written: catalogues, addresses, headers, names that are up to no
good. Nothing is sent here."""

from __future__ import annotations

import ast
import email
import email.policy
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import duckdb
import pytest
from babel.messages.catalog import Catalog
from babel.messages.checkers import checkers
from babel.messages.pofile import read_po
from conftest import PROJECT, SAMPLE

from pipelines.book.drops import open_book
from pipelines.delivery.mail.addresses import clean_words, read_address, read_sender, unguard
from pipelines.delivery.mail.letters import CHANGED, NEW, Letter, Sent, waiting_lines, write_letter
from pipelines.delivery.mail.message import (
    ENROLLER,
    HOLDER,
    LEADER,
    NOTICE,
    PACK,
    Message,
    Waits,
    digest_rows,
    read_id,
)
from pipelines.delivery.mail.waiting import count_waiting
from pipelines.delivery.mail.words import choose_words, load_words
from pipelines.delivery.mail.writing import plain_text, write_mail, zip_files
from pipelines.months import Month
from pipelines.reports.look.templates import TEMPLATES
from pipelines.reports.packs.languages import ENGLISH, LOCALES
from pipelines.stop import Stop

MARCH = Month("2020-03")
NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)
CATALOGUES = TEMPLATES / "locale"
SAME_EVERYWHERE = ("%(count)s lead", "; ", "%(what)s, %(when)s")
OTHERS = sorted(set(LOCALES) - {ENGLISH})
ALL = Waits(1, 2, 3, 4, date(2020, 5, 31), date(2020, 4, 30), 5, date(2020, 5, 4), 6, 1, 2)
FEW = Waits(customers=2, leads=1, calls=1, next_call=date(2020, 5, 4), own_customers=5, accounts=1)


def message(kind: str = PACK, role: str = LEADER, **more: Any) -> Message:
    given: dict[str, Any] = {"recipient": "M1", "about": "M1", "rows": "x", "language": "en",
                             "address": "ann@x.com", "deadline": date(2020, 5, 31)}  # fmt: skip
    return Message(MARCH, kind, role, **given | more)


def letters(code: str, **sent: Any) -> list[Letter]:
    """Every letter that there is, in a language."""
    words, told = choose_words(code), Sent("Acme", **sent)
    linked = Sent("Acme", CHANGED, "https://x.example/sign-in?token=y", date(2020, 6, 4))
    return [
        write_letter(message(NOTICE, HOLDER), words, told),
        write_letter(message(NOTICE, ENROLLER, about="M2", name="Kim"), words, told),
        write_letter(message(waits=ALL), words, told),
        write_letter(message(waits=FEW), words, linked),
        write_letter(message(waits=Waits()), words, Sent("Acme", NEW)),
    ]


def write(letter: Letter, code: str = "en", sender: str = "a@b.example", name: str = "Acme",
          **more: Any) -> EmailMessage:  # fmt: skip
    raw = write_mail(message(**more), letter, choose_words(code), (name, sender), NOON)
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


# Catalogues.


def texts() -> dict[str, str | None]:
    """The messages that letters are made of, with their plural where they have one."""
    found: dict[str, str | None] = {}
    tree = ast.parse((PROJECT / "pipelines/delivery/mail/letters.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = [each.value for each in node.args
                     if isinstance(each, ast.Constant) and isinstance(each.value, str)]  # fmt: skip
            if node.func.attr == "say":
                [text] = given
                found[text] = None
            elif node.func.attr == "count":
                one, many = given
                found[one] = many
    return found


def catalogue_of(code: str) -> Catalog:
    with (CATALOGUES / code / "LC_MESSAGES/mail.po").open("rb") as source:
        return read_po(source, locale=LOCALES[code], abort_invalid=True)


def test_the_languages_are_those_of_the_packs() -> None:
    assert {path.parent.parent.name for path in CATALOGUES.glob("*/*/mail.po")} == {*OTHERS}


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_message_in_every_form_and_no_other(code: str) -> None:
    catalogue, wanted = catalogue_of(code), texts()
    found = {
        (each.id[0], each.id[1]) if isinstance(each.id, tuple) else (str(each.id), None): each
        for each in catalogue if each.id
    }  # fmt: skip
    assert found.keys() == set(wanted.items())
    for (one, many), each in found.items():
        forms = [each.string] if isinstance(each.string, str) else list(each.string or ())
        assert len(forms) == (catalogue.num_plurals if many else 1), one
        assert all(forms) and not each.fuzzy, one
        assert not set(forms) & {one, many} or one in SAME_EVERYWHERE, f"{one} is English"
        names = set(re.findall(r"%\(\w+\)s", one))
        assert all(set(re.findall(r"%\(\w+\)s", form)) == names for form in forms), one
        for check in checkers:
            check(catalogue, each)
    assert not catalogue.obsolete


@pytest.mark.parametrize("code", OTHERS)
def test_no_word_of_english_is_left_over(code: str) -> None:
    english = {"the", "your", "you", "order", "removed", "deadline", "report", "records", "open",
               "what", "nothing", "nobody", "none", "waits", "month"}  # fmt: skip
    same = {"nl": {"open"}, "de": {"nothing"}}
    for letter in letters(code):
        words = set(re.findall(r"[a-z]+", plain_text(letter).lower()))
        assert words & english - same.get(code, set()) == set()


@pytest.mark.parametrize("code", [*LOCALES, "no", "nn", "", "xx"])
def test_every_letter_can_be_written_in_every_language(code: str) -> None:
    for letter in letters(code):
        mail = write(letter, code)
        tag = {"zh": "zh-Hans", "pt": "pt-PT", "no": "nb", "nn": "nb", "": "en", "xx": "en"}
        assert mail["Content-Language"] == tag.get(code, code)
        html = mail.get_body(("html",))
        assert html is not None and f'lang="{mail["Content-Language"]}"' in html.get_content()
        assert "%(" not in html.get_content() and letter.subject in html.get_content()


def test_polish_has_three_forms() -> None:
    words = load_words("pl")
    told = [words.count("%(count)s call", "%(count)s calls", number) for number in (1, 2, 5, 22)]
    assert told == ["1 telefon", "2 telefony", "5 telefonów", "22 telefony"]


def test_three_lines_say_what_waits() -> None:
    assert waiting_lines(ALL, load_words("en")) == (
        "To contact now: 1 customer from the web shop; 2 leads; past their date: 3",
        "Records about to be removed: your own, after Thursday, 30 April 2020; 4 in your line, the "
        "first after Sunday, 31 May 2020",
        "To look after: 5 calls, the next by Monday, 4 May 2020; past their date: 6 calls; "
        "1 customer of yours; 2 accounts that need help",
    )
    assert waiting_lines(Waits(), load_words("en")) == (
        "To contact now: nobody", "Records about to be removed: none", "To look after: nothing",
    )  # fmt: skip


@pytest.mark.long
def test_what_waits_is_what_the_page_says(closed_sample: Path) -> None:
    april = Month("2020-04")
    policy = open_book(SAMPLE, april).policy
    con = duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True)
    with con:
        queries = {
            "customers": "from leaders.contacts where state = 'open'",
            "leads": "from leaders.enquiries where state = 'open'",
            "past_contacts": "from (select leader_id, state from leaders.contacts union all "
                             "select leader_id, state from leaders.enquiries) "
                             "where state = 'past'",
            "records": "from leaders.inactivity",
            "calls": "from leaders.calls where not is_past",
            "past_calls": "from leaders.calls where is_past",
            "own_customers": "from leaders.customers where attention is not null",
            "accounts": "from leaders.onboarding where help is not null",
        }  # fmt: skip
        expected = {
            name: dict(con.execute(f"select leader_id, count(*) {query} group by 1").fetchall())
            for name, query in queries.items()
        }
    found = 0
    for pack in (closed_sample / "reports/2020-04/leaders").iterdir():
        files = {path.name: path.read_bytes() for path in pack.iterdir()}
        waits = count_waiting(files, april, None, policy)
        for name, counts in expected.items():
            assert getattr(waits, name) == counts.get(pack.name, 0), (pack.name, name)
            found += getattr(waits, name)
    rare = {"customers", "leads"}  # nothing was ordered on the sample's last day
    assert found and {name for name, counts in expected.items() if not counts} == rare


def test_orders_of_one_person_by_one_day_of_the_companys_are_one_contact() -> None:
    policy = open_book(SAMPLE, MARCH).policy
    header = "order_id,ordered_at,customer_name,customer_email,customer_phone,bv,contact_by\n"
    rows = [
        "O1,,Kim,kim@x.com,,1.00,2020-03-31T22:30:00Z",  # the first of April in Amsterdam
        "O2,,Kim,kim@x.com,,1.00,2020-04-01T09:00:00Z",
        "O3,,Lee,lee@x.com,,1.00,2020-04-01T09:00:00Z",
        "O4,,Max,max@x.com,,1.00,2020-03-31T21:30:00Z",
        "O5,,,,,1.00,2020-04-01T09:00:00Z",
    ]
    leads = "lead_id,requested_at,name,email,phone,contact_by\n"
    rings = [f"D{number},,,,+31 6,2020-04-01T09:00:00Z" for number in (1, 2)]
    files = {
        "referrals.csv": (header + "\n".join(rows) + "\n").encode(),
        "leads.csv": (leads + "\n".join(rings) + "\n").encode(),
    }
    waits = count_waiting(files, MARCH, None, policy)
    assert (waits.customers, waits.leads, waits.past_contacts) == (2, 1, 1)


# Ids.


def test_an_id_goes_by_what_is_told_and_nothing_else() -> None:
    one = message()
    assert one.id == message(language="nl", address="other@x.com", name="Ann", waits=ALL).id
    others = [message(rows="y"), message(recipient="M2"), message(about="M2"), message(NOTICE),
              message(role=HOLDER)]  # fmt: skip
    assert len({one.id, *(each.id for each in others)}) == 6
    assert digest_rows([b"ab", b"c"]) != digest_rows([b"a", b"bc"])
    assert (
        read_id(one.message_id) == read_id(one.id) == read_id(f" {one.id}@upline.invalid") == one.id
    )


# Addresses.


@pytest.mark.parametrize(
    "text, found",
    [
        ("ann@x.com", "ann@x.com"), ("a.b+c'd@sub.x-y.com", "a.b+c'd@sub.x-y.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"), ("jürgen@x.com", "jürgen@x.com"),
        ("ann@例え.jp", "ann@xn--r8jz45g.jp"), ("a@XN--bcher-kva.de", "a@XN--bcher-kva.de"),
    ],
)  # fmt: skip
def test_addresses(text: str, found: str) -> None:
    assert read_address(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@x.com", "ann@", "ann@x", "ann@@x.com", "a@b@x.com", ".a@x.com", "a.@x.com",
     "a..b@x.com", "a b@x.com", "a,b@x.com", "a;b@x.com", "<a@x.com>", "Ann <a@x.com>", '"a"@x.com',
     "a@x..com", "a@-x.com", "a@x-.com", "a@x_y.com", "a@[127.0.0.1]", "a@127.0.0.1", "a@x.com.",
     "a@x.com\n", "a\n@x.com", "a@x.com\r\nBcc: b@y.com", "a\0@x.com", "a\x1b@x.com", "a@x.com ",
     "a\u202e@x.com", "a\u00a0b@x.com", "a@stra\u00dfe.de", "a@x\u200d.com", f"{'a' * 65}@x.com",
     f"a@{'x' * 64}.com", f"a@{'.'.join(['x' * 60] * 5)}.com", "\ud800@x.com", "a(b)@x.com",
     "a:b@x.com", "a\\b@x.com"],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None
    if text == "ann@x":
        assert read_sender(text) == text
        return
    with pytest.raises(Stop, match="--from"):
        read_sender(text)


@pytest.mark.parametrize(
    "cell, was", [("'+a@x.com", "+a@x.com"), ("'=a@x.com", "=a@x.com"), ("'a@x.com", "'a@x.com"),
                  ("a@x.com", "a@x.com"), ("'", "'"), ("", "")],
)  # fmt: skip
def test_a_guarded_cell_is_read_as_it_was(cell: str, was: str) -> None:
    assert unguard(cell) == was


def test_a_servers_words_are_one_short_line_that_names_nobody() -> None:
    said = b"5.1.1 <Ann.Bee@X.com>: unknown\r\nann.bee is\x1b[2J not \xff here, mail b@y.example"
    told = clean_words(said, "ann.bee@x.com")
    assert "nn.bee" not in told.lower() and "@" not in told and told.isprintable()
    assert len(clean_words(b"x" * 5000)) == 300


# Headers and texts.


@pytest.mark.parametrize(
    "odd",
    ["\r\nBcc: b@y.com", "\n\nnew body", "\x00\x1b[31m", "\u202egnp", "<script>alert(1)</script>",
     "a\u2028b", '"quoted", name'],
)  # fmt: skip
def test_no_name_gets_out_of_its_place(odd: str) -> None:
    words = load_words("en")
    told = message(NOTICE, ENROLLER, about="M2", name=f"Kim{odd}")
    letter = write_letter(told, words, Sent(f"Acme{odd}"))
    raw = write_mail(told, letter, words, (f"Acme{odd}", "a@b.example"), NOON)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert list(mail.keys()) == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "Content-Language",
    ]  # fmt: skip
    assert mail["From"].addresses[0].addr_spec == "a@b.example" and len(mail["To"].addresses) == 1
    plain, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and page is not None
    assert "\u202e" not in plain.get_content() + page.get_content()
    assert "\n\nnew body" not in plain.get_content() and "<script>" not in page.get_content()
    assert "\x1b" not in plain.get_content()


def test_addresses_beyond_ascii_are_written_as_they_are() -> None:
    [letter] = letters("en")[:1]
    raw = write_mail(
        message(address="jürgen@x.com"), letter, load_words("en"), ("Ä", "a@b.example"), NOON
    )
    assert "To: jürgen@x.com\r\n".encode() in raw
    plain = write_mail(message(), letter, load_words("en"), ("Ägypten", "a@b.example"), NOON)
    assert plain.isascii() and b"\r\n" in plain and not re.search(rb"(?<!\r)\n", plain)


def test_a_pack_is_zipped_to_the_same_bytes_each_time() -> None:
    files = {"M1/b.csv": b"1\n", "M1/a.html": b"x" * 1000}
    assert zip_files(files) == zip_files(dict(reversed(files.items())))
    assert zip_files(files)[:4] == b"PK\x03\x04"
