"""Warnings of packages that are of no use to whoever closes a month.

Belongs here: that they are kept still in one thread at a time. Which ones are is said where they
come from.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

# What is warned of is the whole process's: the second of two threads would put back what the first
# one had set, and the first one would be heard after all.
_still = RLock()


@contextmanager
def no_warnings() -> Iterator[None]:
    """Nothing is warned of in the block; it is entered by one thread at a time."""
    with _still, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
