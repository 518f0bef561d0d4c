"""A closed month's reports as messages are made from them: held open, and as they were sealed.

Belongs here: that what goes out is what was sealed and signed. A file that has changed stops the
delivery before anything is sent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.closing.chain import read_sealed
from pipelines.closing.home import Home
from pipelines.closing.inputs import Identity, digest_file, identify
from pipelines.closing.seal import Seal
from pipelines.delivery.mail.addresses import unguard
from pipelines.delivery.report_files import MonthFolder, hold_month
from pipelines.delivery.wanted import What
from pipelines.extracts.csv_bytes import take_long_cells
from pipelines.months import Month
from pipelines.reports.packs.reading import FOLDER, ZIP_FILE, Packs, open_packs, read_pack_file
from pipelines.stop import Stop

Files = dict[str, bytes]


@dataclass(frozen=True)
class SealedReports:
    """A month's folder with its seal; `mark` is what the seal's file is known by."""

    home: Home
    month: Month
    folder: MonthFolder
    packs: Packs
    seal: Seal
    mark: Identity

    def rows(self, path: str) -> list[dict[str, str]]:
        """A report's rows; none where the month has no such report."""
        if path not in self.seal.reports:
            return []
        found = self.folder.find(tuple(path.split("/")))
        text = b"".join(found.chunks) if found is not None else b""
        if found is not None:
            found.close()
        self._check(path, text)
        return read_rows(text)

    def pack(self, leader_id: str) -> Files:
        """A leader's files with their bytes, in byte order of their names."""
        names = self.packs.files(leader_id)
        files = {name: read_pack_file(self.packs, leader_id, name) for name in names}
        for name, content in files.items():
            if ZIP_FILE not in self.seal.reports:
                self._check(f"{FOLDER}/{leader_id}/{name}", content)
        return files

    def is_still_so(self) -> bool:
        """Whether the month is closed as it was when this was opened."""
        try:
            return identify(self.home.seal(self.month)) == self.mark
        except OSError:
            return False

    def _check(self, path: str, content: bytes) -> None:
        if self.seal.reports.get(path) != sha256(content).hexdigest():
            raise Stop(
                f"{self.home.month(self.month) / path}: is not as it was sealed; restore it, "
                f"`upline verify` tells what else has changed; nothing more was sent"
            )


@contextmanager
def open_sealed(home: Home, month: Month) -> Iterator[SealedReports]:
    """A closed month's reports; Stop where it is not closed, or its packs are not as sealed."""
    if month not in home.sealed_months():
        raise Stop(f"{month} is not closed in {home.folder}; only a closed month can be delivered")
    mark, seal = identify(home.seal(month)), read_sealed(home, month)
    folder = hold_month(home, What.REPORT, month)
    if folder is None:
        raise Stop(f"{home.month(month)}: cannot be read; restore it")
    try:
        _check_zip(home.month(month) / ZIP_FILE, seal)
        with open_packs(folder.place) as packs:
            yield SealedReports(home, month, folder, packs, seal, mark)
    finally:
        folder.close()


def _check_zip(path: Path, seal: Seal) -> None:
    """One file of all packs is looked at once; packs in folders when each is read."""
    sealed = seal.reports.get(ZIP_FILE)
    if sealed is not None and digest_file(path) != sealed:
        raise Stop(f"{path}: is not as it was sealed; restore it; nothing was sent")


def read_rows(text: bytes) -> list[dict[str, str]]:
    """A report's rows as they were before cells were guarded against spreadsheets."""
    take_long_cells()
    rows = csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""))
    return [{name: unguard(cell) for name, cell in row.items()} for row in rows]
