"""The reports beside the Dagster UI: open to whoever may read the home's files, else as `serve`.

Belongs here: who asks, where that is known without signing in. A browser on this machine is known
by the user whose process it is, as the kernel tells it; one that comes through a proxy or from
elsewhere signs in with a link of `upline access grant`.
"""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.closing.home import Home
from pipelines.delivery.access_store import AccessStore
from pipelines.delivery.answers import LOOPBACK, Site
from pipelines.delivery.app import make_app
from pipelines.delivery.grants import READERS, Viewer

# Who opens a report in the UI's own browser.
ANALYST = Viewer("ui", frozenset(READERS))
# What a page elsewhere, whose name was made to lead to this machine, cannot send as its own.
NAMES = ("127.0.0.1", "localhost", "::1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
ROOT = 0
TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
Address = tuple[str, int]


def make_reports_app(store: AccessStore, book: Path, clock: Callable[[], float]) -> ASGIApp:
    """The reports as an application. In: whose access counts elsewhere, the book for stories."""
    known = make_app(Site(store, clock, book=book, viewer=ANALYST), _forget)
    unknown = make_app(Site(store, clock, book=book), _forget)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_known = scope["type"] == "http" and is_of_the_house(store.home, Request(scope))
        await (known if is_known else unknown)(scope, receive, send)

    return app


def _forget(line: str) -> None:
    """The UI keeps no log of who has looked at what."""


def is_of_the_house(home: Home, request: Request) -> bool:
    """Whether a request is from a user of this machine who may read the home's files."""
    if not _is_direct(request.headers, request.url.hostname or ""):
        return False
    client, server = request.scope.get("client"), request.scope.get("server")
    if not client or not server or client[0] not in LOOPBACK:
        return False
    user = find_user((client[0], client[1]), (server[0], server[1]))
    return user is not None and may_read(home, user)


def _is_direct(headers: Mapping[str, str], name: str) -> bool:
    return name in NAMES and not any(header in headers for header in PASSED_ON)


def find_user(peer: Address, here: Address) -> int | None:
    """The user whose process holds the other end of a connection; None where it is not told."""
    family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
    wanted = [_as_told(peer, family), _as_told(here, family)]
    try:
        lines = TABLES[family].read_text().splitlines()[1:]
    except OSError:
        return None
    for line in lines:
        cells = line.split()
        if cells[1:3] == wanted:
            return int(cells[7])
    return None


def _as_told(address: Address, family: socket.AddressFamily) -> str:
    """An address as the kernel's table has it: each word of it from its last byte on."""
    packed = socket.inet_pton(family, address[0])
    words = [packed[at : at + 4][::-1].hex() for at in range(0, len(packed), 4)]
    return f"{''.join(words)}:{address[1]:04x}".upper()


def may_read(home: Home, user: int) -> bool:
    """Whether a user may read a home's files: its owner, root, or its group where it is shared."""
    if user in (os.getuid(), ROOT):
        return True
    if not home.is_shared:
        return False
    try:
        told = pwd.getpwuid(user)
    except KeyError:
        return False
    return home.folder.stat().st_gid in os.getgrouplist(told.pw_name, told.pw_gid)
