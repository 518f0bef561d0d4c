"""Signing in and reading with a real browser: the button works under the pages' own policy.

Needs what test_browser needs.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_browser import command
from test_serve import Served, home, served

__all__ = ["command", "home", "served"]

pytestmark = pytest.mark.browser
SIGN_IN = Path(__file__).parent / "sign_in_by_browser.mjs"


def read_as(command: list[str], served: Served, role: str, width: int) -> dict[str, Any]:
    """What somebody of a role sees from the link on."""
    node, _, chromium, modules = command
    link = f"http://127.0.0.1:{served.port}/sign-in?token={served.grant(role)}"
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
