"""`upline serve` behind a real proxy with TLS and a sign-on: nginx, where it is installed."""

from __future__ import annotations

import base64
import http.client
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mail_server import free_port
from test_serve import ANNA, Clock, Served, home, run

from pipelines.closing.home import Home
from pipelines.delivery.access_store import AccessStore
from pipelines.delivery.answers import Site

__all__ = ["home"]

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(
        shutil.which("nginx") is None or shutil.which("openssl") is None,
        reason="nginx or openssl is not installed",
    ),
]
HEADER = "X-Auth-Email"
CONFIG = """\
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/certificate; ssl_certificate_key {folder}/key;
        location / {{
            auth_basic "reports"; auth_basic_user_file {folder}/people;
            proxy_set_header X-Auth-Email $remote_user;
            proxy_pass http://127.0.0.1:{served};
            proxy_buffering off;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Proxied:
    """A server and the proxy before it."""

    served: Served
    port: int
    trusted: ssl.SSLContext

    def ask(self, path: str, who: str = "", **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Ask the proxy, signed in there as somebody."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            told["Authorization"] = f"Basic {base64.b64encode(f'{who}:secret'.encode()).decode()}"
        link = http.client.HTTPSConnection("localhost", self.port, context=self.trusted, timeout=60)
        link.request("GET", path, headers=told)
        reply = link.getresponse()
        found = {name.lower(): value for name, value in reply.getheaders()}
        body = reply.read()
        link.close()
        return reply.status, body, found


@pytest.fixture
def proxied(home: Path, tmp_path: Path) -> Iterator[Proxied]:
    """The sample's home behind nginx, which knows ann and ben by name and password."""
    shutil.rmtree(home / "access", ignore_errors=True)
    clock = Clock()
    site = Site(AccessStore(Home(home)), clock, is_https=True, proxy_header=HEADER)
    for served in run(Served(site, clock)):
        port = free_port()
        config = CONFIG.format(folder=tmp_path, port=port, served=served.port)
        (tmp_path / "config").write_text(config)
        people = ("ann@example.com", "ben@example.com")
        (tmp_path / "people").write_text("".join(f"{who}:{{PLAIN}}secret\n" for who in people))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", str(tmp_path / "key"), "-out",
             str(tmp_path / "certificate")],
            check=True, capture_output=True,
        )  # fmt: skip
        process = subprocess.Popen(
            ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "config")],
            stderr=subprocess.DEVNULL,
        )
        wait_for(port)
        trusted = ssl.create_default_context(cafile=str(tmp_path / "certificate"))
        yield Proxied(served, port, trusted)
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the proxy did not start")


def test_the_proxys_sign_on_says_who_it_is_and_nothing_else_does(proxied: Proxied) -> None:
    proxied.served.grant("leader:Anna", "Anna", "ann@example.com")
    proxied.served.grant("finance", "Fay", "fay@example.com")
    assert proxied.ask(ANNA)[0] == 401, "the proxy's own answer"
    status, body, headers = proxied.ask(ANNA, "ann@example.com")
    assert status == 200 and body == (proxied.served.home / ANNA[1:]).read_bytes()
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert proxied.ask("/reports/", "ann@example.com")[0] == 404
    for name in ("X_Auth_Email", "x_auth_email"):
        forged = {name: "fay@example.com"}
        assert proxied.ask("/reports/", "ann@example.com", **forged)[0] == 404
        assert proxied.ask(ANNA, "ben@example.com", **{name: "ann@example.com"})[0] == 404


@pytest.mark.parametrize(
    "path",
    ["/reports/2020-03/leaders/Anna/%2e%2e/Bram/index.html",
     "/reports/2020-03/leaders/Anna/../Bram/index.html",
     "/reports/2020-03/leaders//Bram/index.html", "/reports/2020-03/leaders/Br%61m/index.html",
     "/reports/2020-03/leaders/Anna/..%2fBram/index.html"],
)  # fmt: skip
def test_no_spelling_that_a_proxy_makes_plain_leads_to_anothers_pack(
    proxied: Proxied, path: str
) -> None:
    proxied.served.grant("leader:Anna", "Anna", "ann@example.com")
    assert proxied.ask(path, "ann@example.com")[0] == 404


def test_a_month_comes_whole_through_the_proxy(proxied: Proxied) -> None:
    proxied.served.grant("finance", "Ann", "ann@example.com")
    status, body, headers = proxied.ask("/2020-03.zip", "ann@example.com")
    direct = proxied.served.ask("/2020-03.zip", X_Auth_Email="ann@example.com")
    assert status == 200 and body == direct.body
    assert headers["content-length"] == str(len(body))
