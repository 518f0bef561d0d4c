"""Where a figure on a page comes from: its CSV, the query that sums it, the story of its id.

The queries are those that the month's own dictionary page shows, run again in the published
warehouse: what a page says is what its reader finds there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import SAMPLE
from html_pages import parse_page, read_page
from test_page_figures import MONTHS
from test_pages import PROGRAMMES, pages_of

from pipelines.closing.home import Home
from pipelines.proof.closed_home import hold_still, look_at
from pipelines.proof.explain import tell_story
from pipelines.proof.tell_page import story_page

LAST = MONTHS[-1]
HEAD = re.compile(r'<div class="head"><h\d id="([\w-]+)-title">(.*?)</div>', re.DOTALL)
QUERY = re.compile(r'href="(?:\.\./)?dictionary\.html#(query-[\w-]+)"')
SHOWN = re.compile(r'<pre class="code" id="(query-[\w-]+)">(.*?)</pre>', re.DOTALL)
PARAMETER = re.compile(r'<dt class="code">\$(\w+)</dt><dd>([^<]*)</dd>')
STORY = re.compile(r'<a class="story" href="([^"]+)">')


@pytest.fixture(scope="module")
def month(closed_sample: Path) -> Path:
    """The last month of the sample book: the warehouse is as its close left it."""
    return closed_sample / "reports" / LAST


@pytest.fixture(scope="module")
def queries(month: Path) -> dict[str, str]:
    """The queries that the dictionary's page shows, by their anchors."""
    text = (month / "dictionary.html").read_text(encoding="utf-8")
    return {anchor: unescaped(query) for anchor, query in SHOWN.findall(text)}


def unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#34;", '"'),
                         ("&amp;", "&")):  # fmt: skip
        text = text.replace(entity, sign)
    return text


def test_every_table_leads_to_its_rows(month: Path) -> None:
    for path in pages_of(month):
        if path.name == "dictionary.html":
            continue
        text = path.read_text(encoding="utf-8")
        heads = dict(HEAD.findall(text))
        # A chart's figures stand below it, and its caption has the query.
        tables = {name for name in read_page(path).tables if not name.endswith("-figures")}
        for name in tables & set(heads):
            assert QUERY.search(heads[name]), (path, name)
        without_head = tables - set(heads) - {"main-figures", "history", "proof"}
        assert {name for name in without_head if not name.startswith("samples-")} == set(), path
        assert text.count("<figure>") == len(re.findall(
            r'<figcaption>.*?dictionary\.html#query-.*?</figcaption>', text, re.DOTALL
        )), path  # fmt: skip


def test_every_query_named_is_shown_and_every_one_shown_is_named(
    month: Path, queries: dict[str, str]
) -> None:
    named = {
        anchor
        for path in pages_of(month)
        for anchor in QUERY.findall(path.read_text(encoding="utf-8"))
    }
    assert named <= set(queries)
    # What a page reads for its lists of files, notes and samples stands in no table's head.
    assert set(queries) - named <= {
        "query-month-seal_before", "query-money-quarantined", "query-quality-sample",
        "query-quality-by_code", "query-quality-sources", "query-quality-left_out",
    }  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(closed_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True) as con:
        yield con


@pytest.mark.parametrize("page", ["", *PROGRAMMES])
def test_a_tables_query_finds_its_rows_in_the_warehouse(
    month: Path, queries: dict[str, str], warehouse: duckdb.DuckDBPyConnection, page: str
) -> None:
    path = month / page / "index.html"
    told = (month / "dictionary.html").read_text(encoding="utf-8")
    known = dict(PARAMETER.findall(told)) | {"of_month": LAST}
    heads = HEAD.findall(path.read_text(encoding="utf-8"))
    tables = read_page(path).tables
    compared = 0
    for name, head in heads:
        found = QUERY.search(head)
        # Some tables show what a query finds in another shape.
        if found is None or name not in tables or name in ("matrix", "bridge", "funnel", "failed"):
            continue
        query = queries[found[1]]
        used = {key: known[key] for key in set(re.findall(r"\$(\w+)", query))}
        rows = warehouse.execute(query, used).fetchall()
        shown = tables[name].body
        is_cut = re.search(r"first \d+ of ([\d,]+)", head)
        assert len(rows) == (int(is_cut[1].replace(",", "")) if is_cut else len(shown)), name
        compared += 1
    assert compared or not heads


def test_every_id_leads_to_its_story(month: Path) -> None:
    for path in pages_of(month):
        for href in STORY.findall(path.read_text(encoding="utf-8")):
            up = "../../" if path.parent == month else "../../../"
            assert re.fullmatch(rf"{re.escape(up)}explain/(order|member|seat)/[\w.-]+", href)
    returns = (month / "returns" / "index.html").read_text(encoding="utf-8")
    assert STORY.search(returns)
    assert "upline serve" in read_page(month / "returns" / "index.html").text


@pytest.mark.long
def test_every_story_that_an_id_leads_to_is_told(closed_sample: Path, tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(closed_sample, tmp_path / "home", symlinks=True)))
    linked = {
        tuple(href.split("/explain/")[1].split("/"))
        for month in MONTHS
        for path in pages_of(home.reports / month)
        for href in STORY.findall(path.read_text(encoding="utf-8"))
    }
    assert {kind for kind, _ in linked} == {"order", "member", "seat"}
    with hold_still(home), look_at(home, SAMPLE, None) as looked:
        for kind, id in sorted(linked)[::3]:
            told = story_page(tell_story(looked, kind, id), "Sample Wellness")
            assert parse_page(told).errors == []
            # A story's own ids lead on, from where it is served: /explain/<kind>/<id>.
            assert all(re.fullmatch(r"\.\./(order|member|seat)/[\w.-]+", href)
                       for href in STORY.findall(told))  # fmt: skip
