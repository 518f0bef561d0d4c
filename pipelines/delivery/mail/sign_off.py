"""Whether a month may go out: who has signed it; and the policy that it was closed with.

Belongs here: finding that policy again, and `[sign_off]` (contracts 2.0 and 4), which the month's
seal holds.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.book.drops import open_book
from pipelines.book.policy import Policy
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_value
from pipelines.closing.seal import Seal
from pipelines.closing.signatures import check_sealed_signatures, good_signers
from pipelines.months import Month
from pipelines.reports.look.formats import plural
from pipelines.stop import Stop
from pipelines.version import program_version


def find_policy(home: Home, book: Path | None, month: Month, seal: Seal) -> Policy:
    """The policy that a month was closed with.

    In: the book, None for the one that the last close noted. Stop where there is none, or its
    policy is another by now.
    """
    folder = book or home.read_book()
    if folder is None:
        raise Stop(
            f"{home.folder}: which book it was closed from is not noted; name it with --book: "
            f"messages say the company's name and go by its time zone"
        )
    policy = open_book(folder, month).policy
    is_same_program = seal.versions.get("upline") == program_version()
    if is_same_program and seal.inputs["policy"] != digest_value(policy):
        raise Stop(
            f"{folder}: the policy in force for {month} is not the one that it was closed with; "
            f"restore it"
        )
    return policy


def check_signed(home: Home, month: Month, seal: Seal) -> None:
    """Stop where a month has fewer good signatures of different people than it needs."""
    if seal.signers is None:
        return
    found = check_sealed_signatures(home, month, seal.signers)
    count = len(good_signers(found))
    if count < seal.signers.needed:
        bad = "; ".join(f"{each.name}: {each.fault}" for each in found if not each.is_good)
        raise Stop(
            f"{month} has {plural(count, 'good signature')} of different people, and "
            f"[sign_off] asks for {seal.signers.needed}; sign it with `upline sign`"
            + (f" (not good: {bad})" if bad else "")
        )
