"""What `verify` finds, as values: differences by month, and their JSON (contract 4).

Belongs here: the kinds of difference and what each means. How they are found is in the modules
beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.months import Month

MEANING = {
    "input_changed": "what the month was made from is not what it was",
    "report_changed": "a report is not the one that was sealed",
    "report_missing": "a report that was sealed is not there",
    "report_added": "a file lies among the reports that was not sealed",
    "seal_changed": "the seal is not the one that was made when the month was closed",
    "chain_broken": "the seals do not follow each other",
    "warehouse_differs": "the published warehouse does not hold what the months give",
    "program_changed": "this program gives other reports; the inputs are the same",
    "signature_bad": "a signature does not count",
}


@dataclass(frozen=True)
class Difference:
    """One difference: its kind, the file that shows it, and what was found there."""

    kind: str
    path: str
    detail: str

    @property
    def told(self) -> str:
        """It in words, with what its kind means."""
        return f"{self.kind}  {self.path}: {self.detail} ({MEANING[self.kind]})"


@dataclass(frozen=True)
class MonthProof:
    """What was found about one closed month; nothing: it is as it was sealed."""

    month: Month
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def told(self) -> str:
        """The month in a line: its first difference, and how many more there are."""
        if self.is_same:
            return f"{self.month}  same"
        more = len(self.differences) - 1
        return f"{self.month}  {self.differences[0].told}" + (f"; and {more} more" if more else "")


def as_json(proofs: Sequence[MonthProof]) -> dict[str, Any]:
    """The proofs as the contract's object."""
    return {
        "same": all(proof.is_same for proof in proofs),
        "months": [
            {
                "month": proof.month.text,
                "same": proof.is_same,
                "differences": [dict(vars(each)) for each in proof.differences],
            }
            for proof in proofs
        ],
    }


def without_repeats(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences in the order found, each kind of a path once."""
    seen: dict[tuple[str, str], Difference] = {}
    for each in found:
        seen.setdefault((each.kind, each.path), each)
    return tuple(seen.values())
