"""What stops a close: the data or the policy is not fit to be closed (exit code 2)."""

from __future__ import annotations

from decimal import Decimal

# A message is one line for a person: what an extract holds neither breaks it nor makes it long.
LONGEST = 380
KEPT_END = 120


class Stop(Exception):
    """The close cannot go on; the message says where, what was found and what to do.

    It is one line of at most LONGEST characters, none of them a control character; of a longer one
    the middle is left out.
    """

    def __init__(self, message: str) -> None:
        super().__init__(shorten_message(message))


def shorten_message(message: str) -> str:
    """A message as one line of at most LONGEST printable characters."""
    if len(message) > 100 * LONGEST:
        message = f"{message[: 50 * LONGEST]}{message[-50 * LONGEST :]}"
    lines = " ".join(message.split("\n"))
    told = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in lines)
    if len(told) <= LONGEST:
        return told
    return f"{told[: LONGEST - KEPT_END - 3]} … {told[-KEPT_END:]}"


def show_value(value: object, most: int = 60) -> str:
    """A value of a settings file for a message: never more than `most` characters."""
    try:
        text = str(value) if isinstance(value, Decimal) else repr(value)
    except (ValueError, RecursionError):
        text = f"a very large {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def show_text(text: str, most: int = 40) -> str:
    """A name of a file or a column for a message: cut where it is long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
