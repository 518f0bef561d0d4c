"""A message before it is written: what kind, to whom, about whom, and its id that never changes.

Belongs here: the values. They are known of every message before the first is sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipelines.months import Month

NOTICES, PACKS = "notices", "packs"
NOTICE, PACK = "notice", "pack"
KINDS = {NOTICES: NOTICE, PACKS: PACK}
HOLDER, ENROLLER, LEADER = "holder", "enroller", "leader"
DOMAIN = "upline.invalid"
ID_LENGTH = 24


@dataclass(frozen=True)
class Message:
    """A message to one recipient.

    `id` names it for ever: closed again with other rows, a month has another message. `address` is
    what mail is sent to, None where there is none. Of a notice `deadline` and the name of whom it
    is about; of a pack `waits`.
    """

    month: Month
    kind: str
    role: str
    recipient: str
    about: str
    rows: str
    language: str
    address: str | None
    deadline: date | None = None
    name: str = ""
    waits: Waits | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, whatever it tells: kind, role, recipient, the member that it is about."""
        return (self.kind, self.role, self.recipient, self.about)

    @property
    def id(self) -> str:
        """From the month, the key and the digest of the rows that it tells."""
        told = json.dumps([self.month.text, *self.key, self.rows])
        return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]

    @property
    def message_id(self) -> str:
        """The id as mail bears it."""
        return f"<{self.id}@{DOMAIN}>"

    @property
    def told(self) -> str:
        """It in words of ids alone, for terminal and log."""
        about = "" if self.about == self.recipient else f" about {self.about}"
        return f"{self.id}  {self.kind} to {self.role} {self.recipient}{about}"


@dataclass(frozen=True)
class Waits:
    """What waits for a leader: how many and until when; `past_…` was due before the month ended."""

    customers: int = 0
    leads: int = 0
    past_contacts: int = 0
    records: int = 0
    first_deadline: date | None = None
    own_deadline: date | None = None
    calls: int = 0
    next_call: date | None = None
    past_calls: int = 0
    own_customers: int = 0
    accounts: int = 0


def digest_rows(rows: Iterable[bytes]) -> str:
    """The SHA-256 of rows or files, each apart from the next."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{len(row)}:".encode())
        digest.update(row)
    return digest.hexdigest()


def read_id(text: str) -> str:
    """An id as somebody gives it: alone, or as mail bears it."""
    return text.strip().removeprefix("<").removesuffix(">").removesuffix(f"@{DOMAIN}")
