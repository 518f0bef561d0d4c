"""The command that sends what a month has to say: `deliver`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_home, add_month

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands
    from pipelines.delivery.mail.server import Server


def add_commands(commands: Commands) -> None:
    """Add it to the command's parser."""
    deliver = commands.add_parser("deliver", help="send notices and leaders' packs by e-mail")
    add_month(deliver)
    add_home(deliver)
    deliver.add_argument("--smtp", required=True, metavar="HOST:PORT", help="the mail server")
    deliver.add_argument(
        "--from", dest="sender", required=True, metavar="ADDRESS", help="who sends"
    )
    how = deliver.add_mutually_exclusive_group()
    how.add_argument("--tls", action="store_true", help="TLS from the start (often port 465)")
    how.add_argument("--starttls", action="store_true", help="TLS after a greeting (port 587)")
    deliver.add_argument("--user", metavar="NAME", help="who signs in at the server")
    deliver.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="its first line is the password",
    )
    deliver.add_argument("--only", choices=("notices", "packs"), help="else both")
    deliver.add_argument(
        "--base-url",
        metavar="URL",
        help="send links into `serve`; else packs as ZIP files",
    )
    deliver.add_argument("--dry-run", action="store_true", help="say what would be sent")
    deliver.add_argument("--per-minute", type=int, metavar="N", help="at most so many a minute")
    deliver.add_argument(
        "--resend", action="append", default=[], metavar="ID",
        help="send one again that may or may not have been handed over",
    )  # fmt: skip
    deliver.add_argument(
        "--book", type=Path, metavar="DIR", help="where the policy is; else the book closed last"
    )
    deliver.set_defaults(run=run_deliver)


def run_deliver(chosen: argparse.Namespace) -> int:
    """`upline deliver`."""
    from pipelines.closing.home import Home
    from pipelines.delivery.mail.addresses import read_sender
    from pipelines.delivery.mail.deliver import Asked, deliver
    from pipelines.delivery.mail.sending import Clock
    from pipelines.delivery.server import read_base_url
    from pipelines.stop import Stop

    if chosen.per_minute is not None and chosen.per_minute < 1:
        raise Stop(f"--per-minute {chosen.per_minute}: give 1 or more")
    sender = read_sender(chosen.sender)
    asked = Asked(
        Home(chosen.home.absolute()), chosen.month, _server(chosen, sender), sender, chosen.book,
        chosen.only, read_base_url(chosen.base_url) if chosen.base_url is not None else None,
        chosen.dry_run, chosen.per_minute, tuple(chosen.resend),
    )  # fmt: skip
    clock = Clock(time.time, lambda: f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", time.sleep)
    deliver(asked, clock, _say, _warn)
    return 0


def _server(chosen: argparse.Namespace, sender: str) -> Server:
    from pipelines.delivery.mail.server import (
        PLAIN,
        STARTTLS,
        TLS,
        Server,
        check_login,
        read_server,
    )

    security = TLS if chosen.tls else STARTTLS if chosen.starttls else PLAIN
    host, port = read_server(chosen.smtp)
    name = sender.rpartition("@")[2]
    return check_login(Server(host, port, name, security), chosen.user, chosen.password_file)


def _say(line: str) -> None:
    print(line, flush=True)


def _warn(line: str) -> None:
    print(f"upline: {line}", file=sys.stderr, flush=True)
