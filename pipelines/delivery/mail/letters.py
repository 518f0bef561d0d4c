"""What a message says, in the recipient's words, for plain text and HTML alike.

Belongs here: the sentences and their order. How they become mail is in `writing`. Each message for
the catalogues stands in a call of `say` or `count`, where a test looks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pipelines.delivery.mail.message import HOLDER, NOTICE, Message, Waits
from pipelines.delivery.mail.words import Words
from pipelines.reports.look.formats import visible

NEW, CHANGED = "new", "changed"


@dataclass(frozen=True)
class Letter:
    """A message in words: what stands out among its paragraphs, a link with its words, and above
    all, where the month was closed again, that it was."""

    subject: str
    lead: str
    points: tuple[str, ...]
    more: tuple[str, ...]
    footer: str
    link: tuple[str, str] | None = None
    again: str = ""


@dataclass(frozen=True)
class Sent:
    """What the sender adds: the company, whether the month was closed again, a pack's link.

    `again` is NEW or CHANGED where it was; `link_until` the last day that the link works.
    """

    company: str
    again: str = ""
    link: str | None = None
    link_until: date | None = None


def write_letter(message: Message, words: Words, sent: Sent) -> Letter:
    """A message in its recipient's words."""
    company = visible(" ".join(sent.company.split()))
    again = _again(message, words, sent)
    if message.kind != NOTICE:
        return replace(_pack(message, words, sent, company), again=again)
    if message.role == HOLDER:
        return replace(_to_holder(message, words, company), again=again)
    return replace(_to_enroller(message, words, company), again=again)


def _to_holder(message: Message, words: Words, company: str) -> Letter:
    return Letter(
        words.say("%(company)s: your record is about to be removed", company=company),
        words.say(
            "It is long since you last bought or sold anything. Your record %(id)s at %(company)s "
            "is therefore marked as inactive.",
            id=message.about, company=company,
        ),
        (
            words.say("Deadline: %(day)s", day=_deadline(message, words)),
            words.say("What to do: place one order by that day. It keeps your record."),
        ),
        (words.say("Without an order your record is removed after the deadline."),),
        _footer(message, words, company),
    )  # fmt: skip


def _to_enroller(message: Message, words: Words, company: str) -> Letter:
    who = visible(" ".join(message.name.split()))
    who = f"{who} ({message.about})" if who else message.about
    return Letter(
        words.say("%(company)s: a record that you enrolled is about to be removed",
                  company=company),
        words.say(
            "It is long since %(who)s, whom you enrolled, last bought or sold anything. The record "
            "at %(company)s is therefore marked as inactive.",
            who=who, company=company,
        ),
        (
            words.say("Deadline: %(day)s", day=_deadline(message, words)),
            words.say("What to do: get in touch, and ask for one order by that day. It keeps the "
                      "record."),
        ),
        (words.say("Without an order the record is removed after the deadline."),),
        _footer(message, words, company),
    )  # fmt: skip


def _deadline(message: Message, words: Words) -> str:
    """A notice's deadline, in words and as every calendar reads it."""
    assert message.deadline is not None
    return f"{words.day(message.deadline)} ({message.deadline.isoformat()})"


def _pack(message: Message, words: Words, sent: Sent, company: str) -> Letter:
    month = words.month_name(message.month.start)
    link, more = None, [words.say("Your report is attached as a ZIP file. Unpack it and open "
                                  "index.html.")]  # fmt: skip
    if sent.link is not None and sent.link_until is not None:
        link = words.say("Open your report"), sent.link
        more = [words.say("The link works once, until %(day)s. It opens a page with a button to "
                          "sign in.", day=words.day(sent.link_until))]  # fmt: skip
    more.append(words.say("The report is for you alone: it holds other people's data. Do not pass "
                          "it on."))  # fmt: skip
    return Letter(
        words.say("%(company)s: your report for %(month)s", company=company, month=month),
        words.say("What waits for you after %(month)s:", month=month),
        waiting_lines(message.waits or Waits(), words),
        tuple(more), _footer(message, words, company), link,
    )  # fmt: skip


def waiting_lines(waits: Waits, words: Words) -> tuple[str, str, str]:
    """What waits for a leader, in three lines: whom to contact, what ends, what to look after."""
    return _contact_line(waits, words), _records_line(waits, words), _care_line(waits, words)


def _contact_line(waits: Waits, words: Words) -> str:
    whom = []
    if waits.customers:
        whom.append(
            words.count(
                "%(count)s customer from the web shop", "%(count)s customers from the web shop",
                waits.customers,
            )
        )  # fmt: skip
    if waits.leads:
        whom.append(words.count("%(count)s lead", "%(count)s leads", waits.leads))
    if waits.past_contacts:
        whom.append(words.say("past their date: %(count)s", count=waits.past_contacts))
    return words.say("To contact now: %(whom)s", whom=_join(whom, words) or words.say("nobody"))


def _records_line(waits: Waits, words: Words) -> str:
    what = []
    if waits.own_deadline:
        what.append(words.say("your own, after %(day)s", day=words.day(waits.own_deadline)))
    if waits.first_deadline:
        told = words.say("%(count)s in your line", count=waits.records)
        first = words.say("the first after %(day)s", day=words.day(waits.first_deadline))
        what.append(words.say("%(what)s, %(when)s", what=told, when=first))
    return words.say(
        "Records about to be removed: %(what)s", what=_join(what, words) or words.say("none")
    )


def _care_line(waits: Waits, words: Words) -> str:
    what = []
    if waits.next_call:
        told = words.count("%(count)s call", "%(count)s calls", waits.calls)
        soon = words.say("the next by %(day)s", day=words.day(waits.next_call))
        what.append(words.say("%(what)s, %(when)s", what=told, when=soon))
    if waits.past_calls:
        told = words.count("%(count)s call", "%(count)s calls", waits.past_calls)
        what.append(words.say("past their date: %(count)s", count=told))
    if waits.own_customers:
        what.append(words.count("%(count)s customer of yours", "%(count)s customers of yours",
                                waits.own_customers))  # fmt: skip
    if waits.accounts:
        what.append(words.count("%(count)s account that needs help",
                                "%(count)s accounts that need help", waits.accounts))  # fmt: skip
    return words.say("To look after: %(what)s", what=_join(what, words) or words.say("nothing"))


def _join(parts: list[str], words: Words) -> str:
    return words.say("; ").join(parts)


def _again(message: Message, words: Words, sent: Sent) -> str:
    """What is said of a month that was closed again; nothing of one that was not."""
    month = words.month_name(message.month.start)
    if sent.again == NEW:
        return words.say("The month %(month)s was closed again; this is new.", month=month)
    if sent.again == CHANGED:
        return words.say(
            "The month %(month)s was closed again; this replaces what you were sent before.",
            month=month,
        )  # fmt: skip
    return ""


def _footer(message: Message, words: Words, company: str) -> str:
    return words.say(
        "%(company)s sent this by itself. Message %(id)s.", company=company, id=message.id
    )
