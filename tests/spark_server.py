"""A Spark that tests start: a Connect server with workers of its own, and commands that use it.

Belongs here: where Spark is found, and servers that start and end. `.ci/run` puts it into
build/spark; it is far too large for the environment that everybody works in.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from upline_command import Outcome, finish

PROJECT = Path(__file__).resolve().parent.parent
SPARK = PROJECT / "build" / "spark"
CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
TOKEN = "only-for-tests"
# What costs a small book least: half the processor time of Spark as it comes.
SETTINGS = {
    "spark.connect.authenticate.token": TOKEN,
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.memory": "512m",
    "spark.log.level": "WARN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.artifact.isolation.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
}
SECONDS_TO_START = 120


def why_not() -> str:
    """Why there is no Spark to test with; empty where there is one."""
    if not (SPARK / "pyspark" / "bin" / "spark-submit").is_file():
        return "Spark is not in build/spark: `make build/spark/ready`"
    java = shutil.which("java")
    if java is None:
        return "there is no Java"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return "" if found and int(found[1]) >= 17 else f"Java is older than 17: {told[:40]!r}"


needs_spark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")


@dataclass(frozen=True)
class Server:
    """A server that runs: its process, and how it is reached."""

    process: subprocess.Popen[bytes]
    remote: str

    def workers(self) -> list[int]:
        """The processes of its workers."""
        return [
            each.pid
            for each in running_processes()
            if each.parent == self.process.pid and "CoarseGrainedExecutorBackend" in each.command
        ]


@dataclass(frozen=True)
class Running:
    """A process of this machine."""

    pid: int
    parent: int
    command: str


def running_processes() -> list[Running]:
    """Every process that there is, with all of its command, which `ps` may cut."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_text(errors="replace")
        except OSError:
            continue
        found.append(Running(int(folder.name), int(status[1]), command.replace("\0", " ")))
    return found


@contextmanager
def started_server(master: str, folder: Path) -> Iterator[Server]:
    """A Connect server over a master of its own, ended afterwards."""
    folder.mkdir()
    file, log = folder / "spark.conf", folder / "spark.log"
    port = free_port()
    settings = SETTINGS | {
        "spark.master": master,
        "spark.local.dir": str(folder / "spill"),
        "spark.connect.grpc.binding.port": str(port),
    }
    file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    submit = SPARK / "pyspark" / "bin" / "spark-submit"
    command = [str(submit), "--properties-file", str(file), "--class", CLASS, "spark-internal"]
    with log.open("wb") as target:
        process = subprocess.Popen(command, stdout=target, stderr=target, cwd=folder)
    try:
        _wait_for(process, port, log)
        yield Server(process, f"sc://localhost:{port}/;token={TOKEN}")
    finally:
        process.kill()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(SECONDS_TO_START * 5):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise AssertionError(f"Spark has not started: {log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_with_spark(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a command where Spark's client is found."""
    paths = os.pathsep.join([str(PROJECT), str(SPARK)])
    command = [sys.executable, "-W", "ignore", "-m", "pipelines.command_line"]
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        env=dict(os.environ) | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def upline_with_spark(*arguments: str | Path) -> Outcome:
    """Run a command where Spark's client is found; it may take minutes where others work too."""
    return finish(start_with_spark(*arguments), 900)
