"""The web server that runs the application on one address until it is ended.

Belongs here: the address and the server's settings.
"""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from pipelines.stop import Stop, show_value


def read_address(text: str) -> tuple[str, int]:
    """Host and port of `--bind`, such as 127.0.0.1:8080 or [::1]:8080; Stop for anything else."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Stop(f"--bind {show_value(text)}: give an address and a port: 127.0.0.1:8080")
    return host, int(port)


def read_base_url(text: str) -> str:
    """`--base-url` without a slash at its end; Stop where it is not http(s)://host[:port]."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.path not in ("", "/") or parts.query or parts.fragment or "@" in text:
        raise Stop(f"--base-url {show_value(text)}: give it as https://reports.example.com")
    return text.rstrip("/")


def take_address(host: str, port: int) -> socket.socket:
    """A socket that listens there; Stop where it cannot, such as on a port that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise Stop(
                f"--bind {host}:{port}: something else listens there; end it or give another port"
            ) from error
        raise Stop(f"--bind {host}:{port}: cannot listen there: {error.strerror}") from error
    return taken


def make_server(app: ASGIApp) -> uvicorn.Server:
    """The server. It believes no proxy about where a request comes from, and logs nothing.

    h11 hands on every method, so that an unknown one is answered like any other that is refused.
    """
    config = uvicorn.Config(
        app, http="h11", log_config=None, log_level="critical", access_log=False,
        proxy_headers=False, server_header=False, lifespan="off", ws="none",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)
