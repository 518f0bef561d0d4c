"""The steps of a close as Dagster assets, one for each table, month by month.

Belongs here: how a table becomes an asset: its key, group, description, dependencies and what an
analyst is shown of it. All of it comes from the SQL files and the schema classes; no rule is here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from pipelines.closing.steps import BOOK_READS
from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.orchestration.columns import column_schema
from pipelines.orchestration.month import MonthResource
from pipelines.rules.faults import CheckFailed, ShapeFailed
from pipelines.rules.models import Model
from pipelines.rules.report_shapes import REPORT_SHAPES, ReportShape
from pipelines.stop import Stop

SAMPLE_ROWS = 10
BOOK = dg.AssetKey(["book", "policy"])
REPORTS = dg.AssetKey(["month", "reports"])
SEAL = dg.AssetKey(["month", "seal"])


def asset_key(table: str) -> dg.AssetKey:
    """The asset of a table: `referral.assignments` is `referral/assignments`.

    All of `book.*` is one asset; `drops.*`, every version of a record, is loaded with `extracts.*`.
    """
    schema, name = table.split(".")
    if schema == "book":
        return BOOK
    return dg.AssetKey(["extracts" if schema == "drops" else schema, name])


def extract_asset(shape: Shape, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset of one of the book's tables: its drop's file loaded, its bad rows quarantined."""
    named = {cell.names for cell in shape.cells.values() if cell.names} - {shape.table}
    key = dg.AssetKey(["extracts", shape.table])

    @dg.asset(
        key=key,
        group_name="extracts",
        description=f"{shape.sentence} Key: {', '.join(shape.key)}.",
        deps=[dg.AssetKey(["extracts", table]) for table in sorted(named)],
        partitions_def=partitions,
        kinds={"csv", "duckdb"},
        metadata={"dagster/column_schema": column_schema(shape.columns, shape.cells)},
        check_specs=[dg.AssetCheckSpec("nothing_quarantined", asset=key)],
    )
    def load(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> Iterator[dg.MaterializeResult[Any]]:
        if month.is_closed:
            yield closed_result(context)
            return
        with failing_clearly():
            found = month.work.load(shape.table)
        yield dg.MaterializeResult(
            metadata={
                "dagster/row_count": found.loaded,
                "file": found.file or "none in this drop",
                "rows in the file": found.rows,
                "known already": found.known_already,
                "quarantined": found.quarantined,
                "what was quarantined and why": month.quarantine(shape.table),
                **month.query(shape.table),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="nothing_quarantined",
                    passed=found.quarantined == 0,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"rows": found.quarantined},
                )
            ],
        )

    return load


