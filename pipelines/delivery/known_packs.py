"""The directories of zipped packs that a server has read, so that a page does not read them again.

Belongs here: what is kept of a month's `leaders.zip` and how it is known to be the same file. Of
25,000 leaders a directory takes 20 ms to read and 9 MB to keep.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.closing.inputs import Identity, identify
from pipelines.reports.packs.reading import ZIP_FILE, Packs, open_packs

MOST_MONTHS = 13


@dataclass(frozen=True)
class _Opened:
    """Packs held open: whoever reads them holds this, and the last to let go closes the file."""

    packs: Packs
    closing: ExitStack


@dataclass
class KnownPacks:
    """The packs of the months that were asked for last, by what their file is known by."""

    _opened: OrderedDict[Identity, _Opened] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def open(self, month: Path) -> Iterator[Packs]:
        """The packs of a month's folder in either form; Stop where the ZIP file is damaged."""
        try:
            mark = identify(month / ZIP_FILE)
        except OSError:
            with open_packs(month) as packs:
                yield packs
            return
        opened = self._find(mark) or self._take(mark, month)
        yield opened.packs

    def _find(self, mark: Identity) -> _Opened | None:
        with self._lock:
            found = self._opened.get(mark)
            if found is not None:
                self._opened.move_to_end(mark)
            return found

    def _take(self, mark: Identity, month: Path) -> _Opened:
        closing = ExitStack()
        opened = _Opened(closing.enter_context(open_packs(month)), closing)
        with self._lock:
            self._opened[mark] = opened
            if len(self._opened) > MOST_MONTHS:
                self._opened.popitem(last=False)
        return opened
