"""`upline ui` as an analyst uses it: started, a drop that comes, months closed, pages looked at."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLE, close_quietly
from dagster._grpc.client import DagsterGrpcClient
from test_browser import command
from upline_command import close, upline

from pipelines.closing.home import Home
from pipelines.orchestration import services, web
from pipelines.orchestration import ui as ui_module
from pipelines.orchestration.children import LOOK_SECONDS, end_all, has_ended, watched
from pipelines.orchestration.desk import Desk

__all__ = ["command"]

READY_SECONDS, RUN_SECONDS = 240, 240
BROWSER = Path(__file__).parent / "desk_by_browser.mjs"
LAUNCH = """
mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } } }
"""
BACKFILL = """
mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""


class Ui:
    """The running UI: its address, its book and home, and questions to it."""

    def __init__(self, port: int, book: Path, home: Path, prefix: str = "") -> None:
        self.address, self.book, self.home = f"http://127.0.0.1:{port}{prefix}", book, home
        self.port = port

    def ask(self, query: str, variables: dict[str, Any]) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"{self.address}/graphql", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def launch(self, job: str, month: str) -> Any:
        """Launch a job of a month; out: what came of it."""
        selector = {"repositoryLocationName": "pipelines.definitions",
                    "repositoryName": "__repository__", "jobName": job}  # fmt: skip
        tags = [{"key": "dagster/partition", "value": month}]
        params = {"selector": selector, "runConfigData": {}, "executionMetadata": {"tags": tags}}
        return self.ask(LAUNCH, {"params": params})["launchRun"]

    def run(self, job: str, month: str) -> str:
        """Run a job of a month to its end; out: how it ended."""
        self.last_run: str = self.launch(job, month)["run"]["runId"]
        query = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
        return self.end_of(query, {"id": self.last_run}, "runOrError")

    def backfill(self, *months: str) -> str:
        """Close months in one go, as a backfill; out: how it ended."""
        query = "{ assetNodes { groupName assetKey { path } } }"
        keys = [node["assetKey"] for node in self.ask(query, {})["assetNodes"]
                if node["groupName"] != "trial" and node["assetKey"]["path"] != ["month", "status"]
                ]  # fmt: skip
        params = {"assetSelection": keys, "partitionNames": months}
        answer = self.ask(BACKFILL, {"params": params})["launchPartitionBackfill"]
        query = """query($id: String!) { partitionBackfillOrError(backfillId: $id) {
            ... on PartitionBackfill { status } } }"""
        return self.end_of(query, {"id": answer["backfillId"]}, "partitionBackfillOrError")

    def end_of(self, query: str, variables: dict[str, Any], name: str) -> str:
        """How something ended that the query asks for by this name."""
        status = ""
        for _ in range(RUN_SECONDS // 2):
            status = self.ask(query, variables)[name]["status"]
            if status in ("SUCCESS", "FAILURE", "CANCELED", "COMPLETED_SUCCESS", "FAILED",
                          "COMPLETED_FAILED"):  # fmt: skip
                break
            time.sleep(2)
        return status

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The answer to a request: its status and text."""
        request = urllib.request.Request(f"{self.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def made(self, asset: str) -> dict[str, int]:
        """How many months there are of an asset, and how many of them are made."""
        query = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) {
            ... on AssetNode { partitionStats { numMaterialized numPartitions } } } }"""
        found = self.ask(query, {"key": {"path": asset.split("/")}})
        stats: dict[str, int] = found["assetNodeOrError"]["partitionStats"]
        return stats

    def wait_for(self, asset: str, **wanted: int) -> None:
        """Wait until there are so many months of an asset."""
        for _ in range(RUN_SECONDS):
            found = self.made(asset)
            if {name: found[name] for name in wanted} == wanted:
                return
            time.sleep(1)
        told = (self.home.parent / f"ui-{self.port}.log").read_text()
        raise AssertionError(f"{asset} has {found}, not {wanted}; the UI said: {told[-4000:]}")


@contextmanager
def running_ui(book: Path, home: Path, *more: str, prefix: str = "") -> Iterator[Ui]:
    """The UI as a process of its own, until the block ends."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("python")), "-m", "pipelines.command_line", "ui",
               "--book", str(book), "--home", str(home), "--port", str(port), *more]  # fmt: skip
    path = home.parent / f"ui-{port}.log"
    log = path.open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until_ready(port, prefix, process)
        yield Ui(port, book, home, prefix)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
        log.close()
    assert "Traceback" not in path.read_text(encoding="utf-8"), "ended in order, it says no more"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_ready(port: int, prefix: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(READY_SECONDS):
        assert process.poll() is None, "the UI ended before it was ready"
        try:
            urllib.request.urlopen(
                f"http://127.0.0.1:{port}{prefix}/server_info", timeout=5
            ).close()
            return
        except OSError:
            time.sleep(1)
    raise AssertionError("the UI was not ready in time")


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """The UI over the sample book up to March, of which January is closed."""
    folder = tmp_path_factory.mktemp("ui")
    shutil.copytree(SAMPLE, folder / "book", ignore=shutil.ignore_patterns("2020-04"))
    close_quietly(folder / "book", folder / "home", "2020-01")
    with running_ui(folder / "book", folder / "home") as ui:
        yield ui


def look(command: list[str], ui: Ui, *steps: dict[str, Any]) -> list[str]:
    """What was not there when Chromium looked at pages of the UI; see desk_by_browser.mjs."""
    node, _, chromium, modules = command
    done = subprocess.run(
        [node, str(BROWSER), chromium, modules, ui.address, json.dumps(steps)],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_a_month_closed_by_the_command_line_is_known_to_the_ui(ui: Ui) -> None:
    query = "{ assetNodes { groupName partitionStats { numMaterialized numPartitions } } }"
    nodes = ui.ask(query, {})["assetNodes"]
    stats = [node["partitionStats"] for node in nodes if node["groupName"] != "trial"]
    found = {(each["numMaterialized"], each["numPartitions"]) for each in stats if each}
    assert len(nodes) > 80 and found == {(1, 3)}


@pytest.mark.long
def test_a_drop_that_comes_and_a_month_closed_meanwhile_are_known_by_themselves(ui: Ui) -> None:
    shutil.copytree(SAMPLE / "2020-04", ui.book / "2020-04")
    assert close("2020-02", ui.book, ui.home).code == 0
    ui.wait_for("month/seal", numPartitions=4, numMaterialized=2)


@pytest.mark.long
def test_the_reports_open_for_who_may_read_the_home_and_nobody_else(ui: Ui) -> None:
    status, page = ui.get("/reports/2020-01/index.html")
    assert status == 200 and "January 2020" in page
    assert ui.get("/reports/2020-01/nothing.html")[0] == 404
    for headers in ({"X-Forwarded-For": "1.2.3.4"}, {"Host": "evil.example"}):
        status, page = ui.get("/reports/2020-01/index.html", **headers)
        assert status == 404 and "Sign in" in page
    assert ui.get("/reports/../work/lock")[0] == 404


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_second_ui_is_refused_and_one_that_only_looks_is_not(ui: Ui) -> None:
    told = upline("ui", "--book", ui.book, "--home", ui.home, "--port", str(free_port()))
    assert told.code == 2 and "another UI is at work on this home" in told.err
    look_only = ("--read-only", "--path-prefix", "/desk")
    with running_ui(ui.book, ui.home, *look_only, prefix="/desk") as other:
        assert other.made("month/seal")["numMaterialized"] >= 1
        assert other.get("/reports/2020-01/index.html")[0] == 200
        assert other.launch("close", "2020-03")["__typename"] == "UnauthorizedError"


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_backfill_in_the_ui_gives_the_bytes_of_the_command_line(
    ui: Ui, closed_sample: Path
) -> None:
    assert ui.backfill("2020-02", "2020-03") == "COMPLETED_SUCCESS"
    for month in ("2020-02", "2020-03"):
        expected = closed_sample / "reports" / month
        for path in expected.rglob("*"):
            found = ui.home / "reports" / month / path.relative_to(expected)
            assert path.is_dir() or found.read_bytes() == path.read_bytes()


@pytest.mark.long
@pytest.mark.browser
def test_an_analyst_finds_the_rule_the_figures_the_checks_and_the_report(
    command: list[str], ui: Ui
) -> None:
    assert look(command, ui,
        {"path": "/assets/referral/assignments",
         "sees": ["whom the rotation gave it to", "benefits_month", "first rows", "assigned"]},
        {"path": "/assets/referral/assignments", "clicks": ["Plots"], "sees": ["BV assigned"]},
        {"path": "/assets/finance/reconciliation?view=checks",
         "sees": ["difference_is_zero", "columns_as_declared", "blocking"]},
        {"path": "/assets/month/status", "sees": ["closed", "it waits for"]},
        {"path": "/assets/month/seal?partition=2020-01&view=partitions",
         "opens": "/reports/2020-01/index.html",
         "title": "January 2020"},
    ) == []  # fmt: skip


@pytest.mark.long
def test_a_ui_that_is_ended_as_soon_as_it_is_there_says_no_more_than_that(tmp_path: Path) -> None:
    with running_ui(SAMPLE, tmp_path / "home"):
        pass


def test_nothing_is_asked_before_all_processes_are_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process forked after the first question waited for ever at its own: in gRPC, one in 20."""
    done: list[str] = []

    def begin(work: object, close: object) -> int:
        done.append("begun")
        return 0

    monkeypatch.setattr(services, "_fork", begin)
    monkeypatch.setattr(DagsterGrpcClient, "ping", lambda client, text: done.append("asked"))
    monkeypatch.setattr(web, "serve_ui", lambda *told: done.append("served"))
    monkeypatch.setattr(ui_module, "put_history_in_order", lambda desk, folder: None)
    monkeypatch.setattr(ui_module, "open_history", lambda folder: nullcontext())
    with socket.socket() as taken:
        desk = Desk(SAMPLE, Home(tmp_path / "home"))
        ui_module._begin(desk, tmp_path, ui_module.Served(), taken, None, tmp_path, {}, [])
    assert done == ["begun", "begun", "asked", "served"]


ENDS_SLOWLY = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(0.5)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""
TELLS_WHO_IS_THERE = """
import pathlib, signal, sys, time
def end(*_):
    pathlib.Path(sys.argv[1]).write_text(str(pathlib.Path(f"/proc/{sys.argv[2]}").exists()))
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def test_who_asks_another_process_is_ended_before_it(tmp_path: Path) -> None:
    def start(program: str, name: str, *more: str) -> int:
        child = subprocess.Popen([sys.executable, "-c", program, tmp_path / name, *more]).pid
        while not (tmp_path / name).exists():
            time.sleep(0.01)
        return child

    asking = start(ENDS_SLOWLY, "asking")
    answering = start(TELLS_WHO_IS_THERE, "answering", str(asking))
    end_all([asking, answering])
    assert (tmp_path / "answering").read_text() == "False"


@pytest.mark.long
@pytest.mark.exhaustive
def test_a_run_outlives_the_ui_that_it_was_started_in(tmp_path: Path) -> None:
    book, home = SAMPLE, tmp_path / "home"
    query = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
    with running_ui(book, home) as first:
        run = {"id": first.launch("close", "2020-01")["run"]["runId"]}
        while first.ask(query, run)["runOrError"]["status"] in ("QUEUED", "STARTING"):
            time.sleep(0.2)
    with running_ui(book, home) as second:
        assert second.end_of(query, run, "runOrError") == "SUCCESS"
    assert (home / "reports" / "2020-01" / "seal.json").is_file()


@pytest.mark.long
@pytest.mark.exhaustive
@pytest.mark.parametrize(("which", "what"), [(0, "holds the assets"), (1, "starts runs")])
def test_a_ui_of_which_a_process_ends_by_itself_says_so_and_ends(
    tmp_path: Path, which: int, what: str
) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.command_line", "ui", "--book", SAMPLE,
         "--home", tmp_path / "home", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        wait_until_ready(port, "", process)
        children = sorted(children_of(process.pid))
        os.kill(children[which], signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    last = errors.splitlines()[-1]
    assert last.startswith(f"upline: stopped: the process that {what} has ended by itself")
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_where_all_are_told_to_end_nobody_is_said_to_have_ended_by_itself() -> None:
    lost: list[str] = []
    ended = subprocess.Popen([sys.executable, "-c", ""]).pid
    with watched({ended: "starts runs"}, lost):
        time.sleep(LOOK_SECONDS + 1)
        assert has_ended(ended)
    assert lost == []


def children_of(pid: int) -> list[int]:
    """The processes that a process has begun."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def test_a_taken_port_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = upline("ui", "--book", SAMPLE, "--home", tmp_path / "home", "--port", str(port))
    assert told.code == 2 and f"127.0.0.1:{port}: something else listens there" in told.err
    assert "--port" in told.err and not (tmp_path / "home").exists()


@pytest.mark.first(1)
@pytest.mark.parametrize("prefix", ["desk", "/desk/", "//desk"])
def test_a_path_prefix_that_is_none_is_said(tmp_path: Path, prefix: str) -> None:
    told = upline("ui", "--book", SAMPLE, "--home", tmp_path / "home", "--path-prefix", prefix)
    assert told.code == 2 and "--path-prefix" in told.err and not (tmp_path / "home").exists()
