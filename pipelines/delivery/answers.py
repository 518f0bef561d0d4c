"""What is answered to a request: the decisions of `wanted` and `grants` carried out on a home.

Belongs here: which answer, without a web server. An answer to who is not signed in is given before
anything is looked for, so it takes as long and looks the same whether or not a thing is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from pipelines.delivery import pages
from pipelines.delivery.access_store import AccessStore, begin_session
from pipelines.delivery.grants import (
    SESSION_SECONDS,
    Access,
    Viewer,
    find_by_email,
    find_link,
    find_viewer,
)
from pipelines.delivery.headers import cookie_name, media_type, page_policy
from pipelines.delivery.known_packs import KnownPacks
from pipelines.delivery.month_zip import zip_month
from pipelines.delivery.report_files import Content, hold_month, open_overview, trial_months
from pipelines.delivery.stories import find_story
from pipelines.delivery.wanted import PAGE, Wanted, What, may_see, read_wanted
from pipelines.delivery.wrong_tokens import SECONDS, WrongTokens
from pipelines.stop import Stop

READING = ("GET", "HEAD")
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
HTML = "text/html; charset=utf-8"
NOBODY = "-"


@dataclass(frozen=True)
class Site:
    """What is served, and how: `proxy_header` names who is signed in, in place of sessions.

    `clock` gives seconds since 1970; `book` is where stories are read from, None for the book that
    the last close noted; `viewer` is who asks, where that is known without signing in.
    """

    store: AccessStore
    clock: Callable[[], float]
    is_https: bool = False
    proxy_header: str | None = None
    book: Path | None = None
    viewer: Viewer | None = None
    wrong: WrongTokens = field(default_factory=WrongTokens)
    packs: KnownPacks = field(default_factory=KnownPacks)


@dataclass(frozen=True)
class Asked:
    """A request, as far as an answer hangs on it. `announced`: all values of the proxy's header."""

    method: str
    raw_path: bytes
    query: str = ""
    body: str = ""
    peer: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    announced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What is sent: bytes or, of what may be large, content in chunks. `told` goes into the log."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", HTML),)
    content: Content | None = None
    told: str = NOBODY

    def headed(self, *more: tuple[str, str]) -> Answer:
        """The answer with more headers."""
        return Answer(self.status, self.body, (*self.headers, *more), self.content, self.told)


def answer(site: Site, asked: Asked) -> Answer:
    """The answer to a request; Stop or OSError where the home cannot be read."""
    wanted = read_wanted(asked.raw_path)
    is_sign_in = wanted is not None and wanted.what is What.SIGN_IN
    allowed = (*READING, "POST") if is_sign_in else READING
    if asked.method not in allowed:
        return _page(405, "Not allowed", pages.NOT_FOUND).headed(("allow", ", ".join(allowed)))
    access = site.store.read()
    if is_sign_in and site.proxy_header is None:
        return _sign_in(site, asked, access)
    viewer = find_asking(site, asked, access)
    if viewer is None:
        is_start = wanted is not None and wanted.what is What.START
        lead = pages.SIGN_IN if site.proxy_header is None else pages.ANNOUNCED
        return _page(200 if is_start else 404, "Sign in", lead)
    if wanted is None or not may_see(viewer, wanted):
        return _named(_missing(), viewer, None)
    return _named(_show(site, viewer, wanted) or _missing(), viewer, asked.raw_path.decode("ascii"))


def find_asking(site: Site, asked: Asked, access: Access) -> Viewer | None:
    """Who asks: by the cookie, or by the proxy's header where that is how it is known.

    The header counts only from a peer on this machine, and only if it is there once.
    """
    if site.viewer is not None:
        return site.viewer
    if site.proxy_header is None:
        cookie = asked.cookies.get(cookie_name(site.is_https), "")
        return find_viewer(access, cookie, site.clock())
    if asked.peer not in LOOPBACK or len(asked.announced) != 1:
        return None
    return find_by_email(access, asked.announced[0])


