"""A drop's files, those that nobody reads told by what their columns seem to be.

Belongs here: that the message which stops a close names the table that the draft of `upline check`
would. Names alone are looked at by `book.stray_files`.
"""

from __future__ import annotations

from pipelines.book.drops import Book, Drop
from pipelines.book.stray_files import StrayFiles
from pipelines.extracts.mapping_draft import guess_tables
from pipelines.months import Month


def open_drop(book: Book, month: Month) -> Drop:
    """A month's drop; Stop as `Book.drop`."""
    try:
        return book.drop(month)
    except StrayFiles as strays:
        raise strays.by_columns(guess_tables(strays.folder, book.mapping)) from None
