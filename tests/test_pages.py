"""The pages: well made, safe from what extracts say, the same from the same inputs; the overview.

That their figures are those of the CSVs is in test_page_figures.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from conftest import SAMPLE, close_quietly
from html_pages import read_page
from small_book import POLICY, drop, full_drop, row, write_book

from pipelines.closing.close import try_month
from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.reports.look.charts import month_label, nice_step
from pipelines.reports.look.formats import HIDDEN, Number, short, visible
from pipelines.reports.pages.all_months import write_overview

pytestmark = pytest.mark.long

MONTHS = ("2020-01", "2020-02", "2020-03", "2020-04")
PROGRAMMES = (
    "finance", "referral", "inactivity", "returns", "customers", "onboarding", "quality",
)  # fmt: skip
HEBREW_AND_EMOJI = "\u05e9\u05dc\u05d5\u05dd \U0001f600&amp;"
HOSTILE = f"<script>alert('x')</script>=cmd|'/C calc'!A1 \u202egnp.exe {HEBREW_AND_EMOJI}"


@pytest.fixture(scope="module", params=MONTHS)
def month(request: pytest.FixtureRequest, closed_sample: Path) -> Path:
    """The reports of each month of the sample book in turn."""
    return closed_sample / "reports" / str(request.param)


def pages_of(folder: Path) -> Iterator[Path]:
    """The month's own pages, leaders' packs apart."""
    return (path for path in sorted(folder.rglob("*.html")) if "leaders" not in path.parts)


@cache
def ids_of(page: Path) -> frozenset[str]:
    """The ids that a page's links can name."""
    return frozenset(read_page(page).ids)


class TestEveryPage:
    def test_is_well_formed(self, month: Path) -> None:
        found = {path.name: read_page(path).errors for path in pages_of(month)}
        assert found == {"index.html": [], "dictionary.html": []}

    def test_leads_only_to_what_is_there(self, month: Path) -> None:
        for path in pages_of(month):
            page = read_page(path)
            for link in page.links:
                file, _, anchor = link.partition("#")
                target = (path.parent / file).resolve() if file else path
                # The overview and the stories are not the month's own; see test_page_sources.
                if target == month.parent / "index.html" or "/explain/" in file:
                    continue
                assert target.is_file(), link
                assert not anchor or anchor in ids_of(target), link

    def test_names_every_file_beside_it(self, month: Path) -> None:
        for path in pages_of(month):
            links = {link.partition("#")[0] for link in read_page(path).links}
            kinds = (".csv", ".xlsx")
            files = {each.name for each in path.parent.iterdir() if each.suffix in kinds}
            assert files <= links, path

    def test_takes_nothing_from_elsewhere(self, month: Path) -> None:
        for path in pages_of(month):
            text, page = path.read_text(encoding="utf-8"), read_page(path)
            assert page.sources == []
            assert not re.search(r"https?:|//[a-z]|url\((?!#)|@import|<link|<iframe", text)
            digest = base64.b64encode(hashlib.sha256(page.scripts[-1].encode()).digest()).decode()
            assert f"script-src &#39;sha256-{digest}&#39;" in text

    def test_is_there_for_every_programme_that_runs(self, month: Path) -> None:
        for name in PROGRAMMES:
            assert read_page(month / name / "index.html").title.endswith("Sample Wellness")


class TestWhatExtractsSay:
    @pytest.mark.long
    def test_is_shown_and_cannot_act(self, tmp_path: Path) -> None:
        lines = [row("order_lines", line_no=str(n + 2), product_code=text)
                 for n, text in enumerate((HOSTILE, "\u0007\t\u2066x", "W" * 200))]  # fmt: skip
        policy = POLICY.replace('"Small Book"', json.dumps(HOSTILE + "W" * 200, ensure_ascii=False))
        book = write_book(tmp_path / "book", full_drop(order_lines=[row("order_lines"), *lines]),
                          policy=policy)  # fmt: skip
        month = close_quietly(book, tmp_path / "home", "2020-01")
        write_overview(month.parent)
        for path in [*pages_of(month), month.parent / "index.html"]:
            page, text = read_page(path), path.read_text(encoding="utf-8")
            assert page.errors == []
            assert "<script>alert" not in text and "\u202e" not in text and "\u0007" not in text
            assert "<script>alert('x')</script>=cmd|'/C calc'!A1 [U+202E]gnp.exe" in page.text
            assert HEBREW_AND_EMOJI in page.text
        samples = read_page(month / "quality" / "index.html").tables["samples-value"]
        assert any("[U+0007]" in cell for cells in samples.rows for cell in cells)

    @pytest.mark.long
    def test_of_who_opted_out_appears_nowhere(self, tmp_path: Path) -> None:
        secret = {"customer_name": "Zzyzx", "customer_email": "zzyzx@q.com",
                  "customer_phone": "+31-999"}  # fmt: skip
        retail = row("orders", order_id="O2", channel="retail", seller_id=None,
                     contact_opt_out="true", **secret)  # fmt: skip
        lead = row(
            "leads", name="Zzyzx", email="zzyzx@q.com", phone="+31-999", contact_opt_out="true"
        )
        book = write_book(tmp_path / "book", drop(
            orders=[row("orders"), retail, retail | {"order_id": "O3", "bv": "many"}, retail],
            leads=[lead, lead | {"lead_id": "D2", "country": "nowhere"}],
        ))  # fmt: skip
        month = close_quietly(book, tmp_path / "home", "2020-01")
        assert (month / "quality" / "quarantine.csv").read_text().count("\n") == 4
        for path in month.rglob("*.html"):
            assert not re.search("zzyzx|31-999", path.read_text(encoding="utf-8"), re.IGNORECASE)

    @pytest.mark.parametrize(
        ("text", "told"),
        [("a\u202eb", "a[U+202E]b"), ("\x00", "[U+0000]"), ("\u05d0 \n", "\u05d0 \n"),
         ("\U0001fffe", "[U+1FFFE]"), (None, "")],
    )  # fmt: skip
    def test_names_what_nobody_would_see(self, text: str | None, told: str) -> None:
        assert visible(text) == told

    def test_names_every_character_that_its_list_has(self) -> None:
        hidden = [char for char in map(chr, range(0x110000)) if HIDDEN.match(char)]
        assert len(hidden) == 2_186
        assert [char for char in hidden if visible(f"a{char}") != f"a[U+{ord(char):04X}]"] == []


