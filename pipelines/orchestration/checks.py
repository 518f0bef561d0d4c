"""The named checks of assets, month by month: what each asks, and how it came out.

Belongs here: a check's name, description and figures. What is right or wrong is decided by the
loading and the rules; here it is told. Of a closed month its figures are read from what is sealed:
a month whose blocking checks had not held could not have been sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import dagster as dg

from pipelines.extracts.load import Load
from pipelines.extracts.shapes import Shape
from pipelines.orchestration.earlier_months import NEAR, compare_months, is_compared
from pipelines.orchestration.figures import model_figures
from pipelines.orchestration.keys import MONTHS, asset_key, extract_key
from pipelines.orchestration.looked import Looked
from pipelines.orchestration.shown import quarantine
from pipelines.orchestration.stops import WhyStopped
from pipelines.rules.models import Model
from pipelines.rules.report_shapes import REPORT_SHAPES

QUARANTINED, NOTHING_STOPS = "quarantined_share", "nothing_stops_the_close"
SHAPE = "columns_as_declared"
ROWS = "rows_that_must_not_exist"
SHARE = "share_within_limit"
RECONCILIATION = "finance.reconciliation"
# What the check beside a SQL file is called.
NAMES = {
    RECONCILIATION: "difference_is_zero",
    "inactivity.removed": SHARE, "inactivity.flagged": SHARE,
    "finance.bv_ledger": "every_order_has_one_credit",
    "finance.sales": "adds_up_to_the_orders", "finance.journal": "every_document_balances",
    "customers.owners": "one_owner_each",
    "returns.acceptances": "no_more_than_ordered", "returns.dues": "no_more_than_paid",
}  # fmt: skip
# What a report's rows can have wrong, in words.
WRONG = {
    "key": "a key is not unique", "missing": "a cell is empty", "type": "a column's type",
    "surplus": "a cell is there that must be empty", "value": "a word or range",
}  # fmt: skip
# Which limit of the policy a share is held to, and which rows count.
LIMITS = {
    "inactivity.removed": ("max_removed_share", "true"),
    "inactivity.flagged": ("max_flagged_share", "new"),
}


@dataclass(frozen=True)
class Outcome:
    """How a check of an asset came out in a month."""

    check: dg.AssetCheckKey
    passed: bool
    metadata: dict[str, Any] = field(default_factory=dict)
    is_warning: bool = False

    @property
    def severity(self) -> dg.AssetCheckSeverity:
        """How grave it is where it does not pass."""
        return dg.AssetCheckSeverity.WARN if self.is_warning else dg.AssetCheckSeverity.ERROR

    @property
    def result(self) -> dg.AssetCheckResult:
        """It as the outcome of a step."""
        return dg.AssetCheckResult(
            asset_key=self.check.asset_key, check_name=self.check.name, passed=self.passed,
            severity=self.severity, metadata=self.metadata,
        )  # fmt: skip


def _spec(
    name: str, key: dg.AssetKey, description: str, is_blocking: bool = True
) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name, asset=key, description=description, blocking=is_blocking, partitions_def=MONTHS
    )


def extract_specs(shape: Shape) -> list[dg.AssetCheckSpec]:
    """The checks of a table of the drop."""
    key = extract_key(shape.table)
    specs = [
        _spec(QUARANTINED, key, (
            "Rows left out of the month, as a share of the file. Any are a warning; more than ten "
            "rows and more than the policy's quality.max_quarantined_share stop the close."
        )),
        _spec(NOTHING_STOPS, key, (
            "The file can be read, and nothing in it stops the close. Where something does: which "
            "file and line it is, and what to do."
        )),
    ]  # fmt: skip
    return specs + _near_specs(f"extracts.{shape.table}", key)


def model_specs(model: Model) -> list[dg.AssetCheckSpec]:
    """The checks of a rule's table: the one beside its SQL file, its shape's, and its size."""
    key = asset_key(model.table)
    specs = []
    if model.check is not None:
        specs.append(_spec(NAMES.get(model.table, ROWS), key, _described(model.check)))
    shape = REPORT_SHAPES.get(model.table)
    if shape is not None:
        unique = f"no two rows have the same {', '.join(shape.grain)}; " if shape.grain else ""
        specs.append(_spec(SHAPE, key, (
            f"The report is as its shape declares: {unique}no cell is empty that must be there, "
            f"none is there that must be empty; types, words and ranges."
        )))  # fmt: skip
    return specs + _near_specs(model.table, key)


def _near_specs(table: str, key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    if not is_compared(table):
        return []
    description = (
        "Whether the month's figures are near the mean of the last three closed months: more than "
        "half above or below it is a warning, which stops nothing."
    )
    return [_spec(NEAR, key, description, is_blocking=False)]


def _described(check: str) -> str:
    """The sentences over a check's query, without the one that it stops the close with."""
    lines = []
    for line in check.splitlines():
        if not line.startswith("--") or line.startswith("-- stops the close"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def extract_outcomes(looked: Looked, shape: Shape, load: Load) -> list[Outcome]:
    """How the checks of a table that was loaded came out."""
    key = extract_key(shape.table)
    share = load.quarantined / load.rows if load.rows else 0.0
    metadata: dict[str, Any] = {
        "rows": load.quarantined, "of": load.rows, "share": share,
        "limit": float(looked.policy.max_quarantined_share),
    }  # fmt: skip
    if load.quarantined:
        metadata["first lines"] = quarantine(looked, shape.table)
    check = dg.AssetCheckKey(key, QUARANTINED)
    outcomes = [
        Outcome(check, load.quarantined == 0, metadata, is_warning=True),
        Outcome(dg.AssetCheckKey(key, NOTHING_STOPS), True),
    ]
    return outcomes + _near(looked, f"extracts.{shape.table}", key)


def model_outcomes(looked: Looked, model: Model) -> list[Outcome]:
    """How checks of a rule's table came out that was made, or sealed: the blocking ones held."""
    key = asset_key(model.table)
    told = {"held when the month was sealed": looked.seal[:16]} if looked.seal else {}
    outcomes = []
    for spec in model_specs(model):
        if spec.name == NEAR:
            continue
        metadata = told | (
            _own_figures(looked, model) if spec.name == NAMES.get(model.table) else {}
        )
        outcomes.append(Outcome(spec.key, True, metadata))
    return outcomes + _near(looked, model.table, key)


def _near(looked: Looked, table: str, key: dg.AssetKey) -> list[Outcome]:
    if not is_compared(table):
        return []
    is_near, metadata = compare_months(looked, table)
    return [Outcome(dg.AssetCheckKey(key, NEAR), is_near, metadata, is_warning=True)]


def _own_figures(looked: Looked, model: Model) -> dict[str, Any]:
    """The figures of the check beside a SQL file."""
    if not looked.holds(model):
        return {}
    if model.table == RECONCILIATION:
        return dict(model_figures(looked, model))
    if model.table in LIMITS and looked.policy.inactivity is not None:
        name, counted = LIMITS[model.table]
        [(found,)] = looked.rows(
            f"select count(*) from {model.table} where close_month = $1 and {counted}",
            looked.month.text,
        )
        members = _members(looked)
        limit: Decimal = getattr(looked.policy.inactivity, name)
        share = found / members if members else 0.0
        return {"found": found, "of": members, "share": share, "limit": float(limit)}
    return {}


def _members(looked: Looked) -> int:
    """How many members the month's snapshot has."""
    [(count,)] = looked.rows(
        """select coalesce(sum(loaded), 0) from quality.loads
        where drop_month = $1 and "table" = 'members'""",
        looked.month.text,
    )
    return int(count)


def failed_extract(shape: Shape, why: WhyStopped) -> list[Outcome]:
    """How the checks of a table came out whose load stopped."""
    key = extract_key(shape.table)
    outcomes = [Outcome(dg.AssetCheckKey(key, NOTHING_STOPS), False, why.metadata)]
    if why.limit_name == "quality.max_quarantined_share":
        metadata = {"rows": why.found, **why.metadata}
        outcomes.append(Outcome(dg.AssetCheckKey(key, QUARANTINED), False, metadata))
    return outcomes + _not_looked_at(extract_specs(shape), outcomes)


def failed_model(model: Model, error: Exception, why: WhyStopped) -> list[Outcome]:
    """How the checks of a table came out whose rows did not stand: those that failed; of
    the others that they were not looked at.

    In: what was raised; a ShapeFailed says by its kinds which of the shape's checks failed.
    """
    kinds = sorted(getattr(error, "kinds", ()))
    name = SHAPE if kinds else NAMES.get(model.table, ROWS)
    metadata = {"found": why.reason} | why.metadata
    if kinds:
        metadata["what is wrong"] = ", ".join(WRONG.get(kind, kind) for kind in kinds)
    specs = model_specs(model)
    outcomes = [Outcome(spec.key, False, metadata) for spec in specs if spec.name == name]
    return outcomes + _not_looked_at(specs, outcomes)


def _not_looked_at(
    specs: Sequence[dg.AssetCheckSpec], outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """The checks that what stopped left nothing to look at: without a word Dagster would show that
    their execution failed."""
    told = {"not looked at": "there are no rows of this month, since something else stopped it"}
    known = {each.check for each in outcomes}
    return [Outcome(spec.key, False, told, is_warning=True) for spec in specs
            if spec.key not in known]  # fmt: skip
