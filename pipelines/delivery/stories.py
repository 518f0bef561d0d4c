"""`explain` as a page: which book a story is read from, and that an unknown id is just not there.

Belongs here: nothing of the story itself; `proof` tells it.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.closing.home import Home
from pipelines.stop import Stop


def find_story(home: Home, book: Path | None, kind: str, id: str) -> str | None:
    """A story's page; None for an id that is not known.

    Without a book, the one that the last close of this home read is taken. Stop where there is
    none, or as `upline explain` stops.
    """
    from pipelines.proof.closed_home import hold_still, look_at
    from pipelines.proof.explain import UnknownId, tell_story
    from pipelines.proof.tell_page import story_page

    folder = book or home.read_book()
    if folder is None:
        raise Stop(f"{home.folder}: which book it was closed from is not noted; give --book")
    with hold_still(home), look_at(home, folder, None) as looked:
        try:
            story = tell_story(looked, kind, id)
        except UnknownId:
            return None
        return story_page(story, looked.policy(looked.last).company.name)
