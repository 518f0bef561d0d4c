"""Who may see what: grants, the links that are used once, and sessions, as values.

Belongs here: every decision about access. Where they are kept is said in `access_store`; the time
is an argument, in seconds since 1970.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.reports.packs.reading import NAME

READERS = ("finance", "analyst")
LEADER = "leader:"
DAY = 86_400
KEPT_DAYS = 35
SESSION_SECONDS = 12 * 3600
EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+")


@dataclass(frozen=True)
class Grant:
    """A role that somebody was given, and the link that it came with, of which a hash is kept."""

    id: str
    name: str
    role: str
    email: str
    link_hash: str
    link_until: int
    is_used: bool = False
    is_revoked: bool = False


@dataclass(frozen=True)
class Session:
    """A browser that has signed in: the hash of its cookie, whose it is and until when."""

    cookie_hash: str
    grant_id: str
    until: int


@dataclass(frozen=True)
class Access:
    """All that is granted in a home."""

    grants: tuple[Grant, ...] = ()
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True)
class Viewer:
    """Somebody who is signed in: by which grant (the first, where an e-mail has several), as what.

    Roles are `finance`, `analyst` or `leader:MEMBER_ID`.
    """

    grant_id: str
    roles: frozenset[str]

    @property
    def is_reader(self) -> bool:
        """Whether they see all reports."""
        return any(role in READERS for role in self.roles)

    @property
    def leader_ids(self) -> list[str]:
        """The members whose own packs they see, in byte order."""
        return sorted(role.removeprefix(LEADER) for role in self.roles if role not in READERS)


def is_role(text: str) -> bool:
    """Whether a role can be granted: finance, analyst, or leader: and a member's id."""
    is_leader = text.startswith(LEADER) and NAME.fullmatch(text.removeprefix(LEADER)) is not None
    return text in READERS or is_leader


def hash_token(token: str) -> str:
    """What is kept of a token or cookie: its SHA-256. They are random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def find_link(access: Access, token: str, now: float) -> Grant | None:
    """The grant whose link a token is, if the link can be used now."""
    wanted = hash_token(token)
    return next((grant for grant in access.grants if _is_open(grant, wanted, now)), None)


def _is_open(grant: Grant, link_hash: str, now: float) -> bool:
    is_spent = grant.is_used or grant.is_revoked or now >= grant.link_until
    return grant.link_hash == link_hash and not is_spent


def use_link(access: Access, token: str, cookie: str, now: float) -> Access | None:
    """The access after a link was used for a session; None where the link cannot be used.

    Sessions that are over are let go.
    """
    found = find_link(access, token, now)
    if found is None:
        return None
    grants = tuple(replace(each, is_used=True) if each == found else each for each in access.grants)
    lasting = tuple(session for session in access.sessions if session.until > now)
    until = int(now) + SESSION_SECONDS
    return Access(grants, (*lasting, Session(hash_token(cookie), found.id, until)))


def find_viewer(access: Access, cookie: str, now: float) -> Viewer | None:
    """Who has a session with this cookie, if it is not over and the grant not revoked."""
    wanted = hash_token(cookie)
    for session in access.sessions:
        if session.cookie_hash == wanted and now < session.until:
            return _view(each for each in access.grants if each.id == session.grant_id)
    return None


def find_by_email(access: Access, email: str) -> Viewer | None:
    """Who was granted a role with this e-mail; letter case does not matter. None for nobody."""
    wanted = email.strip().casefold()
    if not EMAIL.fullmatch(wanted):
        return None
    return _view(each for each in access.grants if each.email.casefold() == wanted)


def _view(grants: Iterable[Grant]) -> Viewer | None:
    standing = [grant for grant in grants if not grant.is_revoked]
    if not standing:
        return None
    return Viewer(standing[0].id, frozenset(grant.role for grant in standing))


def add_grants(access: Access, grants: Iterable[Grant]) -> Access:
    """The access with more grants."""
    return replace(access, grants=(*access.grants, *grants))


def drop_unused(access: Access, tokens: Iterable[str]) -> Access:
    """The access without the grants of links, as far as nobody has used them."""
    wanted = {hash_token(token) for token in tokens}
    return replace(
        access,
        grants=tuple(
            each for each in access.grants if each.link_hash not in wanted or each.is_used
        ),
    )


def drop_spent(access: Access, now: float) -> Access:
    """The access without links that ended more than 35 days ago, with the sessions that they made.

    Who has an e-mail may be let in by a proxy, and who is revoked is shown as revoked; they stay.
    """
    since = now - KEPT_DAYS * DAY
    return replace(
        access,
        grants=tuple(
            each for each in access.grants
            if each.link_until > since or each.email or each.is_revoked
        ),
    )  # fmt: skip


def revoke_name(access: Access, name: str) -> Access | None:
    """The access without what a name was granted, and its sessions; None where nothing stands."""
    ids = {each.id for each in access.grants if each.name == name and not each.is_revoked}
    if not ids:
        return None
    return Access(
        tuple(replace(each, is_revoked=True) if each.id in ids else each for each in access.grants),
        tuple(session for session in access.sessions if session.grant_id not in ids),
    )


def tell_state(access: Access, grant: Grant, now: float) -> str:
    """How a grant stands, in a word or two, for `upline access list`."""
    if grant.is_revoked:
        return "revoked"
    told = ["by e-mail"] if grant.email else []
    if any(each.grant_id == grant.id and now < each.until for each in access.sessions):
        told.append("signed in")
    elif grant.is_used:
        told.append("link used")
    else:
        told.append("link open" if now < grant.link_until else "link expired")
    return ", ".join(told)
