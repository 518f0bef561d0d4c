"""The figures of leaders' pages: those of the month's CSVs, as each language writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from test_packs import read

from pipelines.reports.packs.languages import load_language


@pytest.mark.parametrize("month", ["2020-01", "2020-02", "2020-03", "2020-04"])
def test_a_page_tells_the_volume_and_the_failed_rules_of_its_leader(
    closed_sample: Path, month: str
) -> None:
    folder = closed_sample / "reports" / month
    volumes = {line["member_id"]: line for line in read(folder / "finance/volume.csv")}
    effects = {line["member_id"]: line for line in read(folder / "inactivity/effect.csv")}
    seats = {line["credit_member_id"]: line for line in read(folder / "referral/qualification.csv")}
    for path in (folder / "leaders").glob("*/index.html"):
        page, leader = path.read_text(encoding="utf-8"), path.parent.name
        [lang] = re.findall(r'<html lang="([a-z]+)', page)
        write, volume = load_language(lang).amount, volumes.get(leader, {})
        table = page.split('id="volume"', 1)[1]
        told = re.findall(r'<td class="num">(?:<strong>)?([^<]*)<', table)
        step = 2 if leader in effects else 1
        kinds = ("personal_bv", "group_bv", "payline_bv")
        assert told[0 : 3 * step : step] == [
            write(Decimal(volume.get(kind, "0"))) for kind in kinds
        ], path
        if leader in effects:
            after = effects[leader]
            assert told[5::2] == [write(Decimal(after["payline_bv_after"])), after["legs_after"]]
            assert told[6] == after["legs_before"]
        rules = page.split('id="programme"', 1)[1] if leader in seats else ""
        reasons = list(filter(None, seats.get(leader, {}).get("reasons", "").split(";")))
        assert rules.count('<td><span class="mark failed">') == len(reasons), path
