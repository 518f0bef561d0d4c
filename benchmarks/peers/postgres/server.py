"""A private PostgreSQL for a measurement: started, its databases copied, stopped and taken away.

Belongs here: `server.sh` and `createdb`, and that a server never runs as root. Loopback only.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("server.sh")
# Whom the server runs as when root has started the measurement, whoever of them is there.
USERS = ("postgres", "nobody")


class Unavailable(Exception):
    """There is no PostgreSQL here, or it cannot be run; the message says why."""


def programs() -> Path:
    """The folder of the newest server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    if beside is None:
        raise Unavailable("PostgreSQL is not installed (apt-get install postgresql)")
    return Path(beside).parent


def server_user() -> pwd.struct_passwd | None:
    """Whom to run the server as: None is whoever runs this."""
    if os.geteuid() != 0:
        return None
    there = {user.pw_name: user for user in pwd.getpwall()}
    return next(there[name] for name in USERS if name in there)


class Server:
    """A server on loopback with its data in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self._bin = programs()
        self._user = server_user()
        told = subprocess.check_output([self._bin / "postgres", "--version"], text=True)
        self.version = told.split()[2]
        self.major = int(self.version.split(".")[0])

    def start(self) -> None:
        """Make a new cluster and start it; Unavailable when the server's user cannot."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
        if self._user is not None:
            os.chown(self.data, self._user.pw_uid, self._user.pw_gid)
        try:
            self._control("start")
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Unavailable(f"PostgreSQL could not be started: {error.stderr}") from error

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self._control("stop")
        shutil.rmtree(self.data)

    def dsn(self, database: str) -> str:
        """How to connect to a database."""
        return f"host=127.0.0.1 port={self.port} user=bench dbname={database}"

    def create_database(self, name: str) -> None:
        """A new, empty database."""
        self._client("createdb", name)

    def copy_database(self, name: str, copy: str) -> None:
        """A database with what another holds, whose files are copied; all of it on the disk."""
        way = ("--strategy", "file_copy") if self.major >= 15 else ()
        self._client("createdb", "--template", name, *way, copy)
        self._client("psql", "--quiet", "--command", "checkpoint", copy)

    def drop_database(self, name: str) -> None:
        """Take a database away."""
        self._client("dropdb", name)

    def _control(self, action: str) -> None:
        user = self._user
        subprocess.run(
            ["sh", SCRIPT, action, self.data, str(self.port)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"BIN": str(self._bin)},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def _client(self, program: str, *arguments: str) -> None:
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--username", "bench"]
        subprocess.run([self._bin / program, *where, *arguments], check=True)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
