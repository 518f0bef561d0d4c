"""The journal of a month's messages: `<home>/deliveries/<MONTH>/journal.jsonl`, on disk each time.

Belongs here: what is written before and after each message, and what it says of a message now. It
has ids alone. A line is whole or, where the machine died, the last one and cut off: then what it
would have said never happened, or is in doubt by the line before.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.closing.home import Home, sync
from pipelines.delivery.access_store import make_private
from pipelines.delivery.mail.message import Message
from pipelines.months import Month
from pipelines.stop import Stop

NAME = "journal.jsonl"
SENDING, SENT, REFUSED, PUT_OFF, DOUBTFUL = "sending", "sent", "refused", "put_off", "doubtful"
STATES = (SENDING, SENT, REFUSED, PUT_OFF, DOUBTFUL)
FIELDS = ("at", "id", "state", "kind", "role", "recipient", "about")


@dataclass
class Journal:
    """What was done with each message of a month, by id.

    `handle` is None where it is only read.
    """

    handle: int | None = None
    states: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def was_sent(self, id: str) -> bool:
        """Whether a message was handed over."""
        return self.states.get(id) == SENT

    def is_doubtful(self, id: str) -> bool:
        """Whether a message may or may not have been handed over."""
        return self.states.get(id) in (SENDING, DOUBTFUL)

    def told(self) -> dict[tuple[str, ...], str]:
        """What the recipients were told, or may have been: message ids by their keys."""
        return {
            self.keys[id]: id for id in self.states if self.was_sent(id) or self.is_doubtful(id)
        }

    def note(self, message: Message, state: str, at: str, said: str = "") -> None:
        """Write what is about to be done or was done with a message, and have it on the disk."""
        assert self.handle is not None
        told = dict(zip(FIELDS, (at, message.id, state, *message.key), strict=True))
        if said:
            told["said"] = said
        line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        if os.write(self.handle, line) != len(line):
            raise OSError("the journal cannot be written: the disk is full")
        os.fsync(self.handle)
        self._take(told)

    def _take(self, told: dict[str, Any]) -> None:
        id, state = told["id"], told["state"]
        self.keys[id] = tuple(told[name] for name in FIELDS[3:])
        if self.states.get(id) != SENT:
            self.states[id] = state


def read_journal(home: Home, month: Month) -> Journal:
    """What was done so far, only to be read; Stop where the journal is damaged."""
    journal = Journal()
    _read(journal, journal_path(home, month))
    return journal


@contextmanager
def open_journal(home: Home, month: Month) -> Iterator[Journal]:
    """The month's journal, for this process alone; Stop where another delivers at the same time."""
    path = journal_path(home, month)
    folders = (path.parent.parent, path.parent)
    for folder in folders:
        make_private(folder)
    with _hold(home, folders[0]):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            for folder in (home.folder, *folders):
                sync(folder)
            journal = Journal(handle)
            os.ftruncate(handle, _read(journal, path))
            yield journal
        finally:
            os.close(handle)


def journal_path(home: Home, month: Month) -> Path:
    """Where it lies."""
    return home.folder / "deliveries" / month.text / NAME


@contextmanager
def _hold(home: Home, folder: Path) -> Iterator[None]:
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Stop(
            f"another deliver is at work on {home.folder}; try again when it is done"
        ) from None
    finally:
        os.close(handle)


def _read(journal: Journal, path: Path) -> int:
    """Take in what is written; out: how many bytes of it are whole lines."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return 0
    whole = text[: text.rfind(b"\n") + 1]
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            told = json.loads(line)
            is_good = told["state"] in STATES and all(type(told[name]) is str for name in FIELDS)
        except (ValueError, KeyError, TypeError):
            is_good = False
        if not is_good:
            raise Stop(
                f"{path}: line {number} is damaged; restore it from a backup: without it nobody "
                f"knows what was sent"
            )
        journal._take(told)
    return len(whole)
