"""Every page of a month: which there are, and what each is given.

Belongs here: the list of pages and the links between them. What a page shows is in its module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.policy import Policy
from pipelines.months import Month
from pipelines.reports.customers_page import customers_page
from pipelines.reports.finance_page import finance_page
from pipelines.reports.inactivity_page import inactivity_page
from pipelines.reports.month_page import month_page
from pipelines.reports.month_view import MonthView
from pipelines.reports.onboarding_page import onboarding_page
from pipelines.reports.pages import Link, write_page
from pipelines.reports.quality_page import quality_page
from pipelines.reports.referral_page import referral_page
from pipelines.reports.returns_page import returns_page
from pipelines.reports.words import TITLES

Page = Callable[[MonthView], dict[str, Any]]
PAGES: dict[str, Page] = {
    "finance": finance_page,
    "referral": referral_page,
    "inactivity": inactivity_page,
    "returns": returns_page,
    "customers": customers_page,
    "onboarding": onboarding_page,
    "quality": quality_page,
}


def running_pages(policy: Policy) -> list[str]:
    """The programmes that have a page under this policy, in the pages' order."""
    runs = {
        "referral": policy.referral is not None,
        "inactivity": policy.inactivity is not None,
        "returns": policy.returns is not None or policy.follow_up is not None,
        "customers": policy.subscriptions is not None,
        "onboarding": policy.onboarding is not None,
    }
    return [name for name in PAGES if runs.get(name, True)]


def write_pages(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    month: Month,
    files: Mapping[str, Sequence[str]],
    folder: Path,
    is_trial: bool,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the month's first page and those of all programmes that run, beside their files.

    In: the names of each programme's files, which may be on their way.
    """
    view = MonthView(con, policy, month)
    names = running_pages(policy)
    shared = {"company": policy.company.name, "month": month.text, "is_trial": is_trial}
    for name in names:
        write_page(
            folder / name / "index.html", f"{name}.html", _links(names, name, "../"), **shared,
            title=TITLES[name], files=files[name], **PAGES[name](view),
        )  # fmt: skip
    given = month_page(view, files, names, inputs)
    write_page(folder / "index.html", "month.html", _links(names, "", ""), **shared, **given)


def _links(names: list[str], current: str, up: str) -> list[Link]:
    links = [Link(TITLES[name], f"{up}{name}/index.html", name == current) for name in names]
    return [Link("Overview", f"{up}index.html", current == ""), *links]
