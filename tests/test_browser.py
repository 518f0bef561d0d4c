"""The pages in a real browser: nothing fails, nothing is asked of the network, everybody can read.

Needs Chromium, Node and, in the project's build folder, what
`npm install --prefix build axe-core playwright-core` puts there; says what is missing otherwise.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT
from small_book import full_drop, write_book
from test_pack_languages import every_language

from pipelines.closing.close import try_month
from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.reports.packs.languages import LOCALES
from pipelines.reports.pages.all_months import write_overview

__all__ = ["every_language"]
MODULES = PROJECT / "build" / "node_modules"
SCRIPT = Path(__file__).parent / "look_at_pages.mjs"
LANGUAGES = {"de", "en", "es", "nl", "zh-Hans"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def command() -> list[str]:
    """The command that opens pages; a skip that says what is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    node = shutil.which("node")
    if chromium is None or node is None:
        pytest.skip("Chromium and Node are needed to open the pages")
    for name in ("axe-core", "playwright-core"):
        if not (MODULES / name).is_dir():
            pytest.skip(f"{name} is missing: npm install --prefix build axe-core playwright-core")
    return [node, str(SCRIPT), chromium, str(MODULES)]


def look_at(command: list[str], pages: list[Path]) -> dict[str, list[str]]:
    """What is wrong on the pages, by page and window."""
    assert pages
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def own_pages(month: Path) -> list[Path]:
    """A month's pages, leaders' packs apart."""
    return [path for path in sorted(month.rglob("*.html")) if "leaders" not in path.parts]


def longest_packs(month: Path) -> dict[str, Path]:
    """Of each language the pack that has most to say."""
    packs = sorted(month.glob("leaders/*/index.html"), key=lambda path: path.stat().st_size)
    texts = {path: path.read_text(encoding="utf-8") for path in packs}
    return {text.split('<html lang="', 1)[1].split('"', 1)[0]: path for path, text in texts.items()}


def test_a_months_first_page(command: list[str], closed_sample: Path) -> None:
    assert look_at(command, [closed_sample / "reports" / "2020-03" / "index.html"]) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("month", ["2020-01", "2020-04"])
def test_a_months_pages(command: list[str], closed_sample: Path, month: str) -> None:
    assert look_at(command, own_pages(closed_sample / "reports" / month)) == {}


@pytest.mark.exhaustive
def test_leaders_packs_in_every_language(command: list[str], closed_sample: Path) -> None:
    packs = longest_packs(closed_sample / "reports" / "2020-04")
    assert set(packs) == LANGUAGES
    assert look_at(command, list(packs.values())) == {}


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_pack_in_every_language_there_is(command: list[str], every_language: Path) -> None:
    packs = longest_packs(every_language)
    assert len(packs) == len(LOCALES)
    assert look_at(command, list(packs.values())) == {}


@pytest.mark.exhaustive
def test_a_real_months_pages_and_longest_packs(command: list[str], closed_shop: Path) -> None:
    month = closed_shop / "2011-11"
    assert look_at(command, [closed_shop / "index.html", *own_pages(month)]) == {}
    assert look_at(command, list(longest_packs(month).values())) == {}


def test_what_is_wrong_is_told(command: list[str], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text(
        '<!doctype html><html lang="en"><title>wrong</title><p style="width:2000px;color:#aaa">pale'
        '<main><table class="stack"><tbody><tr><th>name<td>of what?</table></main>'
        '<script>console.log("said"); fetch("http://127.0.0.1:9/asked").catch(() => 0)</script>'
    )
    told = [text for each in look_at(command, [page]).values() for text in each]
    for sign in (
        "console: said", "request: http://127.0.0.1:9/asked", "wider than the window",
        "the first stop is null", "axe color-contrast", "no label: <td>of what?",
    ):  # fmt: skip
        assert any(sign in text for text in told), (sign, told)


@pytest.mark.exhaustive
def test_a_trial_and_the_overview(command: list[str], closed_sample: Path, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", full_drop())
    trial = try_month(book, Home(tmp_path / "home"), Month("2020-01"), lambda text: None)
    reports = tmp_path / "reports"
    for seal in sorted((closed_sample / "reports").glob("*/seal.json")):
        (reports / seal.parent.name).mkdir(parents=True)
        for name in ("index.html", "seal.json"):
            shutil.copyfile(seal.parent / name, reports / seal.parent.name / name)
    assert look_at(command, [trial / "index.html", write_overview(reports)]) == {}
