"""What a close that died has left is made good, before anything else is done in a home.

Belongs here: what is undone, what is made again and from what. A home is good when its working file
holds the rows of every sealed month, what analysts open is of the last one, and nothing that is
half done is left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.closing.chain import read_sealed, remember_seals
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.month_in_work import open_month
from pipelines.closing.month_tables import compute_month
from pipelines.closing.publish import publish_warehouse, record_seal
from pipelines.closing.seal import Seal
from pipelines.closing.steps import recorded_months
from pipelines.closing.versions import name_versions
from pipelines.closing.warehouse_copies import is_published, remove_old_copies, undo_publish
from pipelines.engines.duck import open_file
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import FORM, Month
from pipelines.rules.models import Model, read_models
from pipelines.stop import Stop

Say = Callable[[str], None]
STAGED = re.compile(rf"(close|trial)-({FORM.pattern})(\.json)?")
LEFT = ("digests.json", "warehouse.link", "published.duckdb", "published.duckdb.wal")
TRIAL_FILE = re.compile(rf"trial-{FORM.pattern}\.duckdb(\.wal)?")


def make_good(book_folder: Path, home: Home, opening: Month, say: Say) -> None:
    """Undo what was published and not sealed, and remove what nobody will take up again."""
    remember_seals(home)
    undo_publish(home)
    clear_work(home)
    home.engine.sweep(home.working_file, None)
    if not is_published(home):
        make_working_file_good(book_folder, home, opening, say)
        publish_again(book_folder, home, say)
    remove_old_copies(home)


def clear_work(home: Home) -> None:
    """Remove what dead commands have left in the work folder: only what has a name of ours.

    Staged reports of a month that is not sealed stay: they may be sealed yet.
    """
    sealed = {month.text for month in home.sealed_months()}
    for path in home.work.iterdir():
        staged = STAGED.fullmatch(path.name)
        if staged and (staged[1] == "trial" or staged[2] in sealed):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        elif TRIAL_FILE.fullmatch(path.name) or path.name in LEFT:
            path.unlink()


def make_working_file_good(book_folder: Path, home: Home, opening: Month, say: Say) -> None:
    """Bring the working file to where the sealed months are; in: the book's opening month as well.

    One that is missing, broken or of other seals is made again from the drops, and the figures that
    it gives must be those that are sealed. One of another engine is made again as well, and what
    analysts open with it.
    """
    if is_in_step(home, opening):
        return
    is_of_another = _is_of_another_engine(home)
    for path in (home.working_file, home.working_file.with_name("warehouse.duckdb.wal")):
        path.unlink(missing_ok=True)
    models = read_models()
    for month in home.sealed_months():
        say(f"{month}  is computed again: the working file does not have it")
        rebuild_month(book_folder, home, month, models, say)
    if is_of_another and home.sealed_months():
        last = home.sealed_months()[-1]
        publish_warehouse(home, last, digest_file(home.seal(last)))


def _is_of_another_engine(home: Home) -> bool:
    try:
        with open_file(home.working_file, is_read_only=True) as con:
            return not home.engine.has_made(con)
    except (duckdb.Error, OSError):
        return False


def is_in_step(home: Home, opening: Month) -> bool:
    """Whether the working file has the rows of every sealed month, and of none before the opening.

    A book may open later than it did, once every month of it is open again.
    """
    if not home.working_file.exists():
        return not home.sealed_months()
    try:
        with open_file(home.working_file, is_read_only=True) as con:
            if not home.engine.has_made(con):
                return False
            held = dict(con.execute("select close_month, seal from book.closes").fetchall())
            months = recorded_months(con)
    except (duckdb.Error, OSError):  # whatever is wrong with the file, it can be made again
        return False
    if any(month < opening for month in months):
        return False
    sealed = home.sealed_months()
    return all(held.get(month.text) == digest_file(home.seal(month)) for month in sealed)


def publish_again(book_folder: Path, home: Home, say: Say) -> None:
    """Publish the working file where no month is being closed.

    What an open month has left in it must not be shown: the last sealed month is computed again.
    """
    last = home.sealed_months()[-1]
    with open_warehouse(home.working_file) as con:
        months = recorded_months(con)
    if any(month > last for month in months):
        say(f"{last}  is computed again: {max(months)} was begun and is not closed")
        rebuild_month(book_folder, home, last, read_models(), say)
    publish_warehouse(home, last, digest_file(home.seal(last)))


def rebuild_month(
    book_folder: Path, home: Home, month: Month, models: list[Model], say: Say
) -> None:
    """Compute a sealed month again into the working file; Stop if a figure would differ.

    Pages and the workbook may: another version of the program may draw them otherwise. That is
    said; what is sealed stays as it is.
    """
    with open_month(home, book_folder, month, models, home.working_file, False) as work:
        compute_month(work, lambda text: None)
        sealed, found = read_sealed(home, month), dict(work.written)
        work.forget_staged()
        compare_with_sealed(home, month, sealed, found, say)
        work.engine.commit(sealed.digest)
        record_seal(work.con, month, sealed.digest)


def compare_with_sealed(
    home: Home, month: Month, sealed: Seal, found: dict[str, str], say: Say
) -> None:
    """Stop when a CSV differs from the sealed one; say it when anything else does."""
    names = sorted(
        name for name in {*sealed.reports, *found} if sealed.reports.get(name) != found.get(name)
    )
    figures = [name for name in names if name.endswith(".csv") and name in sealed.reports]
    changed = _name_changed(sealed.versions)
    if figures:
        raise Stop(
            f"{home.working_file} must be made again, but {month} now gives another "
            f"{figures[0]}{_and_more(figures)} than is sealed; {changed}. Use the program of its "
            f"seal, or restore the home from a backup"
        )
    if names:
        say(
            f"{month}  {names[0]}{_and_more(names)} would look different now, the sealed figures "
            f"are the same; {changed}; what is sealed stays as it is"
        )


def _and_more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def _name_changed(sealed: dict[str, str]) -> str:
    """Which of the sealed versions are not those of this program, in words."""
    now = name_versions()
    changed = [name for name in now if sealed.get(name) != now[name]]
    return f"changed since: {', '.join(changed)}" if changed else "the program is the same"
