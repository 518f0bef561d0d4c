"""Closed months computed again from their drops, in a scratch folder, against their seals.

Belongs here: how the months are computed without touching book or home, and what a difference is
put down to.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.closing.good import compute_month
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.month_in_work import open_month
from pipelines.closing.publish import record_seal
from pipelines.closing.seal import Seal, make_seal
from pipelines.closing.versions import name_versions
from pipelines.months import Month
from pipelines.proof.differences import Difference
from pipelines.rules.faults import CheckFailed, ShapeFailed
from pipelines.rules.models import Model
from pipelines.stop import Stop

Say = Callable[[str], None]
Recomputed = tuple[Month, dict[str, str] | None, str]


def recompute_months(
    home: Home, scratch: Home, book_folder: Path, months: list[Month], models: list[Model], say: Say
) -> Iterator[Recomputed]:
    """Each month with the digests of its reports as they are now, or None and why there are none.

    Each goes on from the one before, under the seals that the home has: the pages tell them.
    """
    for month in months:
        try:
            found = _recompute(home, scratch, book_folder, month, models)
        except (Stop, CheckFailed, ShapeFailed) as error:
            yield month, None, str(error)
            return
        say(f"{month}  computed again")
        yield month, found, ""


def _recompute(
    home: Home, scratch: Home, book_folder: Path, month: Month, models: list[Model]
) -> dict[str, str]:
    with open_month(scratch, book_folder, month, models, scratch.working_file, False) as work:
        compute_month(work, lambda text: None)
        found = dict(work.written)
        target = scratch.seal(month)
        target.parent.mkdir(parents=True)
        if home.seal(month).is_file():
            shutil.copyfile(home.seal(month), target)
        else:
            target.write_text(make_seal(month, work.inputs, found, work.previous_seal))
        record_seal(work.con, month, digest_file(target))
        work.forget_staged()
    return found


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