def _sign_in(site: Site, asked: Asked, access: Access) -> Answer:
    """The button of a link, or a session where it was pressed."""
    now = site.clock()
    tokens = parse_qs(asked.query).get("token", [])
    if asked.method == "POST":
        tokens = parse_qs(asked.body).get("token", tokens)
    if not tokens and asked.method != "POST":
        return _page(200, "Sign in", pages.SIGN_IN)
    if site.wrong.are_too_many(asked.peer, now):
        return _too_many()
    token = tokens[0] if len(tokens) == 1 else ""
    if asked.method == "POST" and find_link(access, token, now):
        cookie = begin_session(site.store, token, now)
        if cookie is not None:
            return _signed_in(site, cookie)
    elif find_link(access, token, now):
        return Answer(200, pages.button_page(token).encode())
    site.wrong.add(asked.peer, now)
    if site.wrong.are_too_many(asked.peer, now):
        return _too_many()
    return _page(403, "Sign in", pages.BAD_LINK)


def _too_many() -> Answer:
    return _page(429, "Wait a minute", pages.TOO_MANY).headed(("retry-after", f"{SECONDS:.0f}"))


def _signed_in(site: Site, cookie: str) -> Answer:
    told = f"{cookie_name(site.is_https)}={cookie}; Path=/; Max-Age={SESSION_SECONDS}"
    told += "; HttpOnly; SameSite=Lax" + ("; Secure" if site.is_https else "")
    return Answer(303, headers=(("location", "/"), ("set-cookie", told)))


def _show(site: Site, viewer: Viewer, wanted: Wanted) -> Answer | None:
    """What somebody may see; None where it is not there."""
    home = site.store.home
    if wanted.what is What.START:
        return Answer(200, _start(site, viewer).encode())
    if wanted.what is What.OVERVIEW:
        return _file(PAGE, open_overview(home))
    if wanted.what is What.STORY:
        return _story(site, *wanted.path)
    return _of_month(site, wanted)


def _of_month(site: Site, wanted: Wanted) -> Answer | None:
    """A file of a month, or all of it, from its folder held open once."""
    assert wanted.month is not None
    folder = hold_month(site.store.home, wanted.what, wanted.month, site.packs)
    if folder is None:
        return None
    if wanted.what is What.WHOLE_MONTH:
        name = f'attachment; filename="{wanted.month}.zip"'
        return _file(name[:-1], zip_month(folder), ("content-disposition", name))
    try:
        if folder.has_folder(wanted.path):
            room = "reports" if wanted.what is What.REPORT else "trial"
            place = "/".join((room, wanted.month.text, *wanted.path))
            return Answer(308, headers=(("location", f"/{place}/"),))
        return _file(wanted.path[-1], folder.find(wanted.path))
    finally:
        folder.close()


def _start(site: Site, viewer: Viewer) -> str:
    home = site.store.home
    months = home.sealed_months()
    packs = []
    for month in months if viewer.leader_ids else []:
        folder = hold_month(home, What.REPORT, month, site.packs)
        if folder is not None:
            packs += [(month, id) for id in viewer.leader_ids if folder.has_pack(id)]
            folder.close()
    if not viewer.is_reader:
        return pages.start_page([], [], packs)
    return pages.start_page(months, trial_months(home), packs)


def _story(site: Site, kind: str, id: str) -> Answer | None:
    try:
        text = find_story(site.store.home, site.book, kind, id)
    except Stop:
        return _page(503, "Not now", pages.NO_STORY)
    return Answer(200, text.encode()) if text is not None else None


def _file(name: str, content: Content | None, *more: tuple[str, str]) -> Answer | None:
    if content is None:
        return None
    media = media_type(name)
    headers = (("content-type", media), *more)
    if media == HTML:
        headers = (*headers, ("content-security-policy", page_policy(content.start)))
    return Answer(200, headers=headers, content=content)


def _page(status: int, title: str, lead: str) -> Answer:
    return Answer(status, pages.plain_page(title, lead).encode())


def _missing() -> Answer:
    return _page(404, "Not found", pages.NOT_FOUND)


def _named(found: Answer, viewer: Viewer, path: str | None) -> Answer:
    """The answer with who asked for what, by ids alone."""
    told = f"{viewer.grant_id} {path or NOBODY}"
    return Answer(found.status, found.body, found.headers, found.content, told)
