"""The overview of all closed months: `reports/index.html`, derived and rewritable at any time.

Belongs here: what each month's own page says of itself, read back from the sealed folders. No seal
covers the overview, so it can show every seal.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipelines.months import FORM
from pipelines.reports.look.charts import Chart, Series
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.look.templates import render_page
from pipelines.reports.pages.figures import QUESTIONS, told_figure

DATA = re.compile(r'<script type="application/json" id="figures">(.*?)</script>', re.DOTALL)
SHOWN = ("net", "taken_back", "house", "qualified", "assigned", "removed", "quarantined")
CHARTED_MONTHS = 36


@dataclass(frozen=True)
class SignedBy:
    """Who has signed a month.

    `needed` is how many must (None: nobody has said whose signatures count), `counted` how many
    have (None: it cannot be told), `bad` how many signatures there are besides that are not good.
    """

    names: tuple[str, ...] = ()
    needed: int | None = None
    counted: int | None = 0
    bad: int = 0


def write_overview(reports: Path, signed: Mapping[str, SignedBy] | None = None) -> Path:
    """Write `index.html` over all sealed months of a reports folder, whole or not at all.

    In: by month who has signed it. A month whose page cannot be read back is listed without
    figures. Out: the page.
    """
    told = signed or {}
    months = [
        _read_month(folder) | {"signed": told.get(folder.name, SignedBy())}
        for folder in _sealed(reports)
    ]
    text = render_page(
        "overview.html",
        company=next((month["company"] for month in reversed(months) if month["company"]), ""),
        months=months[::-1],
        chart=_chart(months),
        columns=[question for question in QUESTIONS if question.key in SHOWN],
        totals=_totals(months, SHOWN),
        without_figures=[month["month"] for month in months if not month["figures"]],
        years=_years(months),
        are_signed=any(month["signed"] != SignedBy() for month in months),
        are_said=any(month["signed"].names and not month["signed"].needed for month in months),
    )
    reports.mkdir(parents=True, exist_ok=True)
    path, staged = reports / "index.html", reports / ".index.html.new"
    with staged.open("w", encoding="utf-8", newline="\n") as page:
        page.write(text)
        page.flush()
        os.fsync(page.fileno())
    staged.replace(path)
    return path


def _sealed(reports: Path) -> list[Path]:
    if not reports.is_dir():
        return []
    return sorted(
        folder
        for folder in reports.iterdir()
        if FORM.fullmatch(folder.name) and (folder / "seal.json").is_file()
    )


def _read_month(folder: Path) -> dict[str, Any]:
    """A month's own data, its figures as decimals, and its seal."""
    seal = hashlib.sha256((folder / "seal.json").read_bytes()).hexdigest()
    told: dict[str, Any] = {
        "company": "", "currency": "", "looks": None, "new_looks": None, "figures": {}
    }  # fmt: skip
    try:
        found = DATA.search((folder / "index.html").read_text(encoding="utf-8"))
        data = json.loads(found[1]) if found else told
        figures = {key: Decimal(value) for key, value in data["figures"].items()}
        told = {
            "company": str(data["company"]), "looks": data["looks"], "figures": figures,
            # What the pages of earlier versions do not say stays unknown.
            "currency": str(data.get("currency", "")), "new_looks": data.get("new_looks"),
        }  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        pass
    return told | {"month": folder.name, "seal": seal}


def _totals(months: list[dict[str, Any]], keys: Sequence[str]) -> dict[str, Decimal]:
    """The sums over months of the figures that can be added up."""
    return {
        question.key: sum(
            (month["figures"].get(question.key, Decimal(0)) for month in months), Decimal(0)
        )
        for question in QUESTIONS
        if question.is_added and question.key in keys
    }


def _years(months: list[dict[str, Any]]) -> Table | None:
    """What can be added up, by calendar year and in all; None where there is one year only."""
    years = sorted({month["month"][:4] for month in months}, reverse=True)
    if len(years) < 2:
        return None
    keys = tuple({key for month in months for key in month["figures"]})
    sums = {
        year: _totals([month for month in months if month["month"].startswith(year)], keys)
        for year in ("", *years)
    }
    rows = [
        {"figure": each.title.format(currency=months[-1]["currency"])}
        | {year: told_figure(each.kind, of_year[each.key]) for year, of_year in sums.items()}
        for each in QUESTIONS
        if each.key in sums[""]
    ]
    columns = (
        Column("figure", "Figure", "id"),
        *(Column(year, year, "told") for year in years), Column("", "All months", "told"),
    )  # fmt: skip
    return whole_table("years", "Year by year", columns, rows)


def _chart(months: list[dict[str, Any]]) -> Chart | None:
    drawn = [month for month in months if "net" in month["figures"]][-CHARTED_MONTHS:]
    if len(drawn) < 2:
        return None
    values = [month["figures"]["net"] for month in drawn]
    return Chart("net-by-month", "Net BV by month", [month["month"] for month in drawn],
                 [Series("Net BV", values)])  # fmt: skip
