"""The reports as a web application: requests in, answers out.

Belongs here: thin wiring to ASGI. What is answered is decided in `answers`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.delivery import pages
from pipelines.delivery.answers import Answer, Asked, Site, answer
from pipelines.delivery.headers import with_always
from pipelines.delivery.report_files import Content

LONGEST_BODY = 4096
# A story opens the warehouse, which takes memory and seconds; pages must not wait for them.
STORIES_AT_ONCE, STORIES_IN_LINE = 2, 20
STORIES = b"/explain/"
Log = Callable[[str], None]


def make_app(site: Site, log: Log) -> ASGIApp:
    """The application; `log` is told a line for each request: who, what and how it went, by ids."""
    stories: list[CapacityLimiter] = []

    async def find(asked: Asked) -> Answer:
        if not asked.raw_path.startswith(STORIES):
            return await to_thread.run_sync(partial(_answer, site, asked, log))
        if not stories:  # it belongs to the loop that serves
            stories.append(CapacityLimiter(STORIES_AT_ONCE))
        if stories[0].statistics().tasks_waiting >= STORIES_IN_LINE:
            return _busy()
        return await to_thread.run_sync(partial(_answer, site, asked, log), limiter=stories[0])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        asked = await _read(site, request)
        found = await find(asked)
        log(f"{asked.method if asked.method.isalpha() else '?'} {found.told} {found.status}")
        await _response(found, asked.method)(scope, receive, send)

    return app


async def _read(site: Site, request: Request) -> Asked:
    raw = request.scope.get("raw_path") or request.url.path.encode()
    header = site.proxy_header
    return Asked(
        method=request.method,
        raw_path=raw.partition(b"?")[0],
        query=request.url.query,
        body=await _body(request) if request.method == "POST" else "",
        peer=request.client.host if request.client else "",
        cookies=request.cookies,
        announced=tuple(request.headers.getlist(header)) if header else (),
    )


async def _body(request: Request) -> str:
    """A form's text; nothing of one that is longer than a sign-in's can be."""
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > LONGEST_BODY:
            return ""
    return text.decode("ascii", errors="replace")


def _answer(site: Site, asked: Asked, log: Log) -> Answer:
    try:
        return answer(site, asked)
    except Exception as error:  # whatever it is, nothing of it is for who asked, or for the log
        log(f"failed: {type(error).__name__}")
    return _not_now("The reports cannot be read now. Try again later.")


def _busy() -> Answer:
    """What is answered where as many stories are waited for as are told in a minute or so."""
    return _not_now(pages.BUSY).headed(("retry-after", "30"))


def _not_now(lead: str) -> Answer:
    return Answer(503, pages.plain_page("Not now", lead).encode())


def _response(found: Answer, method: str) -> Response:
    headers = with_always(found.headers, found.body)
    content = found.content
    size = content.size if content is not None else len(found.body)
    headers.append(("content-length", str(size)))
    response: Response
    if content is not None:
        response = _Sent(content, found.status, method == "HEAD")
    else:
        response = Response(b"" if method == "HEAD" else found.body, found.status)
    response.raw_headers = [(name.encode(), value.encode()) for name, value in headers]
    return response


class _Sent(StreamingResponse):
    """Content sent chunk by chunk, and let go of however that ends."""

    def __init__(self, content: Content, status: int, is_head: bool) -> None:
        super().__init__(iter(()) if is_head else content.chunks, status)
        self._close = content.close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()
