"""A real mail server on a loopback port for tests: it takes, refuses, delays, drops and dies.

Belongs here: the server and what it was told to do. What is right is said in the tests.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

DROP = "drop"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Mail:
    """A message as it came: from whom and to whom, and what it says."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def id(self) -> str:
        """The message's id as deliver says it."""
        return str(self.parsed["Message-ID"])[1:].partition("@")[0]

    def text(self, kind: str = "plain") -> str:
        """Its plain text, or its HTML."""
        part = self.parsed.get_body((kind,))
        assert part is not None
        return str(part.get_content())

    def attached(self) -> list[tuple[str, bytes]]:
        return [(part.get_filename() or "", part.get_content())
                for part in self.parsed.iter_attachments()]  # fmt: skip


@dataclass
class Handler:
    """What the server does: `answers` to a command of a recipient, each used once, then "taken".

    A key is (command, recipient), recipient "" for any; an answer DROP hangs up. `at_data` is
    called when a message's text has come, before it is answered.
    """

    answers: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    sessions: set[Any] = field(default_factory=set)
    at_data: Callable[[Mail], None] = lambda mail: None
    is_closed: bool = False

    def _answer(self, server: SMTP, command: str, recipient: str) -> str | None:
        for key in ((command, recipient), (command, "")):
            if self.answers.get(key):
                answer = self.answers[key].pop(0)
                if answer == DROP:
                    assert isinstance(server.transport, asyncio.Transport)
                    server.transport.abort()
                return answer
        return None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        self.sessions.add(session.peer)
        answer = self._answer(server, "MAIL", "")
        if answer is not None:
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        answer = self._answer(server, "RCPT", address)
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = Mail(str(envelope.mail_from), envelope.rcpt_tos[0], content)
        answer = self._answer(server, "DATA", mail.recipient)
        if answer is None or answer == DROP:
            self.mails.append(mail)
        self.at_data(mail)
        return answer or "250 OK"


@dataclass
class MailServer:
    """It, running."""

    handler: Handler
    port: int

    @property
    def told(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[Mail]:
        return self.handler.mails


@contextmanager
def run_server(
    handler: Handler | None = None, port: int = 0, login: tuple[str, str] | None = None,
    tls: ssl.SSLContext | None = None, **more: Any,
) -> Iterator[MailServer]:  # fmt: skip
    """Run a server until the block ends; with a login it takes nothing without."""
    handler = handler or Handler()
    port = port or free_port()

    def check(
        server: SMTP, session: Session, envelope: Envelope, how: str, data: Any
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False)

    if login is not None:
        more |= {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, ssl_context=tls, ready_timeout=30, **more
    )
    controller.start()
    try:
        yield MailServer(handler, port)
    finally:
        controller.stop(no_assert=True)


@contextmanager
def run_raw(*answers: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says these answers, one a line that it hears, and hangs up at None or the end.

    The first is its greeting. After an answer 354 it hears up to the message's end. Out: its
    address, and what it heard.
    """
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(
            target=_speak, args=(listening, list(answers), heard), daemon=True
        )
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        thread.start()
        yield address, heard
    thread.join(10)


def _speak(listening: socket.socket, answers: list[bytes | None], heard: list[bytes]) -> None:
    link, _ = listening.accept()
    listening.close()  # whoever comes back finds nobody
    with link, link.makefile("rb") as source:
        for answer in answers:
            if answer is None:
                return
            link.sendall(answer)
            line = source.readline()
            if answer.startswith(b"354"):
                while line and line != b".\r\n":
                    line = source.readline()
            heard.append(line)
