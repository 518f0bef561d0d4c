"""Where access is kept: `<home>/access/access.json`, private, whole or not at all.

Belongs here: reading and writing. Only hashes of tokens are written. A running server reads the
file on each request, so what is revoked ends at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.closing.home import Home, sync
from pipelines.closing.inputs import Identity, identify
from pipelines.delivery.grants import (
    DAY,
    EMAIL,
    LEADER,
    Access,
    Grant,
    Session,
    add_grants,
    drop_spent,
    drop_unused,
    hash_token,
    is_role,
    revoke_name,
    use_link,
)
from pipelines.stop import Stop, show_value

LONGEST_NAME = 100
MOST_DAYS = 366


@dataclass
class AccessStore:
    """The access file of a home; what it last said is kept, and read anew when it is another.

    Each write makes another file, so that it need not be read to see that it is the same.
    """

    home: Home
    _seen: tuple[Identity, Access] = field(default=((), Access()))

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.home.folder / "access"

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / "access.json"

    def read(self) -> Access:
        """What is granted now; Stop where the file cannot be read."""
        try:
            seen, access = self._seen
            if identify(self.path) == seen:
                return access
            with self.path.open("rb") as source:
                mark, text = identify(source.fileno()), source.read()
        except FileNotFoundError:
            return Access()
        except OSError as error:
            raise Stop(f"{self.path}: cannot be read: {error.strerror}") from error
        access = _parse(self.path, text)
        self._seen = mark, access
        return access

    @contextmanager
    def hold(self) -> Iterator[Access]:
        """What is granted, while nobody else may change it."""
        make_private(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield self.read()
        finally:
            os.close(handle)

    def write(self, access: Access) -> None:
        """Keep what is granted, whole or not at all; to be called inside `hold`."""
        text = _as_text(access)
        staged = self.folder / ".access.json.new"
        handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            os.fchmod(target.fileno(), 0o600)
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        staged.replace(self.path)
        sync(self.folder)
        self._seen = identify(self.path), access


def make_private(folder: Path) -> None:
    """Make the folder where it is not there; nobody but its owner looks into it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)


def _as_text(access: Access) -> bytes:
    """The file's text, a grant or session a line: there may be tens of thousands."""
    parts = (("grants", access.grants), ("sessions", access.sessions))
    told = [
        f'"{name}": [\n' + ",\n".join(json.dumps(vars(each)) for each in found) + "\n]"
        for name, found in parts
    ]
    return ("{" + ",\n".join(told) + "}\n").encode()


def _parse(path: Path, text: bytes) -> Access:
    try:
        told = json.loads(text)
        grants = tuple(Grant(**grant) for grant in told["grants"])
        return Access(grants, tuple(Session(**session) for session in told["sessions"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(
            f"{path}: is damaged; restore it from a backup, or remove it and grant access anew"
        ) from error


def check_home(home: Home) -> None:
    """Stop where a folder is no home: nothing is granted or served there."""
    if not home.marker.is_file() and not home.sealed_months():
        raise Stop(f"{home.folder}: is no home of Upline; --home names the folder of closed months")


def grant_access(
    store: AccessStore, name: str, role: str, email: str, days: int, now: float
) -> str:
    """Give somebody a role; out: the token of a link that can be used once within so many days.

    The token is kept nowhere. Stop where name, role, e-mail or days cannot be taken.
    """
    if not is_role(role):
        raise Stop(
            f"--role {show_value(role)}: is no role; give finance, analyst or leader:MEMBER_ID"
        )
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Stop(f"--name {show_value(name)}: give 1 to {LONGEST_NAME} printable characters")
    if email and not EMAIL.fullmatch(email):
        raise Stop(f"--email {show_value(email)}: is no e-mail address")
    if not 1 <= days <= MOST_DAYS:
        raise Stop(f"--days {days}: give 1 to {MOST_DAYS} days")
    check_home(store.home)
    [token] = _grant(store, [(name, role, email)], days, now)
    return token


def grant_leaders(store: AccessStore, leader_ids: list[str], days: int, now: float) -> list[str]:
    """Give leaders access to their own packs, in one go; out: the tokens, in the same order.

    Each is named by the leader's id. Stop where an id cannot have a pack.
    """
    for id in leader_ids:
        if not is_role(f"{LEADER}{id}"):
            raise Stop(f"{show_value(id)}: cannot be a leader's id")
    return _grant(store, [(id, f"{LEADER}{id}", "") for id in leader_ids], days, now)


def _grant(
    store: AccessStore, given: list[tuple[str, str, str]], days: int, now: float
) -> list[str]:
    tokens = [secrets.token_urlsafe(32) for _ in given]
    until = int(now) + days * DAY
    with store.hold() as access:
        grants = [
            Grant(secrets.token_hex(4), name, role, email, hash_token(token), until)
            for (name, role, email), token in zip(given, tokens, strict=True)
        ]
        store.write(add_grants(drop_spent(access, now), grants))
    return tokens


def withdraw_grants(store: AccessStore, tokens: list[str]) -> None:
    """Take back grants whose links went to nobody; one that was used stays."""
    with store.hold() as access:
        store.write(drop_unused(access, tokens))


def revoke_access(store: AccessStore, name: str) -> None:
    """Take from a name all that it was granted; Stop where nobody of that name has anything."""
    check_home(store.home)
    with store.hold() as access:
        left = revoke_name(access, name)
        if left is None:
            raise Stop(
                f"{show_value(name)}: nobody of that name has access; `upline access list` tells"
            )
        store.write(left)


def begin_session(store: AccessStore, token: str, now: float) -> str | None:
    """Use a link up; out: the cookie of a new session, or None where the link cannot be used."""
    cookie = secrets.token_urlsafe(32)
    with store.hold() as access:
        after = use_link(access, token, cookie, now)
        if after is None:
            return None
        store.write(after)
    return cookie
