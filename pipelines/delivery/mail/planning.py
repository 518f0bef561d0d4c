"""Which messages a closed month has: a notice for each row of its report, one for each pack.

Belongs here: how they come out of the reports, with the addresses that are known. No rule is made
here: what waits for a leader is counted from the pack's own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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
    Waits,
    digest_rows,
)
from pipelines.delivery.mail.sealed_reports import Files, SealedReports, read_rows
from pipelines.months import Month
from pipelines.proof.closed_home import open_published
from pipelines.reports.packs.reading import PAGE

NOTICES_FILE, FLAGGED_FILE = "inactivity/notices.csv", "inactivity/flagged.csv"
CONTACTS = {"referrals": ("customer_name", "customer_email", "customer_phone"),
            "leads": ("name", "email", "phone")}  # fmt: skip
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


def count_waiting(files: Files, month: Month, own: date | None, policy: Policy) -> Waits:
    """What waits for a leader, from the pack's files; `own`: until when the own record stands.

    Who can be contacted in no way, such as who opted out, is not counted; calls to one customer by
    one day are one, and those that were due in the month wait no more.
    """
    rows = {name: read_rows(files.get(f"{name}.csv", b"")) for name in (
        "inactivity", "referrals", "leads", "follow_ups", "customers", "onboarding")}  # fmt: skip
    reached = {
        name: sum(any(row[column] for column in columns) for row in rows[name])
        for name, columns in CONTACTS.items()
    }
    calls = {
        (row["due_to"], row["customer_email"])
        for row in rows["follow_ups"]
        if row["due_to"] > month.end.isoformat()
    }
    return Waits(
        customers=reached["referrals"], leads=reached["leads"],
        records=len(rows["inactivity"]), own_deadline=own,
        first_deadline=_first(row["deadline"] for row in rows["inactivity"]),
        calls=len(calls), next_call=_first(day for day, _ in calls),
        own_customers=sum(_needs_attention(row, month, policy) for row in rows["customers"]),
        accounts=sum(bool(row["help"]) for row in rows["onboarding"]),
    )  # fmt: skip


def _needs_attention(row: dict[str, str], month: Month, policy: Policy) -> bool:
    """As sql/leaders/customers.sql has it: new to the owner, or without an order for long."""
    days = policy.subscriptions.retained_days if policy.subscriptions else 0
    quiet_since = (month.end - timedelta(days=days)).isoformat()
    is_first = row["basis"] == "subscription" or row["orders"] == "1"
    is_new = bool(row["previous_owner_id"]) or (
        row["since_on"] >= month.start.isoformat() and is_first
    )
    return is_new or "" < row["last_order_on"] < quiet_since


def _first(days: Iterable[str]) -> date | None:
    found = sorted(day for day in days if day)
    return _day(found[0]) if found else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
