"""The last assets of a close, the reports written and the month sealed; and where each month is.

Belongs here: what is shown of a month as a whole. The seal is the last step, and the only one whose
freshness is watched: a month is closed about once a month.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.closing.chain import read_sealed
from pipelines.closing.home import Home
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.orchestration.keys import (
    MONTHS,
    REPORTS,
    SEAL,
    STATUS,
    asset_key,
    extract_key,
    owners_of,
)
from pipelines.orchestration.links import Links
from pipelines.orchestration.month import MonthResource
from pipelines.orchestration.month_status import read_status, status_metadata
from pipelines.orchestration.stops import tell_stop
from pipelines.rules.faults import CheckFailed
from pipelines.rules.models import Model
from pipelines.stop import Stop

# A month is closed a few days after it ends: late from the tenth day on after the next one's end.
WARN_AFTER, LATE_AFTER = timedelta(days=35), timedelta(days=41)


def reports_asset(models: Sequence[Model]) -> dg.AssetsDefinition:
    """The asset of all report files of a month."""

    @dg.asset(
        key=REPORTS,
        group_name="month",
        description="Every report of the month, written into a folder that nobody reads yet. "
        "The links open once the month is sealed.",
        deps=[asset_key(model.table) for model in models]
        + [extract_key(table) for table in SHAPES],
        partitions_def=MONTHS,
        kinds={"csv", "html"},
        owners=owners_of("month"),
    )
    def reports(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> dg.MaterializeResult[Any]:
        try:
            if month.sealed:
                return dg.MaterializeResult(
                    metadata=sealed_reports(month.closing, month.month, month.links)
                )
            month.work.write_reports()
        except (Stop, CheckFailed, OSError) as error:
            tell_stop(context, error)
        files = len(month.work.written)
        return dg.MaterializeResult(
            metadata={"files": files, "reports": month.links.month(month.month)}
        )

    return reports


def seal_asset() -> dg.AssetsDefinition:
    """The asset of a month's seal."""

    @dg.asset(
        key=SEAL,
        group_name="month",
        description="The month sealed: the warehouse published, the reports renamed into place.",
        deps=[REPORTS],
        partitions_def=MONTHS,
        kinds={"json"},
        owners=owners_of("month"),
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=LATE_AFTER, warn_window=WARN_AFTER
        ),
    )
    def seal(context: dg.AssetExecutionContext, month: MonthResource) -> dg.MaterializeResult[Any]:
        try:
            if not month.sealed:
                month.finish()
        except (Stop, OSError) as error:
            tell_stop(context, error)
        return dg.MaterializeResult(metadata=seal_metadata(month.closing, month.month, month.links))

    return seal


def sealed_reports(home: Home, month: Month, links: Links) -> dict[str, Any]:
    """What is shown of the reports of a closed month."""
    files = len(read_sealed(home, month).reports)
    return {"files": files, "reports": links.month(month)}


def seal_metadata(home: Home, month: Month, links: Links) -> dict[str, Any]:
    """What is shown of a month's seal."""
    seal = read_sealed(home, month)
    told: dict[str, Any] = {
        "seal": seal.digest,
        "reports": links.month(month),
        "all closed months": links.overview(),
        "program": seal.versions.get("program", ""),
        "files of the drop": len(seal.inputs["drop"]),
    }
    if seal.supersedes is not None:
        told |= {
            "supersedes version": int(seal.supersedes["version"]),
            "reopened because": str(seal.supersedes["reason"]),
        }
    return told


def status_asset(book: Path, home: Home, links: Links) -> dg.AssetsDefinition:
    """The asset that tells where each month is; it can be materialized at any time."""

    @dg.asset(
        key=STATUS,
        group_name="month",
        description="Where each month is, and what it waits for. It is told anew whenever a drop "
        "comes, a month is tried, closed or reopened, or a run stops.",
        kinds={"json"},
        owners=owners_of("month"),
    )
    def status(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        found = read_status(book, home, context.instance)
        return dg.MaterializeResult(metadata=status_metadata(found, links))

    return status
