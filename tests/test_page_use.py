"""A page in its reader's hands, in a real browser: the filter, and ids on a disk and where served.

Needs what test_browser needs.
"""

from __future__ import annotations

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from test_browser import MODULES
from test_browser import command as command

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parent / "use_pages.mjs"
PAGE = "reports/2020-04/finance/index.html"
TABLE = "largest"


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(closed_sample: Path) -> Iterator[str]:
    """Where the closed sample's files are served, on loopback."""
    handler = functools.partial(Quiet, directory=str(closed_sample))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def use(command: list[str], url: str, sought: str) -> dict[str, Any]:
    """What a reader sees who opens the page and types into the filter of its largest entries."""
    node, _, chromium, _ = command
    done = subprocess.run([node, str(SCRIPT), chromium, str(MODULES), url, TABLE, sought],
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_filter_says_which_rows_it_does_not_look_at(
    command: list[str], closed_sample: Path
) -> None:
    ledger = closed_sample / "reports/2020-04/finance/bv_ledger.csv"
    rows = ledger.read_text(encoding="utf-8").count("\n") - 1
    told = use(command, (closed_sample / PAGE).as_uri(), "no such order")
    assert told["placeholder"] == f"Filter the first 20 of {rows} rows"
    assert "not on this page" not in told["before"]
    assert told["rows"] == 0 and "0 / 20" in told["after"]
    assert told["after"].endswith(f"{rows - 20} more rows not on this page: bv_ledger.csv")
    assert told["rest"] == [ledger.as_uri()]


def test_ids_lead_to_stories_where_they_are_served_alone(
    command: list[str], closed_sample: Path, address: str
) -> None:
    on_disk = use(command, (closed_sample / PAGE).as_uri(), "")
    assert on_disk["ids"] and set(on_disk["stories"]) == {""}
    served = use(command, f"{address}/{PAGE}", "")
    paths = {urlsplit(story).path.split("/")[1] for story in served["stories"]}
    assert paths == {"explain"} and served["ids"] == on_disk["ids"]
