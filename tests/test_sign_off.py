"""`[sign_off]`: whose signatures count is sealed with the month, and the home alone can tell."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from html_pages import read_page
from small_book import POLICY, Files, drop, why_stopped, write_book
from upline_command import Outcome, close, contents, upline

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed"
)
MONTHS = ("2020-01", "2020-02")
SIGN_OFF = '[sign_off]\nsignatures = {}\nsigners = "{}"\n'


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of ann, bob and eve."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ann", "bob", "eve"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name],
            check=True,
        )
    return folder


def allowed(keys: Path, *names: str) -> str:
    """An allowed-signers file with their keys."""
    parts = {name: (keys / f"{name}.pub").read_text().split()[:2] for name in names}
    return "".join(f"{name} {' '.join(part)}\n" for name, part in parts.items())


def book_of(folder: Path, keys: Path) -> Path:
    """A book whose policy wants two signatures, and from February on, by a drop's own, one."""
    own: Files = {
        "policy.toml": POLICY + SIGN_OFF.format(1, "finance people"),
        "finance people": allowed(keys, "bob"),
    }
    policy = POLICY + SIGN_OFF.format(2, "allowed_signers")
    book = write_book(folder / "book", drop(), drop(own), policy=policy)
    (book / "allowed_signers").write_text(allowed(keys, "ann", "bob"))
    return book


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Path:
    """A folder with `book` and `home`, in which both months are closed. Tests work on copies."""
    folder = tmp_path_factory.mktemp("closed")
    done = close("2020-02", book_of(folder, keys), folder / "home", "--through")
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def mine(closed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(closed, tmp_path / "mine", symlinks=True)
    return tmp_path / "mine"


def sign(folder: Path, key: Path, month: str = "2020-01") -> None:
    """Sign a month."""
    assert upline("sign", month, "--home", folder / "home", "--key", key).code == 0


def verify(folder: Path, *more: str | Path) -> Outcome:
    """Compare digests and signatures."""
    where = ("--book", folder / "book", "--home", folder / "home")
    return upline("verify", *where, "--quick", "--json", *more)


def told_of(folder: Path, month: str = "2020-01") -> str:
    """What the page over all months says of who has signed one."""
    table = read_page(folder / "home" / "reports" / "index.html").tables["months"]
    return table.body[sorted(MONTHS, reverse=True).index(month)]["Signed by"]


def seal_of(folder: Path, month: str) -> dict[str, object]:
    """A month's seal."""
    path = folder / "home" / "reports" / month / "seal.json"
    seal: dict[str, object] = json.loads(path.read_text())
    return seal


@pytest.mark.exhaustive
def test_the_file_of_signers_is_sealed_with_the_month(closed: Path, keys: Path) -> None:
    for month, needed, names in (("2020-01", 2, ("ann", "bob")), ("2020-02", 1, ("bob",))):
        seal, text = seal_of(closed, month), allowed(keys, *names)
        assert seal["signers"] == {"needed": needed, "allowed": text}
        inputs = seal["inputs"]
        assert isinstance(inputs, dict)
        assert inputs["signers"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.exhaustive
def test_who_may_sign_a_closed_month_never_changes(mine: Path, keys: Path) -> None:
    path = mine / "book" / "allowed_signers"
    path.write_text(allowed(keys, "ann", "bob", "eve"))
    before = contents(mine / "home")
    done = close("2020-02", mine / "book", mine / "home")
    assert done.code == 2 and "the file of allowed signers has changed" in done.err
    found = json.loads(verify(mine).out)["months"][0]["differences"]
    assert [each["kind"] for each in found] == ["input_changed"]
    path.unlink()
    done = close("2020-02", mine / "book", mine / "home")
    assert done.code == 2 and f"{path}: there is no such file" in done.err
    assert contents(mine / "home") == before


@pytest.mark.long
def test_the_page_tells_good_signatures_and_how_many_are_needed(mine: Path, keys: Path) -> None:
    sign(mine, keys / "eve")
    assert told_of(mine) == "0 of 2 signatures, 1 not good"
    sign(mine, keys / "ann")
    assert told_of(mine) == "ann; 1 of 2 signatures, 1 not good"
    sign(mine, keys / "bob")
    assert told_of(mine) == "ann, bob; 2 of 2 signatures, 1 not good"
    assert told_of(mine, "2020-02") == "0 of 1 signature"
    sign(mine, keys / "ann", "2020-02")
    assert told_of(mine, "2020-02") == "0 of 1 signature, 1 not good"


def test_a_signature_that_was_spoiled_is_none(mine: Path, keys: Path) -> None:
    sign(mine, keys / "ann")
    path = mine / "home" / "signatures" / "2020-01" / "ann.json"
    path.write_text(path.read_text().replace('"note": ""', '"note": "x"'))
    assert close("2020-02", mine / "book", mine / "home").code == 0
    assert told_of(mine) == "0 of 2 signatures, 1 not good"


def test_verify_checks_against_what_is_sealed(mine: Path, keys: Path, tmp_path: Path) -> None:
    sign(mine, keys / "ann")
    assert verify(mine).code == 0, "a signature that is still to come is no difference"
    sign(mine, keys / "eve")
    done = verify(mine)
    assert done.code == 3
    assert [
        (difference["kind"], difference["path"])
        for month in json.loads(done.out)["months"] for difference in month["differences"]
    ] == [("signature_bad", "signatures/2020-01/eve.json")]  # fmt: skip
    everybody = tmp_path / "everybody"
    everybody.write_text(allowed(keys, "ann", "bob", "eve"))
    assert verify(mine, "--signers", everybody).code == 0, "the file that is named counts"


def test_a_seal_with_other_signers_is_none(mine: Path) -> None:
    path = mine / "home" / "reports" / "2020-02" / "seal.json"
    path.write_text(path.read_text().replace('"needed": 1', '"needed": 0'))
    assert "seal_changed" in verify(mine).out
    assert close("2020-02", mine / "book", mine / "home").code == 2


def test_what_a_drop_cannot_have_as_its_file_of_signers(tmp_path: Path, keys: Path) -> None:
    book = book_of(tmp_path, keys)
    assert not why_stopped(book, "2020-02")
    (book / "2020-01" / "finance people").write_text("")
    assert "finance people: is no table's file" in why_stopped(book, "2020-01")
    policy = book / "2020-02" / "policy.toml"
    for name, told in (
        ("nobody", "nobody: there is no such file; sign_off.signers of the policy names it"),
        ("orders.csv", "orders.csv: sign_off.signers of the policy beside it names this file, and "
                       "orders takes it"),
        ("mapping", "it is a folder, not an ordinary file"),
        ("latin", "latin: is not UTF-8"),
    ):  # fmt: skip
        policy.write_text(POLICY + SIGN_OFF.format(1, name))
        (book / "2020-01" / "finance people").unlink(missing_ok=True)
        (book / "2020-02" / "finance people").unlink(missing_ok=True)
        if name == "mapping":
            (book / "2020-02" / "mapping").mkdir()
        if name == "latin":
            (book / "2020-02" / "mapping").rmdir()
            (book / "2020-02" / "latin").write_bytes(b"ann ssh-ed25519 \xe9")
        assert told in why_stopped(book, "2020-02"), name


def test_a_later_drop_reads_the_file_beside_the_policy_in_force(tmp_path: Path, keys: Path) -> None:
    book = book_of(tmp_path, keys)
    shutil.copytree(book / "2020-02", book / "2020-03")
    for name in ("policy.toml", "finance people"):
        (book / "2020-03" / name).unlink()
    assert not why_stopped(book, "2020-03")
    (book / "2020-02" / "finance people").unlink()
    assert str(book / "2020-02" / "finance people") in why_stopped(book, "2020-03")
