"""`upline deliver` against a real mail server that takes, refuses, delays, drops and dies."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import re
import shutil
import subprocess
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import SAMPLE
from mail_server import DROP, Handler, Mail, MailServer, free_port, run_raw, run_server
from upline_command import contents, start_upline, upline
from zips import write_zip

from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.delivery.access_store import AccessStore, begin_session
from pipelines.delivery.grants import hash_token
from pipelines.delivery.mail.deliver import Asked, deliver
from pipelines.delivery.mail.sending import PAUSES, Clock
from pipelines.delivery.mail.server import Server
from pipelines.delivery.mail.smtp import Connection, Refused
from pipelines.months import Month
from pipelines.reports.packs.zip_writing import lay_out
from pipelines.stop import Stop

pytestmark = pytest.mark.long

MONTH = "2020-03"
NOON = 1_600_000_000.0
SENDER = "reports@sample.example"
BRAM, HEIDI, KLAUS = "bram@example.com", "heidi@example.invalid", "klaus@example.com"


@dataclass
class Told:
    """How a delivery in this process went: what it said, and the seconds that it waited."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    stop: str = ""
    now: float = NOON

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def of(self, word: str) -> list[str]:
        """The ids that were told with this word, in order."""
        return [line.split()[len(word.split())] for line in self.lines
                if line.startswith(f"{word:10}  ")]  # fmt: skip


