"""The ZIP files of packs: any reader opens them, ZIP64 where it is needed, and ours finds each
entry or says what is damaged."""

from __future__ import annotations

import struct
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zips import write_zip

from pipelines.reports.packs.zip_format import LIMITS, Entry, Limits, ends, header, record
from pipelines.reports.packs.zip_reading import ZipDirectory
from pipelines.reports.packs.zip_writing import Piece, Placed, finish_zip, lay_out
from pipelines.stop import Stop

FILES = {"A/index.html": b"<p>A</p>", "B-1/x.csv": b"", "B/index.html": bytes(range(256)) * 300}
EVERY_LIMIT = [LIMITS, Limits(100, 2), Limits(1, 1), Limits(1 << 16, 3)]
PATHS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}/[a-z_]{1,9}\.csv", fullmatch=True)


def pieces(files: dict[str, bytes], limits: Limits, size: int = 2) -> Iterator[Piece]:
    listed = sorted(files.items())
    for start in range(0, len(listed), size):
        yield lay_out(listed[start : start + size], limits)


def made(path: Path, files: dict[str, bytes] = FILES, limits: Limits = LIMITS) -> Path:
    write_zip(path, pieces(files, limits), limits)
    return path


@contextmanager
def opened(path: Path) -> Iterator[ZipDirectory]:
    with path.open("rb") as source:
        yield ZipDirectory(path, source)


def read_with_ours(path: Path) -> dict[str, bytes]:
    with opened(path) as found:
        entries = [(name, found.entry(name)) for name in found.paths()]
        return {name: found.open(entry).read() for name, entry in entries if entry}


@pytest.mark.parametrize("limits", EVERY_LIMIT, ids=str)
def test_every_reader_finds_the_same(tmp_path: Path, limits: Limits) -> None:
    path = made(tmp_path / "x.zip", limits=limits)
    with zipfile.ZipFile(path) as told:
        assert told.testzip() is None
        assert {name: told.read(name) for name in told.namelist()} == FILES
        assert {(each.compress_type, each.date_time, each.external_attr >> 16)
                for each in told.infolist()} == {(0, (1980, 1, 1, 0, 0, 0), 0o100600)}  # fmt: skip
    assert read_with_ours(path) == FILES
    unzip = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
    assert unzip.returncode == 0 and "No errors" in unzip.stdout, unzip.stdout


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(PATHS, st.binary(max_size=300), max_size=9), st.sampled_from(EVERY_LIMIT),
       st.integers(1, 4))  # fmt: skip
def test_pieces_and_limits_change_what_is_read_in_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], limits: Limits, size: int
) -> None:
    path = tmp_path_factory.mktemp("zip") / "x.zip"
    digest = write_zip(path, pieces(files, limits, size), limits)
    assert digest == sha256(path.read_bytes()).hexdigest()
    assert path.read_bytes() == made(path.with_name("again"), files, limits).read_bytes()
    with zipfile.ZipFile(path) as told:
        assert {name: told.read(name) for name in told.namelist()} == files
    assert read_with_ours(path) == files


def test_what_needs_no_zip64_has_none(tmp_path: Path) -> None:
    assert b"PK\x06\x06" not in made(tmp_path / "small.zip").read_bytes()
    assert b"PK\x06\x06" in made(tmp_path / "large.zip", limits=Limits(100, 9)).read_bytes()
    assert b"PK\x06\x06" in made(tmp_path / "many.zip", limits=Limits(1 << 20, 3)).read_bytes()


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize(("count", "is_large"), [(0xFFFE, False), (0xFFFF, True)])
def test_so_many_entries_need_it(tmp_path: Path, count: int, is_large: bool) -> None:
    files = {f"M{number:06}/x.csv": b"x" for number in range(count)}
    path = tmp_path / "x.zip"
    write_zip(path, pieces(files, LIMITS, 5000))
    assert (b"PK\x06\x06" in path.read_bytes()[-200:]) is is_large
    with zipfile.ZipFile(path) as told:
        assert len(told.namelist()) == count
    with opened(path) as found:
        assert sum(1 for _ in found.paths()) == count
        assert found.entry("M000077/x.csv") and not found.entry("M000077/y.csv")


def test_an_entry_behind_four_gigabytes_is_found(tmp_path: Path) -> None:
    """A file with a hole in it, so that it takes no room: everything real but the bytes before."""
    path, content = tmp_path / "x.zip", b"far away"
    piece = lay_out([("Z/index.html", content)])
    start = 5 << 30
    told = record(piece.entries[0]._replace(start=start))
    with path.open("wb") as target:
        target.seek(start)
        target.writelines([*piece.parts, told, ends(1, start + piece.length, len(told))])
    with zipfile.ZipFile(path) as found:
        assert found.read("Z/index.html") == content
    assert read_with_ours(path) == {"Z/index.html": content}


def test_a_file_of_four_gigabytes_has_its_size_in_full() -> None:
    large = Entry("Z/x.csv", 5 << 30, 7, 6 << 30)
    assert struct.pack("<2H2Q", 1, 16, large.size, large.size) in header(large)
    assert struct.pack("<2H3Q", 1, 24, large.size, large.size, large.start) in record(large)


def test_a_piece_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(bytes(99))
    with pytest.raises(OSError, match=r"x\.zip has lost what was written to it"):
        finish_zip(path, [Placed(100, 1, b"record")])


class TestDamage:
    @pytest.mark.parametrize("limits", EVERY_LIMIT, ids=str)
    def test_a_file_that_is_cut_off_is_refused(self, tmp_path: Path, limits: Limits) -> None:
        whole = made(tmp_path / "x.zip", limits=limits).read_bytes()
        for size in [0, 1, 21, 22, 60, *range(len(whole) - 500, len(whole))]:
            (tmp_path / "x.zip").write_bytes(whole[:size])
            with pytest.raises(Stop, match="damaged"), opened(tmp_path / "x.zip"):
                pass

    @pytest.mark.parametrize("limits", EVERY_LIMIT, ids=str)
    def test_a_byte_that_was_changed_is_told_or_harms_nothing(
        self, tmp_path: Path, limits: Limits
    ) -> None:
        files = {"A/index.html": b"<p>A</p>", "B/x.csv": b"", "B/y.csv": b"y\n"}
        whole = made(tmp_path / "x.zip", files, limits).read_bytes()
        told = 0
        for at in range(len(whole)):
            spoiled = bytearray(whole)
            spoiled[at] ^= 0xFF
            (tmp_path / "x.zip").write_bytes(spoiled)
            try:
                found = read_with_ours(tmp_path / "x.zip")
            except Stop as stop:
                assert "damaged" in str(stop) and "x.zip" in str(stop)
                told += 1
            else:
                # A name in the directory that is another now is another file, or in another place.
                assert all(files.get(name, data) == data for name, data in found.items())
        assert told > len(whole) / 3
