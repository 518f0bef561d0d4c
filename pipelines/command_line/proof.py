"""The commands that show that figures stand up, or would: from `explain` to `sign`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.command_line.arguments import (
    add_book,
    add_home,
    add_month,
    read_month,
    say_on_error,
    say_with_time,
)

if TYPE_CHECKING:
    from pipelines.command_line.arguments import Commands
    from pipelines.proof.story import Quarantined

EXIT_DIFFERS = 3


def add_commands(commands: Commands) -> None:
    """Add them to the command's parser."""
    explain = commands.add_parser("explain", help="the story of one order, member or seat")
    explain.add_argument("kind", choices=("order", "member", "seat"), help="what is explained")
    explain.add_argument("id", metavar="ID", help="its id")
    explain.add_argument(
        "--month", type=read_month, metavar="MONTH", help="that month alone; else all closed ones"
    )
    explain.add_argument("--html", type=Path, metavar="FILE", help="write a page instead of text")
    explain.add_argument("--json", action="store_true", help="print JSON instead of text")
    add_book(explain)
    add_home(explain)
    explain.set_defaults(run=run_explain)
    verify = commands.add_parser("verify", help="prove that closed months are what they were")
    add_book(verify)
    add_home(verify)
    verify.add_argument("--month", type=read_month, metavar="MONTH", help="that month alone")
    verify.add_argument("--quick", action="store_true", help="digests only; nothing is computed")
    verify.add_argument("--signers", type=Path, metavar="FILE", help="check signatures against it")
    verify.add_argument("--json", action="store_true", help="print JSON instead of text")
    verify.set_defaults(run=run_verify)
    reopen = commands.add_parser("reopen", help="unseal a closed month and all later ones")
    add_month(reopen)
    add_home(reopen)
    reopen.add_argument("--reason", required=True, metavar="TEXT", help="why; the new seal says it")
    reopen.set_defaults(run=run_reopen)
    simulate = commands.add_parser("simulate", help="try another policy on closed months")
    add_book(simulate)
    add_home(simulate)
    simulate.add_argument(
        "--policy", type=Path, required=True, metavar="FILE", help="the policy that is tried"
    )
    simulate.add_argument(
        "--through", type=read_month, required=True, metavar="MONTH", help="the last month"
    )
    simulate.add_argument(
        "--from", dest="start", type=read_month, metavar="MONTH",
        help="the first month under that policy; else the opening month",
    )  # fmt: skip
    simulate.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="an empty or new folder to fill"
    )
    simulate.set_defaults(run=run_simulate)
    sign = commands.add_parser("sign", help="sign a closed month with an SSH key")
    add_month(sign)
    add_home(sign)
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the SSH key")
    sign.add_argument("--as", dest="name", metavar="NAME", help="who signs; else the key's comment")
    sign.add_argument("--note", default="", metavar="TEXT", help="what the signer has to say")
    sign.set_defaults(run=run_sign)


def run_explain(chosen: argparse.Namespace) -> int:
    """`upline explain`."""
    from pipelines.closing.home import Home
    from pipelines.proof.closed_home import hold_still, look_at
    from pipelines.proof.explain import UnknownId, tell_story
    from pipelines.proof.story import as_json
    from pipelines.proof.tell_page import check_page_path, story_page, write_page
    from pipelines.proof.tell_text import text_lines

    home = Home(chosen.home.absolute())
    if chosen.html is not None:
        check_page_path(chosen.html, chosen.book, chosen.home)
    with hold_still(home), look_at(home, chosen.book, chosen.month) as looked:
        try:
            story = tell_story(looked, chosen.kind, chosen.id)
        except UnknownId as unknown:
            _print_quarantined(unknown.listed, chosen.json)
            raise
        company = looked.policy(looked.last).company.name
    if chosen.html is not None:
        write_page(chosen.html, story_page(story, company))
    if chosen.json:
        json.dump(as_json(story), sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    elif chosen.html is None:
        print("\n".join(text_lines(story)))
    else:
        print(chosen.html)
    return 0


def _print_quarantined(rows: list[Quarantined], is_json: bool) -> None:
    """Print every quarantined row that names an id that is not known; the sentence has a few."""
    if not rows:
        return
    from pipelines.proof.quarantined import quarantined_lines
    from pipelines.stop import shorten_message

    if is_json:
        json.dump({"quarantined": list(map(asdict, rows))}, sys.stdout, indent=2,
                  ensure_ascii=False)  # fmt: skip
        sys.stdout.write("\n")
        return
    for line in quarantined_lines(rows):
        print(shorten_message(line))


def run_verify(chosen: argparse.Namespace) -> int:
    """`upline verify`: 3 when anything differs."""
    from pipelines.closing.home import Home
    from pipelines.proof.closed_home import hold_still
    from pipelines.proof.differences import as_json
    from pipelines.proof.verify import Asked, verify

    home = Home(chosen.home.absolute())
    cores = os.cpu_count() or 1
    asked = Asked(home, chosen.book, chosen.month, chosen.quick, chosen.signers, cores)
    with hold_still(home):
        proofs = verify(asked, say_on_error())
    if chosen.json:
        json.dump(as_json(proofs), sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        print("\n".join(proof.told for proof in proofs))
    return 0 if all(proof.is_same for proof in proofs) else EXIT_DIFFERS


def run_reopen(chosen: argparse.Namespace) -> int:
    """`upline reopen`."""
    from pipelines.closing.home import Home
    from pipelines.proof.reopen import reopen

    home = Home(chosen.home.absolute())
    for line in reopen(home, chosen.month, chosen.reason):
        print(line)
    return 0


def run_simulate(chosen: argparse.Namespace) -> int:
    """`upline simulate`."""
    from pipelines.closing.home import Home
    from pipelines.proof.closed_home import hold_still
    from pipelines.proof.simulate import CSV, PAGE, Asked, simulate
    from pipelines.reports.look.formats import plural

    home = Home(chosen.home.absolute())
    asked = Asked(home, chosen.book, chosen.policy, chosen.through, chosen.start, chosen.to)
    with hold_still(home):
        found = simulate(asked, say_with_time())
    print(f"{plural(found, 'difference')}: {chosen.to / CSV}")
    print(chosen.to / PAGE)
    return 0


def run_sign(chosen: argparse.Namespace) -> int:
    """`upline sign`."""
    from pipelines.closing.home import Home
    from pipelines.closing.lock import private_files
    from pipelines.closing.overview import write_home_overview
    from pipelines.proof.closed_home import hold_still
    from pipelines.proof.sign import sign_month, tell_signed

    home = Home(chosen.home.absolute())
    with hold_still(home, is_alone=True), private_files(home):
        signed = sign_month(home, chosen.month, chosen.key, chosen.name, chosen.note)
        write_home_overview(home)
    print(tell_signed(signed))
    print(chosen.home / signed.relative_to(home.folder))
    return 0
