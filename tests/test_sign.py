"""Signatures under closed months, made and checked with real SSH keys."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from html_pages import read_page
from upline_command import Outcome, contents, upline

from pipelines.closing.home import Home
from pipelines.closing.overview import write_home_overview
from pipelines.closing.signatures import Signature, check_signatures, good_signers
from pipelines.months import Month
from pipelines.stop import Stop

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed"
)
MONTH = "2020-03"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys: ann's, bob's, one of ann's with a passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    for name, passphrase in (("ann", ""), ("bob", ""), ("locked", "a secret")):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", f"{name}@example.com",
             "-f", str(folder / name)],
            check=True,
        )  # fmt: skip
    return folder


@pytest.fixture
def home(closed_sample: Path, tmp_path: Path) -> Path:
    """A copy of the closed sample."""
    shutil.copytree(closed_sample, tmp_path / "home")
    return tmp_path / "home"


def sign(home: Path, key: Path, *more: str, month: str = MONTH) -> Outcome:
    """Run `upline sign`."""
    return upline("sign", month, "--home", home, "--key", key, *more)


def allow(folder: Path, keys: Path, **names: str) -> Path:
    """An allowed-signers file: who may sign with which key."""
    path = folder / "allowed_signers"
    lines = [f"{who} {' '.join((keys / f'{key}.pub').read_text().split()[:2])}"
             for key, who in names.items()]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    return path


def check(home: Path, allowed: Path) -> tuple[Signature, ...]:
    """The month's signatures."""
    return check_signatures(Home(home), Month(MONTH), allowed)


def test_two_people_sign_a_month(home: Path, keys: Path, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        assert sign(home, keys / "ann", "--note", "looked at, é").code == 0
        assert sign(home, keys / "bob", "--as", "Bob.B").code == 0
    finally:
        os.umask(old)
    folder = home / "signatures" / MONTH
    assert sorted(path.name for path in folder.iterdir()) == [
        "Bob.B.json", "Bob.B.json.sig", "ann@example.com.json", "ann@example.com.json.sig",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent)} == {0o700}
    signed = json.loads((folder / "ann@example.com.json").read_text())
    assert list(signed) == ["month", "name", "note", "seal"]
    assert (signed["month"], signed["note"]) == (MONTH, "looked at, é")
    found = check(home, allow(tmp_path, keys, ann="ann@example.com", bob="bob@example.com"))
    assert [(each.name, each.signer, each.fault) for each in found] == [
        ("Bob.B", "bob@example.com", None), ("ann@example.com", "ann@example.com", None),
    ]  # fmt: skip
    assert good_signers(found) == ("ann@example.com", "bob@example.com")


def test_the_page_over_all_months_says_who_has_signed(
    home: Path, keys: Path, tmp_path: Path
) -> None:
    page = home / "reports" / "index.html"
    before = page.read_text()
    assert "Signed by" not in before
    assert sign(home, keys / "ann").code == 0
    assert sign(home, keys / "bob").code == 0
    text = page.read_text()
    assert text.count("<bdi>ann@example.com, bob@example.com</bdi>") == 1
    read_page(page)
    assert page.stat().st_mode & 0o777 == 0o600
    for path in (home / "signatures" / MONTH).iterdir():
        path.write_bytes(path.read_bytes().replace(b'"seal": "', b'"seal": "0'))
    write_home_overview(Home(home))
    assert page.read_text() == before, "a signature under another seal is none"


def test_what_is_signed_is_what_ssh_keygen_verifies(home: Path, keys: Path, tmp_path: Path) -> None:
    sign(home, keys / "ann")
    path = home / "signatures" / MONTH / "ann@example.com.json"
    allowed = allow(tmp_path, keys, ann="ann@example.com")
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-n", "upline-close", "-f", allowed, "-I",
         "ann@example.com", "-s", f"{path}.sig"],
        input=path.read_bytes(), capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_same_key_signs_a_month_once_and_every_month(home: Path, keys: Path) -> None:
    assert sign(home, keys / "ann").code == 0
    before = contents(home)
    again = sign(home, keys / "ann", "--as", "somebody")
    assert again.code == 2 and "has signed 2020-03 already, as ann@example.com" in again.err
    name = sign(home, keys / "bob", "--as", "ann@example.com")
    assert name.code == 2 and "ann@example.com has signed 2020-03 already" in name.err
    assert contents(home) == before
    assert sign(home, keys / "ann", month="2020-04").code == 0


def test_a_passphrase_is_not_asked_for(home: Path, keys: Path) -> None:
    before = contents(home)
    done = sign(home, keys / "locked")
    assert done.code == 2 and "a key with a passphrase must be in the agent" in done.err
    assert contents(home) == before


