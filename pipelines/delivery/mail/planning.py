"""Which messages a closed month has: a notice for each row of its report, one for each pack.

Belongs here: how they come out of the reports, with the addresses that are known. No rule is made
here: what waits for a leader is counted from the pack's own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.book.policy import Policy
from pipelines.closing.home import Home
from pipelines.delivery.mail.addresses import read_address
from pipelines.delivery.mail.message import (
    LEADER,
    NOTICE,
    NOTICES,
    PACK,
    PACKS,
    Message,
    digest_rows,
)
from pipelines.delivery.mail.sealed_reports import Files, SealedReports
from pipelines.delivery.mail.waiting import count_waiting
from pipelines.months import Month
from pipelines.proof.closed_home import open_published
from pipelines.reports.packs.reading import PAGE

NOTICES_FILE, FLAGGED_FILE = "inactivity/notices.csv", "inactivity/flagged.csv"
# What of a page is not read: its head, its script and its marks.
UNREAD = re.compile(rb"<head>.*?</head>|<script\b.*?</script>|<svg\b.*?</svg>|<[^>]*>", re.DOTALL)


@dataclass(frozen=True)
class Known:
    """What is known of a member today."""

    name: str = ""
    email: str = ""
    language: str = ""


def list_messages(
    reports: SealedReports, members: dict[str, Known], policy: Policy, only: str | None
) -> list[Message]:
    """The month's messages: notices as they stand in the report, then packs by their leaders."""
    messages: list[Message] = []
    if only != PACKS:
        messages += [_notice(reports.month, row, members) for row in reports.rows(NOTICES_FILE)]
    if only != NOTICES:
        flagged = {row["member_id"]: row["deadline"] for row in reports.rows(FLAGGED_FILE)}
        for leader_id in reports.packs.leaders():
            own = _day(flagged.get(leader_id))
            known = members.get(leader_id, Known())
            messages.append(_pack(reports, leader_id, known, own, policy))
    return messages


def read_members(home: Home) -> dict[str, Known]:
    """The members of the newest closed month's snapshot; Stop where none is published."""
    with open_published(home) as con:
        rows = con.execute("select member_id, name, email, language from extracts.members")
        return {id: Known(*(cell or "" for cell in rest)) for id, *rest in rows.fetchall()}


def _notice(month: Month, row: dict[str, str], members: dict[str, Known]) -> Message:
    about = row["member_id"]
    return Message(
        month, NOTICE, row["role"], row["recipient_id"], about,
        digest_rows(f"{name}={cell}".encode() for name, cell in row.items()),
        row["language"], read_address(row["email"]), _day(row["deadline"]),
        members.get(about, Known()).name,
    )  # fmt: skip


def _pack(
    reports: SealedReports, leader_id: str, known: Known, own: date | None, policy: Policy
) -> Message:
    files = reports.pack(leader_id)
    waits = count_waiting(files, reports.month, own, policy)
    return Message(
        reports.month, PACK, LEADER, leader_id, leader_id, digest_pack(files), known.language,
        read_address(known.email), None, known.name, waits,
    )  # fmt: skip


def digest_pack(files: Files) -> str:
    """The digest of what a pack tells: its files, and its page as it is read, not as it looks."""
    return digest_rows(_parts(files))


def _parts(files: Files) -> Iterator[bytes]:
    for name, content in files.items():
        yield name.encode()
        yield b" ".join(UNREAD.sub(b" ", content).split()) if name == PAGE else content


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
