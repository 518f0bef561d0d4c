"""A closed month as one ZIP file, made while it is sent, with the same bytes each time.

Belongs here: the order of its parts. What a header looks like is said in the packs' zip_format:
files stored as they are, by path in byte order, without dates. Each file is read twice, for its
check sum and to be sent, so that nothing of it need be kept.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator

from pipelines.delivery.report_files import Content, MonthFolder, read_chunks
from pipelines.reports.packs.zip_format import LIMITS, Entry, Limits, ends, header, record


def zip_month(folder: MonthFolder, limits: Limits = LIMITS) -> Content:
    """A month's files as a ZIP file; closing it closes the folder.

    OSError, with the folder closed, where a file cannot be read.
    """
    try:
        sizes = [(path, _size(folder, path)) for path in folder.files()]
    except OSError:
        folder.close()
        raise
    return Content(_count(sizes, limits), b"", _parts(folder, sizes, limits), folder.close)


def _size(folder: MonthFolder, path: str) -> int:
    handle = _open(folder, path)
    try:
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def _count(sizes: list[tuple[str, int]], limits: Limits) -> int:
    """How many bytes it will have."""
    end = directory = 0
    for path, size in sizes:
        entry = Entry(path, size, 0, end)
        end += len(header(entry, limits)) + size
        directory += len(record(entry, limits))
    return end + directory + len(ends(len(sizes), end, directory, limits))


def _parts(folder: MonthFolder, sizes: list[tuple[str, int]], limits: Limits) -> Iterator[bytes]:
    directory, end = bytearray(), 0
    for path, size in sizes:
        handle = _open(folder, path)
        try:
            crc = 0
            for chunk in read_chunks(handle, size):
                crc = zlib.crc32(chunk, crc)
            entry = Entry(path, size, crc, end)
            head = header(entry, limits)
            yield head
            yield from read_chunks(handle, size)
        finally:
            os.close(handle)
        directory += record(entry, limits)
        end += len(head) + size
    yield bytes(directory) + ends(len(sizes), end, len(directory), limits)


def _open(folder: MonthFolder, path: str) -> int:
    handle = folder.open(tuple(path.split("/")))
    if handle is None:
        raise OSError(f"{path}: went away while it was read")
    return handle