@pytest.fixture(scope="module")
def kept(closed_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the closed sample's home."""
    return Path(shutil.copytree(closed_sample, tmp_path_factory.mktemp("deliver") / "home",
                                symlinks=True))  # fmt: skip


@pytest.fixture
def home(kept: Path) -> Path:
    """It, with nothing delivered and nobody granted anything."""
    for name in ("deliveries", "access"):
        shutil.rmtree(kept / name, ignore_errors=True)
    return kept


def run(home: Path, server: MailServer | str, told: Told | None = None, **how: object) -> Told:
    """Deliver in this process, with pauses that take no time."""
    told = told or Told()
    host, _, port = (server if isinstance(server, str) else server.told).rpartition(":")
    reached = Server(host, int(port), "sample.example", patience=5, last_patience=5)
    month = Month(str(how.pop("month", MONTH)))
    asked = Asked(Home(home), month, how.pop("server", reached), SENDER, **how)  # type: ignore[arg-type]
    clock = Clock(lambda: told.now, lambda: "2020-09-13T12:26:40Z", told.pause)
    try:
        deliver(asked, clock, told.lines.append, told.warnings.append)
    except Stop as stop:
        told.stop = str(stop)
    return told


def journal(home: Path, month: str = MONTH) -> list[dict[str, str]]:
    path = home / "deliveries" / month / "journal.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def ids(mails: list[Mail]) -> list[str]:
    return [mail.id for mail in mails]


def by_recipient(mails: list[Mail], kind: str = "report") -> dict[str, Mail]:
    return {mail.recipient: mail for mail in mails if bool(mail.attached()) == (kind == "report")}


def leaders(home: Path, month: str = MONTH) -> list[str]:
    return sorted(path.name for path in (home / "reports" / month / "leaders").iterdir())


# What is sent, and to whom.


def test_every_notice_and_pack_goes_to_its_recipient_once(home: Path) -> None:
    with run_server() as server:
        told = run(home, server)
    assert told.stop == "" and told.pauses == [] and told.warnings == []
    with (home / f"reports/{MONTH}/inactivity/notices.csv").open() as source:
        notices = [row["email"] for row in csv.DictReader(source)]
    found = Counter(mail.recipient for mail in server.mails)
    packs = [f"{id.lower()}@example.com" for id in leaders(home)]
    assert sum(found.values()) == len(notices) + len(packs)
    assert Counter(notices) == Counter({HEIDI: 1, KLAUS: 1}) and found[KLAUS] == 2
    assert {mail.sender for mail in server.mails} == {SENDER}
    assert len(set(ids(server.mails))) == len(server.mails)
    assert told.of("sent") == ids(server.mails)
    assert len(server.handler.sessions) == 1, "one connection for all"


def test_a_message_is_plain_text_and_html_that_say_the_same(home: Path) -> None:
    with run_server() as server:
        run(home, server)
    for mail in server.mails:
        parsed = mail.parsed
        assert parsed["From"].addresses[0].display_name == "Sample Wellness"
        assert parsed["From"].addresses[0].addr_spec == SENDER
        assert [each.addr_spec for each in parsed["To"].addresses] == [mail.recipient]
        assert re.fullmatch(r"<[0-9a-f]{24}@upline\.invalid>", parsed["Message-ID"])
        assert parsed["Auto-Submitted"] == "auto-generated"
        assert parsed["Date"].datetime.timestamp() == NOON
        page = Words(mail.text("html"))
        assert words_of(mail.text()) <= page.words | {"-", "--"}
        assert not re.search(r"<script|<img|<link|url\(|http", mail.text("html"))
        body = parsed.get_body(("html",))
        assert body is not None
        [alternative] = [part for part in parsed.walk()
                         if part.get_content_type() == "multipart/alternative"]  # fmt: skip
        kinds = [part.get_content_type() for part in alternative.iter_parts()]
        assert kinds == ["text/plain", "text/html"]
        assert max(map(len, mail.raw.splitlines())) <= 998 and mail.raw.isascii()


class Words(HTMLParser):
    """A page's words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: set[str] = set()
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.words |= words_of(data)


def words_of(text: str) -> set[str]:
    return set(text.split())


def test_a_notice_says_until_when_and_what_to_do_in_the_recipients_language(home: Path) -> None:
    with run_server() as server:
        run(home, server, only="notices")
        run(home, server, only="notices", month="2020-02")
        run(home, server, only="notices", month="2020-04")
    holder, enroller = by_recipient(server.mails, "notice")[HEIDI], server.mails[0]
    assert "Frist: Donnerstag, 30. April 2020 (2020-04-30)" in holder.text()
    assert "Geben Sie bis zu diesem Tag eine Bestellung auf." in " ".join(holder.text().split())
    assert "Ihr Eintrag Heidi bei Sample Wellness" in " ".join(holder.text().split())
    assert enroller.recipient == KLAUS and "Heidi" in enroller.text()
    assert "Melden Sie sich" in enroller.text() and holder.parsed["Content-Language"] == "de"
    ling = by_recipient(server.mails, "notice")["ling@example.com"]
    assert "截止日期：2020年5月31日星期日" in ling.text() and 'lang="zh-Hans"' in ling.text("html")
    assert "dinsdag 31 maart 2020" in by_recipient(server.mails, "notice")[
        "eva@example.com"].text()  # fmt: skip


def test_a_pack_is_attached_as_the_leaders_own_files_and_nobody_elses(home: Path) -> None:
    with run_server() as server:
        run(home, server, only="packs")
    assert sorted(mail.attached()[0][0] for mail in server.mails) == sorted(
        f"{MONTH}-{id}.zip" for id in leaders(home)
    )
    for mail in server.mails:
        [(file, packed)] = mail.attached()
        leader = file.removeprefix(f"{MONTH}-").removesuffix(".zip")
        assert mail.recipient == f"{leader.lower()}@example.com" or leader == "Bram-2"
        with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
            assert zipped.testzip() is None
            found = {name: zipped.read(name) for name in zipped.namelist()}
        expected = contents(home / f"reports/{MONTH}/leaders/{leader}")
        assert found == {f"{leader}/{name}": data for name, data in expected.items()}


def test_a_leaders_message_says_in_three_lines_what_waits(home: Path) -> None:
    with run_server() as server:
        run(home, server, only="packs")
        run(home, server, only="packs", month="2020-04")
    for mail in server.mails:
        lines = re.findall(r"(?m)^- .*(?:\n  .*)*", mail.text())
        assert len(lines) == 3, mail.text()
        assert mail.text("html").count("<li") == 3
    anna = by_recipient(server.mails)["anna@example.com"]
    assert anna.parsed["Subject"] == "Sample Wellness: uw rapport over april 2020"


def test_a_link_signs_the_leader_in_once_and_is_told_nowhere(home: Path) -> None:
    with run_server() as server:
        told = run(home, server, base_url="https://reports.example.com", only="packs")
    store = AccessStore(Home(home))
    mail = by_recipient(server.mails, "notice")[BRAM]
    assert mail.attached() == []
    [token] = re.findall(r"https://reports\.example\.com/sign-in\?token=([\w-]+)\s", mail.text())
    assert f'href="https://reports.example.com/sign-in?token={token}"' in mail.text("html")
    assert "17 oktober 2020" in " ".join(mail.text().split()), "the last whole day of the 35"
    kept = "".join(path.read_text() for path in (home / "deliveries").rglob("*.jsonl"))
    assert token not in kept + "".join(told.lines)
    assert "@" not in kept + "".join(told.lines)
    assert "Visser" not in kept + "".join(told.lines)
    [grant] = [each for each in store.read().grants if each.name == "Bram"]
    assert (grant.role, grant.link_until) == ("leader:Bram", int(NOON) + 35 * 86_400)
    assert begin_session(store, token, NOON + 35 * 86_400 - 1)
    assert begin_session(store, token, NOON) is None
    assert len(store.read().grants) == len(leaders(home))


def test_who_has_no_address_is_listed_and_the_rest_goes_out(home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    with sealed_anew(home, "reports/2020-04/inactivity/notices.csv") as path:
        text = path.read_text().replace(",ling@example.com,", ",,")
        path.write_text(text.replace("mei@example.com", "mei@example"))
    with run_server() as server:
        told = run(home, server, only="notices", month="2020-04")
    assert server.mails == [] and told.stop == ""
    assert [line.split("  ", 1)[1] for line in told.lines[:-2]] == [
        f"{id}  notice to {who}" for id, who in zip(
            told.of("no address"), ("enroller Mei about Ling", "holder Ling"), strict=True)
    ]  # fmt: skip


@contextmanager
def sealed_anew(home: Path, path: str) -> Iterator[Path]:
    """Change a report of a closed month, and the month's seal and its copy with it."""
    yield home / path
    month = "/".join(path.split("/")[:2])
    seal = home / month / "seal.json"
    told = json.loads(seal.read_text())
    kept = {name: digest for name, digest in told["reports"].items()
            if (seal.parent / name).is_file()}  # fmt: skip
    name = path.removeprefix(f"{month}/")
    told["reports"] = kept | {name: digest_file(home / path)}
    seal.write_text(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=True) + "\n")
    shutil.copy(seal, home / "work/seals" / f"{seal.parent.name}.json")


