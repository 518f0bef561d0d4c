"""`upline reopen`: unseals a month and all later ones; they can be closed again (contract 4).

Belongs here: what is looked at before, and what is told. How it is done, and finished when it dies,
is in `closing.reopening`.
"""

from __future__ import annotations

import fcntl

from pipelines.closing.chain import check_chain
from pipelines.closing.home import Home
from pipelines.closing.lock import private_files
from pipelines.closing.overview import write_home_overview
from pipelines.closing.reopening import find_superseded, finish_reopening, reopen_months
from pipelines.months import Month
from pipelines.stop import Stop


def reopen(home: Home, month: Month, reason: str) -> list[str]:
    """Unseal a month and all later ones; out: what was done, a line a month.

    Stop when the month is not closed, the chain of seals is broken, no reason is given, or another
    command is at work on the home; nothing has changed then.
    """
    path = home.work / "lock"
    if not path.is_file():
        raise Stop(f"{month} is not closed in {home.folder}; only a closed month can be reopened")
    with path.open("a+") as lock, private_files(home):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                f"another command is at work on {home.folder}; try again when it is done"
            ) from None
        finish_reopening(home)
        sealed = home.sealed_months()
        if sealed:
            check_chain(home, sealed[0], [])
        months = reopen_months(home, month, reason)
        write_home_overview(home)
    return [
        f"{each}  is open again; its reports are kept in "
        f"{find_superseded(home, each)[-1].folder.relative_to(home.folder)}"
        for each in months
    ]