def test_a_key_in_the_agent_signs(
    home: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None:
        pytest.skip("ssh-agent is not installed")
    socket = tmp_path / "agent"
    agent = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        for _ in range(200):
            if subprocess.run(["ssh-add", "-q", str(keys / "bob")], stderr=-3).returncode == 0:
                break
        public = shutil.copy(keys / "bob.pub", tmp_path / "only.pub")
        done = sign(home, Path(public))
        assert done.code == 0, done.err
        assert "signed by bob@example.com" in done.out
    finally:
        agent.terminate()
        agent.wait()


REFUSED = {
    "no such key": (["missing"], "there is no such key file"),
    "no key": (["ann.txt", "--as", "x"], "ssh-keygen cannot sign with it"),
    "a name that leaves the folder": (["ann", "--as", "../x"], "cannot be a file's name"),
    "a name of dots": (["ann", "--as", ".."], "cannot be a file's name"),
    "a name that is too long": (["ann", "--as", "x" * 65], "cannot be a file's name"),
    "no name in the key": (["bare"], "its comment is no name to sign as"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_fit_is_refused_and_nothing_is_written(
    home: Path, keys: Path, case: str
) -> None:
    (keys / "ann.txt").write_text("no key at all\n")
    shutil.copy(keys / "ann", keys / "bare")
    (keys / "bare").chmod(0o600)
    [key, *more], told = REFUSED[case]
    before = contents(home)
    done = sign(home, keys / key, *more)
    assert done.code == 2 and told in done.err and done.err.count("\n") == 1
    assert contents(home) == before and not (home / "signatures").exists()


def test_a_month_that_is_not_closed_cannot_be_signed(home: Path, keys: Path) -> None:
    done = sign(home, keys / "ann", month="2020-05")
    assert done.code == 2 and "2020-05 is not closed" in done.err
    assert not (home / "signatures").exists()


def test_a_home_at_work_is_not_signed(home: Path, keys: Path) -> None:
    with (home / "work" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = sign(home, keys / "ann")
    assert done.code == 2 and "another command is at work" in done.err


def test_without_ssh_keygen_nothing_is_signed(
    home: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = sign(home, keys / "ann")
    assert done.code == 2 and "ssh-keygen is not installed" in done.err


def test_a_bad_signature_is_named_with_what_is_wrong(
    home: Path, keys: Path, tmp_path: Path
) -> None:
    for key in ("ann", "bob"):
        assert sign(home, keys / key, "--as", key).code == 0
    folder = home / "signatures" / MONTH
    both = allow(tmp_path, keys, ann="ann@x", bob="bob@x")
    path = folder / "ann.json"
    whole = path.read_bytes()

    def fault(name: str = "ann") -> str | None:
        return {each.name: each.fault for each in check(home, both)}[name]

    assert fault() is None
    path.write_bytes(whole.replace(b'"note": ""', b'"note": "changed"'))
    assert fault() == "the signature is not of this file"
    path.write_bytes(whole.replace(b'"2020-03"', b'"2020-02"'))
    assert fault() == "it was signed for 2020-02"
    path.write_bytes(b"{}")
    assert "cannot be read" in (fault() or "")
    path.write_bytes(whole)
    shutil.copy(folder / "bob.json.sig", folder / "ann.json.sig")
    assert fault() == "the signature is not of this file"
    (folder / "ann.json.sig").write_text("-----\n")
    assert "it is no SSH signature" in (fault() or "")
    (folder / "ann.json.sig").unlink()
    assert "cannot be read" in (fault() or "")
    shutil.copy(folder / "bob.json", folder / "eve.json")
    shutil.copy(folder / "bob.json.sig", folder / "eve.json.sig")
    assert fault("eve") == "it was signed by 'bob', not 'eve'"
    assert good_signers(check(home, both)) == ("bob@x",)


def test_only_allowed_signers_count_and_each_once(home: Path, keys: Path, tmp_path: Path) -> None:
    for key in ("ann", "bob"):
        assert sign(home, keys / key).code == 0
    one = allow(tmp_path, keys, ann="ann@x")
    found = {each.name: each.fault for each in check(home, one)}
    assert found["bob@example.com"] == "its key is not one of the allowed signers'"
    same = allow(tmp_path, keys, ann="ann@x", bob="ann@x")
    assert good_signers(check(home, same)) == ("ann@x",)
    with pytest.raises(Stop, match="no such file"):
        check(home, tmp_path / "missing")


def test_a_signature_for_another_purpose_does_not_count(
    home: Path, keys: Path, tmp_path: Path
) -> None:
    assert sign(home, keys / "ann", "--as", "ann").code == 0
    path = home / "signatures" / MONTH / "ann.json"
    Path(f"{path}.sig").unlink()
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", keys / "ann", path], check=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    [found] = check(home, allow(tmp_path, keys, ann="ann@x"))
    assert found.fault is not None and good_signers((found,)) == ()


def test_a_seal_that_has_changed_leaves_its_signatures_bad(
    home: Path, keys: Path, tmp_path: Path
) -> None:
    assert sign(home, keys / "ann").code == 0
    seal = home / "reports" / MONTH / "seal.json"
    seal.write_text(seal.read_text() + "\n")
    [found] = check(home, allow(tmp_path, keys, ann="ann@x"))
    assert found.fault == "it was signed under another seal of this month"
