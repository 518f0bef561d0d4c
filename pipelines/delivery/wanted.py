"""What a request asks for, read from its path, and whether somebody may see it.

Belongs here: pure decisions on text. A path is taken as it was sent, never decoded: what Upline
writes has names of plain letters, digits, `.`, `-` and `_`, so any other spelling asks for nothing.
No part begins with a dot, so neither `..` nor what is hidden can be asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from pipelines.delivery.grants import Viewer
from pipelines.months import FORM, Month
from pipelines.reports.packs.reading import FOLDER, NAME

LONGEST = 500
PLAIN = re.compile(rb"/[A-Za-z0-9._/-]*")
KINDS = ("order", "member", "seat")
PAGE = "index.html"
PACK_DEPTH = 3  # leaders/<member_id>/<file>


class What(Enum):
    """The kinds of things that there are."""

    START = auto()
    SIGN_IN = auto()
    OVERVIEW = auto()
    REPORT = auto()
    TRIAL = auto()
    WHOLE_MONTH = auto()
    STORY = auto()


@dataclass(frozen=True)
class Wanted:
    """A thing asked for: of which month, and where in it; of a story its kind and id."""

    what: What
    month: Month | None = None
    path: tuple[str, ...] = ()


def read_wanted(raw_path: bytes) -> Wanted | None:
    """What a path asks for; None where there can be no such thing, however it is spelt.

    In: the path as it came, without the query. A folder's path that ends in `/` asks for its page.
    """
    if len(raw_path) > LONGEST or not PLAIN.fullmatch(raw_path):
        return None
    if raw_path == b"/":
        return Wanted(What.START)
    *parts, last = raw_path.decode("ascii")[1:].split("/")
    if not all(NAME.fullmatch(part) for part in [*parts, *([last] if last else [])]):
        return None
    if parts and parts[0] in ("reports", "trial"):
        return _read_report(parts[0], [*parts[1:], last or PAGE])
    if not parts and last == "sign-in":
        return Wanted(What.SIGN_IN)
    if not parts and last.endswith(".zip") and FORM.fullmatch(last.removesuffix(".zip")):
        return Wanted(What.WHOLE_MONTH, Month(last.removesuffix(".zip")))
    if len(parts) == 2 and parts[0] == "explain" and parts[1] in KINDS and last:
        return Wanted(What.STORY, None, (parts[1], last))
    return None


def _read_report(room: str, path: list[str]) -> Wanted | None:
    if room == "reports" and path == [PAGE]:
        return Wanted(What.OVERVIEW)
    if not FORM.fullmatch(path[0]):
        return None
    what = What.REPORT if room == "reports" else What.TRIAL
    return Wanted(what, Month(path[0]), tuple(path[1:]))


def may_see(viewer: Viewer, wanted: Wanted) -> bool:
    """Whether somebody may see a thing, whether or not it is there.

    Finance and analysts see everything; a leader the start page and files of the own packs.
    """
    if viewer.is_reader or wanted.what is What.START:
        return True
    is_pack = wanted.what is What.REPORT and len(wanted.path) == PACK_DEPTH
    return is_pack and wanted.path[0] == FOLDER and wanted.path[1] in viewer.leader_ids
