"""Signatures under closed months: where they lie, and which of them are good.

Belongs here: what a good signature is. It is of the month's seal as it is now, by an SSH key that
an allowed-signers file allows (`ssh-keygen -Y`, namespace `upline-close`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.book.signers import Signers
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.months import Month
from pipelines.private_folders import private_folder
from pipelines.stop import Stop

NAMESPACE = "upline-close"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,62}[A-Za-z0-9])?")
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
MAGIC = b"SSHSIG"


@dataclass(frozen=True)
class Signature:
    """A signature as found: by whom, with which key, and why it is not good (None: it is).

    `signer` is the allowed signer that it is of, `fingerprint` that of its key.
    """

    name: str
    note: str
    fingerprint: str
    signer: str | None
    fault: str | None

    @property
    def is_good(self) -> bool:
        """Whether it counts."""
        return self.fault is None


def signatures_of(home: Home, month: Month) -> Path:
    """The folder of a month's signatures."""
    return home.folder / "signatures" / month.text


def signed_files(home: Home, month: Month) -> list[Path]:
    """The files that are signed, or said to be, by name."""
    return sorted(signatures_of(home, month).glob("*.json"))


def check_signatures(home: Home, month: Month, allowed_signers: Path) -> tuple[Signature, ...]:
    """Every signature under a closed month, good or not, by name.

    In: the allowed-signers file. Stop when it is not there, or ssh-keygen is not.
    """
    if not allowed_signers.is_file():
        raise Stop(f"{allowed_signers}: there is no such file; it says whose signatures count")
    seal = digest_file(home.seal(month))
    return tuple(_check(path, month, seal, allowed_signers) for path in signed_files(home, month))


def check_sealed_signatures(home: Home, month: Month, signers: Signers) -> tuple[Signature, ...]:
    """As `check_signatures`, in: whose signatures count as the month's seal says it."""
    if not signed_files(home, month):
        return ()
    with private_folder() as folder:
        allowed = folder / "allowed_signers"
        allowed.write_text(signers.allowed, encoding="utf-8")
        return check_signatures(home, month, allowed)


def good_signers(signatures: tuple[Signature, ...]) -> tuple[str, ...]:
    """The different allowed signers of good signatures: one with two keys is one."""
    return tuple(sorted({each.signer for each in signatures if each.is_good and each.signer}))


def _check(path: Path, month: Month, seal: str, allowed: Path) -> Signature:
    name = path.name.removesuffix(".json")
    try:
        told = read_signed(path)
        key = key_of(signature_path(path))
    except (OSError, ValueError) as error:
        return Signature(name, "", "", None, f"{path.name} cannot be read: {error}")
    fault, signer = _fault_of(told, name, month, seal), None
    if fault is None:
        signer, fault = _verify(path, name, allowed)
    return Signature(name, told["note"], fingerprint(key), signer, fault)


def _fault_of(told: dict[str, str], name: str, month: Month, seal: str) -> str | None:
    """What a signed file says that is not so."""
    if told["month"] != month.text:
        return f"it was signed for {told['month']}"
    if told["name"] != name:
        return f"it was signed by {told['name']!r}, not {name!r}"
    if told["seal"] != seal:
        return "it was signed under another seal of this month"
    return None


def read_signed(path: Path) -> dict[str, str]:
    """A signed file's month, seal, name and note; ValueError when it does not say them."""
    told: Any = json.loads(path.read_bytes())
    names = ("month", "seal", "name", "note")
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in names):
        raise ValueError(f"it does not say {', '.join(names)}")
    return {name: told[name] for name in names}


def signature_path(path: Path) -> Path:
    """Where the signature of a signed file lies."""
    return path.with_name(f"{path.name}.sig")


def key_of(signature: Path) -> bytes:
    """The public key that an SSH signature bears; ValueError when it is none."""
    lines = signature.read_text(encoding="ascii").strip().splitlines()
    if len(lines) < 3 or lines[0] != BEGIN or lines[-1] != END:
        raise ValueError("it is no SSH signature")
    data = base64.b64decode("".join(lines[1:-1]), validate=True)
    start = len(MAGIC) + 4
    size = int.from_bytes(data[start : start + 4], "big")
    key = data[start + 4 : start + 4 + size]
    if not data.startswith(MAGIC) or not key or len(key) != size:
        raise ValueError("it is no SSH signature")
    return key


def fingerprint(key: bytes) -> str:
    """A public key's fingerprint, as ssh-keygen prints it."""
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def _verify(path: Path, name: str, allowed: Path) -> tuple[str | None, str | None]:
    """The allowed signer whose signature it is, or why it is nobody's."""
    signature = str(signature_path(path))
    found = run_ssh_keygen("find-principals", "-s", signature, "-f", str(allowed))
    signers = found.stdout.strip().splitlines() if found.returncode == 0 else []
    for signer in signers:
        for identity in (name, *signer.split(",")):
            checked = run_ssh_keygen(
                "verify", "-n", NAMESPACE, "-f", str(allowed), "-I", identity, "-s", signature,
                given=path.read_bytes(),
            )  # fmt: skip
            if checked.returncode == 0:
                return signer, None
    if signers:
        return None, "the signature is not of this file"
    return None, "its key is not one of the allowed signers'"


def run_ssh_keygen(
    action: str, *arguments: str, given: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `ssh-keygen -Y action`, which asks nobody for a passphrase; Stop when there is none."""
    if shutil.which("ssh-keygen") is None or shutil.which("env") is None:
        raise Stop("ssh-keygen is not installed; signatures are made and checked with OpenSSH")
    # Without a terminal and without a program to ask with, a passphrase cannot be asked for.
    command = ["env", "SSH_ASKPASS_REQUIRE=never", "LC_ALL=C", "ssh-keygen", "-Y", action]
    done = subprocess.run(
        [*command, *arguments], input=given or b"", capture_output=True, start_new_session=True
    )
    out, err = (each.decode("utf-8", "replace") for each in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)
