"""The few pages that are not reports: where to begin, signing in, and what is not there.

Belongs here: their words. None of them repeats what was asked for, so they are the same whether or
not a thing exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.months import Month
from pipelines.reports.look.formats import month_name
from pipelines.reports.look.templates import Link, render_page, templates

COMPANY = "Upline"
NOT_FOUND = "There is nothing to be seen here, or it is not for you."
SIGN_IN = "Open the personal link that you were sent. A link works once; ask for another."
ANNOUNCED = "Your company's sign-on says who you are; it has not, or you were not given access."
BUTTON = "Press the button to sign in on this device for twelve hours. The link works once."
BAD_LINK = "This link was used, has expired, or was never one. Ask for a new one."
TOO_MANY = "Too many links that do not work came from here. Wait a minute and try again."
NO_STORY = (
    "This story cannot be told now: a month is being closed, or the book it is read from is not at "
    "hand. Whoever runs Upline sees why with `upline explain`."
)

BUSY = "Too many stories are asked for at once. Try again in half a minute."


@dataclass(frozen=True)
class Section:
    """Links under a heading."""

    title: str
    rows: list[list[Link]]


def plain_page(title: str, lead: str) -> str:
    """A page that only says something."""
    return render_page(
        "served.html", company=COMPANY, title=title, lead=lead, token="", sections=()
    )


def button_page(token: str) -> str:
    """The page that a link opens: its button signs in."""
    policy = str(templates().globals["content_security"])
    policy = policy.replace("form-action 'none'", "form-action 'self'")
    return render_page(
        "served.html", company=COMPANY, title="Sign in", lead=BUTTON, token=token, sections=(),
        content_security=policy,
    )  # fmt: skip


def start_page(months: list[Month], trials: list[Month], packs: list[tuple[Month, str]]) -> str:
    """Where to begin: closed months and trials for who sees all, own packs for a leader."""
    sections = [
        Section("Closed months", [_month_links(month) for month in reversed(months)]),
        Section("Trials", [[Link(_name(month), f"/trial/{month}/")] for month in reversed(trials)]),
        Section("Your packs", [_pack_links(month, id) for month, id in reversed(packs)]),
    ]
    shown = [section for section in sections if section.rows]
    lead = "What you may see." if shown else "There is nothing for you yet."
    if months:
        shown.insert(0, Section("All months", [[Link("Overview", "/reports/")]]))
    return render_page(
        "served.html", company=COMPANY, title="Reports", lead=lead, token="", sections=shown
    )


def _month_links(month: Month) -> list[Link]:
    return [Link(_name(month), f"/reports/{month}/"), Link("everything as ZIP", f"/{month}.zip")]


def _pack_links(month: Month, leader_id: str) -> list[Link]:
    told = f"{_name(month)} ({leader_id})"
    return [Link(told, f"/reports/{month}/leaders/{leader_id}/index.html")]


def _name(month: Month) -> str:
    return month_name(month.text)
