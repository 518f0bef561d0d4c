"""`upline serve` and `upline access`: who sees what, by every wrong way there is.

A real server on a loopback port; what is decided on text alone is tested directly.
"""

from __future__ import annotations

import html
import http.client
import io
import json
import os
import re
import shutil
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from conftest import SAMPLE
from upline_command import contents, start_upline, upline
from zips import write_zip

from pipelines.closing.home import Home
from pipelines.delivery.access_store import AccessStore, grant_access, revoke_access
from pipelines.delivery.answers import Asked, Site, answer
from pipelines.delivery.app import make_app
from pipelines.delivery.grants import Viewer, is_role
from pipelines.delivery.month_zip import zip_month
from pipelines.delivery.report_files import hold_month
from pipelines.delivery.server import make_server, read_address, read_base_url, take_address
from pipelines.delivery.wanted import Wanted, What, may_see, read_wanted
from pipelines.delivery.wrong_tokens import WrongTokens
from pipelines.months import Month
from pipelines.reports.packs.zip_format import Limits
from pipelines.reports.packs.zip_writing import lay_out
from pipelines.stop import Stop

pytestmark = pytest.mark.long

MARCH = Month("2020-03")
NOON = 1_600_000_000.0
DAY, HOUR = 86_400, 3_600
ANNA = "/reports/2020-03/leaders/Anna/index.html"
ODD = [
    "/reports/../warehouse.duckdb", "/reports/2020-03/../../warehouse.duckdb",
    "/reports/2020-03/./index.html", "/reports/2020-03//index.html", "//reports/2020-03/index.html",
    "/reports/2020-03/%2e%2e/2020-03/index.html", "/reports/2020-03%2findex.html",
    "/reports/2020-03\\index.html", "/reports/2020-03/..%5cindex.html",
    "/reports/2020-03/index.html%00", "/reports/2020-03/index.html%00.csv",
    "/reports/%252e%252e/warehouse.duckdb", "/reports/2020-03/%c0%ae%c0%ae/index.html",
    "/reports/2020-03/%69ndex.html", "/reports/2020-03/index.html;x", "/reports/2020-03/~",
    "/reports/2020-03/index.h%d1%82ml", "/reports/2020-03/index%ef%bc%8ehtml",
    "/reports/.superseded/2020-03.1/x",
    "/reports/.index.html.new", "/.upline-home", "/warehouse.duckdb", "/work/lock",
    "/access/access.json", "/signatures/2020-03/ann.json", "/etc/passwd", "/reports/etc/passwd",
    "/reports/2020-03/Index.html", "/REPORTS/2020-03/index.html", "/reports/2020-3/index.html",
    "/reports/2020-13/", "/reports/2020-03/finance/../index.html", "/2020-03.ZIP", "/2020-3.zip",
    "/2019-01.zip", "/reports/2020-03.zip", "/trial/2020-03/index.html", "/explain/order/",
    "/explain/lead/L1", "/explain/order/NOT-KNOWN", "/explain/order/..", "/favicon.ico",
    "/reports/2020-03/leaders/", "/sign-in/", "/" + "a" * 600, "/reports/" + "a/" * 200,
]  # fmt: skip


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Served:
    """A home that is served, and the ways to ask it."""

    site: Site
    clock: Clock
    port: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.site.store.home.folder

    def ask(self, path: str, cookie: str = "", method: str = "GET", body: str = "",
            **headers: str) -> Reply:  # fmt: skip
        """Ask by a socket, so that no client mends what is asked."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told |= {"Cookie": cookie} if cookie else {}
        told |= {"Content-Length": str(len(body))} if body else {}
        lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in told.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as link:
            link.sendall(("\r\n".join([*lines, "", body])).encode())
            reply = http.client.HTTPResponse(link, method=method)
            reply.begin()
            found = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, found, reply.read())

    def grant(self, role: str, name: str = "Ann", email: str = "", days: int = 7) -> str:
        """A link's token."""
        return grant_access(self.site.store, name, role, email, days, self.clock())

    def press(self, token: str) -> Reply:
        """Press the button of a link."""
        return self.ask("/sign-in", method="POST", body=urlencode({"token": token}))

    def sign_in(self, role: str, name: str = "Ann") -> str:
        """A session's cookie."""
        reply = self.press(self.grant(role, name))
        assert reply.status == 303 and reply.headers["location"] == "/"
        return reply.headers["set-cookie"].partition(";")[0]


def run(served: Served) -> Iterator[Served]:
    """Serve it in a thread until the test is over."""
    taken = take_address("127.0.0.1", 0)
    served.port = taken.getsockname()[1]
    server = make_server(make_app(served.site, served.log.append))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield served
    server.should_exit = True
    thread.join()
    taken.close()


@pytest.fixture(scope="module")
def home(closed_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the closed sample's home."""
    return Path(shutil.copytree(closed_sample, tmp_path_factory.mktemp("serve") / "home",
                                symlinks=True))  # fmt: skip


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    """It, with nobody granted anything."""
    shutil.rmtree(home / "access", ignore_errors=True)
    clock = Clock()
    yield from run(Served(Site(AccessStore(Home(home)), clock), clock))


@pytest.fixture
def behind_proxy(home: Path) -> Iterator[Served]:
    """It behind a proxy that says who is signed in."""
    shutil.rmtree(home / "access", ignore_errors=True)
    clock = Clock()
    site = Site(AccessStore(Home(home)), clock, is_https=True, proxy_header="X-Email")
    yield from run(Served(site, clock))


# Who sees what.


@pytest.mark.parametrize("role", ["finance", "analyst"])
def test_finance_and_analysts_see_every_report_as_it_lies(served: Served, role: str) -> None:
    cookie = served.sign_in(role)
    for month in ("2020-01", "2020-04"):
        for path, data in contents(served.home / "reports" / month).items():
            reply = served.ask(f"/reports/{month}/{path}", cookie)
            assert (reply.status, reply.body) == (200, data), path
    overview = (served.home / "reports/index.html").read_bytes()
    assert served.ask("/reports/", cookie).body == overview
    assert served.ask("/reports/2020-03/", cookie).body == served.ask(
        "/reports/2020-03/index.html", cookie).body  # fmt: skip
    moved = served.ask("/reports/2020-03/finance", cookie)
    assert (moved.status, moved.headers["location"]) == (308, "/reports/2020-03/finance/")
    start = served.ask("/", cookie).body.decode()
    assert 'href="/2020-03.zip"' in start and 'href="/reports/2020-03/"' in start


def test_a_leader_sees_the_own_packs_of_every_month_and_nothing_else(served: Served) -> None:
    cookie = served.sign_in("leader:Bram")
    links = re.findall(r'href="(/[^"]+)"', served.ask("/", cookie).body.decode())
    packs = sorted((served.home / "reports").glob("*/leaders/Bram/index.html"))
    assert sorted(links) == [f"/{path.relative_to(served.home)}" for path in packs] and packs
    assert {served.ask(link, cookie).status for link in links} == {200}
    missing = served.ask("/reports/2020-03/leaders/Nobody/index.html", cookie)
    others = [
        "/reports/", "/reports/2020-03/", "/reports/2020-03/seal.json", "/2020-03.zip",
        "/reports/2020-03/leaders/Bram", "/reports/2020-03/leaders/Anna/",
        "/reports/2020-03/leaders.zip", ANNA, "/explain/member/Bram", "/trial/2020-03/index.html",
        *[f"/{path.relative_to(served.home)}" for path in served.home.glob(
            "reports/*/leaders/*/*") if path.parent.name != "Bram"],
        *[ANNA.replace("Anna", f"{odd}/../Anna") for odd in ("Bram", "Bram/..")],
        ANNA.replace("Anna", "bram"), ANNA.replace("Anna", "Bram-2"),
        ANNA.replace("Anna", "Br%61m"),
    ]  # fmt: skip
    for path in [*others, *ODD]:
        reply = served.ask(path.replace(" ", "%20"), cookie)
        assert (reply.status, reply.body) == (404, missing.body), path
        assert reply.headers.keys() == missing.headers.keys()


def test_a_leader_sees_the_own_pack_out_of_the_zip_file(served: Served) -> None:
    month = served.home / "reports/2020-02"
    packs = contents(month / "leaders")
    write_zip(month / "leaders.zip", [lay_out(sorted(packs.items()))])
    shutil.move(month / "leaders", served.home / "kept")
    try:
        bram, finance = served.sign_in("leader:Bram"), served.sign_in("finance")
        for path, data in packs.items():
            whole = f"/reports/2020-02/leaders/{path}"
            reply = served.ask(whole, bram)
            is_own = path.startswith("Bram/")
            assert reply.status == (200 if is_own else 404), path
            assert not is_own or reply.body == data
            assert served.ask(whole, finance).body == data
        assert "/reports/2020-02/leaders/Bram/index.html" in served.ask("/", bram).body.decode()
        assert served.ask("/reports/2020-02/leaders.zip", bram).status == 404
        assert served.ask("/reports/2020-02/leaders/Bram/../Anna/index.html", bram).status == 404
    finally:
        (month / "leaders.zip").unlink()
        shutil.move(served.home / "kept", month / "leaders")


def test_who_is_not_signed_in_learns_nothing(served: Served) -> None:
    missing = served.ask("/reports/2020-03/not-there.csv")
    assert missing.status == 404
    for path in [ANNA, "/reports/", "/2020-03.zip", "/2019-03.zip", "/explain/order/SA11", *ODD]:
        reply = served.ask(path, "upline=guessed")
        assert (reply.status, reply.body) == (404, missing.body), path
        assert reply.headers.keys() == missing.headers.keys()
    assert served.ask("/").status == 200


@pytest.mark.parametrize("path", ODD)
def test_nothing_but_reports_can_be_asked_for(served: Served, path: str) -> None:
    assert served.ask(path, served.sign_in("finance")).status == 404


def test_what_is_no_http_is_refused_before_it_is_looked_at(served: Served) -> None:
    path = "/reports/2020-03/index.h\N{CYRILLIC SMALL LETTER TE}ml"
    assert served.ask(path, served.sign_in("finance")).status == 400
    assert read_wanted(path.encode()) is None and read_wanted(b"/reports/2020-03/\0") is None
    assert read_wanted(b"/2020-03.zip\n") is None and read_wanted(b"") is None


def test_links_and_pipes_in_a_month_are_not_there(served: Served) -> None:
    month, cookie = served.home / "reports/2020-03", served.sign_in("finance")
    whole = contents(month)
    (month / "linked.html").symlink_to(month / "index.html")
    (month / "linked").symlink_to(month / "finance")
    (month / "leaders/Linked").symlink_to(month / "leaders/Anna")
    (month / ".hidden").write_text("hidden")
    os.mkfifo(month / "pipe.html")
    (served.home / "reports/2020-09").symlink_to(month)
    try:
        for path in ("2020-03/linked.html", "2020-03/linked/index.html", "2020-03/.hidden",
                     "2020-03/pipe.html",
                     "2020-03/leaders/Linked/index.html", "2020-09/index.html"):  # fmt: skip
            assert served.ask(f"/reports/{path}", cookie).status == 404, path
        with zipfile.ZipFile(io.BytesIO(served.ask("/2020-03.zip", cookie).body)) as zipped:
            assert not [name for name in zipped.namelist() if name not in whole]
    finally:
        for made in (month / "linked.html", month / "linked", month / "leaders/Linked",
                     month / ".hidden", month / "pipe.html",
                     served.home / "reports/2020-09"):  # fmt: skip
            made.unlink()


def test_a_month_that_is_not_sealed_is_not_there(served: Served) -> None:
    cookie, seal = served.sign_in("finance"), served.home / "reports/2020-04/seal.json"
    kept = seal.rename(served.home / "kept.json")
    try:
        assert served.ask("/reports/2020-04/index.html", cookie).status == 404
        assert served.ask("/2020-04.zip", cookie).status == 404
    finally:
        kept.rename(seal)


def test_trials_are_seen_by_finance_alone(served: Served) -> None:
    trial = served.home / "trial/2020-05"
    trial.mkdir(parents=True)
    (trial / "index.html").write_text("a trial")
    try:
        finance, leader = served.sign_in("finance"), served.sign_in("leader:Anna")
        assert served.ask("/trial/2020-05/", finance).body == b"a trial"
        assert 'href="/trial/2020-05/"' in served.ask("/", finance).body.decode()
        assert served.ask("/trial/2020-05/", leader).status == 404
        assert served.ask("/reports/2020-05/", finance).status == 404
    finally:
        shutil.rmtree(trial)


def test_a_story_is_a_page_from_the_book_that_was_closed(served: Served) -> None:
    cookie = served.sign_in("analyst")
    reply = served.ask("/explain/member/Anna", cookie)
    assert reply.status == 200 and b"As it stands in the file" in reply.body
    note = served.home / "work/book"
    kept = note.read_bytes()
    assert kept == str(SAMPLE).encode()
    note.write_bytes(b"/not/there")
    try:
        reply = served.ask("/explain/member/Anna", cookie)
        assert reply.status == 503 and b"cannot be told now" in reply.body
    finally:
        note.write_bytes(kept)


# Signing in.


def test_a_link_opens_as_often_as_wanted_and_signs_in_once(served: Served) -> None:
    token = served.grant("finance")
    for _ in range(3):
        page = served.ask(f"/sign-in?token={token}")
        assert page.status == 200 and b'<button type="submit">' in page.body
        assert "set-cookie" not in page.headers
        assert "form-action 'self'" in page.headers["content-security-policy"]
    reply = served.press(token)
    assert re.fullmatch(r"upline=[\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax",
                        reply.headers["set-cookie"])  # fmt: skip
    again = served.press(token)
    assert again.status == 403 and "set-cookie" not in again.headers
    assert served.ask(f"/sign-in?token={token}").status == 403


def test_two_presses_at_once_make_one_session(served: Served) -> None:
    token, replies = served.grant("finance"), list[int]()
    threads = [
        threading.Thread(target=lambda: replies.append(served.press(token).status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [303] + [403] * 7


def test_links_and_sessions_end(served: Served) -> None:
    late = served.grant("finance", days=2)
    cookie = served.sign_in("finance")
    served.clock.now = NOON + 12 * HOUR - 1
    assert served.ask("/2020-03.zip", cookie, "HEAD").status == 200
    served.clock.now = NOON + 12 * HOUR
    assert served.ask("/2020-03.zip", cookie, "HEAD").status == 404
    served.clock.now = NOON + 2 * DAY
    assert served.press(late).status == 403
    served.clock.now = NOON + 2 * DAY - 1
    assert served.press(late).status == 303


def test_revoking_ends_links_and_sessions_at_once(served: Served) -> None:
    cookie, link = served.sign_in("finance", "Ann"), served.grant("finance", "Ann")
    other = served.sign_in("finance", "Ben")
    assert upline("access", "revoke", "Ann", "--home", served.home).code == 0
    assert served.ask("/reports/", cookie).status == 404
    assert served.press(link).status == 403
    assert served.ask("/reports/", other).status == 200


def test_after_twenty_wrong_tokens_a_minute_is_to_be_waited(served: Served) -> None:
    good = served.grant("finance")
    found = [served.press(f"guessed{number}").status for number in range(22)]
    assert found == [403] * 20 + [429] * 2
    assert served.press(good).status == 429
    assert served.ask(f"/sign-in?token={good}").status == 429
    served.clock.now += 61
    assert served.press(good).status == 303


def test_what_is_kept_is_private_and_no_token(served: Served) -> None:
    token = served.grant("finance")
    cookie = served.press(token).headers["set-cookie"].partition(";")[0]
    folder = served.home / "access"
    text = (folder / "access.json").read_text()
    assert token not in text and cookie.partition("=")[2] not in text
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert json.loads(text)["grants"][0]["is_used"] is True


def test_the_log_has_ids_and_no_tokens(served: Served) -> None:
    token = served.grant("finance", "Ann of Finance")
    served.ask(f"/sign-in?token={token}")
    cookie = served.press(token).headers["set-cookie"].partition(";")[0]
    served.ask("/reports/2020-03/index.html?token=secret", cookie)
    served.ask("/somebody@example.com", cookie)
    [grant] = served.site.store.read().grants
    told = f"GET {grant.id} /reports/2020-03/index.html 200"
    assert served.log == ["GET - 200", "POST - 303", told, f"GET {grant.id} - 404"]


# Behind a proxy.


def test_a_proxy_on_this_machine_says_who_it_is(behind_proxy: Served) -> None:
    link = behind_proxy.grant("leader:Anna", "Anna", "Anna@example.com")
    assert behind_proxy.ask(ANNA, X_Email="anna@EXAMPLE.com").status == 200
    assert behind_proxy.ask("/reports/", X_Email="anna@example.com").status == 404
    behind_proxy.grant("finance", "Anna", "anna@example.com")
    assert behind_proxy.ask("/reports/", X_Email="anna@example.com").status == 200
    for email in ("", "ben@example.com", "anna@example.com, ben@example.com", "*"):
        assert behind_proxy.ask(ANNA, X_Email=email).status == 404
    assert behind_proxy.ask(ANNA).status == 404
    assert (
        behind_proxy.ask(ANNA, X_Email="ben@example.com", x_email="anna@example.com").status == 404
    )
    assert behind_proxy.press(link).status == 404
    revoke_access(behind_proxy.site.store, "Anna")
    assert behind_proxy.ask(ANNA, X_Email="anna@example.com").status == 404


@pytest.mark.parametrize("peer", ["10.0.0.1", "::ffff:10.0.0.1", "", "127.0.0.1.example.com"])
def test_no_other_machine_says_who_it_is(home: Path, peer: str) -> None:
    clock = Clock()
    site = Site(AccessStore(Home(home)), clock, proxy_header="X-Email")
    grant_access(site.store, "Anna", "finance", "anna@example.com", 7, clock())
    asked = Asked("GET", b"/reports/", peer="127.0.0.1", announced=("anna@example.com",))
    assert answer(site, asked).status == 200
    assert answer(site, replace(asked, peer=peer)).status == 404


def test_a_header_is_nothing_without_behind_proxy(served: Served) -> None:
    served.grant("finance", "Anna", "anna@example.com")
    assert served.ask("/reports/", X_Email="anna@example.com").status == 404
    assert served.ask("/reports/", X_Forwarded_For="127.0.0.1").status == 404


def test_the_cookie_is_secure_where_the_site_is(home: Path) -> None:
    clock = Clock()
    site = Site(AccessStore(Home(home)), clock, is_https=True)
    token = grant_access(site.store, "Ann", "finance", "", 7, clock())
    found = dict(answer(site, Asked("POST", b"/sign-in", body=f"token={token}")).headers)
    assert found["set-cookie"].startswith("__Host-upline=")
    assert found["set-cookie"].endswith("; Secure")


# What is sent.


def test_a_month_is_one_zip_with_the_same_bytes_each_time(served: Served) -> None:
    cookie = served.sign_in("finance")
    first, second = (served.ask("/2020-03.zip", cookie) for _ in range(2))
    assert first.body == second.body and first.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(first.body)) as zipped:
        assert zipped.testzip() is None
        found = {info.filename: zipped.read(info) for info in zipped.infolist()}
        assert {info.compress_type for info in zipped.infolist()} == {zipfile.ZIP_STORED}
    expected = contents(served.home / "reports/2020-03")
    assert found == expected and list(found) == sorted(expected)


def test_a_large_month_is_zip64(home: Path) -> None:
    folder = hold_month(Home(home), What.REPORT, MARCH)
    assert folder is not None
    content = zip_month(folder, Limits(figure=1000, entries=5))
    text = b"".join(content.chunks)
    content.close()
    assert len(text) == content.size and b"PK\x06\x06" in text
    with zipfile.ZipFile(io.BytesIO(text)) as zipped:
        assert zipped.testzip() is None and len(zipped.namelist()) > 5


def test_a_month_that_is_reopened_meanwhile_is_sent_as_it_was(served: Served) -> None:
    folder = hold_month(Home(served.home), What.REPORT, MARCH)
    assert folder is not None
    expected = contents(served.home / "reports/2020-03")
    content = zip_month(folder)
    moved = (served.home / "reports/2020-03").rename(served.home / "reports/moved")
    try:
        with zipfile.ZipFile(io.BytesIO(b"".join(content.chunks))) as zipped:
            assert set(zipped.namelist()) == set(expected)
    finally:
        content.close()
        moved.rename(served.home / "reports/2020-03")


def test_head_says_what_get_would(served: Served) -> None:
    cookie = served.sign_in("finance")
    for path in ("/", "/reports/2020-03/", "/2020-03.zip", "/not-there", "/reports/2020-03"):
        got, head = served.ask(path, cookie), served.ask(path, cookie, "HEAD")
        assert head.body == b"" and head.status == got.status
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    cookie = served.sign_in("finance")
    for path in ("/", "/reports/2020-03/index.html", "/not-there", "/%2e"):
        reply = served.ask(path, cookie, method)
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
    if method != "POST":
        assert served.ask("/sign-in", cookie, method).headers["allow"] == "GET, HEAD, POST"


def test_every_answer_is_strict(served: Served) -> None:
    cookie = served.sign_in("finance")
    paths = ["/", "/reports/2020-03/", "/reports/2020-03/seal.json", "/2020-03.zip", "/sign-in",
             "/not-there", "/reports/2020-03"]  # fmt: skip
    for reply in [*(served.ask(path, cookie) for path in paths), served.press("guessed"),
                  served.ask("/", method="PUT")]:  # fmt: skip
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy and "script-src 'unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "private, no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert "server" not in reply.headers
    page = served.ask("/reports/2020-03/", cookie)
    [script] = set(re.findall(r"sha256-[\w+/=]+", page.headers["content-security-policy"]))
    assert script.encode() in page.body


def test_a_long_form_signs_nobody_in(served: Served) -> None:
    body = urlencode({"padding": "x" * 5000, "token": served.grant("finance")})
    assert served.ask("/sign-in", method="POST", body=body).status == 403


# The commands.


def test_access_is_granted_listed_and_revoked(home: Path) -> None:
    shutil.rmtree(home / "access", ignore_errors=True)
    url = "https://reports.example.com/"
    given = upline("access", "grant", "--home", home, "--role", "leader:Anna", "--name", "Anna",
                   "--email", "anna@example.com", "--base-url", url)  # fmt: skip
    assert re.fullmatch(r"https://reports\.example\.com/sign-in\?token=[\w-]{43}\n", given.out)
    told = upline("access", "list", "--home", home)
    assert re.fullmatch(r"\w{8}  leader:Anna  Anna  by e-mail, link open\n", told.out)
    assert upline("access", "revoke", "Anna", "--home", home).code == 0
    assert "revoked" in upline("access", "list", "--home", home).out
    again = upline("access", "revoke", "Anna", "--home", home)
    assert again.code == 2 and "nobody of that name" in again.err


@pytest.mark.parametrize(
    "more",
    [
        ("--role", "boss"), ("--role", "leader:"), ("--role", "leader:../x"), ("--days", "0"),
        ("--name", " "), ("--name", "a\nb"), ("--email", "nobody"),
        ("--base-url", "ftp://x"), ("--base-url", "https://x/path"), ("--base-url", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_granted_is_said(home: Path, more: tuple[str, str]) -> None:
    shutil.rmtree(home / "access", ignore_errors=True)
    told = upline("access", "grant", "--home", home, "--role", "finance", "--name", "Ann", *more)
    assert told.code == 2 and more[0] in told.err and told.err.count("\n") == 1
    assert not (home / "access").exists()


def test_only_a_home_is_served(tmp_path: Path) -> None:
    for told in (upline("serve", "--home", tmp_path), upline("access", "list", "--home", tmp_path)):
        assert told.code == 2 and "is no home of Upline" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_said(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = upline("serve", "--home", home, "--bind", f"127.0.0.1:{port}")
    assert told.code == 2 and "something else listens there" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("number, code", [(2, 130), (15, 143)])
def test_a_signal_ends_serving_quietly(home: Path, number: int, code: int) -> None:
    process = start_upline("serve", "--home", home, "--bind", "127.0.0.1:0")
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found
    link = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
    link.request("GET", "/")
    assert link.getresponse().status == 200
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert re.fullmatch(r"\S+Z GET - 200\n", err)


# What is decided on text alone.


@pytest.mark.parametrize(
    "path, wanted",
    [
        ("/", Wanted(What.START)), ("/sign-in", Wanted(What.SIGN_IN)),
        ("/reports/", Wanted(What.OVERVIEW)), ("/reports/index.html", Wanted(What.OVERVIEW)),
        ("/reports/2020-03/", Wanted(What.REPORT, MARCH, ("index.html",))),
        ("/reports/2020-03/finance/x.csv", Wanted(What.REPORT, MARCH, ("finance", "x.csv"))),
        ("/trial/2020-03/", Wanted(What.TRIAL, MARCH, ("index.html",))),
        ("/2020-03.zip", Wanted(What.WHOLE_MONTH, MARCH)),
        ("/explain/order/O.1-_", Wanted(What.STORY, None, ("order", "O.1-_"))),
    ],
)  # fmt: skip
def test_a_path_asks_for_one_thing(path: str, wanted: Wanted) -> None:
    assert read_wanted(path.encode()) == wanted


def test_a_leader_may_see_files_of_the_own_pack_alone() -> None:
    bram = Viewer("1", frozenset({"leader:Bram"}))
    own = Wanted(What.REPORT, MARCH, ("leaders", "Bram", "leads.csv"))
    assert may_see(bram, own) and may_see(bram, Wanted(What.START))
    for wanted in (
        replace(own, what=What.TRIAL), replace(own, path=("leaders", "Bram")),
        replace(own, path=("leaders", "Bram", "x", "y")), replace(own, path=("x", "Bram", "y")),
        replace(own, path=("leaders", "Anna", "index.html")), Wanted(What.WHOLE_MONTH, MARCH),
        Wanted(What.STORY, None, ("member", "Bram")), Wanted(What.OVERVIEW),
    ):  # fmt: skip
        assert not may_see(bram, wanted), wanted


def test_roles_are_three() -> None:
    assert all(map(is_role, ("finance", "analyst", "leader:A.1-x")))
    assert not any(map(is_role, ("", "Finance", "leader", "leader:", "leader:a/b", "leader:.a")))


def test_wrong_tokens_are_counted_by_peer_for_a_minute() -> None:
    wrong = WrongTokens()
    for at in range(21):
        assert not wrong.are_too_many("a", at)
        wrong.add("a", at)
    assert wrong.are_too_many("a", 21) and not wrong.are_too_many("b", 21)
    assert not wrong.are_too_many("a", 61)


@pytest.mark.parametrize("text", ["", "8080", ":8080", "x:", "x:a", "x:70000", "x:-1"])
def test_an_address_is_host_and_port(text: str) -> None:
    assert read_address("[::1]:80") == ("::1", 80)
    with pytest.raises(Stop, match="--bind"):
        read_address(text)


@pytest.mark.parametrize("text", ["", "x", "http://", "http://a@b", "http://a?b", "http://a:x"])
def test_a_base_url_is_scheme_and_host(text: str) -> None:
    assert read_base_url("https://a.example:8443/") == "https://a.example:8443"
    with pytest.raises(Stop, match="--base-url"):
        read_base_url(text)


def test_a_damaged_access_file_lets_nobody_in(served: Served) -> None:
    cookie = served.sign_in("finance")
    (served.home / "access/access.json").write_text("{")
    assert served.ask("/reports/", cookie).status == 503
    told = upline("access", "list", "--home", served.home)
    assert told.code == 2 and "is damaged" in told.err


def test_every_id_on_a_months_pages_leads_to_its_story_where_it_is_served(served: Served) -> None:
    cookie = served.sign_in("analyst")
    folder, found = served.home / "reports/2020-03", set()
    for page in folder.rglob("*.html"):
        links = re.findall(r'href="([^"]*explain/[^"]+)"', page.read_text(encoding="utf-8"))
        assert not links or "leaders" not in page.parts, "a leader is told no stories"
        at = f"http://x/{page.relative_to(served.home)}"
        found |= {urlsplit(urljoin(at, html.unescape(link))).path for link in links}
    assert len(found) > 50
    for path in found:
        wanted = read_wanted(path.encode())
        assert wanted is not None and wanted.what is What.STORY, path
    for path in sorted(found)[::20]:
        assert served.ask(path, cookie).status == 200, path
