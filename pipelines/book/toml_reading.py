"""TOML files read key by key: an unknown key or a value out of range names itself.

Belongs here: the checks that policy and mapping files share. What the keys mean is in `policy`
and `mapping`.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.book.regular_files import open_regular
from pipelines.stop import Stop, show_value

# The limits that docs/operations.md lists: no settings file comes near them.
MOST_BYTES = 1 << 20
MOST_PARTS = 16
MOST_DIGITS = 40
# Strings and comments; what is left may be a key with many dots, or a number with many digits.
QUIET = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*+"?|#[^\n]*+'
    r"|'''.*?(?:'''|\Z)|'[^'\n]*+'?",
    re.DOTALL,
)
PART = r"[\w-]++"
DEEP_KEY = re.compile(rf"(?<![\w-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{MOST_PARTS}}}")
NUMBER = re.compile(rf"(?<![\w-])(?:0[xob])?[0-9A-Fa-f_]{{{MOST_DIGITS},}}+(?=[\s,\]}}]|\Z)")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file's tables, fractions as Decimal; Stop when it cannot be read."""
    return parse_toml(path, read_settings(path))


def read_settings(path: Path) -> str:
    """The text of a settings file; Stop when it is none, or longer than MOST_BYTES."""
    try:
        with open_regular(path) as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise Stop(f"{path}: is longer than {MOST_BYTES >> 10} KiB (the limit of a settings file)")
    if data.startswith(b"PK\x03\x04"):
        raise Stop(f"{path}: is an Excel workbook or another zip file: save it as text (UTF-8)")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Stop(f"{path}: cannot be read: it is not UTF-8 but UTF-16; save the file as UTF-8")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Stop(
            f"{path}: cannot be read: line {line}: the byte 0x{data[error.start]:02X} "
            f"is not UTF-8; save the file as UTF-8"
        ) from error


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """The tables of a TOML text, fractions as Decimal; Stop names the line that is wrong."""
    plain = QUIET.sub(_quiet, text)
    for pattern, limit in (
        (DEEP_KEY, f"a key has more than {MOST_PARTS} parts"),
        (NUMBER, f"a number has {MOST_DIGITS} digits or more"),
    ):
        if found := pattern.search(plain):
            line = plain.count("\n", 0, found.start()) + 1
            raise Stop(f"{path}: line {line}: {limit} (the limit)")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise Stop(f"{path}: is not valid TOML: it is nested too deeply") from error
    except ArithmeticError as error:
        raise Stop(f"{path}: is not valid TOML: a number's exponent is too large") from error
    except ValueError as error:
        told = str(error).splitlines() or [type(error).__name__]
        raise Stop(f"{path}: is not valid TOML: {told[0]}") from error


def _quiet(found: re.Match[str]) -> str:
    """A key's quoted part is a part, and lines are still counted."""
    text = found.group()
    return "\n" * text.count("\n") if text.startswith("#") else "q" + "\n" * text.count("\n")


def nearest(name: str, known: list[str]) -> str:
    """A sentence that names the known name nearest to `name`, or lists the known ones."""
    close = difflib.get_close_matches(name[:100].lower(), known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(known)}" if known else "nothing may stand here"


class Section:
    """One TOML table that is taken apart key by key; what is left over at the end is unknown."""

    def __init__(self, path: Path, name: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise Stop(f"{path}: {name}: must be a section, found {show_value(content)}")
        self.path, self.name, self._left = path, name, dict(content)
        self._known: list[str] = []

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        value = self._left.pop(key, default)
        if value is None:
            raise Stop(f"{self._at(key)}: is missing")
        return value

    def _at(self, key: str) -> str:
        return f"{self.path}: {self.name}.{key}" if self.name else f"{self.path}: {key}"

    def refuse(self, key: str, found: Any, wanted: str) -> Stop:
        """The Stop that says what stands at `key` and what should."""
        return Stop(f"{self._at(key)}: found {show_value(found)}, must be {wanted}")

    def finish(self) -> None:
        """Stop at the first key that nobody asked for."""
        for key in self._left:
            raise Stop(f"{self._at(key)}: unknown key, {nearest(key, self._known)}")

    def integer(self, key: str, default: int | None, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self._take(key, default)
        if type(value) is not int or not least <= value <= most:
            raise self.refuse(key, value, f"a whole number from {least} to {most}")
        return value

    def decimal(
        self, key: str, default: Decimal | None, least: int, most: int, places: int
    ) -> Decimal:
        """An exact number from `least` to `most` with at most `places` decimal places."""
        value = self._take(key, default)
        wanted = f"a number from {least} to {most} with at most {places} decimal places"
        if type(value) not in (int, Decimal):
            raise self.refuse(key, value, wanted)
        number = Decimal(value)
        if not number.is_finite() or not least <= number <= most:
            raise self.refuse(key, value, wanted)
        if number != round(number, places):
            raise self.refuse(key, value, wanted)
        return round(number, places)

    def text(self, key: str, default: str | None, pattern: str, wanted: str) -> str:
        """A text that matches `pattern` as a whole."""
        value = self._take(key, default)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.refuse(key, value, wanted)
        return value

    def texts(
        self, key: str, default: list[str] | None, pattern: str, wanted: str
    ) -> tuple[str, ...]:
        """A list of different texts that each match `pattern` as a whole."""
        value = self._take(key, default)
        if not isinstance(value, list):
            raise self.refuse(key, value, f"a list, each {wanted}")
        for item in value:
            if not isinstance(item, str) or not re.fullmatch(pattern, item):
                raise self.refuse(key, item, wanted)
        if len(set(value)) < len(value):
            raise self.refuse(key, value, "a list in which nothing stands twice")
        return tuple(value)

    def one_of(self, key: str, default: str | None, allowed: tuple[str, ...], wanted: str) -> str:
        """One of the allowed texts."""
        value = self._take(key, default)
        if value not in allowed:
            raise self.refuse(key, value, f"{wanted} ({', '.join(allowed)})")
        return str(value)

    def flag(self, key: str) -> bool:
        """True or false; false where it is left out."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, value, "true or false")
        return value

    def section(self, key: str) -> Section | None:
        """The section below this one, or None where it is left out."""
        self._known.append(key)
        if key not in self._left:
            return None
        name = f"{self.name}.{key}" if self.name else key
        return Section(self.path, name, self._left.pop(key))

    def rest(self) -> dict[str, Any]:
        """What has not been taken yet, for a section whose keys are names of the book's own."""
        left, self._left = self._left, {}
        return left
