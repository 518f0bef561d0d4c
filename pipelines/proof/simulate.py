"""`upline simulate`: closed months as another policy would have closed them (contract 4).

Belongs here: what may be simulated, how the months are computed, and what is written. Book and home
are only read; the months are computed anew in a scratch folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.book.drops import check_unchanged, open_book
from pipelines.book.policy import Policy, read_policy
from pipelines.closing.chain import check_chain, read_sealed
from pipelines.closing.home import Home
from pipelines.closing.inputs import check_seen, digest_file, name_differences
from pipelines.closing.lock import private_files
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.month_tables import make_tables
from pipelines.closing.seal import Seal, make_seal
from pipelines.closing.steps import REPORTS, check_below
from pipelines.months import Month, months_between
from pipelines.private_folders import private_folder
from pipelines.proof.recompute import changed_versions
from pipelines.proof.simulated_figures import REPORTS as COMPARED_REPORTS
from pipelines.proof.simulated_figures import compared_reports
from pipelines.proof.simulated_folder import check_target, filled_target
from pipelines.proof.simulation_page import Simulated, write_simulation_page
from pipelines.reports.csv_files import quarantined_rows
from pipelines.reports.write import write_csv_files
from pipelines.rules.models import Model, read_models
from pipelines.rules.report_check import check_report
from pipelines.rules.report_shapes import QUARANTINE
from pipelines.stop import Stop

Say = Callable[[str], None]
CSV, PAGE = "differences.csv", "index.html"
# Leaders' packs are not simulated, nor the tables that nothing but packs is made from.
NOT_SIMULATED = "leaders"


@dataclass(frozen=True)
class Asked:
    """What is to be simulated: which policy, from which month on (None: the opening month).

    `target` is the folder to fill, empty or not there yet.
    """

    home: Home
    book_folder: Path
    policy: Path
    through: Month
    start: Month | None
    target: Path


def simulate(asked: Asked, say: Say) -> int:
    """Simulate every month up to `asked.through`; out: how many figures differ.

    Stop when a month is not closed or its inputs have changed, the policy changes what it may not,
    the target is not empty, or a guard stops a month as it would stop its close. The target is as
    it was before then.
    """
    policy = read_policy(asked.policy)
    months = _months_to_simulate(asked, policy)
    start = asked.start or months[0]
    check_target(asked.target, (asked.book_folder, asked.home.folder))
    private = private_files(Home(asked.home.folder))
    with private, private_folder() as folder:
        scratch, result = folder, folder / "result"
        with filled_target(asked.target, result):
            (result / "reports").mkdir(parents=True)
            seals = [read_sealed(asked.home, month) for month in months]
            _simulate_months(asked, policy, dict(zip(months, seals, strict=True)), scratch, say)
            changed = {name for seal in seals for name in changed_versions(seal)}
            told = Simulated(policy.company.name, asked.policy.name, start, months, sorted(changed))
            found = _compare(told, scratch, result)
    return found


def _months_to_simulate(asked: Asked, policy: Policy) -> list[Month]:
    """Every month from the opening month on; Stop when one is not closed, or none is asked for."""
    book = open_book(asked.book_folder, asked.through)
    check_unchanged(asked.policy, book.policy, policy)
    opening = policy.company.opening_month
    if asked.through < opening:
        raise Stop(f"{asked.through} is before the opening month {opening}: it is history")
    if asked.start is not None and not opening <= asked.start <= asked.through:
        raise Stop(
            f"--from {asked.start} is not one of the months {opening} to {asked.through}; "
            f"name the month from which on the policy is in force"
        )
    sealed = asked.home.sealed_months()
    months = months_between(opening, asked.through)
    for month in months:
        if month not in sealed:
            raise Stop(f"{month} is not closed in {asked.home.folder}; close it first")
    check_chain(asked.home, opening, [])
    return months


def _simulate_months(
    asked: Asked, policy: Policy, seals: dict[Month, Seal], scratch: Path, say: Say
) -> None:
    """Compute the months one after the other, each from the one before, and write their CSVs."""
    own = Home(scratch / "home")
    own.work.mkdir(parents=True)
    models = [model for model in read_models() if model.programme != NOT_SIMULATED]
    start = asked.start or min(seals)
    for month, seal in seals.items():
        _copy_sealed(asked.home, month, seal, scratch / "before" / month.text)
        under = policy if month >= start else None
        _simulate_month(asked.book_folder, own, month, seal, models, under, scratch)
        say(f"{month}  simulated" if under else f"{month}  computed under the book's own policy")


def _simulate_month(
    book_folder: Path, own: Home, month: Month, seal: Seal, models: list[Model],
    under: Policy | None, scratch: Path,
) -> None:  # fmt: skip
    with open_month(
        own, book_folder, month, models, own.working_file, False, under=under
    ) as work:  # fmt: skip
        _check_inputs(book_folder, month, seal, work, under is not None)
        make_tables(work, lambda text: None)
        check_below(work.con, work.plan, REPORTS)
        check_report(work.con, QUARANTINE, quarantined_rows(month.text))
        write_csv_files(
            work.con, replace(work.reported, folder=scratch / "result" / "reports" / month.text)
        )
        check_seen(work.seen)
        own.month(month).mkdir(parents=True)
        own.seal(month).write_text(make_seal(month, work.inputs, {}, work.previous_seal))


def _check_inputs(
    book_folder: Path, month: Month, seal: Seal, work: MonthInWork, is_replaced: bool
) -> None:
    """Stop when anything but the policy that is replaced is not what the month was closed with."""
    left_out = {"signers", "policy"} if is_replaced else {"signers"}
    sealed, found = (
        {part: told for part, told in inputs.items() if part not in left_out}
        for inputs in (seal.inputs, work.inputs)
    )
    told = name_differences(sealed, found)
    if told:
        raise Stop(
            f"{month} is closed and its inputs have changed: {'; '.join(told)}. A simulation "
            f"compares policies on the same inputs: restore {book_folder / month.text}"
        )


def _copy_sealed(home: Home, month: Month, seal: Seal, folder: Path) -> None:
    """Copy the sealed reports that are compared; Stop when one is not as it was sealed."""
    for name in COMPARED_REPORTS:
        path, copy = home.month(month) / name, folder / name
        if name not in seal.reports:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise Stop(f"{path}: cannot be read: {error.strerror}; restore it") from error
        if digest_file(copy) != seal.reports[name]:
            raise Stop(f"{path} has changed since {month} was closed; restore it")


def _compare(told: Simulated, scratch: Path, result: Path) -> int:
    """Write what differs, and the page; out: how many figures differ."""
    with compared_reports(
        scratch, scratch / "before", result / "reports", list(told.months)
    ) as compared:
        found = compared.write(result / CSV)
        write_simulation_page(result / PAGE, told, compared, found)
    return found
