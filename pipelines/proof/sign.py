"""`upline sign`: a person's signature under a closed month (contract 4)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipelines.closing.home import Home, sync
from pipelines.closing.inputs import digest_file
from pipelines.closing.signatures import (
    NAME,
    NAMESPACE,
    fingerprint,
    key_of,
    read_signed,
    run_ssh_keygen,
    signature_path,
    signatures_of,
    signed_files,
)
from pipelines.months import Month
from pipelines.private_folders import private_folder
from pipelines.stop import Stop

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def sign_month(home: Home, month: Month, key: Path, name: str | None, note: str) -> Path:
    """Sign a closed month with an SSH key; the home must be held still.

    In: the key's file (of a key in an agent the public one), the name to sign as (None: the key's
    comment), a note. Out: the file that was signed; beside it its signature. Stop when the month is
    not closed, the name or the key is not fit, or one of them has signed the month already.
    """
    if month not in home.sealed_months():
        raise Stop(f"{month} is not closed in {home.folder}; only a closed month can be signed")
    if not key.is_file():
        raise Stop(f"{key}: there is no such key file; --key names an SSH key")
    name = _fit_name(key, name)
    target = signatures_of(home, month) / f"{name}.json"
    if target.exists():
        raise Stop(f"{name} has signed {month} already: {target}")
    signed = {
        "month": month.text, "seal": digest_file(home.seal(month)),
        "name": name, "note": note,
    }  # fmt: skip
    with private_folder() as folder:
        staged = folder / target.name
        staged.write_text(json.dumps(signed, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        _sign(staged, key)
        _check_key(home, month, key_of(signature_path(staged)))
        _put(staged, target)
    return target


def _fit_name(key: Path, name: str | None) -> str:
    """The name to sign as, which is a file's name; Stop when it cannot be one."""
    if name is None:
        name = _comment_of(key)
        if not NAME.fullmatch(name):
            raise Stop(f"{key}: its comment is no name to sign as; give one with --as")
    if not NAME.fullmatch(name):
        raise Stop(
            f"--as {name!r} cannot be a file's name; use letters, digits and . _ @ + - "
            f"(64 at most, first and last a letter or digit)"
        )
    return name


def _comment_of(key: Path) -> str:
    """A key's comment, from its public file; empty where there is none."""
    public = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
    try:
        words = public.read_text(encoding="utf-8").strip().split(maxsplit=2)
    except (OSError, ValueError):
        return ""
    return words[2] if len(words) > 2 else ""


def _sign(staged: Path, key: Path) -> None:
    done = run_ssh_keygen("sign", "-n", NAMESPACE, "-f", str(key), str(staged))
    if done.returncode or not signature_path(staged).is_file():
        lines = done.stderr.replace("Enter passphrase: ", "").splitlines()
        said = " ".join(line.strip() for line in lines if line.strip(" @\r"))
        hint = "a key with a passphrase must be in the agent" if "phrase" in said else ""
        raise Stop(
            f"{key}: ssh-keygen cannot sign with it: {said or 'it says nothing'}"
            + (f"; {hint}" if hint else "")
        )


def _check_key(home: Home, month: Month, key: bytes) -> None:
    """Stop when the same key has signed the month already, under whatever name."""
    for path in signed_files(home, month):
        try:
            is_same = key_of(signature_path(path)) == key
        except (OSError, ValueError):
            continue
        if is_same:
            name = path.name.removesuffix(".json")
            raise Stop(
                f"the key {fingerprint(key)} has signed {month} already, as {name}; "
                f"the same key cannot sign a month twice"
            )


def _put(staged: Path, target: Path) -> None:
    """Put a signed file and its signature where they are looked for, the file as the last act."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    for source, place in ((signature_path(staged), signature_path(target)), (staged, target)):
        new = place.with_name(f".{place.name}.new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as file:
            file.write(source.read_bytes())
        new.chmod(PRIVATE_FILE)
        sync(new)
        new.replace(place)
    sync(target.parent)


def tell_signed(path: Path) -> str:
    """What was signed, in words."""
    signed = read_signed(path)
    key = fingerprint(key_of(signature_path(path)))
    return f"{signed['month']}  signed by {signed['name']} with {key}, seal {signed['seal'][:16]}"
