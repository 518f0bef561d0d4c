"""Sending one message after another: the journal before and after each, and when to try again.

Belongs here: the order of things. How long a pause is, what the time is and whether the month is
still what it was is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.delivery.mail.journal import (
    DOUBTFUL,
    PUT_OFF,
    REFUSED,
    SENDING,
    SENT,
    Journal,
)
from pipelines.delivery.mail.message import Message
from pipelines.delivery.mail.smtp import Connection, Doubtful, NotReached, PutOff, Refused

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before the second try, the third, …
# So many one after the other, and the fault is not the message's.
MOST_DOUBTFUL = MOST_UNWELCOME = 3


@dataclass(frozen=True)
class Prepared:
    """A message's bytes, and what to do where they were not handed over (take a link back)."""

    mail: bytes
    take_back: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Clock:
    """The time: seconds for pauses, in words for the journal, and a way to wait."""

    seconds: Callable[[], float]
    stamp: Callable[[], str]
    pause: Callable[[float], None]


@dataclass
class Post:
    """All that sending needs, and how it goes: `outcomes` are state and words by message's id.

    `check` stops where nothing more may be sent; `interval` is the least time between two messages;
    `unreached` is why there was no connection in the end.
    """

    connection: Connection
    journal: Journal
    sender: str
    prepare: Callable[[Message], Prepared]
    check: Callable[[], None]
    clock: Clock
    tell: Callable[[Message, str, str], None]
    warn: Callable[[str], None]
    interval: float = 0
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    unreached: str = ""
    _last: float | None = None
    _trouble: int = 0
    _doubtful: int = 0
    _unwelcome: int = 0

    def send_all(self, messages: list[Message]) -> None:
        """Send messages in their order; those that are put off again, after growing pauses.

        Whatever has no outcome afterwards was not tried. Stop as `check` stops.
        """
        due = list(messages)
        for number in range(len(PAUSES) + 1):
            if due and number:
                self._wait(PAUSES[number - 1], f"{len(due)} put off")
            due = self._send_round(due)
            if self._is_over():
                break
        for message in due:
            if message.id in self.outcomes:
                self.tell(message, *self.outcomes[message.id])

    def _send_round(self, messages: list[Message]) -> list[Message]:
        """Try each once; out: those to be tried again."""
        due: list[Message] = []
        for place, message in enumerate(messages):
            if self._is_over():
                return due + messages[place:]
            if self._trouble and place:
                self._wait(PAUSES[self._trouble - 1], "the server hangs up")
            if not self._is_reached():
                return due + messages[place:]
            if self._send(message) == PUT_OFF:
                due.append(message)
        return due

    def _is_over(self) -> bool:
        """Whether it has no sense to go on now."""
        is_hopeless = self._doubtful >= MOST_DOUBTFUL or self._unwelcome >= MOST_UNWELCOME
        return is_hopeless or self._trouble > len(PAUSES)

    def _is_reached(self) -> bool:
        """Whether there is a connection, after some patience."""
        for pause in (*PAUSES, None):
            try:
                self.connection.open()
                return True
            except NotReached as error:
                if pause is None:
                    self.unreached = str(error)
                else:
                    self._wait(pause, f"no connection: {error}")
        self._trouble = len(PAUSES) + 1
        return False

    def _send(self, message: Message) -> str:
        """Try a message once; out: its state then."""
        self._keep_pace()
        self.check()
        prepared = self.prepare(message)
        self.journal.note(message, SENDING, self.clock.stamp())
        state, said = self._hand_over(message, prepared.mail)
        self.journal.note(message, state, self.clock.stamp(), said)
        if state in (REFUSED, PUT_OFF):
            prepared.take_back()
        self._doubtful = self._doubtful + 1 if state == DOUBTFUL else 0
        self.outcomes[message.id] = state, said
        if state != PUT_OFF:
            self.tell(message, state, said)
        return state

    def _hand_over(self, message: Message, mail: bytes) -> tuple[str, str]:
        assert message.address is not None
        is_gone = is_sender = False
        try:
            self.connection.hand_over(self.sender, message.address, mail)
            return SENT, ""
        except Refused as error:
            is_sender = error.is_sender
            return REFUSED, str(error)
        except Doubtful as error:
            return DOUBTFUL, str(error)
        except PutOff as error:
            is_gone = error.is_gone
            return PUT_OFF, str(error)
        except NotReached as error:
            is_gone = True
            return PUT_OFF, f"no connection: {error}"
        finally:
            self._trouble = self._trouble + 1 if is_gone else 0
            self._unwelcome = self._unwelcome + 1 if is_sender else 0

    def _keep_pace(self) -> None:
        now = self.clock.seconds()
        if self._last is not None and self.interval:
            wait = min(self._last + self.interval - now, self.interval)
            if wait > 0:
                self.clock.pause(wait)
                now += wait
        self._last = now

    def _wait(self, seconds: float, why: str) -> None:
        self.warn(f"{why}; again in {seconds:g} s")
        self.clock.pause(seconds)
