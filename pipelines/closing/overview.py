"""The page over all months, with who has signed each of them.

Belongs here: which signatures the page is told of. Of a month whose policy has `[sign_off]` only
good ones count; of any other nobody has said whose count, and it is told who says to have signed.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.closing.home import Home
from pipelines.closing.seal import read_seal
from pipelines.closing.signatures import (
    check_sealed_signatures,
    good_signers,
    read_signed,
    signature_path,
    signed_files,
)
from pipelines.months import Month
from pipelines.reports.pages.all_months import SignedBy, write_overview
from pipelines.stop import Stop


def write_home_overview(home: Home) -> None:
    """Write the page over all closed months of a home."""
    signed = {month.text: signed_by(home, month) for month in home.sealed_months()}
    write_overview(home.reports, signed)


def signed_by(home: Home, month: Month) -> SignedBy:
    """Who has signed a closed month; nobody where its seal cannot be read."""
    try:
        seal = read_seal(home.seal(month), month)
    except Stop:
        return SignedBy()
    if seal.signers is None:
        names = (path.name.removesuffix(".json") for path in signed_files(home, month)
                 if _is_of(path, seal.digest))  # fmt: skip
        return SignedBy(tuple(names))
    needed = seal.signers.needed
    try:
        found = check_sealed_signatures(home, month, seal.signers)
    except Stop:  # without ssh-keygen nothing is known of them
        return SignedBy(needed=needed, counted=None)
    good = tuple(each.name for each in found if each.is_good)
    return SignedBy(good, needed, len(good_signers(found)), len(found) - len(good))


def _is_of(path: Path, seal: str) -> bool:
    """Whether a file is signed, as it says, under a month's seal as it is."""
    try:
        return read_signed(path)["seal"] == seal and signature_path(path).is_file()
    except (OSError, ValueError):
        return False
