"""Whole numbers of numpy as Arrow's.

Belongs here: that it takes no copy, and none of what Arrow's own way of it loads: all of numpy's
masked arrays, which a small month would wait for longer than for any of its tables.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import pyarrow as pa


def as_arrow(numbers: npt.NDArray[Any]) -> pa.Array:
    """Whole numbers, none of which is missing, where they stand: they may not change any more."""
    kind = pa.from_numpy_dtype(numbers.dtype)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
