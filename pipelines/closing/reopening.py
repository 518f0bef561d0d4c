"""Months that are unsealed: their reports are superseded, and kept beside those that are closed.

<home>/reports/.superseded/2020-02.1/       the reports as they were sealed, the first time
<home>/reports/.superseded/2020-02.1.json   why they were superseded
<home>/signatures/.superseded/2020-02.1/    who had signed them

Belongs here: how months are reopened, so that what dies in between is finished by the next command,
and which reports a month supersedes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.closing.chain import remembered
from pipelines.closing.home import Home, sync, write_whole
from pipelines.closing.inputs import digest_file
from pipelines.closing.publish import publish_without
from pipelines.months import FORM, Month
from pipelines.stop import Stop

FOLDER = re.compile(rf"({FORM.pattern})\.([1-9][0-9]*)")


@dataclass(frozen=True)
class Superseded:
    """Reports of a month that others have taken, or will take, the place of."""

    month: Month
    version: int
    folder: Path
    reason: str

    @property
    def told(self) -> dict[str, Any]:
        """What the seal of those that take their place says of them (contract 4)."""
        seal = digest_file(self.folder / "seal.json")
        return {"version": self.version, "seal": seal, "reason": self.reason}


def superseded_reports(home: Home) -> Path:
    """Where superseded reports lie."""
    return home.reports / ".superseded"


def find_superseded(home: Home, month: Month) -> list[Superseded]:
    """The superseded reports of a month, in the order of their versions."""
    folder = superseded_reports(home)
    found = []
    for path in folder.glob(f"{month}.*") if folder.is_dir() else ():
        told = FOLDER.fullmatch(path.name)
        if told and path.is_dir():
            found.append(Superseded(month, int(told[told.re.groups]), path, _reason_of(path)))
    return sorted(found, key=lambda each: each.version)


def _reason_of(path: Path) -> str:
    record = path.with_name(f"{path.name}.json")
    try:
        return str(json.loads(record.read_bytes())["reason"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Stop(f"{record}: cannot be read, it says why {path.name} was superseded; "
                   f"restore it") from error  # fmt: skip


def last_superseded(home: Home, month: Month) -> Superseded | None:
    """The reports that a month closed now supersedes; None where it was never reopened."""
    return max(find_superseded(home, month), key=lambda each: each.version, default=None)


def journal_of(home: Home) -> Path:
    """What a reopening that is under way says of itself."""
    return home.work / "reopening.json"


def reopen_months(home: Home, month: Month, reason: str) -> list[Month]:
    """Unseal a month and all later ones; the home must be held. Out: them, in order.

    Stop when the month is not closed, or there is no reason.
    """
    finish_reopening(home)
    sealed = home.sealed_months()
    if month not in sealed:
        raise Stop(f"{month} is not closed in {home.folder}; only a closed month can be reopened")
    if not reason.strip():
        raise Stop("--reason is empty; say why the month is reopened: its new seal will hold it")
    months = [each for each in sealed if each >= month]
    versions = {each.text: len(find_superseded(home, each)) + 1 for each in months}
    journal = {"reason": reason, "versions": versions}
    write_whole(journal_of(home), json.dumps(journal).encode())
    home.at("the reopening is written down")
    finish_reopening(home)
    return months


def finish_reopening(home: Home) -> None:
    """Go on with a reopening that has begun, the last month first, so that no chain has a hole.

    What analysts open then has no closed rows of those months.
    """
    path = journal_of(home)
    try:
        journal = json.loads(path.read_bytes())
    except FileNotFoundError:
        return
    for text in sorted(journal["versions"], reverse=True):
        _supersede(home, Month(text), journal["versions"][text], journal["reason"])
        home.at(f"{text} is superseded")
    publish_without(home, Month(min(journal["versions"])))
    path.unlink()
    sync(home.work)


def _supersede(home: Home, month: Month, version: int, reason: str) -> None:
    folder = superseded_reports(home)
    folder.mkdir(exist_ok=True)
    name = f"{month}.{version}"
    record = {"month": month.text, "version": version, "reason": reason}
    write_whole(folder / f"{name}.json", json.dumps(record, indent=2).encode())
    _move(home.month(month), folder / name)
    signed = home.folder / "signatures" / month.text
    if signed.is_dir():
        (signed.parent / ".superseded").mkdir(exist_ok=True)
        _move(signed, signed.parent / ".superseded" / name)
    remembered(home, month).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Rename a folder, unless that was done before."""
    if source.is_dir() and not target.exists():
        source.rename(target)
        sync(target.parent)
        sync(source.parent)