class TestSameInputs:
    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_give_the_same_pages_elsewhere_and_in_a_later_trial(
        self, closed_sample: Path, tmp_path: Path
    ) -> None:
        again = close_quietly(SAMPLE, tmp_path / "home", "2020-03").parent
        for month in MONTHS[:3]:
            for path in pages_of(again / month):
                known = closed_sample / "reports" / path.relative_to(again)
                assert path.read_bytes() == known.read_bytes()
        trial = try_month(SAMPLE, Home(tmp_path / "home"), Month("2020-02"), lambda text: None)
        closed = read_page(closed_sample / "reports" / "2020-02" / "finance" / "index.html")
        tried = read_page(trial / "finance" / "index.html")
        assert tried.tables == closed.tables

    @pytest.mark.long
    def test_are_marked_as_a_trial_on_every_page(self, tmp_path: Path) -> None:
        book = write_book(tmp_path / "book", full_drop())
        trial = try_month(book, Home(tmp_path / "home"), Month("2020-01"), lambda text: None)
        for path in pages_of(trial):
            page = read_page(path)
            assert page.title.startswith("TRIAL") and "TRIAL" in page.text
            assert "seal.json" not in page.links


def test_a_programme_that_does_not_run_has_no_page(tmp_path: Path) -> None:
    policy = POLICY.partition("[referral]")[0]
    month = close_quietly(
        write_book(tmp_path / "book", policy=policy), tmp_path / "home", "2020-01"
    )
    found = {path.parent.name for path in pages_of(month)}
    assert found == {"2020-01", "finance", "quality"}
    assert read_page(month / "index.html").errors == []
    assert "Onboarding" in read_page(month / "index.html").text


class TestOverview:
    def test_lists_the_months_with_their_seals(self, closed_sample: Path, tmp_path: Path) -> None:
        reports = tmp_path / "reports"
        for month in MONTHS:
            (reports / month).mkdir(parents=True)
            for name in ("index.html", "seal.json"):
                (reports / month / name).write_bytes(
                    (closed_sample / "reports" / month / name).read_bytes()
                )
        (reports / "2020-02" / "index.html").write_text("spoiled")
        page = read_page(write_overview(reports))
        assert page.errors == []
        assert [row["Month"] for row in page.tables["months"].body] == [
            "April 2020", "March 2020", "February 2020", "January 2020"
        ]  # fmt: skip
        seal = hashlib.sha256((reports / "2020-04" / "seal.json").read_bytes()).hexdigest()
        assert page.tables["months"].body[0]["Seal"].startswith(seal[:12])
        first = (reports / "index.html").read_bytes()
        assert write_overview(reports).read_bytes() == first
        assert sorted(path.name for path in reports.iterdir()) == [*MONTHS, "index.html"]

    def test_of_no_month_says_so(self, tmp_path: Path) -> None:
        assert "No month is closed yet" in read_page(write_overview(tmp_path / "reports")).text


@pytest.mark.parametrize(
    ("value", "told"),
    [(950, "950"), (9_999, "9,999"), (12_345, "12.3k"), (405_614, "406k"), (20_000, "20k"),
     (4_100_000, "4.1M"), (-12_345, "\u221212.3k"), (0, "0"), (Decimal("14.53"), "14.53")],
)  # fmt: skip
def test_a_charts_label_is_short(value: Number, told: str) -> None:
    assert short(value) == told


@pytest.mark.parametrize(
    ("month", "is_spacious", "is_first", "told"),
    [("2023-11", True, True, "Nov 2023"), ("2023-12", True, False, "Dec"),
     ("2024-01", True, False, "Jan 2024"), ("2024-01", False, False, "2024"),
     ("2023-11", False, True, "Nov")],
)  # fmt: skip
def test_a_charts_months_say_their_year(
    month: str, is_spacious: bool, is_first: bool, told: str
) -> None:
    assert month_label(month, is_spacious, is_first) == told


@pytest.mark.parametrize(("span", "step"), [(0, 1), (3, 1), (9, 5), (39, 10), (390, 100), (1, 1)])
def test_grid_lines_are_round(span: int, step: int) -> None:
    assert nice_step(Decimal(span)) == step
