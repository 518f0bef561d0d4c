"""The book's tables as Dagster assets: each loaded from its drop, its bad rows quarantined.

Belongs here: how a table of contract 1 becomes an asset. All of it comes from the schema classes.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.closing.steps import BOOK_READS
from pipelines.extracts.shapes import Shape
from pipelines.orchestration.checks import extract_outcomes, extract_specs, failed_extract
from pipelines.orchestration.columns import column_schema
from pipelines.orchestration.keys import BOOK, MONTHS, extract_key, owners_of
from pipelines.orchestration.month import MonthResource
from pipelines.orchestration.shown import book_metadata, extract_metadata, load_of
from pipelines.orchestration.stops import read_stop, tell_stop
from pipelines.stop import Stop

Events = Iterator["dg.MaterializeResult[Any] | dg.AssetCheckResult"]


def extract_asset(shape: Shape) -> dg.AssetsDefinition:
    """The asset of one of the book's tables: its drop's file loaded, its bad rows quarantined."""
    named = {cell.names for cell in shape.cells.values() if cell.names} - {shape.table}
    key = extract_key(shape.table)

    @dg.asset(
        key=key,
        group_name="extracts",
        description=f"{shape.sentence} Key: {', '.join(shape.key)}.",
        deps=[extract_key(table) for table in sorted(named)],
        partitions_def=MONTHS,
        kinds={"csv", "duckdb"},
        owners=owners_of("extracts"),
        metadata={"dagster/column_schema": column_schema(shape.columns, shape.cells)},
        check_specs=extract_specs(shape),
    )
    def load(context: dg.AssetExecutionContext, month: MonthResource) -> Events:
        try:
            sealed = month.sealed
            found = load_of(sealed, shape.table) if sealed else month.load(shape.table)
        except (Stop, OSError) as error:
            for outcome in failed_extract(shape, read_stop(str(error))):
                yield outcome.result
            tell_stop(context, error)
        more = {} if sealed else month.query(shape.table)
        yield dg.MaterializeResult(
            metadata=extract_metadata(month.looked, shape, found) | more,
            check_results=[each.result for each in extract_outcomes(month.looked, shape, found)],
        )

    return load


def book_asset() -> dg.AssetsDefinition:
    """The asset of the policy and calendar in force, where the rules read them."""

    @dg.asset(
        key=BOOK,
        group_name="book",
        description="The policy and calendar in force, and the business days of each country.",
        deps=[extract_key(table) for table in BOOK_READS],
        partitions_def=MONTHS,
        kinds={"toml", "duckdb"},
        owners=owners_of("book"),
    )
    def policy(
        context: dg.AssetExecutionContext, month: MonthResource
    ) -> dg.MaterializeResult[Any]:
        try:
            if not month.sealed:
                month.set_book()
        except (Stop, OSError) as error:
            tell_stop(context, error)
        return dg.MaterializeResult(metadata=book_metadata(month.looked))

    return policy
