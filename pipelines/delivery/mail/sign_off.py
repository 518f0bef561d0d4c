"""Whether a month may go out: the policy that it was closed with, and who has signed it.

Belongs here: finding that policy again, and `[sign_off]` (contracts 2.0 and 4).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.book.drops import open_book
from pipelines.book.policy import Policy
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_value
from pipelines.closing.seal import Seal
from pipelines.closing.signatures import check_sealed_signatures, check_signatures, good_signers
from pipelines.months import Month, months_between
from pipelines.reports.look.formats import plural
from pipelines.stop import Stop
from pipelines.version import program_version


def find_policy(home: Home, book: Path | None, month: Month, seal: Seal) -> tuple[Policy, Path]:
    """The policy that a month was closed with, and the folder that it lies in.

    In: the book, None for the one that the last close noted. Stop where there is none, or its
    policy is another by now.
    """
    folder = book or home.read_book()
    if folder is None:
        raise Stop(
            f"{home.folder}: which book it was closed from is not noted; name it with --book: its "
            f"policy says whether a month must be signed"
        )
    policy = open_book(folder, month).policy
    is_same_program = seal.versions.get("upline") == program_version()
    if is_same_program and seal.inputs["policy"] != digest_value(policy):
        raise Stop(
            f"{folder}: the policy in force for {month} is not the one that it was closed with; "
            f"restore it: it says whether a month must be signed"
        )
    return policy, _folder_in_force(folder, policy, month)


def _folder_in_force(folder: Path, policy: Policy, month: Month) -> Path:
    months = months_between(policy.company.opening_month, month)
    own = [folder / each.text for each in months if (folder / each.text / "policy.toml").exists()]
    return own[-1] if own else folder


def check_signed(home: Home, month: Month, policy: Policy, folder: Path, seal: Seal) -> None:
    """Stop where a month has fewer good signatures than its policy asks for."""
    if policy.sign_off is None:
        return
    if seal.signers is not None:
        found = check_sealed_signatures(home, month, seal.signers)
    else:  # sealed before a seal said whose signatures count
        found = check_signatures(home, month, folder / policy.sign_off.signers)
    count = len(good_signers(found))
    if count < policy.sign_off.signatures:
        bad = "; ".join(f"{each.name}: {each.fault}" for each in found if not each.is_good)
        raise Stop(
            f"{month} has {plural(count, 'good signature')} of different people, and "
            f"[sign_off] asks for {policy.sign_off.signatures}; sign it with `upline sign`"
            + (f" (not good: {bad})" if bad else "")
        )
