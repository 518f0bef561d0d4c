"""`upline ui` as an analyst uses it: started, a month closed, a page looked at."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLE, close_quietly

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
READY_SECONDS, RUN_SECONDS = 240, 240
LAUNCH = """
mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } } }
"""


class Ui:
    """The running UI: its address, and questions to it."""

    def __init__(self, port: int, home: Path) -> None:
        self.address, self.home = f"http://127.0.0.1:{port}", home

    def ask(self, query: str, variables: dict[str, Any]) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"{self.address}/graphql", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def run(self, job: str, month: str) -> str:
        selector = {"repositoryLocationName": "pipelines.definitions",
                    "repositoryName": "__repository__", "jobName": job}  # fmt: skip
        tags = [{"key": "dagster/partition", "value": month}]
        params = {"selector": selector, "runConfigData": {}, "executionMetadata": {"tags": tags}}
        run_id = self.ask(LAUNCH, {"params": params})["launchRun"]["run"]["runId"]
        status = ""
        for _ in range(RUN_SECONDS // 2):
            query = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
            status = self.ask(query, {"id": run_id})["runOrError"]["status"]
            if status in ("SUCCESS", "FAILURE", "CANCELED"):
                break
            time.sleep(2)
        return status


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    home = tmp_path_factory.mktemp("ui") / "home"
    close_quietly(SAMPLE, home, "2020-01")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("upline")), "ui", "--book", str(SAMPLE),
               "--home", str(home), "--port", str(port)]  # fmt: skip
    log = (home / "ui.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until_ready(port, process)
        yield Ui(port, home)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(READY_SECONDS):
        assert process.poll() is None, "the UI ended before it was ready"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5).close()
            return
        except OSError:
            time.sleep(1)
    raise AssertionError("the UI was not ready in time")


@pytest.mark.long
def test_a_month_closed_by_the_command_line_is_known_to_the_ui(ui: Ui) -> None:
    query = "{ assetNodes { assetKey { path } partitionStats { numMaterialized } } }"
    nodes = ui.ask(query, {})["assetNodes"]
    assert len(nodes) > 80
    assert {node["partitionStats"]["numMaterialized"] for node in nodes} == {1}


@pytest.mark.long
def test_a_close_in_the_ui_gives_the_bytes_of_the_command_line(ui: Ui, closed_sample: Path) -> None:
    assert ui.run("close", "2020-02") == "SUCCESS"
    expected = closed_sample / "reports" / "2020-02"
    for path in expected.rglob("*"):
        found = ui.home / "reports" / "2020-02" / path.relative_to(expected)
        assert path.is_dir() or found.read_bytes() == path.read_bytes()


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_asset_page_shows_the_rule_and_its_rows(ui: Ui, tmp_path: Path) -> None:
    page = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", f"--user-data-dir={tmp_path}",
         "--virtual-time-budget=30000", "--dump-dom", f"{ui.address}/assets/referral/assignments"],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    assert "whom the rotation gave it to" in page
    assert "benefits_month" in page
