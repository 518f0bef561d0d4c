"""`upline deliver` of a month that is closed again, and of one that people must sign."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from mail_server import Mail, run_server
from small_book import Row, drop, full_drop, row, write_book, write_files
from test_deliver import ids, journal, run
from test_sign import keys
from three_months import STRICT
from upline_command import close, upline

__all__ = ["keys"]

MONTH = "2020-01"
AGAIN, REPLACES = "was closed again; this is new", "was closed again; this replaces"
SIGN_OFF = '[sign_off]\nsignatures = 2\nsigners = "allowed_signers"\n'


def member(number: int, **more: str | None) -> Row:
    given: Row = {"member_id": f"M{number}", "email": f"m{number}@x.com", "sponsor_id": "M1",
                  "enroller_id": "M1"}  # fmt: skip
    return row("members", **given | more)


ANN = row("members")
MEMBERS = [ANN, member(2), member(3), member(4, rank="associate", email="m4@x.com")]
BOUGHT = row("orders", order_id="O9", ordered_at="2020-01-12T12:00Z", channel="member",
             buyer_id="M3", seller_id=None, customer_email=None)  # fmt: skip


def told_by(mails: list[Mail]) -> set[tuple[str, str]]:
    """Whom the messages went to, and whether they say that they are new or replace another."""
    return {
        (mail.recipient, "new" if AGAIN in text else "changed" if REPLACES in text else "")
        for mail in mails
        for text in [" ".join(mail.text().split())]
    }


def close_again(book: Path, home: Path) -> None:
    assert upline("reopen", MONTH, "--home", home, "--reason", "a late file").code == 0
    told = close(MONTH, book, home)
    assert told.code == 0, told.err


@pytest.mark.exhaustive
@pytest.mark.long
def test_closed_again_only_what_is_new_or_changed_goes_out_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    book = write_book(tmp_path / "book", full_drop(members=MEMBERS), policy=STRICT)
    assert close(MONTH, book, home).code == 0
    with run_server() as server:
        first = run(home, server, month=MONTH, only="packs")
        assert first.stop == "" and {again for _, again in told_by(server.mails)} == {""}
        sent = len(server.mails)

        # Closed again as it was, only those hear of it who have not heard yet.
        close_again(book, home)
        assert run(home, server, month=MONTH).stop == ""
        notices = [each["about"] for each in journal(home, MONTH) if each["kind"] == "notice"]
        assert set(notices) == {"M2", "M3", "M4"}
        assert {again for _, again in told_by(server.mails[sent:])} == {"new"}
        assert not any(mail.attached() for mail in server.mails[sent:])
        sent = len(server.mails)

        # M3 has bought something after all, and M5 is in the snapshot: M3's notices fall away.
        write_files(book / MONTH, full_drop(members=[*MEMBERS, member(5)], orders=[BOUGHT]))
        close_again(book, home)
        again = run(home, server, month=MONTH)
        assert again.stop == "" and not set(ids(server.mails[sent:])) & set(
            ids(server.mails[:sent])
        )
        told = [mail for mail in server.mails[sent:] if not mail.attached()]
        assert told_by(told) == {("m5@x.com", "new"), ("ann@x.com", "new")}
        packs = [mail for mail in server.mails[sent:] if mail.attached()]
        assert ("ann@x.com", "changed") in told_by(packs)
        assert {again for _, again in told_by(packs)} <= {"changed", "new"}
        withdrawn = [line for line in again.lines if line.startswith("withdrawn")]
        assert [line.split("  ")[-1] for line in withdrawn] == [
            "notice to enroller M1 about M3", "notice to holder M3",
        ]  # fmt: skip

        # Taken back again, M3's notices are what was sent once: never twice, and not in silence.
        write_files(book / MONTH, full_drop(members=MEMBERS))
        sent = len(server.mails)
        close_again(book, home)
        back = run(home, server, month=MONTH)
        assert len(server.mails) == sent
        assert any(line.startswith("as before") and "pack" in line for line in back.lines)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_month_goes_out_when_enough_different_people_have_signed(
    tmp_path: Path, keys: Path
) -> None:
    home, book = tmp_path / "home", tmp_path / "book"
    write_book(book, drop(members=MEMBERS), policy=STRICT + SIGN_OFF)
    key = {
        name: " ".join((keys / f"{name}.pub").read_text().split()[:2]) for name in ("ann", "bob")
    }
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "carl")],
                   check=True)  # fmt: skip
    allowed = f"ann@x.com {key['ann']}\nbob@x.com {key['bob']}\n"
    (book / "allowed_signers").write_text(allowed)
    assert close(MONTH, book, home).code == 0

    def sign(path: Path, name: str) -> None:
        assert upline("sign", MONTH, "--home", home, "--key", path, "--as", name).code == 0

    with run_server() as server:
        assert "has 0 good signatures" in run(home, server, month=MONTH).stop
        sign(keys / "ann", "ann")
        sign(tmp_path / "carl", "carl")
        told = run(home, server, month=MONTH)
        assert "has 1 good signature" in told.stop and "carl: its key is not one" in told.stop
        assert "has 1 good" in run(home, server, month=MONTH, is_dry=True).stop
        assert server.mails == [] and not (home / "deliveries" / MONTH / "journal.jsonl").exists()
        sign(keys / "bob", "bob")
        assert run(home, server, month=MONTH).stop == "" and server.mails
