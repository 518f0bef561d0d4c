"""The close of months, in order: begun, computed, sealed, published, moved into place.

Belongs here: what is done when, and what is refused. Renaming the reports into place is the commit;
anything before it is undone or done again, anything missing after it is made good by the next
command (see `good`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines.book.drops import Book, open_book, open_books
from pipelines.closing.chain import (
    check_as_before,
    check_chain,
    check_same_seal,
    remember_seals,
)
from pipelines.closing.early_copy import EarlyCopy
from pipelines.closing.home import Home, move_into_place
from pipelines.closing.home_engine import with_engine
from pipelines.closing.inputs import check_seen, digest_each, digest_file, name_differences
from pipelines.closing.lock import lock_home
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.month_tables import compute_month
from pipelines.closing.overview import write_home_overview
from pipelines.closing.publish import publish_month
from pipelines.closing.recovery import make_good, make_working_file_good
from pipelines.closing.reopening import finish_reopening
from pipelines.closing.seal import Seal, make_seal
from pipelines.closing.warehouse_copies import remove_old_copies, undo_publish
from pipelines.months import Month, months_between
from pipelines.rules.models import Model, read_models
from pipelines.stop import Stop

Say = Callable[[str], None]


def close_months(book_folder: Path, home: Home, month: Month, is_through: bool, say: Say) -> Path:
    """Close a month, or with `is_through` every month up to it that is not closed.

    Out: the month's reports. Stop as contracts 1 and 4 list it; nothing that is closed changes.
    """
    with lock_home(home, say), with_engine(home) as home:
        open_months = prepare_close(book_folder, home, month, is_through, say)
        if not open_months:
            say(f"{month}  is closed already, from the same inputs: nothing was changed")
            write_home_overview(home)
        models = read_models() if open_months else []
        for each in open_months:
            close_month(book_folder, home, each, models, say)
        home.note_book(book_folder)
        return home.month(month)


def prepare_close(
    book_folder: Path, home: Home, month: Month, is_through: bool, say: Say
) -> list[Month]:
    """Look whether a month can be closed and make good what is half done; out: what to close.

    Stop when the chain of seals is broken, a closed month's inputs have changed, or an earlier
    month is open.
    """
    finish_reopening(home)
    book = open_book(book_folder, month)
    opening = book.policy.company.opening_month
    seals = check_chain(home, opening, months_lacking(book, home, month))
    check_sealed_inputs(book_folder, seals, month)
    open_months = months_to_close(book, home, month, is_through)
    make_good(book_folder, home, opening, say)
    if open_months:
        make_working_file_good(book_folder, home, opening, say)
    return open_months


def months_lacking(book: Book, home: Home, month: Month) -> list[Month]:
    """The months after the last closed one, up to `month`."""
    sealed = home.sealed_months()
    opening = book.policy.company.opening_month
    return months_between(max(sealed).next if sealed else opening, month)


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
    for each in missing:
        if home.month(each).exists():
            raise Stop(f"{home.month(each)} is in the way: it has no seal.json; move it elsewhere")
    return missing


def check_sealed_inputs(book_folder: Path, seals: Mapping[Month, Seal], month: Month) -> None:
    """Stop when a closed month's inputs, up to `month`, are not what its seal says.

    Every file is read again: whatever says that it need not be could be wrong, and the seal is not.
    """
    months = [sealed for sealed in seals if sealed <= month]
    books = list(zip(months, open_books(book_folder, months), strict=True))
    for sealed, found in zip(months, digest_each(books), strict=True):
        told = name_differences(seals[sealed].inputs, found)
        if told:
            raise Stop(
                f"{sealed} is closed and its inputs have changed: {'; '.join(told)}. "
                f"A closed month never changes: restore {book_folder / sealed.text}"
            )


def close_month(book_folder: Path, home: Home, month: Month, models: list[Model], say: Say) -> None:
    """Close one month whose predecessors are closed and in the working file."""
    copy = EarlyCopy(home)
    with open_month(home, book_folder, month, models, home.working_file, False, copy) as work:
        check_as_before(home, month, work.inputs)
        compute_month(work, say)
        seal = finish_month(work)
    say(f"{month}  sealed    {seal[:16]}")


def finish_month(work: MonthInWork) -> str:
    """Seal the staged reports, publish the warehouse and, as the last act, rename the reports.

    Out: the seal's digest. The working file's connection is closed here, so that its copy is whole.
    When the reports cannot be renamed the warehouse before is published again. The overview over
    all months is derived from what is sealed, and made good by the next command.
    """
    home, month = work.home, work.drop.month
    seal = seal_staged(work)
    try:
        publish_month(work.engine, work.copy, home, month, seal)
        home.at("before the reports are in place")
        move_into_place(work.staged, home.month(month))
        home.at("the reports are in place")
    except BaseException:
        undo_publish(home)
        raise
    remember_seals(home)
    work.forget_staged()
    remove_old_copies(home)
    home.engine.sweep(home.working_file, month.text)
    home.at("before the overview is written")
    write_home_overview(home)
    return seal


def seal_staged(work: MonthInWork) -> str:
    """Write the staged reports' seal; out: its digest.

    Stop when they are missing or stale, or the drop was changed while it was being closed.
    """
    reports = work.check_reports()
    check_seen(work.seen)
    path = work.staged / "seal.json"
    supersedes = work.supersedes.told if work.supersedes else None
    signers = work.book.read_signers()
    if work.inputs.get("signers") != (signers and signers.digest):
        raise Stop(f"{work.book.signers} was changed during the close; leave it alone and close "
                   f"again")  # fmt: skip
    path.write_text(
        make_seal(
            work.drop.month,
            work.inputs,
            reports,
            work.previous_seal,
            supersedes,
            signers,
            work.home.engine.versions,
        )  # fmt: skip
    )
    seal = digest_file(path)
    check_same_seal(work.home, work.drop.month, seal)
    work.home.at("the seal is written")
    return seal


def try_month(book_folder: Path, home: Home, month: Month, say: Say) -> Path:
    """Compute and report a month under the home's trial folder; nothing is sealed.

    The months before it must be closed; a month that is closed can be tried too. Out: its reports.
    """
    with lock_home(home, say), with_engine(home) as home:
        finish_reopening(home)
        book = open_book(book_folder, month)
        opening = book.policy.company.opening_month
        if month < opening:
            raise Stop(f"{month} is before the opening month {opening}: it is history")
        check_chain(home, opening, months_lacking(book, home, month))
        for earlier in months_between(opening, month)[:-1]:
            if earlier not in home.sealed_months():
                raise Stop(
                    f"{earlier} is not closed yet; a trial of {month} goes on from its close"
                )
        make_good(book_folder, home, opening, say)
        make_working_file_good(book_folder, home, opening, say)
        copy = home.work / f"trial-{month}.duckdb"
        if home.working_file.exists():
            shutil.copyfile(home.working_file, copy)
        try:
            with open_month(home, book_folder, month, read_models(), copy, True) as work:
                compute_month(work, say)
        finally:
            for path in (copy, copy.with_name(f"{copy.name}.wal")):
                path.unlink(missing_ok=True)
        shutil.rmtree(home.trial(month), ignore_errors=True)
        move_into_place(work.staged, home.trial(month))
        work.forget_staged()
        return home.trial(month)
