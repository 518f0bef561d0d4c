"""Closed months computed again from their drops, in a scratch folder, against their seals.

Belongs here: how the months are computed without touching book or home, and what a difference is
put down to.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.month_tables import make_tables
from pipelines.closing.publish import record_seal
from pipelines.closing.seal import Seal, make_seal
from pipelines.closing.versions import name_versions
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.proof.differences import Difference
from pipelines.rules.faults import CheckFailed, ShapeFailed
from pipelines.rules.models import Model
from pipelines.stop import Stop

Say = Callable[[str], None]
Recomputed = tuple[Month, dict[str, str] | None, str]
# Whatever says that a month cannot be computed again.
FAULTS = (Stop, CheckFailed, ShapeFailed)


@dataclass(frozen=True)
class Again:
    """What is computed again, and where: the home and book that are proved, and a scratch home.

    With `is_beside` the reports of one month are written while the tables of the next are made.
    """

    home: Home
    scratch: Home
    book_folder: Path
    models: list[Model]
    is_beside: bool


def recompute_months(again: Again, months: list[Month], say: Say) -> Iterator[Recomputed]:
    """Each month with the digests of its reports as they are now, or None and why there are none.

    Each goes on from the one before, under the seals that the home has: the pages tell them. So
    tables are made one month after the other, and only the reports are written beside.
    """
    before: Pending | None = None
    with ThreadPoolExecutor(1) as threads:
        for month in months:
            pending = _begin(again, month, threads)
            told = _end(before, say) if before else None
            before = pending
            if told is not None:
                yield told
                if told[1] is None:
                    return
            if pending.is_last:
                break
        if before is not None:
            yield _end(before, say)


@dataclass(frozen=True)
class Pending:
    """A month whose tables are made; its reports are or are being written.

    `is_last`: no month can go on from this one.
    """

    month: Month
    reports: Future[dict[str, str]]
    is_last: bool = False


def _begin(again: Again, month: Month, threads: ThreadPoolExecutor) -> Pending:
    """Make a month's tables, and have its reports written: beside, if the next needs no seal."""
    scratch = again.scratch
    done: Future[dict[str, str]] = Future()
    try:
        with open_month(
            scratch, again.book_folder, month, again.models, scratch.working_file, False
        ) as work:
            make_tables(work, lambda text: None)
            is_sealed = again.home.seal(month).is_file()
            if is_sealed and again.is_beside:
                done = threads.submit(_write_beside, work, _copy_tables(work))
            else:
                done.set_result(_write_reports(work))
            _seal(again.home, work, None if is_sealed else done.result())
    except FAULTS as error:
        done = Future()
        done.set_exception(error)
        return Pending(month, done, is_last=True)
    return Pending(month, done)


def _end(pending: Pending, say: Say) -> Recomputed:
    """A month's outcome, once its reports are written."""
    try:
        found = pending.reports.result()
    except FAULTS as error:
        return pending.month, None, str(error)
    say(f"{pending.month}  computed again")
    return pending.month, found, ""


def _copy_tables(work: MonthInWork) -> Path:
    """A copy of the tables as they are, for the reports: the next month changes them."""
    path = work.home.work / f"reported-{work.drop.month}.duckdb"
    work.con.execute("checkpoint")
    shutil.copyfile(work.home.working_file, path)
    return path


def _write_beside(work: MonthInWork, tables: Path) -> dict[str, str]:
    with open_warehouse(tables, tables.with_suffix(".spill")) as con:
        found = _write_reports(replace(work, con=con, written={}))
    tables.unlink()
    return found


def _write_reports(work: MonthInWork) -> dict[str, str]:
    work.write_reports()
    work.forget_staged()
    return dict(work.written)


def _seal(home: Home, work: MonthInWork, found: dict[str, str] | None) -> None:
    """Put the seal that the next month goes on from: the home's, or one of what was found."""
    month = work.drop.month
    target = work.home.seal(month)
    target.parent.mkdir(parents=True)
    if found is None:
        shutil.copyfile(home.seal(month), target)
    else:
        target.write_text(make_seal(month, work.inputs, found, work.previous_seal))
    record_seal(work.con, month, digest_file(target))


def compare_recomputed(
    month: Month, seal: Seal, found: dict[str, str], is_input_changed: bool
) -> list[Difference]:
    """The reports that the month gives now, against those that were sealed.

    In: whether an input of this month or of one before has changed, which then is why.
    """
    names = sorted(
        name for name in {*seal.reports, *found} if seal.reports.get(name) != found.get(name)
    )
    if not names:
        return []
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    path = f"reports/{month}/{names[0]}"
    if is_input_changed:
        told = f"the inputs as they are now give another one{more}"
        return [Difference("input_changed", path, told)]
    changed = changed_versions(seal)
    if changed:
        told = f"it would be another one now{more}; changed since: {', '.join(changed)}"
        return [Difference("program_changed", path, told)]
    told = f"the drops give another one than is sealed{more}"
    return [Difference("report_changed", path, told)]


def changed_versions(seal: Seal) -> list[str]:
    """Which of the versions that a seal names are not this program's."""
    now = name_versions()
    names = sorted({*now, *seal.versions})
    return [name for name in names if seal.versions.get(name) != now.get(name)]
