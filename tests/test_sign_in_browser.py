"""Signing in and reading with a real browser: the button works under the pages' own policy.

Needs what test_browser needs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from mail_server import run_server
from test_browser import command
from test_deliver import Told
from test_deliver import run as deliver
from test_serve import Served, home, served

__all__ = ["command", "home", "served"]

pytestmark = pytest.mark.browser
SIGN_IN = Path(__file__).parent / "sign_in_by_browser.mjs"


def read_as(command: list[str], served: Served, role: str, width: int) -> dict[str, Any]:
    """What somebody of a role sees from the link on."""
    link = f"http://127.0.0.1:{served.port}/sign-in?token={served.grant(role)}"
    return open_link(command, link, width)


def open_link(command: list[str], link: str, width: int) -> dict[str, Any]:
    """What somebody who opens a link sees."""
    node, _, chromium, modules = command
    done = subprocess.run(
        [node, str(SIGN_IN), chromium, modules, link, str(width)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_finance_signs_in_reads_and_downloads(command: list[str], served: Served) -> None:
    found = read_as(command, served, "finance", 1280)
    assert found["wrong"] == []
    assert found["seen"]["/reports/2020-03/"]["sorting"] > 0
    assert set(found["downloads"]) == {f"2020-0{month}.zip" for month in (1, 2, 3, 4)}
    assert min(found["downloads"].values()) > 100_000


def test_a_leader_reads_the_own_pack_on_a_phone(command: list[str], served: Served) -> None:
    found = read_as(command, served, "leader:Bram", 390)
    assert found["wrong"] == [] and found["downloads"] == {}
    packs = (served.home / "reports").glob("*/leaders/Bram/index.html")
    assert set(found["seen"]) == {
        "/", "/sign-in", *(f"/{path.relative_to(served.home)}" for path in packs),
    }  # fmt: skip


def test_a_leader_opens_the_link_in_a_mail_on_a_phone(command: list[str], served: Served) -> None:
    shutil.rmtree(served.home / "deliveries", ignore_errors=True)
    told = Told(now=served.clock.now)
    with run_server() as server:
        base_url = f"http://127.0.0.1:{served.port}"
        deliver(served.home, server, told, only="packs", base_url=base_url)
    [mail] = [each for each in server.mails if each.recipient == "bram@example.com"]
    [link] = re.findall(r'href="([^"]+)"', mail.text("html"))
    found = open_link(command, link, 390)
    assert found["wrong"] == [] and found["downloads"] == {}
    assert "/reports/2020-03/leaders/Bram/index.html" in found["seen"]
    assert all("/leaders/Bram/" in path for path in {*found["seen"]} - {"/", "/sign-in"})
