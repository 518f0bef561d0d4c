"""The Dagster project, and the only wiring: which book and home, which assets, which jobs.

An entry point: book and home come from UPLINE_BOOK and UPLINE_HOME, which `upline ui` sets; without
them it is, in a checkout, the sample book and a home in build/. UPLINE_SHARED lets the group read
what is made.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from pipelines.book.policy import read_policy
from pipelines.closing.close import try_month
from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.month import MonthResource
from pipelines.places import find_checkout
from pipelines.rules.models import read_models
from pipelines.stop import Stop


def define(book: Path, home: Path, is_shared: bool = False) -> dg.Definitions:
    """All assets and jobs over one book and home.

    The months start at the policy's opening month; Stop when the policy cannot be read.
    """
    opening = read_policy(book / "policy.toml").company.opening_month
    partitions = dg.MonthlyPartitionsDefinition(start_date=opening.text, fmt="%Y-%m", end_offset=1)
    assets = all_assets(read_models(), partitions)

    @dg.op(description="Compute and report the month under trial/; nothing is sealed.")
    def trial_month(context: dg.OpExecutionContext) -> None:
        try:
            reports = try_month(
                book, Home(home, is_shared), Month.parse(context.partition_key), context.log.info
            )
        except Stop as stop:
            raise dg.Failure(str(stop), allow_retries=False) from stop
        context.add_output_metadata({"reports": dg.MetadataValue.path(str(reports))})

    @dg.job(
        partitions_def=partitions,
        executor_def=dg.in_process_executor,
        description="A month computed and reported, as often as wanted, without sealing it.",
    )
    def trial() -> None:
        trial_month()

    close = dg.define_asset_job(
        "close",
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="The close of a month: extracts, rules, reports, seal.",
    )
    return dg.Definitions(
        assets=assets,
        jobs=[close, trial],
        executor=dg.in_process_executor,
        resources={"month": MonthResource(book=str(book), home=str(home), is_shared=is_shared)},
    )


def define_from(environment: Mapping[str, str], checkout: Path | None) -> dg.Definitions:
    """The definitions over the book and home that the environment names.

    Stop when it names none and there is no checkout with a sample book.
    """
    named = dict(environment)
    if checkout is not None:
        named.setdefault("UPLINE_BOOK", str(checkout / "data" / "sample"))
        named.setdefault("UPLINE_HOME", str(checkout / "build" / "sample"))
    if "UPLINE_BOOK" not in named or "UPLINE_HOME" not in named:
        raise Stop("set UPLINE_BOOK and UPLINE_HOME, or start Dagster by `upline ui`")
    return define(
        Path(named["UPLINE_BOOK"]).absolute(),
        Path(named["UPLINE_HOME"]).absolute(),
        bool(named.get("UPLINE_SHARED")),
    )


defs = define_from(os.environ, find_checkout())
