"""A mail server as it is asked for: where it is, how it is talked to, and who signs in there.

Belongs here: reading that from what was given, and a connection that is ready for a message.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.stop import Stop, show_value

PLAIN, TLS, STARTTLS = "plain", "tls", "starttls"
LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1")


@dataclass(frozen=True)
class Server:
    """A mail server and how it is talked to; `name` is who we say we are.

    `patience` and `last_patience` are the seconds that an answer may take, and the one after a
    message's end.
    """

    host: str
    port: int
    name: str
    security: str = PLAIN
    user: str = ""
    password: str = ""
    patience: float = 60
    last_patience: float = 600

    @property
    def told(self) -> str:
        """It in words."""
        return f"{self.host}:{self.port}"


def read_server(text: str) -> tuple[str, int]:
    """Host and port of `--smtp`; Stop for anything else."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if not is_port or not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
        raise Stop(f"--smtp {show_value(text)}: give a host and a port: mail.example.com:587")
    return host, int(port)


def check_login(server: Server, user: str | None, password_file: Path | None) -> Server:
    """The server with who signs in there; Stop where that is half said, or would be overheard."""
    if (user is None) != (password_file is None):
        raise Stop("--user and --password-file belong together; give both or none")
    if user is None or password_file is None:
        return server
    if server.security == PLAIN and not LOOPBACK.fullmatch(server.host):
        raise Stop("--user: the password would be sent readable by all; add --tls or --starttls")
    try:
        text = password_file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or "is no text"
        raise Stop(f"{password_file}: the password cannot be read: {told}") from error
    password = text.splitlines()[0] if text.strip() else ""
    if not user.isascii() or not user.isprintable() or not password.isascii() or not password:
        raise Stop(f"--user, {password_file}: give a name and a first line in ASCII, none empty")
    return replace(server, user=user, password=password)


def connect(server: Server) -> smtplib.SMTP:
    """A connection that is ready for a message, with whatever error there is from smtplib."""
    smtp: smtplib.SMTP
    if server.security == TLS:
        smtp = smtplib.SMTP_SSL(server.host, server.port, server.name, timeout=server.patience,
                                context=ssl.create_default_context())  # fmt: skip
    else:
        smtp = smtplib.SMTP(server.host, server.port, server.name, timeout=server.patience)
    try:
        if server.security == STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp
