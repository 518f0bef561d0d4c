"""Which texts are addresses that mail can be sent to, and what of others' words names people.

Belongs here: pure decisions on text. An address is never mended or guessed: what is none is listed.
"""

from __future__ import annotations

import re

from pipelines.stop import Stop, show_value

LONGEST, LONGEST_LOCAL, LONGEST_WORDS = 254, 64, 300
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
LOCAL = re.compile(rf"{ATOM}(?:\.{ATOM})*")
LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Letters that the older form of a domain's name turned into others: which domain is meant is open.
OPEN = frozenset("\u00df\u03c2\u200c\u200d")
ANY_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]*@[^\s<>()\[\]:;,\"]+")
# What a spreadsheet would run, and a report's cell has an apostrophe before (contract 3).
FORMULA = "=+-@\t\r"


def read_address(text: str) -> str | None:
    """An address as mail needs it, its domain in ASCII; None where a text is none."""
    local, _, domain = text.rpartition("@")
    name = _domain(domain)
    if not LOCAL.fullmatch(local) or not local.isprintable() or name is None:
        return None
    is_long = len(local.encode()) > LONGEST_LOCAL or len(f"{local}@{name}".encode()) > LONGEST
    return None if is_long else f"{local}@{name}"


def _domain(text: str, least: int = 2) -> str | None:
    if OPEN & set(text):
        return None
    try:
        name = text.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = name.split(".")
    is_name = len(labels) >= least and all(LABEL.fullmatch(label) for label in labels)
    return name if is_name and not labels[-1].isdigit() else None


def read_sender(text: str) -> str:
    """The address of `--from`; Stop where it is none."""
    local, _, domain = text.rpartition("@")
    name = _domain(domain, 1)  # a server of one's own takes upline@localhost
    found = None if name is None else read_address(f"{local}@{name}.x")
    if found is None:
        raise Stop(f"--from {show_value(text)}: is no e-mail address; give one as reports@x.com")
    return found.removesuffix(".x")


def unguard(cell: str) -> str:
    """What a report's cell was before it was guarded against spreadsheets."""
    is_guarded = cell[:1] == "'" and cell[1:2] in FORMULA and len(cell) > 1
    return cell[1:] if is_guarded else cell


def clean_words(said: bytes | str, address: str = "") -> str:
    """A server's words for terminal and journal: one printable line that names nobody."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = " ".join(text.split())
    text = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
    local = address.rpartition("@")[0]
    for name in (address, local):
        if name:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=re.IGNORECASE)
    text = ANY_ADDRESS.sub("…", text)
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"
