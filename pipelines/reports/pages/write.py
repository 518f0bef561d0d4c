"""Every page of a month: which there are, and what each is given.

Belongs here: the list of pages and the links between them. What a page shows is in its module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import duckdb

from pipelines.book.programmes import PROGRAMMES, running_programmes
from pipelines.reports.look.templates import Link, write_page
from pipelines.reports.pages.dictionary import FILE as DICTIONARY
from pipelines.reports.pages.dictionary import dictionary_page
from pipelines.reports.pages.month import month_page
from pipelines.reports.pages.month_view import MonthView
from pipelines.reports.pages.revision import FOLDER as REVISION
from pipelines.reports.pages.revision import write_changes_since
from pipelines.reports.reported_month import ReportedMonth


def write_pages(
    con: duckdb.DuckDBPyConnection,
    reported: ReportedMonth,
    files: Mapping[str, Sequence[str]],
) -> None:
    """Write the month's first page, its dictionary, and the page of each programme that runs.

    In: the names of each programme's files, which may be on their way.
    """
    policy, month, folder = reported.policy, reported.month, reported.folder
    view = MonthView(con, policy, month)
    names = running_programmes(policy)
    shared, first, below = _shared(reported), _places("", reported), _places("../", reported)
    for name in names:
        write_page(
            folder / name / "index.html", f"{name}.html", _links(names, name, "../"), **shared,
            **below, page=name, title=PROGRAMMES[name].title, files=files[name],
            **_page_of(name)(view),
        )  # fmt: skip
    write_page(
        folder / DICTIONARY, "dictionary.html", _links(names, DICTIONARY, ""), **shared, **first,
        **dictionary_page(view, reported, names),
    )  # fmt: skip
    given = month_page(view, files, names, reported)
    write_page(folder / "index.html", "month.html", _links(names, "", ""), **shared, **first,
               **given)  # fmt: skip


def write_revision(reported: ReportedMonth) -> None:
    """Write `revision/` where the month supersedes reports. In: its CSV files are all there."""
    if reported.supersedes is not None:
        links = _links(running_programmes(reported.policy), REVISION, "../")
        write_page(
            reported.folder / REVISION / "index.html", "revision.html", links, **_shared(reported),
            **_places("../", reported), **write_changes_since(reported, reported.supersedes),
        )  # fmt: skip


def _shared(reported: ReportedMonth) -> dict[str, Any]:
    """What every page of the month is given."""
    company, month = reported.policy.company.name, reported.month.text
    return {"company": company, "month": month, "is_trial": reported.is_trial}


def _places(up: str, reported: ReportedMonth) -> dict[str, str]:
    """The way from a page up to the month's folder, and to where the stories of ids are served.

    No story is told of a trial: `explain` knows closed months alone (contract 4).
    """
    return {"up": up, "story_root": "" if reported.is_trial else f"{up}../../explain/"}


def _links(names: list[str], current: str, up: str) -> list[Link]:
    links = [
        Link(PROGRAMMES[name].title, f"{up}{name}/index.html", name == current) for name in names
    ]
    return [Link("Overview", f"{up}index.html", current == ""), *links]


def _page_of(programme: str) -> Callable[[MonthView], dict[str, Any]]:
    """What a programme's page shows: the function `page` of the module that bears its name."""
    module = import_module(f"pipelines.reports.pages.{programme}")
    page: Callable[[MonthView], dict[str, Any]] = module.page
    return page
