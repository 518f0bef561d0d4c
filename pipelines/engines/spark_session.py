"""Where the rules' session is: a Connect server, far away or started here.

Belongs here: how it is reached, set and left. `local[2]` and `local-cluster[2,1,1024]` start a
server of our own on this machine, which ends with the command; everything else is one code path.
"""

from __future__ import annotations

import logging
import re
import secrets
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import pyspark
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.session import SparkSession

from pipelines.engines.spark_frames import told_by_spark
from pipelines.private_folders import private_folder
from pipelines.stop import Stop

LOCAL = re.compile(r"local\[(\d+|\*)\]|local-cluster\[\d+,\d+,\d+\]")
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
# Of a server of our own: small, since it shares the machine with the driver.
OWN_SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.log.level": "WARN",
    "spark.sql.shuffle.partitions": "4",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
SECONDS_TO_START = 180
# Where a server listens if nothing else is said, and how long it may take to answer.
PORT, SECONDS_TO_ANSWER = 15002, 20
# Starts a server and ends it when the driver is gone, however that came: its input ends then.
WATCHED = """
exec 3<&0
"$@" </dev/null 3<&- & server=$!
(cat <&3 >/dev/null; kill $server 2>/dev/null) & watch=$!
wait $server; code=$?
kill $watch 2>/dev/null
exit $code
"""
# A server that is not there any more is waited for some twenty seconds.
MOST_RETRIES, LONGEST_PAUSE_MS = 8, 4_000


@contextmanager
def open_session(remote: str, logs: Path) -> Iterator[SparkSession]:
    """A session, left again at the end. In: where, and a folder for a local server's log.

    Stop when the place is none, or a local server needs what is not installed; OSError when nobody
    is there.
    """
    if LOCAL.fullmatch(remote):
        with _own_server(remote, logs) as url, _connected(url) as session:
            yield session
    elif remote.startswith("sc://"):
        with _connected(remote) as session:
            yield session
    else:
        raise Stop(f"--remote {remote} is no place to run on; write sc://HOST:15002, or local[2]")


@contextmanager
def _connected(url: str) -> Iterator[SparkSession]:
    _check_listens(url)
    # It would print queries and rows where an OSError says enough.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    with told_by_spark():
        session = SparkSession.builder.remote(url).create()
        session.client.set_retry_policies([
            DefaultPolicy(max_retries=MOST_RETRIES, max_backoff=LONGEST_PAUSE_MS)
        ])  # fmt: skip
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
    try:
        yield session
    except BaseException:
        session.client.close()
        raise
    session.stop()  # so that a server far away forgets what it was told


@contextmanager
def _own_server(master: str, logs: Path) -> Iterator[str]:
    """Start a Connect server on this machine; out: how it is reached, with a token of its own."""
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    if not submit.is_file():
        raise Stop(f"--remote {master} needs the whole of Spark: pip install pyspark=="
                   f"{pyspark.__version__}, or name a server: sc://HOST:15002")  # fmt: skip
    if which("java") is None:
        raise Stop(f"--remote {master} needs Java 17 or later, and there is no java to be found")
    port, token = _free_port(), secrets.token_hex(16)
    with private_folder() as folder:
        settings = OWN_SETTINGS | {
            "spark.master": master,
            "spark.connect.grpc.binding.port": str(port),
            "spark.connect.authenticate.token": token,
            "spark.local.dir": str(folder / "spill"),
            "spark.sql.warehouse.dir": str(folder / "unused"),
        }
        file = folder / "spark.conf"
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        command = [
            str(submit), "--properties-file", str(file), "--class", SERVER, "spark-internal",
        ]  # fmt: skip
        with (logs / "spark.log").open("wb") as log:
            server = subprocess.Popen(
                ["sh", "-c", WATCHED, "sh", *command],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder,
            )  # fmt: skip
        try:
            _wait_for(server, port, logs / "spark.log")
            yield f"sc://localhost:{port}/;token={token}"
        finally:
            server.communicate()


def _check_listens(url: str) -> None:
    """OSError at once where nobody listens: the client would try for minutes."""
    place = urlsplit(f"http{url[2:]}")
    try:
        with socket.create_connection(
            (place.hostname or "", place.port or PORT), SECONDS_TO_ANSWER
        ):
            pass
    except (OSError, ValueError) as error:
        raise OSError(f"Spark: nobody listens at {place.netloc}: {error}") from error


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a server listens; OSError with its last words when it has ended."""
    for _ in range(SECONDS_TO_START * 5):
        try:
            server.wait(0.2)
        except subprocess.TimeoutExpired:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    return
        else:
            break
    told = log.read_text(errors="replace").strip().splitlines()
    raise OSError(f"Spark has not started: {told[-1] if told else 'it said nothing'} ({log})")
