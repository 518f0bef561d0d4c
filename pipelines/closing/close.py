"""The close of months, in order: begun, computed, sealed, published, moved into place.

Belongs here: what is done when, what is refused, what a dead close has left behind. Renaming the
reports into place is the commit; anything before it is done again, anything missing after it is
made good by the next command.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines.book.drops import Book, open_book
from pipelines.closing.home import Home, lock_home, move_into_place
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.publish import (
    EarlyCopy,
    publish_month,
    publish_warehouse,
    record_seal,
)
from pipelines.closing.seal import (
    KnownDigests,
    digest_file,
    digest_inputs,
    digest_reports,
    make_seal,
    name_differences,
)
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month, months_between
from pipelines.reports.pages.overview import write_overview
from pipelines.rules.models import Model, read_models
from pipelines.stop import Stop

Say = Callable[[str], None]


def close_months(book_folder: Path, home: Home, month: Month, is_through: bool, say: Say) -> Path:
    """Close a month, or with `is_through` every month up to it that is not closed.

    Out: the month's reports. Stop as contracts 1 and 4 list it; nothing that is closed changes.
    """
    with lock_home(home, say):
        book = open_book(book_folder, month)
        check_sealed_inputs(book_folder, home, month)
        open_months = months_to_close(book, home, month, is_through)
        if not open_months:
            say(f"{month}  is closed already, from the same inputs: nothing was changed")
            write_overview(home.reports)
        if open_months or not home.published_file.exists():
            make_good(book_folder, home, say)
        if not open_months and not home.published_file.exists():
            publish_warehouse(home)
        models = read_models() if open_months else []
        for each in open_months:
            close_month(open_book(book_folder, each), home, each, models, say)
        return home.month(month)


def months_to_close(book: Book, home: Home, month: Month, is_through: bool) -> list[Month]:
    """The months that the command has to close; Stop when an earlier one is open."""
    opening = book.policy.company.opening_month
    if month < opening:
        raise Stop(f"{month} is before the opening month {opening}: it is history and never closes")
    sealed = home.sealed_months()
    missing = [each for each in months_between(opening, month) if each not in sealed]
    if missing and not is_through and missing != [month]:
        raise Stop(
            f"{missing[0]} is not closed yet; close it before {month}, "
            f"or add --through to close every month up to {month}"
        )
    if missing and any(each > missing[0] for each in sealed):
        later = max(sealed)
        raise Stop(
            f"{missing[0]} is not closed but {later} is: {home.reports} is not whole; restore it"
        )
    for each in missing:
        if home.month(each).exists():
            raise Stop(f"{home.month(each)} is in the way: it has no seal.json; move it elsewhere")
    return missing


def check_sealed_inputs(book_folder: Path, home: Home, month: Month) -> None:
    """Stop when a closed month's inputs, up to `month`, are not what it was closed with."""
    known = KnownDigests(home.digests)
    for sealed in home.sealed_months():
        if sealed > month:
            break
        book = open_book(book_folder, sealed)
        found = digest_inputs(book, book.drop(sealed), known.digest)
        told = name_differences(home.read_seal(sealed)["inputs"], found)
        if told:
            raise Stop(
                f"{sealed} is closed and its inputs have changed: {'; '.join(told)}. "
                f"A closed month never changes: restore {book_folder / sealed.text}"
            )
    known.save()


def close_month(book: Book, home: Home, month: Month, models: list[Model], say: Say) -> None:
    """Close one month whose predecessors are closed and in the working file."""
    copy = EarlyCopy(home)
    with open_month(home, book, month, models, home.working_file, False, copy) as work:
        compute_month(work, say)
        seal = finish_month(home, work)
    say(f"{month}  sealed    {seal[:16]}")


def finish_month(home: Home, work: MonthInWork) -> str:
    """Seal the staged reports, publish the warehouse and, as the last act, rename the reports.

    Out: the seal's digest. The working file's connection is closed here, so that its copy is whole.
    The overview over all months is derived from what is sealed, and made good by the next command.
    """
    month = work.drop.month
    seal = seal_staged(home, work)
    publish_month(work.con, work.copy, home, month, seal)
    move_into_place(work.staged, home.month(month))
    write_overview(home.reports)
    return seal


