"""The story of one order, member or seat as values, and its JSON (contract 4, "explain").

Belongs here: what a story holds and in which order. Where it comes from is in the modules beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipelines.reports.look.formats import instant

Row = dict[str, str]


@dataclass(frozen=True)
class Fact:
    """A row that the drops have brought: where from, what it says, and as it stands in the file.

    `day` is when it happened; `posts_in` the month that it posts in, if it does; `is_withheld` that
    it is of a customer who has opted out of contact, so that nothing personal of it is here;
    `is_impersonal` that its text can name nobody.
    """

    table: str
    drop: str
    file: str
    line: int
    standing: bool
    row: dict[str, str | None]
    raw: str | None = None
    raw_is: str = "sealed"
    day: date | None = None
    posts_in: str | None = None
    is_withheld: bool = False
    is_impersonal: bool = False


@dataclass(frozen=True)
class Quarantined:
    """A row that was left out, or a member's cell, and why; `raw` is None where it is withheld."""

    table: str
    drop: str
    file: str
    line: int
    key: str
    code: str
    column: str | None
    raw: str | None


@dataclass(frozen=True)
class Decision:
    """A report's row of a month, and the reasons for it in words."""

    month: str
    report: str
    rule: str
    row: Row
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Related:
    """Another order, member or seat, and what it is to this one."""

    kind: str
    id: str
    role: str


@dataclass(frozen=True)
class Place:
    """A seat's place among the seats that qualified in a month, after the month's last deal."""

    month: str
    deals: str
    place: int
    seats: int
    last_deal: dict[str, str] | None


@dataclass(frozen=True)
class Story:
    """Everything that closed months say about one order, member or seat."""

    kind: str
    id: str
    months: tuple[str, ...]
    facts: tuple[Fact, ...]
    quarantined: tuple[Quarantined, ...]
    decisions: tuple[Decision, ...]
    entries: tuple[Row, ...]
    related: tuple[Related, ...]
    queue: tuple[Place, ...] | None = field(default=None)


def as_text(value: Any) -> str | None:
    """A value of an extract as a cell: as reports write it, but with nothing made harmless."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def as_json(story: Story) -> dict[str, Any]:
    """A story as the contract's object."""
    told: dict[str, Any] = {
        "kind": story.kind,
        "id": story.id,
        "months": list(story.months),
        "facts": [
            {
                "table": fact.table, "drop": fact.drop, "file": fact.file, "line": fact.line,
                "standing": fact.standing, "row": fact.row, "raw": fact.raw, "raw_is": fact.raw_is,
            }
            for fact in story.facts
        ],
        "quarantined": [dict(vars(row)) for row in story.quarantined],
        "decisions": [
            {
                "month": decision.month, "report": decision.report, "rule": decision.rule,
                "row": decision.row, "because": list(decision.because),
            }
            for decision in story.decisions
        ],
        "entries": list(story.entries),
        "related": [{"kind": it.kind, "id": it.id, "as": it.role} for it in story.related],
    }  # fmt: skip
    if story.queue is not None:
        told["queue"] = [dict(vars(place)) for place in story.queue]
    return told
