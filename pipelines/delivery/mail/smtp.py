"""Handing one message over to a mail server: what is certain afterwards, and what is not.

Belongs here: the conversation with the server. A message is handed over when the server says so
after the end of the text; it is in doubt where the end was sent and no answer came. When it is
tried again is decided in `sending`.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from typing import NoReturn

from pipelines.delivery.mail.addresses import clean_words
from pipelines.delivery.mail.server import Server, connect
from pipelines.stop import Stop

CLOSING, TOO_LARGE = 421, 552
LOST = "the connection was lost"


class Refused(Exception):
    """The server will not take this message; `is_sender`: as it seems, none of this sender's."""

    def __init__(self, said: str, is_sender: bool = False) -> None:
        super().__init__(said)
        self.is_sender = is_sender


class PutOff(Exception):
    """The server did not take this message now; `is_gone`: and it hung up."""

    def __init__(self, said: str, is_gone: bool) -> None:
        super().__init__(said)
        self.is_gone = is_gone


class Doubtful(Exception):
    """The message was sent to its end, and nobody knows whether the server took it."""


class NotReached(Exception):
    """No connection could be had."""


class Connection:
    """A connection to a server, opened when it is needed and used for one message after another."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Have a connection; NotReached where there is none, Stop where there can be none."""
        if self._smtp is None:
            self._smtp = self._connect()

    def close(self) -> None:
        """Say good-bye."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()

    def hand_over(self, sender: str, recipient: str, mail: bytes) -> None:
        """Hand a message over, which is certain when this returns.

        Refused, PutOff, Doubtful or NotReached where it is not. A connection that the server ended
        since the last message is opened anew.
        """
        is_used = self._smtp is not None
        try:
            self._begin(sender, recipient, len(mail))
        except PutOff as error:
            if not (is_used and error.is_gone):
                raise
            self._begin(sender, recipient, len(mail))
        self._send(mail, recipient)

    def _begin(self, sender: str, recipient: str, size: int) -> None:
        """From whom and to whom it is."""
        self.open()
        assert self._smtp is not None
        smtp, more = self._smtp, ""
        smtp.command_encoding = "ascii"
        if not f"{sender}{recipient}".isascii():
            if not smtp.has_extn("smtputf8"):
                raise Refused("the server takes no addresses beyond ASCII")
            smtp.command_encoding, more = "utf-8", " SMTPUTF8"
        if smtp.has_extn("size"):
            more += f" SIZE={size}"
        try:
            self._ask(f"MAIL FROM:<{sender}>{more}", 2, recipient)
        except Refused as error:
            is_sender = not str(error).startswith(str(TOO_LARGE))
            raise Refused(str(error), is_sender) from error
        self._ask(f"RCPT TO:<{recipient}>", 2, recipient)

    def _send(self, mail: bytes, recipient: str) -> None:
        self._ask("DATA", 3, recipient)
        assert self._smtp is not None and self._smtp.sock is not None
        text = re.sub(rb"(?m)^\.", b"..", mail)
        try:
            # The server takes a message at its last dot, which goes out last.
            self._smtp.send(text + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            self._gone(error)
        try:
            self._smtp.sock.settimeout(self._server.last_patience)
            code, said = self._smtp.getreply()
            self._smtp.sock.settimeout(self._server.patience)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Doubtful(f"no answer after the message's end: {_told(error)}") from error
        if not 200 <= code < 600 or code // 100 == 3:
            self._drop()
            raise Doubtful(f"no clear answer after the message's end: {code} {_words(said)}")
        self._judge(code, said, 2, recipient)

    def _ask(self, command: str, wanted: int, recipient: str) -> None:
        """Say something; Refused or PutOff where the answer is not of the wanted kind."""
        assert self._smtp is not None
        try:
            code, said = self._smtp.docmd(command)
        except (smtplib.SMTPException, OSError) as error:
            self._gone(error)
        self._judge(code, said, wanted, recipient)

    def _judge(self, code: int, said: bytes, wanted: int, recipient: str) -> None:
        if code // 100 == wanted:
            return
        told = f"{code} {_words(said, recipient)}"
        if code // 100 not in (4, 5):
            self._drop()
            raise PutOff(f"no clear answer: {told}", is_gone=True)
        if code == CLOSING:
            self._drop()
        else:
            self._reset()
        if code // 100 == 5:
            raise Refused(told)
        raise PutOff(told, is_gone=code == CLOSING)

    def _reset(self) -> None:
        """Make ready for the next message after one that was not taken."""
        assert self._smtp is not None
        try:
            code, _ = self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            code = 0
        if code // 100 != 2:
            self._drop()

    def _gone(self, error: Exception) -> NoReturn:
        self._drop()
        raise PutOff(f"{LOST}: {_told(error)}", is_gone=True) from error

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _connect(self) -> smtplib.SMTP:
        try:
            return connect(self._server)
        except smtplib.SMTPResponseException as error:
            told = f"{error.smtp_code} {_words(error.smtp_error)}"
            if error.smtp_code // 100 != 5:
                raise NotReached(told) from error
            raise self._stop(told) from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._stop(_told(error)) from error
        except ssl.SSLError as error:
            raise self._stop(f"no TLS with it: {_told(error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotReached(_told(error)) from error

    def _stop(self, told: str) -> Stop:
        return Stop(f"--smtp {self._server.told}: the server cannot be used: {told}")


def _words(said: bytes | str, recipient: str = "") -> str:
    return clean_words(said, recipient)


def _told(error: Exception) -> str:
    """An error that is no answer of the server's, in words."""
    found = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return clean_words(str(found))