def test_only_one_kind_and_a_dry_run_send_no_more(home: Path) -> None:
    before = contents(home)
    with run_server() as server:
        dry = run(home, server, is_dry=True)
        assert server.mails == [] and contents(home) == before
        assert not (home / "deliveries").exists()
        run(home, server, only="notices")
        assert {mail.recipient for mail in server.mails} == {HEIDI, KLAUS}
        run(home, server, only="packs")
    assert dry.of("would send") == ids(server.mails)
    assert dry.lines[-1] == f"{MONTH}: {len(server.mails)} to send, 0 sent before"


# What is never sent twice.


def test_run_again_it_sends_nothing_and_says_so(home: Path) -> None:
    with run_server() as server:
        first = run(home, server)
        sent = len(server.mails)
        second = run(home, server)
    assert len(server.mails) == sent and first.lines[-1] == f"{sent} sent"
    assert second.lines == [f"{MONTH}: 0 to send, {sent} sent before", "0 sent"]


def test_the_journal_is_written_before_and_after_each_message(home: Path) -> None:
    at_data: list[list[str]] = []
    handler = Handler(
        at_data=lambda mail: at_data.append([each["state"] for each in journal(home)])
    )
    with run_server(handler) as server:
        run(home, server, only="notices")
    assert at_data == [["sending"], ["sending", "sent", "sending"]]
    assert [each["state"] for each in journal(home)] == ["sending", "sent"] * 2
    assert journal(home)[0] == {
        "at": "2020-09-13T12:26:40Z", "id": server.mails[0].id, "state": "sending",
        "kind": "notice", "role": "enroller", "recipient": "Klaus", "about": "Heidi",
    }  # fmt: skip
    folder = home / "deliveries"
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / MONTH)} == {0o700}
    assert (folder / MONTH / "journal.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_message_in_doubt_is_named_and_the_rest_is_sent(home: Path) -> None:
    handler = Handler({("DATA", BRAM): [DROP]})
    with run_server(handler) as server:
        first = run(home, server)
        [doubtful] = first.of("in doubt")
        assert doubtful in first.stop and f"--resend {doubtful}" in first.stop
        assert Counter(ids(server.mails)) == Counter({*ids(server.mails)}), "none twice"
        sent = len(server.mails)
        second = run(home, server)
        assert len(server.mails) == sent and second.of("in doubt") == [doubtful]
        assert doubtful in second.stop
        third = run(home, server, resend=(f"<{doubtful}@upline.invalid>",))
        assert third.stop == "" and ids(server.mails)[sent:] == [doubtful]
        again = run(home, server, resend=(doubtful,))
    assert "is never sent again" in again.stop and len(server.mails) == sent + 1


def test_what_is_not_in_doubt_cannot_be_sent_again(home: Path) -> None:
    with run_server(Handler({("RCPT", HEIDI): ["550 no"]})) as server:
        told = run(home, server, only="notices", resend=("abc",))
        assert "is no message of 2020-03 as it is closed now" in told.stop and not server.mails
        [refused] = run(home, server, only="notices").of("refused")
        assert "is not in doubt" in run(home, server, only="notices", resend=(refused,)).stop


@pytest.mark.parametrize("cut", [1, 20])
def test_a_line_that_was_cut_off_never_was(home: Path, cut: int) -> None:
    path = home / "deliveries" / MONTH / "journal.jsonl"
    with run_server() as server:
        run(home, server, only="notices")
        whole = path.read_bytes()
        path.write_bytes(whole[:-cut])
        told = run(home, server, only="notices")
        assert told.of("in doubt") == [server.mails[1].id] and len(server.mails) == 2
        run(home, server, only="notices", resend=(server.mails[1].id,))
    lines = path.read_bytes().splitlines(keepends=True)
    assert lines[:3] == whole.splitlines(keepends=True)[:3] and len(lines) == 5


@pytest.mark.parametrize("line", ["x", "[]", '{"state": "sent"}', '{"at": 1, "state": "odd"}'])
def test_a_damaged_journal_stops_before_anything_is_sent(home: Path, line: str) -> None:
    with run_server() as server:
        run(home, server, only="notices")
        path = home / "deliveries" / MONTH / "journal.jsonl"
        lines = path.read_text().splitlines()
        path.write_text("\n".join([lines[0], line, *lines[1:]]) + "\n")
        told = run(home, server)
    assert "line 2 is damaged" in told.stop and len(server.mails) == 2


def test_two_at_once_send_each_message_once(home: Path) -> None:
    handler, both = Handler(), threading.Event()

    def wait(mail: Mail) -> None:
        both.wait(30)

    handler.at_data = wait
    with run_server(handler) as server:
        told = Told()
        first = threading.Thread(target=run, args=(home, server, told), kwargs={"only": "notices"})
        first.start()
        while not server.mails:
            time.sleep(0.01)
        second = run(home, server, only="packs")
        both.set()
        first.join()
    assert "another deliver is at work" in second.stop and told.stop == ""
    assert len(server.mails) == 2


# When the server will not.


def test_a_refusal_is_told_in_the_servers_words_without_addresses(home: Path) -> None:
    said = f"550 5.1.1 <{BRAM}>: user bram unknown, ask postmaster@example.com"
    with run_server(Handler({("RCPT", BRAM): [said]})) as server:
        told = run(home, server)
        [refused] = told.of("refused")
        assert "could not be sent" in told.stop and refused in told.stop
        assert "550 5.1.1 <…>: user … unknown, ask …" in told.stop
        assert BRAM not in {mail.recipient for mail in server.mails}
        assert told.pauses == [] and len(server.handler.sessions) == 1
        assert "@" not in "".join(map(str, journal(home))) + "".join(told.lines)
        assert run(home, server).stop == "", "another day it is tried again"
    assert ids(server.mails)[-1] == refused


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_temporary_refusal_is_tried_again_after_the_others(home: Path, command: str) -> None:
    who = "" if command == "MAIL" else KLAUS
    with run_server(Handler({(command, who): ["451 later", "450 4.2.1 later"]})) as server:
        told = run(home, server, only="notices")
    assert told.stop == "" and len(told.of("sent")) == 2
    assert told.pauses == list(PAUSES[:2] if who else PAUSES[:1])
    assert len(ids(server.mails)) == len(set(ids(server.mails))) == 2
    states = [each["state"] for each in journal(home)]
    assert states.count("put_off") == 2 and states.count("sent") == 2


def test_after_growing_pauses_it_is_given_up(home: Path) -> None:
    with run_server(Handler({("RCPT", KLAUS): ["450 4.7.1 greylisted"] * 50})) as server:
        told = run(home, server, only="notices", base_url="https://reports.example.com")
    assert told.pauses == list(PAUSES) and ids(server.mails) == told.of("sent")
    [left] = told.of("not sent")
    assert "450 4.7.1 greylisted" in told.stop and left in told.stop


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_server_that_hangs_up_is_asked_again(home: Path, command: str) -> None:
    with run_server(Handler({(command, ""): [DROP, DROP, "421 closing"]})) as server:
        told = run(home, server, only="notices")
    assert told.stop == "" and len(server.mails) == 2 and told.pauses
    assert len(set(ids(server.mails))) == 2


def test_a_server_that_always_hangs_up_is_given_up_for_all(home: Path) -> None:
    with run_server(Handler({("MAIL", ""): [DROP] * 500})) as server:
        told = run(home, server)
    assert server.mails == [] and "the connection was lost" in told.stop
    assert len(told.pauses) <= 2 * len(PAUSES)
    assert f"{len(leaders(home)) + 2} could not be sent" in told.stop


def test_a_server_that_is_not_there_is_waited_for_and_then_told(home: Path) -> None:
    told = run(home, f"127.0.0.1:{free_port()}", only="notices")
    assert told.pauses == list(PAUSES) and "Connection refused" in told.stop
    assert len(told.of("not sent")) == 2 and journal(home) == []


def test_a_server_that_dies_and_comes_back_gets_the_rest(home: Path) -> None:
    port = free_port()
    with run_server(port=port) as first:
        stopping = Told()
        first.handler.at_data = lambda mail: None
        run(home, first, only="notices")
    back = run_server(port=port)
    told = Told()
    entered: list[MailServer] = []

    def come_back(seconds: float) -> None:
        told.pauses.append(seconds)
        if len(told.pauses) == 2:
            entered.append(back.__enter__())

    told.pause = come_back  # type: ignore[method-assign]
    run(home, first, told)
    assert told.stop == "" and told.pauses == list(PAUSES[:2]) and not stopping.stop
    assert len(entered[0].mails) == len(leaders(home))
    back.__exit__(None, None, None)


def test_three_in_doubt_in_a_row_are_enough(home: Path) -> None:
    with run_server(Handler({("DATA", ""): [DROP] * 50})) as server:
        told = run(home, server)
    assert len(told.of("in doubt")) == 3 == len(server.mails)
    assert len(told.of("not sent")) == len(leaders(home)) + 2 - 3


@pytest.mark.parametrize(
    "answers, words",
    [
        ([b"554 go away\r\n"], "554 go away"),
        ([b"220 x\r\n", b"500 what\r\n", b"550 not you\r\n"], "550 not you"),
    ],
)
def test_a_server_that_will_not_have_us_is_told_at_once(
    home: Path, answers: list[bytes], words: str
) -> None:
    with run_raw(*answers) as (address, _):
        told = run(home, address, only="notices")
    assert words in told.stop and told.pauses == [] and journal(home) == []


HELLO = [b"220 x\r\n", b"250 x\r\n"]
READY = [*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"]


@pytest.mark.parametrize(
    "answers, state",
    [
        ([*READY, None], "doubtful"), ([*READY, b"what?\r\n"], "doubtful"),
        ([*READY, b"999 what?\r\n"], "doubtful"), ([*READY, b"354 more\r\n"], "doubtful"),
        ([*READY, b"2" * 9000 + b"\r\n"], "doubtful"),
        ([*READY, b"452 4.3.1 disk\x1b[31m full\r\n"], "put_off"),
        ([*READY, b"554 5.7.1 spam\r\n"], "refused"), ([*READY[:4], b"250 no\r\n"], "put_off"),
        ([*READY[:4], b"554 no valid recipients\r\n"], "refused"),
        ([*HELLO, b"junk\r\n"], "put_off"), ([*HELLO, b"451 no\r\n"], "put_off"),
    ],
)  # fmt: skip
def test_what_is_certain_after_each_answer(
    home: Path, answers: list[bytes | None], state: str
) -> None:
    with run_raw(*answers) as (address, _):
        told = run(home, address, only="notices")
    assert journal(home)[1]["state"] == state and told.stop
    assert all(line.isprintable() for line in told.lines)


def test_no_more_a_minute_than_asked(home: Path) -> None:
    with run_server() as server:
        told = run(home, server, per_minute=30)
    assert told.pauses == [2.0] * (len(server.mails) - 1)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_signing_in_and_tls(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("pass word\nnot this\n")
    with run_server(login=("me", "pass word")) as server:
        common = ("deliver", MONTH, "--home", home, "--smtp", server.told, "--from", SENDER,
                  "--only", "notices")  # fmt: skip
        assert "530" in upline(*common).err and not server.mails
        secret.write_text("wrong\n")
        wrong = upline(*common, "--user", "me", "--password-file", secret)
        assert wrong.code == 2 and "535" in wrong.err and "wrong" not in wrong.err
        assert "STARTTLS" in upline(*common, "--starttls").err
        secret.write_text("pass word\nnot this\n")
        assert upline(*common, "--user", "me", "--password-file", secret).code == 0
    assert len(server.mails) == 2


def test_tls_is_with_a_server_that_is_trusted(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out",
         str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    told = ("deliver", MONTH, "--home", home, "--from", SENDER, "--only", "notices", "--smtp")
    for option, how in (("--starttls", {"tls_context": context}), ("--tls", {"tls": context})):
        shutil.rmtree(home / "deliveries", ignore_errors=True)
        with run_server(**how) as server:  # type: ignore[arg-type]
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            strange = upline(*told, server.told, option)
            assert strange.code == 2 and "no TLS with it" in strange.err and not server.mails
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            assert upline(*told, server.told, option).code == 0
            assert len(server.mails) == 2


# When this process dies.


def start(home: Path, server: MailServer, *more: str) -> subprocess.Popen[str]:
    return start_upline("deliver", MONTH, "--home", home, "--smtp", server.told,
                        "--from", SENDER, *more)  # fmt: skip


def test_killed_in_the_middle_of_a_message_it_goes_on_and_names_that_one(home: Path) -> None:
    started, go_on = threading.Event(), threading.Event()

    def stop_at_fifth(mail: Mail) -> None:
        if len(handler.mails) == 5:
            started.set()
            go_on.wait(60)

    handler = Handler(at_data=stop_at_fifth)
    with run_server(handler) as server:
        process = start(home, server)
        assert started.wait(60)
        process.kill()
        process.communicate()
        go_on.set()
        fifth = server.mails[4].id
        told = run(home, server)
        assert told.of("in doubt") == [fifth] and f"--resend {fifth}" in told.stop
        assert Counter(ids(server.mails)).most_common(1)[0][1] == 1
        assert len(server.mails) == len(leaders(home)) + 2
        assert run(home, server, resend=(fifth,)).stop == ""
    assert Counter(ids(server.mails))[fifth] == 2


def test_killed_between_messages_it_goes_on_without_doubt(home: Path) -> None:
    with run_server() as server:
        process = start(home, server, "--per-minute", "20")
        assert process.stdout is not None
        while not process.stdout.readline().startswith("sent"):
            pass
        process.kill()
        process.communicate()
        told = run(home, server)
    assert told.stop == "" and told.of("in doubt") == []
    assert Counter(ids(server.mails)) == Counter({*ids(server.mails)})
    assert len(server.mails) == len(leaders(home)) + 2


# What stops it before anything is sent.


def test_a_month_that_is_not_closed_is_not_delivered(home: Path) -> None:
    with run_server() as server:
        for month in ("2020-05", "2019-12"):
            told = run(home, server, month=month)
            assert f"{month} is not closed" in told.stop
    assert server.mails == [] and not (home / "deliveries").exists()


def test_a_home_that_is_being_closed_is_told(home: Path) -> None:
    with run_server() as server, (home / "work/lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = run(home, server)
    assert "another command is at work" in told.stop and server.mails == []


@pytest.mark.parametrize("name", ["inactivity/notices.csv", "leaders/Bram/index.html"])
def test_what_is_not_as_it_was_sealed_is_not_sent(home: Path, name: str) -> None:
    path = home / "reports" / MONTH / name
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    try:
        with run_server() as server:
            told = run(home, server)
    finally:
        path.write_bytes(kept)
    assert name in told.stop and "is not as it was sealed" in told.stop and server.mails == []


def test_a_month_that_is_reopened_meanwhile_is_not_sent_on(home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    handler = Handler()

    def reopen(mail: Mail) -> None:
        if len(handler.mails) == 3:
            assert upline("reopen", MONTH, "--home", home, "--reason", "a test").code == 0

    handler.at_data = reopen
    with run_server(handler) as server:
        told = run(home, server)
    assert "was opened or closed again meanwhile" in told.stop and len(server.mails) == 3


def test_a_policy_that_is_not_the_one_of_the_close_stops_it(home: Path, tmp_path: Path) -> None:
    book = Path(shutil.copytree(SAMPLE, tmp_path / "book"))
    policy = book / "policy.toml"
    policy.write_text(policy.read_text().replace("Sample Wellness", "Another"))
    with run_server() as server:
        assert "is not the one that it was closed with" in run(home, server, book=book).stop
        assert "there is no such folder" in run(home, server, book=tmp_path / "none").stop
    assert server.mails == []


@pytest.mark.parametrize(
    "more",
    [
        ("--smtp", "x"), ("--smtp", "x:0"), ("--smtp", "a b:25"), ("--smtp", "x\n:25"),
        ("--from", "x"), ("--from", "Ann <a@b.c>"), ("--from", "a@b.c\nBcc: d@e.f"),
        ("--per-minute", "0"), ("--user", "me"), ("--base-url", "x"),
        ("--password-file", "/not/there"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said(home: Path, more: tuple[str, str]) -> None:
    given = {"--smtp": "127.0.0.1:1", "--from": SENDER} | dict([more])
    told = upline("deliver", MONTH, "--home", home, *[each for pair in given.items()
                                                      for each in pair])  # fmt: skip
    assert told.code == 2 and more[0] in told.err and told.err.count("\n") == 1
    assert not (home / "deliveries").exists()


def test_a_password_is_not_sent_readable_by_all(home: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")
    told = upline("deliver", MONTH, "--home", home, "--smtp", "mail.example.com:25", "--from",
                  SENDER, "--user", "me", "--password-file", tmp_path / "password")  # fmt: skip
    assert told.code == 2 and "add --tls or --starttls" in told.err


def test_a_link_that_nobody_got_is_taken_back(home: Path) -> None:
    refused = {("RCPT", BRAM): ["550 no"], ("RCPT", "eva@example.com"): ["450 later"]}
    base_url = "https://reports.example.com"
    with run_server(Handler(refused)) as server:
        told = run(home, server, only="packs", base_url=base_url)
        grants = AccessStore(Home(home)).read().grants
        assert sorted(each.name for each in grants) == sorted({*leaders(home)} - {"Bram"})
        assert len(told.of("refused")) == 1 and told.pauses == [PAUSES[0]]
        tokens = {re.findall(r"token=([\w-]+)", mail.text())[0] for mail in server.mails}
        assert {hash_token(token) for token in tokens} == {each.link_hash for each in grants}
        server.handler.answers = {("MAIL", ""): [DROP] * 500}
        assert run(home, server, only="packs", base_url=base_url).stop
    assert AccessStore(Home(home)).read().grants == grants


def test_packs_go_out_of_the_zip_file_as_well(home: Path, tmp_path: Path) -> None:
    month = "2020-04"
    with run_server() as server:
        run(home, server, month=month)
    zipped = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    shutil.rmtree(zipped / "deliveries")
    folder = zipped / "reports" / month
    packs = sorted(contents(folder / "leaders").items())
    shutil.rmtree(folder / "leaders")
    with sealed_anew(zipped, f"reports/{month}/leaders.zip") as path:
        write_zip(path, [lay_out(packs)])
    with run_server() as again:
        assert run(zipped, again, month=month).stop == ""
        path.write_bytes(path.read_bytes().replace(b"Anna", b"anna"))
        assert "leaders.zip: is not as it was sealed" in run(zipped, again, month=month).stop
    assert ids(again.mails) == ids(server.mails)
    assert [mail.attached() for mail in again.mails] == [mail.attached() for mail in server.mails]


def test_a_seal_that_lost_its_signers_is_no_way_round(home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    seal = home / "reports" / MONTH / "seal.json"
    seal.write_text(seal.read_text().replace('"month"', ' "month"'))
    with run_server() as server:
        told = run(home, server)
    assert "has changed since 2020-03 was closed" in told.stop and server.mails == []


def test_an_address_beyond_ascii_needs_a_server_that_takes_it() -> None:
    mail = "To: jürgen@x.com\r\n\r\n.dot\r\n".encode()
    for is_able in (True, False):
        with run_server(enable_SMTPUTF8=is_able) as server:
            host, _, port = server.told.rpartition(":")
            connection = Connection(Server(host, int(port), "sample.example", patience=5))
            if is_able:
                connection.hand_over(SENDER, "jürgen@x.com", mail)
                connection.hand_over(SENDER, "ann@x.com", mail)
            else:
                with pytest.raises(Refused, match="no addresses beyond ASCII"):
                    connection.hand_over(SENDER, "jürgen@x.com", mail)
                connection.hand_over(SENDER, "ann@x.com", mail)
            connection.close()
        found = [each.recipient for each in server.mails]
        assert found == (["jürgen@x.com", "ann@x.com"] if is_able else ["ann@x.com"])
        assert server.mails[0].raw == mail, "a dot at a line's start arrives"


def test_a_connection_that_went_away_between_messages_is_opened_anew() -> None:
    handler = Handler()
    with run_server(handler) as server:
        host, _, port = server.told.rpartition(":")
        connection = Connection(Server(host, int(port), "sample.example", patience=5))
        connection.hand_over(SENDER, "ann@x.com", b"Subject: 1\r\n\r\n")
        handler.answers = {("MAIL", ""): [DROP]}
        connection.hand_over(SENDER, "ann@x.com", b"Subject: 2\r\n\r\n")
        connection.close()
    assert len(server.mails) == 2 and len(handler.sessions) == 2


def test_a_server_that_refuses_the_sender_is_not_asked_for_each_message(home: Path) -> None:
    with run_server(Handler({("MAIL", ""): ["550 5.7.1 not from you"] * 50})) as server:
        told = run(home, server)
    assert len(told.of("refused")) == 3 and server.mails == [] and told.pauses == []
    assert len(told.of("not sent")) == len(leaders(home)) + 2 - 3
    assert "550 5.7.1 not from you" in told.stop
    shutil.rmtree(home / "deliveries")
    with run_server(Handler({("MAIL", ""): ["552 5.3.4 too large"] * 5})) as server:
        told = run(home, server)
    assert len(told.of("refused")) == 5 and told.of("not sent") == []
