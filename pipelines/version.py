"""Which Upline this is: the release that it is or leads to, and the commit it was built from.

Belongs here: nothing else. The commit comes from the tree itself, never from tags or from a date,
so two machines with the same commit say the same. A release's tag is `v` and `RELEASE`.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

RELEASE = "0.2.0.dev0"
DIGITS = 12
_PACKAGE = Path(__file__).resolve().parent
# Written into a wheel when it is built: the version whole.
BUILT = _PACKAGE / "version.txt"
# `git archive` puts the commit there, so that a tarball knows it too.
ARCHIVED = _PACKAGE / "commit.txt"


@cache
def program_version() -> str:
    """The version, such as `0.2.0+g1b4ea7e12345`, one for the whole process.

    A checkout with changes of its own adds `.changed`; where neither a build, a tarball nor git
    says which commit it is, `+unknown`.
    """
    if BUILT.is_file():
        return BUILT.read_text(encoding="ascii").strip()
    commit = ARCHIVED.read_text(encoding="ascii")[:DIGITS] if ARCHIVED.is_file() else "$"
    if "$" not in commit:
        return f"{RELEASE}+g{commit}"
    return f"{RELEASE}+{_ask_git(_PACKAGE.parent) or 'unknown'}"


def _ask_git(checkout: Path) -> str | None:
    if not (checkout / ".git").exists():
        return None  # a tree inside somebody else's repository must not take that one's commit
    asked = ["git", "--no-optional-locks", "-C", str(checkout), "status", "--porcelain=v2",
             "--branch", "--no-ahead-behind", "--untracked-files=no"]  # fmt: skip
    try:
        # A branch may be called by any bytes.
        told = subprocess.run(asked, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    commit = re.search(b"^# branch.oid ([0-9a-f]+)$", told, re.MULTILINE)
    is_changed = re.search(b"^[^#]", told, re.MULTILINE) is not None
    return f"g{commit[1][:DIGITS].decode()}{'.changed' * is_changed}" if commit else None