def compute_month(work: MonthInWork, say: Say) -> None:
    """Take every step of a month's close up to its reports."""
    month = work.drop.month
    work.begin()
    loads = [work.load(table) for table in SHAPES]
    read = sum(load.rows for load in loads)
    bad = sum(load.quarantined for load in loads)
    files = sum(1 for load in loads if load.file)
    say(f"{month}  extracts  {read} rows of {files} files, {bad} quarantined")
    work.set_book()
    values = work.values()
    counts: dict[str, int] = {}
    for model in work.models:
        counts[model.programme] = counts.get(model.programme, 0) + work.make(model, values)
    say(f"{month}  rules     {sum(counts.values())} rows of {len(work.models)} tables")
    work.write_reports()
    say(f"{month}  reports   written")


def seal_staged(home: Home, work: MonthInWork) -> str:
    """Write the staged reports' seal; out: its digest.

    Stop when the drop was changed while it was being closed.
    """
    month = work.drop.month
    known = KnownDigests(home.digests)
    told = name_differences(work.inputs, digest_inputs(work.book, work.drop, known.digest))
    if told:
        raise Stop(
            f"{work.drop.folder} was changed during the close: {'; '.join(told)}; close again"
        )
    is_first = month == work.book.policy.company.opening_month
    previous = None if is_first else digest_file(home.month(month.previous) / "seal.json")
    path = work.staged / "seal.json"
    reports = digest_reports(work.staged, work.pack_digests)
    path.write_text(make_seal(month, work.inputs, reports, previous))
    return digest_file(path)


def make_good(book_folder: Path, home: Home, say: Say) -> None:
    """Bring the working file to where the sealed months are.

    A working file that is missing, broken or of other seals is made again from the drops, and what
    it gives must be what is sealed.
    """
    for left in home.work.glob("*-????-??"):
        shutil.rmtree(left, ignore_errors=True)
    for left in home.work.glob("trial-*.duckdb*"):
        left.unlink()
    if is_in_step(home):
        return
    for path in home.work.glob("warehouse.duckdb*"):
        path.unlink()
    models = read_models()
    for month in home.sealed_months():
        say(f"{month}  is computed again: the working file does not have it")
        rebuild_month(open_book(book_folder, month), home, month, models)


def is_in_step(home: Home) -> bool:
    """Whether the working file holds the rows of every sealed month."""
    if not home.working_file.exists():
        return not home.sealed_months()
    try:
        with open_warehouse(home.working_file) as con:
            held = dict(con.execute("select close_month, seal from book.closes").fetchall())
    except Exception:  # whatever is wrong with the file, it can be made again
        return False
    sealed = home.sealed_months()
    return all(
        held.get(month.text) == digest_file(home.month(month) / "seal.json") for month in sealed
    )


def rebuild_month(book: Book, home: Home, month: Month, models: list[Model]) -> None:
    """Compute a sealed month again into the working file; Stop if a report would differ."""
    with open_month(home, book, month, models, home.working_file, False) as work:
        compute_month(work, lambda text: None)
        sealed = home.read_seal(month)["reports"]
        found = digest_reports(work.staged, work.pack_digests)
        differing = sorted(
            name for name in set(sealed) | set(found) if sealed.get(name) != found.get(name)
        )
        shutil.rmtree(work.staged)
        if differing:
            raise Stop(
                f"{home.working_file} must be made again, but {month} now gives another "
                f"{differing[0]} than is sealed: use the program version of its seal, or restore "
                f"the home from a backup"
            )
        record_seal(work.con, month, digest_file(home.month(month) / "seal.json"))


def try_month(book_folder: Path, home: Home, month: Month, say: Say) -> Path:
    """Compute and report a month under the home's trial folder; nothing is sealed.

    The months before it must be closed; a month that is closed can be tried too. Out: its reports.
    """
    with lock_home(home, say):
        book = open_book(book_folder, month)
        opening = book.policy.company.opening_month
        if month < opening:
            raise Stop(f"{month} is before the opening month {opening}: it is history")
        for earlier in months_between(opening, month)[:-1]:
            if earlier not in home.sealed_months():
                raise Stop(
                    f"{earlier} is not closed yet; a trial of {month} goes on from its close"
                )
        make_good(book_folder, home, say)
        copy = home.work / f"trial-{month}.duckdb"
        copy.unlink(missing_ok=True)
        if home.working_file.exists():
            shutil.copyfile(home.working_file, copy)
        try:
            with open_month(home, book, month, read_models(), copy, True) as work:
                compute_month(work, say)
        finally:
            for path in home.work.glob(f"trial-{month}.duckdb*"):
                path.unlink()
        shutil.rmtree(home.trial(month), ignore_errors=True)
        move_into_place(work.staged, home.trial(month))
        return home.trial(month)
