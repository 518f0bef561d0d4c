"""The headers of answers: what a browser may do with a page, and what a file is.

Belongs here: their words. A page names the script that it runs in its own head, which was written
with it; the header allows that script, and adds what a head cannot say.
"""

from __future__ import annotations

import re

MEDIA = {
    "html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "json": "application/json", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("cache-control", "private, no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
)
STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">')
SCRIPT = re.compile(rb"(?:'|&#39;)(sha256-[A-Za-z0-9+/]{43}=)(?:'|&#39;)")
# The head is written before anything of an extract.
HEAD = 2000


def media_type(name: str) -> str:
    """A file's media type by the end of its name."""
    return MEDIA.get(name.rpartition(".")[2], "application/octet-stream")


def page_policy(start: bytes) -> str:
    """The policy for a page of the house, from the first bytes of it."""
    meta = META.search(start[:HEAD].partition(b"<title>")[0])
    told = meta[1] if meta else b""
    scripts = " ".join(f"'{found.decode()}'" for found in SCRIPT.findall(told)) or "'none'"
    form = "'self'" if b"form-action &#39;self&#39;" in told else "'none'"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; "
        f"base-uri 'none'; form-action {form}; frame-ancestors 'none'"
    )


def with_always(headers: tuple[tuple[str, str], ...], body: bytes) -> list[tuple[str, str]]:
    """An answer's headers with those that every answer has; a page made here with its policy."""
    found = dict(headers)
    if "content-security-policy" not in found:
        is_page = found.get("content-type") == MEDIA["html"]
        policy = page_policy(body) if is_page else STRICT
        headers = (*headers, ("content-security-policy", policy))
    return [*headers, *ALWAYS]


def cookie_name(is_https: bool) -> str:
    """What the session's cookie is called; with the prefix that only https can set."""
    return "__Host-upline" if is_https else "upline"
