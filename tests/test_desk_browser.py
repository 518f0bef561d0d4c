"""A month on the desk in Chromium: a drop comes, is tried, stops, is corrected, closed, made again.

The pictures in docs/desk/ are taken on the way: `make pictures`. Needs what test_browser needs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, SAMPLE, close_quietly
from test_browser import command
from test_ui import Ui, look, running_ui

__all__ = ["command"]

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.exhaustive]
PICTURES, PICTURES_WANTED = PROJECT / "docs" / "desk", "UPLINE_PICTURES" in os.environ
# Where book and home are on the pictures.
SHOWN = Path("/var/tmp/sample-wellness")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """The UI over the sample's first two months, both closed by the command line."""
    folder = SHOWN if PICTURES_WANTED else tmp_path_factory.mktemp("desk")
    later = shutil.ignore_patterns("2020-03", "2020-04")
    shutil.copytree(SAMPLE, folder / "book", ignore=later)
    close_quietly(folder / "book", folder / "home", "2020-02")
    try:
        with running_ui(folder / "book", folder / "home") as ui:
            yield ui
    finally:
        shutil.rmtree(folder)


def picture(name: str, start: str = "") -> dict[str, Any]:
    """What has a step take a picture with a text on it, where pictures are wanted."""
    return {"shot": str(PICTURES / f"{name}.png"), "from": start} if PICTURES_WANTED else {}


def spoil(orders: Path) -> bytes:
    """Have every amount be none; out: the file as it was."""
    whole = orders.read_bytes()
    header, *rows = whole.decode().splitlines()
    place = header.split(",").index("amount")
    bad = [",".join("x" if at == place else cell for at, cell in enumerate(row.split(",")))
           for row in rows]  # fmt: skip
    orders.write_text("\n".join([header, *bad]) + "\n")
    return whole


def test_a_month_from_its_drop_to_its_close(command: list[str], desk: Ui) -> None:
    shutil.copytree(SAMPLE / "2020-03", desk.book / "2020-03")
    desk.wait_for("month/seal", numPartitions=3, numMaterialized=2)
    assert desk.run("trial", "2020-03") == "SUCCESS"
    assert look(command, desk,
        {"path": "/assets/month/status", "sees": ["it waits for", "its close"],
         **picture("status")},
        {"path": "/assets/trial/reports", "sees": ["orders posted"],
         "opens": "/trial/2020-03/index.html", "title": "March 2020"},
    ) == []  # fmt: skip

    orders = desk.book / "2020-03" / "orders.csv"
    whole = spoil(orders)
    assert desk.run("close", "2020-03") == "FAILURE"
    assert look(command, desk,
        {"path": f"/runs/{desk.last_run}", "sees": ["rows would be quarantined"]},
        {"path": "/assets/extracts/orders?view=checks", "clicks": ["nothing_stops_the_close"],
         "sees": ["rows would be quarantined", "what to do", "correct the export"],
         **picture("stopped-check")},
        {"path": "/runs", "sees": ["stopped:"]},
    ) == []  # fmt: skip
    assert not (desk.home / "reports" / "2020-03").exists()

    orders.write_bytes(whole)
    assert look(command, desk,
        {"path": "/locations/pipelines.definitions/jobs/close",
         "clicks": ["Materialize all…", "Failed and missing", "Launch 1 run"],
         "sees": ["Launched run"]},
    ) == []  # fmt: skip
    desk.wait_for("month/seal", numPartitions=3, numMaterialized=3)
    assert desk.run("close", "2020-01") == "SUCCESS"
    assert look(command, desk,
        {"path": "/assets/extracts/orders?partition=2020-01&view=partitions",
         "sees": ["amount EUR", "2120", "share quarantined"]},
        {"path": "/assets/finance/reconciliation?view=checks", "sees": ["difference_is_zero"],
         **picture("checks")},
        {"path": "/assets/referral/assignments", "sees": ["whom the rotation gave it to"],
         **picture("rule")},
        {"path": "/assets/finance/reconciliation", "clicks": ["Plots"],
         "sees": ["orders posted", "net"], **picture("plots", "net")},
        {"path": "/assets/month/seal?partition=2020-03&view=partitions",
         "opens": "/reports/2020-03/index.html", "title": "March 2020"},
        {"path": "/asset-groups", "sees": ["referral"], **picture("lineage")},
    ) == []  # fmt: skip
