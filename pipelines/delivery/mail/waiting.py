"""What waits for a leader, counted from the files of the pack.

Belongs here: the counting, as the pack's page has it (sql/leaders: contacts, enquiries, calls,
customers); a test holds the two to each other. Who can be contacted in no way, such as who opted
out, is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.book.policy import Policy
from pipelines.book.zone import load_zone
from pipelines.delivery.mail.message import Waits
from pipelines.delivery.mail.sealed_reports import Files, read_rows
from pipelines.months import Month

Rows = list[dict[str, str]]
NAMES = ("inactivity", "referrals", "leads", "follow_ups", "customers", "onboarding")
# What of a row says whom to contact; the orders of one person by one day are one contact.
CONTACTS = {
    "referrals": ("customer_email", "customer_phone", "customer_name"),
    "leads": ("email", "phone", "name"),
}


def count_waiting(files: Files, month: Month, own: date | None, policy: Policy) -> Waits:
    """What waits for a leader; `own`: until when the own record stands, if it is flagged."""
    rows = {name: read_rows(files.get(f"{name}.csv", b"")) for name in NAMES}
    zone, end = load_zone(policy.company.timezone), month.end.isoformat()
    contacts = {name: _contacts(rows[name], columns, zone) for name, columns in CONTACTS.items()}
    calls = _calls(rows["follow_ups"], rows["referrals"])
    days = sorted(day for _, day in calls if day > end)
    return Waits(
        customers=_open(contacts["referrals"], end), leads=_open(contacts["leads"], end),
        past_contacts=sum(day <= end for found in contacts.values() for _, day in found),
        records=len(rows["inactivity"]), own_deadline=own,
        first_deadline=_first(row["deadline"] for row in rows["inactivity"]),
        calls=len(days), next_call=_first(days), past_calls=len(calls) - len(days),
        own_customers=sum(_needs_attention(row, month, policy) for row in rows["customers"]),
        accounts=sum(bool(row["help"]) for row in rows["onboarding"]),
    )  # fmt: skip


def _contacts(rows: Rows, columns: tuple[str, ...], zone: ZoneInfo) -> set[tuple[str, str]]:
    """Whom to contact by which day of the company's."""
    found = set()
    for row in rows:
        person = next((row[column] for column in columns if row[column]), None)
        if person is not None:
            at = datetime.fromisoformat(row["contact_by"].removesuffix("Z")).replace(tzinfo=UTC)
            found.add((person, at.astimezone(zone).date().isoformat()))
    return found


def _open(contacts: set[tuple[str, str]], end: str) -> int:
    return sum(day > end for _, day in contacts)


def _calls(follow_ups: Rows, referrals: Rows) -> set[tuple[str, str]]:
    """Whom to call by which day; a first contact that stands with the orders is no second one."""
    came = {row["order_id"] for row in referrals}
    return {
        (row["customer_email"], row["due_to"])
        for row in follow_ups
        if row["task"] != "contact" or row["order_id"] not in came
    }


def _needs_attention(row: dict[str, str], month: Month, policy: Policy) -> bool:
    """Whether a customer is new to the owner, or has not ordered for long."""
    days = policy.subscriptions.retained_days if policy.subscriptions else 0
    quiet_since = (month.end - timedelta(days=days)).isoformat()
    is_first = row["basis"] == "subscription" or row["orders"] == "1"
    is_new = bool(row["previous_owner_id"]) or (
        row["since_on"] >= month.start.isoformat() and is_first
    )
    return is_new or "" < row["last_order_on"] < quiet_since


def _first(days: Iterable[str]) -> date | None:
    found = sorted(day for day in days if day)
    return date.fromisoformat(found[0]) if found else None