def book_asset(partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset of the policy and calendar in force, where the rules read them."""

    @dg.asset(
        key=BOOK,
        group_name="book",
        description="The policy and calendar in force, and the business days of each country.",
        deps=[dg.AssetKey(["extracts", table]) for table in BOOK_READS],
        partitions_def=partitions,
        kinds={"toml", "duckdb"},
    )
    def policy(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> dg.MaterializeResult[Any]:
        if month.is_closed:
            return closed_result(context)
        with failing_clearly():
            month.work.set_book()
        return dg.MaterializeResult(metadata={"programmes": ", ".join(month.work.programmes)})

    return policy


def model_asset(model: Model, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset of one SQL file: its month made, its check held, what it reads as dependencies."""
    key = asset_key(model.table)
    deps = {BOOK} | {asset_key(table) for table in model.reads if table not in model.earlier}
    shape = REPORT_SHAPES.get(model.table)
    checks = _checks(model, shape, key)

    @dg.asset(
        key=key,
        group_name=model.programme,
        description=f"{model.description}\n\n```sql\n{model.query}\n```",
        deps=sorted(deps),
        partitions_def=partitions,
        kinds={"sql", "duckdb"},
        check_specs=[*checks.values()],
        tags={"report": "yes"} if model.order else {},
        metadata=_declared_columns(shape),
    )
    def make(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        if month.is_closed:
            yield closed_result(context)
            return
        try:
            rows = month.make(model)
        except (Stop, CheckFailed) as error:
            failed = checks.get(type(error), checks.get(CheckFailed))
            if failed is not None:
                yield dg.AssetCheckResult(
                    check_name=failed.name, passed=False, metadata={"found": str(error)}
                )
            raise dg.Failure(str(error), allow_retries=False) from error
        yield dg.MaterializeResult(
            metadata=month.shown(model, rows, SAMPLE_ROWS),
            check_results=[
                dg.AssetCheckResult(check_name=check.name, passed=True) for check in checks.values()
            ],
        )

    return make


def _checks(
    model: Model, shape: ReportShape | None, key: dg.AssetKey
) -> dict[type[Exception], dg.AssetCheckSpec]:
    """The checks of a model's rows, by what is raised when one fails: its own, and its shape's."""
    checks: dict[type[Exception], dg.AssetCheckSpec] = {}
    if model.check is not None:
        checks[CheckFailed] = dg.AssetCheckSpec(
            "rows_that_must_not_exist", asset=key, blocking=True
        )
    if shape is not None:
        checks[ShapeFailed] = dg.AssetCheckSpec("columns_as_declared", asset=key, blocking=True)
    return checks


def _declared_columns(shape: ReportShape | None) -> dict[str, Any]:
    if shape is None:
        return {}
    return {"dagster/column_schema": column_schema(shape.columns, shape.cells)}


def closing_assets(
    models: Sequence[Model], partitions: dg.PartitionsDefinition[str]
) -> list[dg.AssetsDefinition]:
    """The last two assets of a close: the reports written, the month sealed."""

    @dg.asset(
        key=REPORTS,
        group_name="month",
        description="Every report of the month, written into a folder that nobody reads yet.",
        deps=[asset_key(model.table) for model in models]
        + [dg.AssetKey(["extracts", table]) for table in SHAPES],
        partitions_def=partitions,
        kinds={"csv", "html"},
    )
    def reports(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> dg.MaterializeResult[Any]:
        if month.is_closed:
            return closed_result(context)
        with failing_clearly():
            folder = month.work.write_reports()
        files = sum(1 for path in folder.rglob("*") if path.is_file())
        return dg.MaterializeResult(metadata={"files": files})

    @dg.asset(
        key=SEAL,
        group_name="month",
        description="The month sealed: the warehouse published, the reports renamed into place.",
        deps=[REPORTS],
        partitions_def=partitions,
        kinds={"json"},
    )
    def seal(context: dg.AssetExecutionContext, month: MonthResource) -> dg.MaterializeResult[Any]:
        if month.is_closed:
            return closed_result(context)
        with failing_clearly():
            digest = month.finish()
        return dg.MaterializeResult(
            metadata={"seal": digest, "reports": dg.MetadataValue.path(str(month.reports))}
        )

    return [reports, seal]


def closed_result(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """What a step of a month that is closed already says: nothing was done."""
    context.log.info("the month is closed; a closed month never changes")
    checks = [
        dg.AssetCheckResult(check_name=check.name, passed=True, asset_key=check.asset_key,
                            metadata={"closed already": True})
        for check in context.selected_asset_check_keys
    ]  # fmt: skip
    return dg.MaterializeResult(metadata={"closed already": True}, check_results=checks)


class failing_clearly:  # noqa: N801 - reads as what it does: `with failing_clearly():`
    """What the data stopped fails the step with the same sentence the command prints."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Stop):
            raise dg.Failure(str(error), allow_retries=False) from error


def all_assets(
    models: Sequence[Model], partitions: dg.PartitionsDefinition[str]
) -> list[dg.AssetsDefinition]:
    """Every asset of a close: extracts, book, rules, reports and seal."""
    return [
        *(extract_asset(shape, partitions) for shape in SHAPES.values()),
        book_asset(partitions),
        *(model_asset(model, partitions) for model in models),
        *closing_assets(models, partitions),
    ]
