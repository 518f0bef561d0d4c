"""`upline verify`: proves that closed months are what their drops give (contract 4).

Belongs here: what is proved in which order, and what a difference of an earlier month means for the
later ones. Nothing of book or home is written; the months are computed again in a scratch folder.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.closing.chain import remembered_months
from pipelines.closing.home import Home
from pipelines.closing.lock import private_files
from pipelines.closing.reopening import superseded_reports
from pipelines.closing.seal import Seal, make_seal
from pipelines.closing.signatures import Signature, check_sealed_signatures, check_signatures
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month, months_between
from pipelines.private_folders import private_folder
from pipelines.proof.closed_home import open_published
from pipelines.proof.differences import Difference, MonthProof, without_repeats
from pipelines.proof.digests import (
    check_inputs,
    check_link,
    check_reports,
    check_seal,
    check_superseded,
    seal_path,
    superseded_months,
)
from pipelines.proof.published_rows import compare_published
from pipelines.proof.recompute import Again, changed_versions, compare_recomputed, recompute_months
from pipelines.rules.models import read_models
from pipelines.stop import Stop

Say = Callable[[str], None]
# Months whose digests are taken side by side, beside the months that are computed again.
SIDE_BY_SIDE = 2
Found = dict[Month, list[Difference]]


@dataclass(frozen=True)
class Asked:
    """What is to be proved: of which home and book, one month or all, how thoroughly.

    With several `cores` two months are in work at a time.
    """

    home: Home
    book_folder: Path
    month: Month | None = None
    is_quick: bool = False
    signers: Path | None = None
    cores: int = 1


def verify(asked: Asked, say: Say) -> list[MonthProof]:
    """The proof of every closed month, in order, or of one.

    Stop when no month is closed, the month asked for is not, or there is no book.
    """
    months = _months_to_prove(asked)
    superseded = superseded_months(asked.home)
    published = _published_seals(asked.home)
    found: Found = {month: [] for month in sorted({*months, *superseded})}
    seals: dict[Month, Seal] = {}
    for month in months:
        seal, told = check_seal(asked.home, month, published)
        found[month] += told
        if seal is not None:
            seals[month] = seal
            found[month] += check_link(asked.home, month, seal, month == months[0])
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        digests = {
            month: threads.submit(_check_digests, asked, month, seal)
            for month, seal in seals.items()
            if asked.month in (None, month) or not asked.is_quick
        }
        for month, checked in digests.items():
            found[month] += checked.result()
            say(f"{month}  digests compared")
    for month, told in found.items():
        told += check_superseded(asked.home, month, seals.get(month))
    if not asked.is_quick:
        _recompute_all(asked, months, seals, found, say)
    return [
        MonthProof(month, without_repeats(told))
        for month, told in found.items()
        if asked.month in (None, month)
    ]


def _months_to_prove(asked: Asked) -> list[Month]:
    """Every month from the first to the last that is closed or was, up to the one asked for."""
    known = sorted({*asked.home.sealed_months(), *remembered_months(asked.home)})
    if not known:
        raise Stop(f"{asked.home.folder}: no month is closed there")
    if not asked.book_folder.is_dir():
        raise Stop(f"{asked.book_folder}: there is no such folder; --book names the book's folder")
    if asked.month is not None and asked.month not in known:
        raise Stop(f"{asked.month} is not closed in {asked.home.folder}")
    return months_between(known[0], asked.month or known[-1])


def _published_seals(home: Home) -> dict[str, str]:
    """The digests of the seals that the published warehouse was made with, if it can be read."""
    try:
        with open_published(home) as con:
            return dict(con.execute("select close_month, seal from book.closes").fetchall())
    except (Stop, duckdb.Error):
        return {}


def _check_digests(asked: Asked, month: Month, seal: Seal) -> list[Difference]:
    """A month's inputs, reports and signatures, against its seal and each other."""
    found = check_inputs(asked.book_folder, month, seal)
    found += check_reports(asked.home, asked.home.month(month), seal)
    return found + [
        Difference("signature_bad", f"signatures/{month}/{each.name}.json", each.fault)
        for each in _check_signatures(asked, month, seal)
        if each.fault is not None
    ]


def _check_signatures(asked: Asked, month: Month, seal: Seal) -> tuple[Signature, ...]:
    """A month's signatures against the file that was named, or else the one that is sealed."""
    if asked.signers is not None:
        return check_signatures(asked.home, month, asked.signers)
    if seal.signers is not None:
        return check_sealed_signatures(asked.home, month, seal.signers)
    return ()


def _recompute_all(
    asked: Asked, months: list[Month], seals: dict[Month, Seal], found: Found, say: Say
) -> None:
    """Compute the months again, each from the one before, and add what differs to what is found."""
    with private_folder() as folder:
        scratch = Home(folder / "home")
        with private_files(scratch):
            scratch.work.mkdir(parents=True)
            scratch.reports.mkdir()
            kept = superseded_reports(asked.home)
            if kept.is_dir():
                superseded_reports(scratch).symlink_to(kept)
            _compare_all(asked, scratch, months, seals, found, say)


def _compare_all(
    asked: Asked, scratch: Home, months: list[Month], seals: dict[Month, Seal], found: Found,
    say: Say,
) -> None:  # fmt: skip
    is_input_changed = False
    done: list[Month] = []
    models = read_models()
    again = Again(asked.home, scratch, asked.book_folder, models, asked.cores > 1)
    for month, now, why in recompute_months(again, months, say):
        is_input_changed |= any(each.kind == "input_changed" for each in found[month])
        if now is None:
            found[month].append(_not_computed(month, why, is_input_changed, seals.get(month)))
            break
        done.append(month)
        seal = seals.get(month)
        if seal is not None:
            found[month] += compare_recomputed(month, seal, now, is_input_changed)
            found[month] += _compare_seal(asked.home, month, seal, found[month])
    for month in months[len(done) + 1 :]:
        told = f"it cannot be computed again, since {months[len(done)]} cannot"
        found[month].append(Difference("input_changed", f"reports/{month}", told))
    is_same = not any(found[month] for month in months)
    # What is published of a month that is reopened stays until it is closed again.
    if is_same and months[-1] == max(found):
        is_other = bool(changed_versions(seals[months[-1]]))
        with open_warehouse(scratch.working_file, scratch.work / "spill") as con:
            for month, difference in compare_published(
                con, asked.home, months[-1], say, models if is_other else None
            ):
                found[month].append(difference)


def _not_computed(month: Month, why: str, is_changed: bool, seal: Seal | None) -> Difference:
    """What it is put down to that a month cannot be computed again."""
    is_program = not is_changed and seal is not None and bool(changed_versions(seal))
    kind = "program_changed" if is_program else "input_changed"
    return Difference(kind, f"reports/{month}", f"it cannot be computed again: {why}")


def _compare_seal(
    home: Home, month: Month, seal: Seal, found: list[Difference]
) -> list[Difference]:
    """Whether a seal says all that it says, and nothing else, as this program writes it."""
    if found or changed_versions(seal):
        return []
    told_of = (seal.supersedes, seal.signers)
    written = make_seal(month, seal.inputs, seal.reports, seal.previous, *told_of).encode()
    if written == home.seal(month).read_bytes():
        return []
    told = "it holds more, or in another form, than a close writes"
    return [Difference("seal_changed", seal_path(home, home.seal(month)), told)]
