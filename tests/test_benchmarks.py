"""The guard notices a ratio above its limit, and docs/performance.md says what is held to what.

`make bench-guard` and `make bench` measure, which takes minutes.
"""

from __future__ import annotations

import re

import pytest
from conftest import PROJECT

from benchmarks import alike, guard
from benchmarks.ratios import Ratio, ratios
from pipelines.rules.models import read_models

TOLD = re.compile(
    r"\| (?P<what>[^|]+) \| (?P<measured>[^|]+) \| "
    r"(?P<target>at [^|]+) \| (?P<verdict>.+) \|"
)


def told_rows() -> dict[str, re.Match[str]]:
    """The rows of the first table of the page, by what was measured."""
    page = (PROJECT / "docs" / "performance.md").read_text(encoding="utf-8")
    table = page.split("## What we set out for, and what was measured")[1].split("\n\n")[1]
    return {found["what"]: found for found in TOLD.finditer(table)}


def test_a_ratio_above_its_limit_is_named() -> None:
    assert guard.judge({"a": 2.0, "b": 1.0}, {"a": 1.5, "b": 1.0}) == [
        "a is 2.00, its limit is 1.50"
    ]


def test_the_page_has_every_ratio_and_no_other() -> None:
    assert list(told_rows()) == [each.what for each in ratios({})]


@pytest.mark.parametrize("ratio", ratios({}), ids=lambda ratio: ratio.what)
def test_the_page_says_the_target_and_whether_it_is_met(ratio: Ratio) -> None:
    told = told_rows()[ratio.what]
    kind = "at least" if ratio.is_least else "at most"
    assert told["target"] == f"{kind} {ratio.target:,.10g} {ratio.unit}".strip()
    figure = re.match(r"[\d,.]+", told["measured"])
    measured = float(figure[0].replace(",", "")) if figure else None
    found = Ratio(ratio.what, measured, ratio.target, ratio.unit, ratio.is_least)
    assert told["verdict"] == found.verdict


def test_the_peers_own_work_is_made_of_what_it_reads_alone() -> None:
    needed = alike.needed_models(read_models())
    tables = {model.table for model in needed}
    assert {*alike.REPORTS} <= tables
    assert not {model.programme for model in needed} & {"leaders", "onboarding"}
    known = {model.table for model in read_models()}
    assert {name for model in needed for name in model.reads} & known <= tables
