"""The rules' SQL files as Dagster assets: each month's rows made, their checks held.

Belongs here: how a SQL file becomes an asset. Key, group, description and dependencies come from
the file; no rule is here.
"""

from typing import Any

import dagster as dg

from pipelines.orchestration.checks import failed_model, model_outcomes, model_specs
from pipelines.orchestration.columns import column_schema
from pipelines.orchestration.extract_assets import Events
from pipelines.orchestration.keys import BOOK, MONTHS, asset_key, owners_of
from pipelines.orchestration.lineage import column_lineage
from pipelines.orchestration.month import MonthResource
from pipelines.orchestration.shown import model_metadata
from pipelines.orchestration.stops import read_stop, tell_stop
from pipelines.rules.faults import CheckFailed
from pipelines.rules.models import Model
from pipelines.rules.report_shapes import REPORT_SHAPES
from pipelines.stop import Stop


def model_asset(model: Model) -> dg.AssetsDefinition:
    """The asset of one SQL file: its month made, its checks held, what it reads as dependencies."""

    @dg.asset(
        key=asset_key(model.table),
        group_name=model.programme,
        description=f"{model.description}\n\n```sql\n{model.query}\n```",
        deps=sorted(dependencies_of(model)),
        partitions_def=MONTHS,
        kinds={"sql", "duckdb"},
        owners=owners_of(model.programme),
        check_specs=model_specs(model),
        tags={"report": "yes"} if model.order else {},
        metadata=_metadata(model),
    )
    def make(context: dg.AssetExecutionContext, month: MonthResource) -> Events:
        counted = None
        try:
            if not month.sealed:
                counted = month.make(model)
        except (Stop, CheckFailed, OSError) as error:
            for outcome in failed_model(model, error, read_stop(str(error))):
                yield outcome.result
            tell_stop(context, error)
        yield dg.MaterializeResult(
            metadata=model_metadata(month.looked, model, month.links, counted),
            check_results=[each.result for each in model_outcomes(month.looked, model)],
        )

    return make


def dependencies_of(model: Model) -> set[dg.AssetKey]:
    """The assets that a model's query reads of the same month."""
    return {BOOK} | {asset_key(table) for table in model.reads if table not in model.earlier}


def _metadata(model: Model) -> dict[str, Any]:
    """What is known of a table before it is made: its columns, their lineage, its SQL files."""
    files = [model.path, model.path.with_suffix(".step.sql"), model.path.with_suffix(".check.sql")]
    references: list[dg.LocalFileCodeReference | dg.UrlCodeReference] = [
        dg.LocalFileCodeReference(file_path=str(path), line_number=1, label=path.name)
        for path in files
        if path.exists()
    ]
    code = dg.CodeReferencesMetadataValue(code_references=references)
    metadata: dict[str, Any] = {"dagster/code_references": code}
    lineage = column_lineage(model.table)
    if lineage is not None:
        metadata["dagster/column_lineage"] = lineage
    shape = REPORT_SHAPES.get(model.table)
    if shape is not None:
        metadata["dagster/column_schema"] = column_schema(shape.columns, shape.cells)
    return metadata
