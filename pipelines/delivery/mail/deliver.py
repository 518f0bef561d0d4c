"""`upline deliver`: what a month has to say, sent to those who have an address (contract 4).

Belongs here: what is done one after the other. Nothing told here is personal: ids alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.closing.chain import check_chain
from pipelines.closing.home import Home
from pipelines.delivery.access_store import AccessStore, check_home
from pipelines.delivery.mail.due import Plan, make_plan, tell_line, tell_plan
from pipelines.delivery.mail.journal import (
    DOUBTFUL,
    PUT_OFF,
    REFUSED,
    SENT,
    Journal,
    open_journal,
    read_journal,
)
from pipelines.delivery.mail.letters import Sent, write_letter
from pipelines.delivery.mail.links import Links
from pipelines.delivery.mail.message import PACK, Message
from pipelines.delivery.mail.planning import digest_pack, list_messages, read_members
from pipelines.delivery.mail.sealed_reports import Files, SealedReports, open_sealed
from pipelines.delivery.mail.sending import Clock, Post, Prepared
from pipelines.delivery.mail.server import Server
from pipelines.delivery.mail.sign_off import check_signed, find_policy
from pipelines.delivery.mail.smtp import Connection
from pipelines.delivery.mail.words import choose_words
from pipelines.delivery.mail.writing import write_mail
from pipelines.months import Month
from pipelines.proof.closed_home import hold_still
from pipelines.stop import Stop

STATES = {SENT: "sent", REFUSED: "refused", PUT_OFF: "not sent", DOUBTFUL: "in doubt"}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is to be delivered: `only` one kind, `resend` what is in doubt, links in `base_url`.

    `book` is where the policy is, None for the book that the last close noted.
    """

    home: Home
    month: Month
    server: Server
    sender: str
    book: Path | None = None
    only: str | None = None
    base_url: str | None = None
    is_dry: bool = False
    per_minute: int | None = None
    resend: tuple[str, ...] = ()


def deliver(asked: Asked, clock: Clock, say: Say, warn: Say) -> None:
    """Send what a closed month has to say and was not sent yet, and tell of each message.

    Stop where the month is not closed or not signed, something is not as it was sealed, another
    deliver is at work, or, at the end, where a message could not be sent.
    """
    check_home(asked.home)
    with open_sealed(asked.home, asked.month) as reports:
        company, messages = _read(asked, reports)
        is_again = reports.seal.supersedes is not None
        with _hold_journal(asked) as journal:
            plan = make_plan(asked.month, messages, journal, asked.resend, is_again)
            for line in tell_plan(plan, journal, asked.only, asked.is_dry):
                say(line)
            if asked.is_dry:
                return
            links = _links(asked, plan)
            writer = _Writer(asked.sender, reports, company, plan.again, clock, links)
            post = Post(
                Connection(asked.server), journal, asked.sender, writer.prepare,
                lambda: _check_still(reports), clock, _teller(say), warn,
                60 / asked.per_minute if asked.per_minute else 0,
            )  # fmt: skip
            try:
                post.send_all(plan.due)
            finally:
                post.connection.close()
                if links is not None:
                    links.close()
            _tell_end(plan, journal, post, say)


def _read(asked: Asked, reports: SealedReports) -> tuple[str, list[Message]]:
    """The company's name and the month's messages, read while nobody is at work on the home."""
    with hold_still(asked.home):
        check_chain(asked.home, asked.home.sealed_months()[0], [])
        _check_still(reports)
        check_signed(asked.home, asked.month, reports.seal)
        policy = find_policy(asked.home, asked.book, asked.month, reports.seal)
        messages = list_messages(reports, read_members(asked.home), policy, asked.only)
    return policy.company.name, messages


@contextmanager
def _hold_journal(asked: Asked) -> Iterator[Journal]:
    if asked.is_dry:
        yield read_journal(asked.home, asked.month)
    else:
        with open_journal(asked.home, asked.month) as journal:
            yield journal


def _check_still(reports: SealedReports) -> None:
    if not reports.is_still_so():
        raise Stop(
            f"{reports.month} was opened or closed again meanwhile; what was sent is in the "
            f"journal; deliver it again once it is closed"
        )


def _links(asked: Asked, plan: Plan) -> Links | None:
    """The links of the leaders who are due; None where packs go as files."""
    if asked.base_url is None:
        return None
    leader_ids = [message.recipient for message in plan.due if message.kind == PACK]
    return Links(AccessStore(asked.home), asked.base_url, leader_ids)


@dataclass(frozen=True)
class _Writer:
    """Writes messages when they are due."""

    sender: str
    reports: SealedReports
    company: str
    again: dict[str, str]
    clock: Clock
    links: Links | None

    def prepare(self, message: Message) -> Prepared:
        """A message's bytes, with a link or with the pack where it is a leader's."""
        now, again = self.clock.seconds(), self.again.get(message.id, "")
        if message.kind != PACK:
            return Prepared(self._write(message, Sent(self.company, again), now))
        links, leader_id = self.links, message.recipient
        if links is None:
            sent = Sent(self.company, again)
            return Prepared(self._write(message, sent, now, self._pack_of(message)))
        link = links.take(leader_id, now)
        sent = Sent(self.company, again, link.url, link.last_day)
        mail = self._write(message, sent, now)
        return Prepared(mail, lambda: links.give_back(leader_id, link))

    def _write(
        self, message: Message, sent: Sent, now: float, pack: Files | None = None
    ) -> bytes:  # fmt: skip
        words = choose_words(message.language)
        letter = write_letter(message, words, sent)
        at = datetime.fromtimestamp(now, UTC)
        return write_mail(message, letter, words, (self.company, self.sender), at, pack)

    def _pack_of(self, message: Message) -> Files:
        files = self.reports.pack(message.recipient)
        if digest_pack(files) != message.rows:
            raise Stop(f"the pack of {message.recipient} changed while it was read; deliver again")
        return files


def _teller(say: Say) -> Callable[[Message, str, str], None]:
    def tell(message: Message, state: str, said: str) -> None:
        more = f": {said}" if said else ""
        if state == DOUBTFUL:
            more += f"; it goes out only with --resend {message.id}"
        say(tell_line(STATES[state], f"{message.told}{more}"))

    return tell


def _tell_end(plan: Plan, journal: Journal, post: Post, say: Say) -> None:
    """Say how it went; Stop where anything could not be sent."""
    for message in plan.due:
        if message.id not in post.outcomes:
            say(tell_line("not sent", f"{message.told}: {post.unreached or 'not tried'}"))
    say(f"{sum(state == SENT for state, _ in post.outcomes.values())} sent")
    left = [
        message for message in plan.messages if message.address and not journal.was_sent(message.id)
    ]
    if not left:
        return
    first = left[0]
    _, said = post.outcomes.get(first.id, ("", post.unreached))
    advice = "deliver again to go on"
    if journal.is_doubtful(first.id):
        said = said or "it may or may not have been handed over"
        advice = f"--resend {first.id} sends it again"
    raise Stop(
        f"{len(left)} could not be sent, first {first.told}: {said or 'not tried'}; {advice}"
    )
