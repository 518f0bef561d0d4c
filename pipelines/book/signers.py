"""Whose signatures count for a month: the file that `[sign_off]` names, as a seal holds it.

Belongs here: reading that file, and its text in a seal, so that a home by itself can tell which of
its signatures are good. Whether one is, is said by `closing.signatures`.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.book.regular_files import name_irregular
from pipelines.stop import Stop

LONGEST = 1 << 20


@dataclass(frozen=True)
class Signers:
    """How many people must sign a month, and the text of the file that says who may."""

    needed: int
    allowed: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.allowed.encode()).hexdigest()

    @property
    def told(self) -> dict[str, Any]:
        """What a seal says of them."""
        return asdict(self)


def read_signers(path: Path, needed: int) -> Signers:
    """Whose signatures count for a month, of whom so many must sign.

    Stop when the file that the policy names is not there, or is no ordinary text.
    """
    wrong = name_irregular(path)
    if wrong is not None or not path.exists():
        raise Stop(
            f"{path}: {wrong or 'there is no such file'}; sign_off.signers of the policy names it: "
            f"it says whose signatures count, a line a key"
        )
    try:
        content = path.read_bytes()
        if len(content) > LONGEST:
            raise Stop(f"{path}: is over {LONGEST} bytes long, the limit of a file of signers")
        return Signers(needed, content.decode())
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{path}: is not UTF-8: save it as that") from error


def as_sealed(told: Any) -> Signers | None:
    """What a seal says of signers; None where that is not whole."""
    if not isinstance(told, dict) or set(told) != {"needed", "allowed"}:
        return None
    needed, allowed = told["needed"], told["allowed"]
    is_whole = type(needed) is int and needed > 0 and isinstance(allowed, str)
    return Signers(needed, allowed) if is_whole else None
