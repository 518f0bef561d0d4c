"""Where each month is and what it waits for, in words: the asset `month/status`.

Belongs here: what is said of a month from its drop, its trial, its seal and its last run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.book.drops import Book, open_book
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.overview import signed_by
from pipelines.months import Month
from pipelines.orchestration.keys import PARTITION_TAG, STOPPED_TAG
from pipelines.orchestration.links import PAGE, Links
from pipelines.orchestration.markdown import as_markdown
from pipelines.orchestration.masking import without_addresses
from pipelines.orchestration.month_list import list_months
from pipelines.stop import Stop

A_PERSON, ITS_CLOSE = "a person to close it", "its close"
A_CORRECTION = "a correction, then its close"
# What a month waits for that can be closed.
READY = (A_PERSON, ITS_CLOSE)


@dataclass(frozen=True)
class MonthStatus:
    """One month: what it is (`closed`, `open`, `tried`, `stopped`), and what it waits for."""

    month: str
    state: str
    waits_for: str
    seal: str
    why_it_stopped: str


def read_status(book: Path, home: Home, instance: dg.DagsterInstance) -> list[MonthStatus]:
    """Where each month is, the newest first; Stop when the policy cannot be read."""
    months = list_months(book, home)
    sealed = home.sealed_months()
    return [_status(book, home, instance, month, sealed) for month in reversed(months)]


def _status(
    book: Path, home: Home, instance: dg.DagsterInstance, month: Month, sealed: Sequence[Month]
) -> MonthStatus:
    if month in sealed:
        digest = digest_file(home.seal(month))
        state, waits = _signed(home, month)
        return MonthStatus(month.text, state, waits, digest[:16], "")
    is_tried = (home.trial(month) / PAGE).is_file()
    state, waits = "tried" if is_tried else "open", waits_for(book, home, month, sealed)
    why = _last_stop(instance, month)
    if why and waits in READY:
        state, waits = "stopped", A_CORRECTION
    return MonthStatus(month.text, state, waits, "", why)


def waits_for(book: Path, home: Home, month: Month, sealed: Sequence[Month]) -> str:
    """What an open month waits for before it can be closed."""
    try:
        opened = open_book(book, month)
        opened.drop(month)
    except Stop as stop:
        return without_addresses(str(stop))
    if month != opened.policy.company.opening_month and month.previous not in sealed:
        return f"the close of {month.previous}"
    return A_PERSON if waits_for_a_person(opened) else ITS_CLOSE


def waits_for_a_person(book: Book) -> bool:
    """Whether the policy leaves it to people to close a month: it asks for their signatures."""
    return book.policy.sign_off is not None


def _signed(home: Home, month: Month) -> tuple[str, str]:
    """A closed month's state, and which signatures it waits for.

    Counted are the good ones of different allowed signers, as sealed with the month.
    """
    found = signed_by(home, month)
    if found.needed is None:
        return "closed", "nothing"
    if found.counted is None:
        return "closed", "a machine with ssh-keygen, to check its signatures"
    missing = found.needed - found.counted
    state = f"closed, {found.counted} of {found.needed} signatures"
    return state, "nothing" if missing <= 0 else f"{missing} more to sign it (`upline sign`)"


def _last_stop(instance: dg.DagsterInstance, month: Month) -> str:
    """Why the last run of a month stopped; empty when it did not."""
    runs = instance.get_runs(dg.RunsFilter(tags={PARTITION_TAG: month.text}), limit=1)
    if not runs or runs[0].status is not dg.DagsterRunStatus.FAILURE:
        return ""
    return runs[0].tags.get(STOPPED_TAG, "the run failed; its page says why")


def status_metadata(found: Sequence[MonthStatus], links: Links) -> dict[str, Any]:
    """It as Dagster shows it: a table, and how many months are closed and open."""
    closed = [each for each in found if each.seal]
    table = as_markdown([field.name.replace("_", " ") for field in fields(MonthStatus)],
                        [astuple(each) for each in found])  # fmt: skip
    told: dict[str, Any] = {
        "months": dg.MetadataValue.md(table if found else "No drop yet: put one into the book."),
        "closed": len(closed),
        "open": len(found) - len(closed),
    }
    waiting = [each for each in found if not each.seal]
    if waiting:
        told["next to close"] = waiting[-1].month
        told["it waits for"] = waiting[-1].waits_for
    if waiting and waiting[-1].why_it_stopped:
        told["why it stopped"] = waiting[-1].why_it_stopped
    if closed:
        told["last closed"] = closed[0].month
        told["all closed months"] = links.overview()
    return told
