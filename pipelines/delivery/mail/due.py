"""Which of a month's messages are sent now, by what the journal says, and what of others is told.

Belongs here: the decisions, on values alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.delivery.mail.journal import Journal
from pipelines.delivery.mail.letters import CHANGED, NEW
from pipelines.delivery.mail.message import KINDS, Message, read_id
from pipelines.months import Month
from pipelines.stop import Stop, show_value


@dataclass(frozen=True)
class Plan:
    """A month's messages, those that are due now, and of which of them the month was closed again.

    `again` says by a message's id whether it is new or replaces one that was sent.
    """

    month: Month
    messages: list[Message]
    due: list[Message]
    again: dict[str, str]


def make_plan(
    month: Month, messages: list[Message], journal: Journal, resend: tuple[str, ...], is_again: bool
) -> Plan:
    """What is due: what has an address and was not sent; what is in doubt only if it is asked for.

    In: the ids that are asked for; whether the month was closed before. Stop for an id that cannot
    be sent again.
    """
    wanted = {read_id(text) for text in resend}
    for text in resend:
        _check_resend(month, text, messages, journal)
    due = [
        message
        for message in messages
        if message.address
        and not journal.was_sent(message.id)
        and (message.id in wanted or not journal.is_doubtful(message.id))
    ]
    told = journal.told()
    again = {
        message.id: NEW if told.get(message.key, message.id) == message.id else CHANGED
        for message in due
        if is_again and told and message.id not in wanted
    }
    return Plan(month, messages, due, again)


def _check_resend(month: Month, text: str, messages: list[Message], journal: Journal) -> None:
    id, told = read_id(text), show_value(text)
    found = {message.id: message for message in messages}.get(id)
    if found is None:
        raise Stop(f"--resend {told}: is no message of {month} as it is closed now")
    if journal.was_sent(id):
        raise Stop(f"--resend {told}: was handed over; it is never sent again")
    if not journal.is_doubtful(id):
        raise Stop(f"--resend {told}: is not in doubt; deliver sends it without --resend")
    if not found.address:
        raise Stop(f"--resend {told}: its recipient has no address any more")


def tell_plan(plan: Plan, journal: Journal, only: str | None, is_dry: bool) -> Iterator[str]:
    """What there is, a line each: of what is not sent now why; at the end how many there are."""
    due = {message.id for message in plan.due}
    for message in plan.messages:
        if message.id in due:
            if is_dry:
                yield tell_line("would send", message.told)
        elif not journal.was_sent(message.id):
            yield tell_line("in doubt" if message.address else "no address", message.told)
    yield from _tell_outdated(plan, journal, only)
    sent = sum(journal.was_sent(message.id) for message in plan.messages)
    yield f"{plan.month}: {len(due)} to send, {sent} sent before"


def _tell_outdated(plan: Plan, journal: Journal, only: str | None) -> Iterator[str]:
    """What was told and no longer holds, and what holds again and is never sent twice."""
    now: dict[tuple[str, ...], Message] = {each.key: each for each in plan.messages}
    for key, id in journal.told().items():
        found = now.get(key)
        if found is None and key[0] == (KINDS[only] if only else key[0]):
            kind, role, recipient, about = key
            told = f"{id}  {kind} to {role} {recipient}"
            yield tell_line("withdrawn", told if about == recipient else f"{told} about {about}")
        elif found is not None and found.id != id and journal.was_sent(found.id):
            yield tell_line("as before", found.told)


def tell_line(word: str, told: str) -> str:
    """A line on one message."""
    return f"{word:10}  {told}"
