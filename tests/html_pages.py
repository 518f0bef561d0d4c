"""A strict reader of our own pages for tests: what a browser would forgive is an error here.

Belongs here: well-formedness, ids, links, and the tables' cells by the table's id.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.entities import html5
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "br", "link", "img", "input", "hr", "wbr"}
DRAWN = {"path", "rect", "line", "circle"}
REFERENCES = ("aria-labelledby", "aria-describedby", "for", "headers")


@dataclass
class Table:
    """A table's rows as the texts of their cells, the head's first."""

    id: str
    rows: list[list[str]] = field(default_factory=list)
    has_totals: bool = False
    has_caption: bool = False

    @property
    def body(self) -> list[dict[str, str]]:
        """The rows below the head by the head's titles, where one that comes again keeps its first;
        without the totals."""
        titles, rows = self.rows[0], self.rows[1 : -1 if self.has_totals else None]
        return [dict(reversed(list(zip(titles, row, strict=True)))) for row in rows]

    @property
    def totals(self) -> dict[str, str]:
        """The totals by the head's titles."""
        return dict(zip(self.rows[0], self.rows[-1], strict=True)) if self.has_totals else {}


@dataclass
class Page:
    """What was found on a page."""

    errors: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    title: str = ""
    text: str = ""


class Reader(HTMLParser):
    """Reads a page tag by tag and notes everything that is not as it must be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.page = Page()
        self.open: list[str] = []
        self.table: Table | None = None
        self.cell: list[str] | None = None
        self.key: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self._wrong(f"<{tag}> says an attribute twice")
        if tag not in VOID:
            self.open.append(tag)
        self._note(tag, {name: value or "" for name, value in given.items()})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in DRAWN and tag not in VOID:
            self._wrong(f"<{tag}/> closes itself")
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self._wrong(f"</{tag}> closes nothing")
        if tag in ("td", "th") and self.table is not None and self.cell is not None:
            self.table.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell, self.key = None, None
        elif tag == "table":
            self.table = None

    def handle_data(self, data: str) -> None:
        if "&" in data and (not self.open or self.open[-1] not in ("script", "style")):
            self._wrong(f"a bare & in {data[:40]!r}")
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        if f"{name};" not in html5:
            self._wrong(f"&{name}; is no entity")
        self._add(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._add(html.unescape(f"&#{name};"))

    def _add(self, text: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.page.scripts.append(text)
        elif inside == "title" and "svg" not in self.open:
            self.page.title += text
        elif inside != "style":
            self.page.text += text
            if self.cell is not None:
                self.cell.append(text)
            if self.key is not None:
                self.page.by_key[self.key] = self.page.by_key.get(self.key, "") + text

    def _note(self, tag: str, given: dict[str, str]) -> None:
        page = self.page
        page.ids += [given["id"]] if "id" in given else []
        page.references += [word for name in REFERENCES for word in given.get(name, "").split()]
        if tag == "a":
            page.links.append(given["href"])
        page.sources += [
            value for name, value in given.items() if name in ("src", "srcset", "data")
        ]
        if any(name.startswith("on") or name == "style" for name in given):
            self._wrong(f"<{tag}> has an inline script or style")
        if re.fullmatch("h[1-6]", tag):
            page.headings.append(int(tag[1]))
        self._note_table(tag, given)

    def _note_table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self.table = Table(given.get("id", f"table-{len(self.page.tables)}"))
            self.page.tables[self.table.id] = self.table
        if self.table is None:
            return
        if tag == "caption":
            self.table.has_caption = True
        elif tag == "tfoot":
            self.table.has_totals = True
        elif tag == "tr":
            self.table.rows.append([])
        elif tag in ("td", "th"):
            self.cell, self.key = [], given.get("data-key")
            if tag == "th" and given.get("scope") not in ("row", "col"):
                self._wrong("a th without a scope")
        elif tag == "svg" and self.cell is not None and "aria-label" in given:
            self.cell.append(given["aria-label"])

    def _wrong(self, told: str) -> None:
        self.page.errors.append(f"line {self.getpos()[0]}: {told}")


def parse_page(text: str) -> Page:
    """A page's text, read strictly."""
    reader = Reader()
    if not text.lstrip().startswith("<!doctype html>"):
        reader.page.errors.append("no doctype")
    reader.feed(text)
    reader.close()
    page = reader.page
    page.errors += [f"<{tag}> is never closed" for tag in reader.open]
    page.errors += [
        f"the id {name!r} comes twice" for name in set(page.ids) if page.ids.count(name) > 1
    ]
    page.errors += [
        f"nothing has the id {name!r}" for name in page.references if name not in page.ids
    ]
    page.errors += [
        f"{table.id} has no caption" for table in page.tables.values() if not table.has_caption
    ]
    if page.headings.count(1) != 1 or page.headings[0] != 1:
        page.errors.append(f"headings {page.headings}")
    steps = zip(page.headings, page.headings[1:], strict=False)
    page.errors += [f"h{one} is followed by h{two}" for one, two in steps if two > one + 1]
    return page


def read_page(path: Path) -> Page:
    """A page from its file."""
    return parse_page(path.read_text(encoding="utf-8"))
