"""Writes report CSVs as contract 3 says.

Belongs here: cells and files. Does not: what the rows are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers.analyst.reading import FOREVER


def money(cents: pd.Series | np.ndarray) -> np.ndarray:
    """Cents as an amount that `write` prints with two places."""
    return np.asarray(cents) / 100


def dates(days: pd.Series | np.ndarray) -> np.ndarray:
    """Day numbers as YYYY-MM-DD, a date far away as an empty cell."""
    numbers = np.asarray(days, np.int64)
    text = np.datetime_as_string(numbers.astype("datetime64[D]")).astype(object)
    text[numbers >= FOREVER] = None
    return text


def times(instants: pd.Series) -> np.ndarray:
    """UTC times cut off at the second."""
    stamps = instants.to_numpy("datetime64[s]")
    text = np.char.add(np.datetime_as_string(stamps), "Z").astype(object)
    text[np.isnat(stamps)] = None
    return text


def months(numbers: pd.Series | np.ndarray) -> np.ndarray:
    """Month numbers as YYYY-MM, a negative one as an empty cell."""
    values = np.asarray(numbers, np.int64)
    text = np.datetime_as_string(values.astype("datetime64[M]")).astype(object)
    text[values < 0] = None
    return text


def flags(values: pd.Series | np.ndarray) -> np.ndarray:
    """Booleans as `true` and `false`."""
    return np.where(np.asarray(values, bool), "true", "false")


def without_formula(text: pd.Series) -> pd.Series:
    """Cells that a spreadsheet would run get a quote in front."""
    is_formula = text.str.match(r"[=+\-@\t\r]", na=False).astype(bool)
    return text.where(~is_formula, "'" + text)


def write(folder: Path, name: str, rows: pd.DataFrame) -> None:
    """Write one report."""
    path = folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(path, index=False, float_format="%.2f", lineterminator="\n", encoding="utf-8")
