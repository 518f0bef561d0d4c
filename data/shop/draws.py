"""Fixed draws: what the sources do not say is drawn from ids, never from chance or a clock.

A draw of an id and a salt is the same on every machine, for it is plain integer arithmetic.
"""

from typing import Final

import polars as pl

RANGE: Final = 2**32
SALT_STEP: Final = 0x9E37_79B9
ROUNDS: Final = ((2**16, 0x21F0_AAAD), (2**15, 0x735A_2D97), (2**15, 1))


def draw(number: pl.Expr, salt: int, sides: int) -> pl.Expr:
    """A number from 0 to sides - 1 for each id, evenly spread; another salt, another draw."""
    mixed = (number.cast(pl.Int64) + salt * SALT_STEP) % RANGE
    for shift, factor in ROUNDS:
        mixed = ((mixed ^ (mixed // shift)) * factor) % RANGE
    return (mixed * sides) // RANGE


def is_drawn(number: pl.Expr, salt: int, one_in: int) -> pl.Expr:
    """True for one id in so many."""
    return draw(number, salt, one_in) == 0


def choose(number: pl.Expr, salt: int, choices: tuple[str, ...]) -> pl.Expr:
    """One of the choices for each id; a choice named twice comes twice as often."""
    places = dict(enumerate(choices))
    return draw(number, salt, len(choices)).replace_strict(places, return_dtype=pl.String)


def money(hundredths: pl.Expr) -> pl.Expr:
    """A whole number of hundredths as a decimal of two places."""
    return (hundredths.cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(15, 2))
