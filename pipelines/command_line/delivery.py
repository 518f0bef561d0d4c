"""The commands that let people see the reports: `access` and `serve`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import add_home

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands
    from pipelines.delivery.access_store import AccessStore

ADDRESS = "127.0.0.1:8080"


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    access = commands.add_parser("access", help="who may see the reports in a browser")
    does = access.add_subparsers(title="access", metavar="COMMAND", required=True)
    grant = does.add_parser("grant", help="give somebody a role, and print the link to sign in")
    add_home(grant)
    grant.add_argument("--role", required=True, help="finance, analyst or leader:MEMBER_ID")
    grant.add_argument("--name", required=True, metavar="TEXT", help="who it is, to revoke it by")
    grant.add_argument("--days", type=int, default=7, metavar="N", help="days the link can be used")
    grant.add_argument("--email", default="", metavar="ADDRESS", help="for --behind-proxy")
    _add_base_url(grant)
    grant.set_defaults(run=run_grant)
    listed = does.add_parser("list", help="who has which role")
    add_home(listed)
    listed.set_defaults(run=run_list)
    revoke = does.add_parser("revoke", help="take all access from a name, at once")
    revoke.add_argument("name", metavar="NAME", help="who, as `access list` says it")
    add_home(revoke)
    revoke.set_defaults(run=run_revoke)
    _add_serve(commands)


def _add_serve(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="the reports in a browser, read only")
    add_home(serve)
    serve.add_argument("--bind", default=ADDRESS, metavar="HOST:PORT", help="where to listen")
    _add_base_url(serve)
    serve.add_argument(
        "--behind-proxy", metavar="HEADER", help="the header in which a proxy says who is signed in"
    )
    serve.add_argument(
        "--book", type=Path, metavar="DIR", help="for explain; else the book closed last"
    )
    serve.set_defaults(run=run_serve)


def _add_base_url(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--base-url", default=f"http://{ADDRESS}", metavar="URL", help="how browsers reach it"
    )


def run_grant(chosen: argparse.Namespace) -> int:
    """`upline access grant`."""
    from pipelines.delivery.access_store import grant_access
    from pipelines.delivery.server import read_base_url

    base_url = read_base_url(chosen.base_url)
    given = (chosen.name, chosen.role, chosen.email, chosen.days)
    token = grant_access(_store(chosen), *given, time.time())
    print(f"{base_url}/sign-in?token={token}")
    return 0


def run_list(chosen: argparse.Namespace) -> int:
    """`upline access list`."""
    from pipelines.delivery.access_store import check_home
    from pipelines.delivery.grants import tell_state

    store = _store(chosen)
    check_home(store.home)
    access = store.read()
    for grant in access.grants:
        state = tell_state(access, grant, time.time())
        print(f"{grant.id}  {grant.role}  {grant.name}  {state}")
    return 0


def run_revoke(chosen: argparse.Namespace) -> int:
    """`upline access revoke`."""
    from pipelines.delivery.access_store import revoke_access

    revoke_access(_store(chosen), chosen.name)
    print("revoked")
    return 0


def run_serve(chosen: argparse.Namespace) -> int:
    """`upline serve`: until it is ended."""
    from pipelines.delivery.access_store import check_home
    from pipelines.delivery.answers import Site
    from pipelines.delivery.app import make_app
    from pipelines.delivery.server import make_server, read_address, read_base_url, take_address

    store = _store(chosen)
    check_home(store.home)
    is_https = read_base_url(chosen.base_url).startswith("https:")
    site = Site(store, time.time, is_https, chosen.behind_proxy, chosen.book)
    taken = take_address(*read_address(chosen.bind))
    host, port = taken.getsockname()[:2]
    print(f"the reports are at http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    make_server(make_app(site, _log)).run(sockets=[taken])
    return 0


def _log(line: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}", file=sys.stderr, flush=True)


def _store(chosen: argparse.Namespace) -> AccessStore:
    from pipelines.closing.home import Home
    from pipelines.delivery.access_store import AccessStore

    return AccessStore(Home(chosen.home.absolute()))
