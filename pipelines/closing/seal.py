"""The seal of a closed month: digests of what it was made from and of what it says.

Belongs here: what a seal holds, how it is written and read back. No date, no machine and no path
goes in: the same inputs give the same seal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines.book.signers import Signers, as_sealed
from pipelines.closing.inputs import FILES, PARTS, digest_file
from pipelines.closing.versions import name_versions
from pipelines.months import Month
from pipelines.stop import Stop


@dataclass(frozen=True)
class Seal:
    """A seal as it was read, with the digest of its bytes."""

    digest: str
    previous: str | None
    inputs: dict[str, Any]
    reports: dict[str, str]
    versions: dict[str, str]
    supersedes: dict[str, Any] | None = None
    signers: Signers | None = None


def digest_reports(folder: Path, written: Mapping[str, str]) -> dict[str, str]:
    """The digest of every report file that is there, the seal itself apart.

    In: the digests of files that were taken as they were written, which are not read again.
    """
    names = [f"{at}/{name}" for at, _, names in os.walk(folder) for name in names]
    paths = [path.removeprefix(f"{folder}/") for path in names]
    return {
        path: written.get(path) or digest_file(folder / path)
        for path in paths
        if path != "seal.json"
    }


def make_seal(
    month: Month, inputs: dict[str, Any], reports: dict[str, str], previous: str | None,
    supersedes: dict[str, Any] | None = None, signers: Signers | None = None,
    engine: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """The text of seal.json.

    In: the month, the digests of its inputs and reports, and that of the seal of the month before
    (None for the opening month); of a month that was reopened, what is said of the reports that
    these supersede; with `[sign_off]` whose signatures count, so that the home alone can tell; of
    another engine than the program's own its versions.
    """
    seal: dict[str, Any] = {
        "month": month.text,
        "previous_seal": previous,
        "inputs": inputs,
        "reports": reports,
        "versions": name_versions() | dict(engine or {}),
    }
    if supersedes is not None:
        seal["supersedes"] = supersedes
    if signers is not None:
        seal["signers"] = signers.told
    return json.dumps(seal, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def read_seal(path: Path, month: Month) -> Seal:
    """A month's seal; Stop when it is not there, cannot be read or is not whole."""
    try:
        content = path.read_bytes()
        told = json.loads(content)
    except OSError as error:
        raise Stop(f"{path}: the seal cannot be read: {error.strerror}; restore it") from error
    except (ValueError, RecursionError) as error:
        raise Stop(f"{path}: the seal cannot be read, it is no JSON; restore it") from error
    if not _is_whole(told, month):
        raise Stop(f"{path}: the seal is not whole, or of another month; restore it")
    return Seal(
        sha256(content).hexdigest(),
        told["previous_seal"],
        told["inputs"],
        told["reports"],
        told["versions"],
        told.get("supersedes"),
        as_sealed(told.get("signers")),
    )


def _is_whole(told: Any, month: Month) -> bool:
    if not isinstance(told, dict) or told.get("month") != month.text:
        return False
    inputs, previous = told.get("inputs"), told.get("previous_seal")
    return (
        isinstance(inputs, dict)
        and {"drop", "policy", "mapping", "calendar"} <= set(inputs)
        and all(_are_digests(inputs.get(part, {})) for part in FILES)
        and all(isinstance(inputs.get(part, ""), str) for part in PARTS)
        and (previous is None or isinstance(previous, str))
        and isinstance(told.get("supersedes", {}), dict)
        and _are_sealed_signers(told.get("signers"), inputs.get("signers"))
        and _are_digests(told.get("reports"))
        and _are_digests(told.get("versions"))
    )


def _are_sealed_signers(told: Any, digest: Any) -> bool:
    """Whether a seal has both, whose signatures count and that file's digest, or neither."""
    signers = as_sealed(told)
    return told is digest is None if signers is None else signers.digest == digest


def _are_digests(found: Any) -> bool:
    return isinstance(found, dict) and {str} >= {type(each) for each in found.values()}
