"""The files of one pack as bytes.

Belongs here: which files a leader gets, and in which order. When and where they are written is said
in write.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.reading import PAGE
from pipelines.reports.packs.rows import LeaderRows


def pack_files(leader: LeaderRows, pages: PackPages) -> Iterator[tuple[str, bytes]]:
    """A pack's files in byte order, each as `<member_id>/<name>` with its content: its page, and
    those that it has rows for."""
    files = {f"{each.name}.csv": each.text for each in leader.sections.values() if each.total}
    files[PAGE] = pages.render(leader)
    for name in sorted(files):
        yield f"{leader.pack['leader_id']}/{name}", files[name]
