"""One customer erased as docs/delivery.md says: pseudonyms in the drops, the book closed anew."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import SAMPLE, close_quietly

ERASED = {
    "karin@example.org": "erased-17@erased.invalid",
    "Karin Blom": "erased",
    "+32 2 555 01 51": "",
}


def without(text: str) -> str:
    """A text with the pseudonyms in place of what is personal."""
    for told, pseudonym in ERASED.items():
        text = text.replace(told, pseudonym)
    return text


@pytest.mark.long
@pytest.mark.exhaustive
def test_pseudonyms_in_the_drops_change_no_figure_and_leave_no_trace(
    closed_sample: Path, tmp_path: Path
) -> None:
    book = Path(shutil.copytree(SAMPLE, tmp_path / "book"))
    for path in book.rglob("*.csv"):
        path.write_text(without(path.read_text()))
    close_quietly(book, tmp_path / "home", "2020-04")
    before, after = closed_sample / "reports", tmp_path / "home" / "reports"

    named = 0
    for path in sorted(before.rglob("*.csv")):
        text, found = path.read_text(), (after / path.relative_to(before)).read_text()
        named += without(text) != text
        assert sorted(without(text).splitlines()) == sorted(found.splitlines()), path
    assert named, "her rows are in reports"

    traces = [told.encode() for told in ERASED]
    for path in (tmp_path / "home").rglob("*"):
        if not path.is_file():
            continue
        assert not any(told in path.read_bytes() for told in traces), path
        if path.suffix in (".xlsx", ".zip"):
            with zipfile.ZipFile(path) as parts:
                for name in parts.namelist():
                    assert not any(told in parts.read(name) for told in traces), (path, name)
