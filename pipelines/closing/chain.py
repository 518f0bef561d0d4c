"""The chain of seals: each names the one before, and the home remembers each.

Belongs here: what is compared of it at each command, and the copies by which a month that was lost
is told from one that was never closed. The seals are the proof; the copies prove nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.closing.home import Home, write_whole
from pipelines.closing.inputs import digest_file, name_differences
from pipelines.closing.seal import Seal, read_seal
from pipelines.months import FORM, Month
from pipelines.stop import Stop


def read_sealed(home: Home, month: Month) -> Seal:
    """A closed month's seal; Stop when somebody has spoiled it."""
    return read_seal(home.seal(month), month)


def check_chain(home: Home, opening: Month, to_come: list[Month]) -> dict[Month, Seal]:
    """Stop when a seal is missing, is not the one that was made, or does not name the one before.

    In: the opening month, and the months that are about to be closed: those may have been lost.
    Out: the seals, by month in order.
    """
    sealed = home.sealed_months()
    for month in remembered_months(home):
        path = home.seal(month)
        is_lost = month not in sealed
        if is_lost and (month not in to_come or home.month(month).exists()):
            raise Stop(
                f"{path} is missing, but {month} was closed: restore {home.month(month)} from a "
                f"backup; to close {month} anew, remove {remembered(home, month)} first"
            )
        if not is_lost and digest_file(path) != digest_file(remembered(home, month)):
            raise Stop(
                f"{path} has changed since {month} was closed: restore it; "
                f"{remembered(home, month)} is a copy of it"
            )
    seals: dict[Month, Seal] = {}
    for month in sealed:
        if month > opening and month.previous not in seals:
            raise Stop(
                f"{home.seal(month.previous)} is missing, but {month} is closed: {home.reports} is "
                f"not whole; restore it"
            )
        before = seals[month.previous].digest if month > opening else None
        seals[month] = read_sealed(home, month)
        if seals[month].previous != before:
            raise Stop(
                f"{home.seal(month)} does not name the seal of the month before: one of the two "
                f"has changed; restore both from a backup"
            )
    return seals


def remembered(home: Home, month: Month) -> Path:
    """Where the copy of a month's seal lies."""
    return home.seals / f"{month}.json"


def remembered_months(home: Home) -> list[Month]:
    """The months that the home remembers as closed, in order."""
    names = sorted(path.name.removesuffix(".json") for path in home.seals.glob("*.json"))
    return [Month(name) for name in names if FORM.fullmatch(name)]


def remember_seals(home: Home) -> None:
    """Keep a copy of every seal that there is none of yet."""
    known = remembered_months(home)
    for month in home.sealed_months():
        if month not in known:
            home.seals.mkdir(parents=True, exist_ok=True)
            write_whole(remembered(home, month), home.seal(month).read_bytes())


def check_as_before(home: Home, month: Month, inputs: dict[str, Any]) -> None:
    """Stop when a month that was lost would be closed anew from other inputs than it was."""
    if month not in remembered_months(home):
        return
    told = name_differences(read_seal(remembered(home, month), month).inputs, inputs)
    if told:
        raise _refuse(home, month, f"its inputs are not what they were: {'; '.join(told)}")


def check_same_seal(home: Home, month: Month, digest: str) -> None:
    """Stop when a month that was lost would get another seal than it had."""
    if month in remembered_months(home) and digest_file(remembered(home, month)) != digest:
        raise _refuse(home, month, "this version of the program gives it another seal")


def _refuse(home: Home, month: Month, why: str) -> Stop:
    return Stop(
        f"{month} was closed before, and {home.month(month)} is gone; {why}. Restore the folder "
        f"from a backup; to close {month} anew, remove {remembered(home, month)} first"
    )
