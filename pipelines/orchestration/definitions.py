"""The Dagster project, and the only wiring: which book and home, which assets, jobs and sensors.

An entry point: book and home come from UPLINE_BOOK and UPLINE_HOME, which `upline ui` sets; without
them it is, in a checkout, the sample book and a home in build/. UPLINE_SHARED lets the group read
what is made, UPLINE_PREFIX is the path that the UI is served under.
"""

import os
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg

from pipelines.book.policy import read_policy
from pipelines.closing.home import Home
from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.executor import side_by_side_executor
from pipelines.orchestration.history import closing_keys
from pipelines.orchestration.keys import STATUS, TRIALS
from pipelines.orchestration.links import Links
from pipelines.orchestration.month import MonthResource
from pipelines.orchestration.program_models import program_models
from pipelines.orchestration.sensors import close_schedule, home_sensor, trial_sensor
from pipelines.places import find_checkout
from pipelines.stop import Stop

# Checks by month and references to code may change in Dagster: it says so a hundred times a start.
for category in (dg.PreviewWarning, dg.BetaWarning):
    warnings.filterwarnings("ignore", category=category)


def define(
    book: Path,
    home: Path,
    is_shared: bool = False,
    prefix: str = "",
    clock: Callable[[], float] = time.time,
) -> dg.Definitions:
    """All assets, jobs and sensors over one book and home; Stop when the policy cannot be read."""
    read_policy(book / "policy.toml")
    kept, links = Home(home, is_shared), Links(prefix)
    desk = Desk(book, kept, prefix)
    close = dg.define_asset_job(
        "close",
        selection=dg.AssetSelection.assets(*closing_keys()),
        executor_def=side_by_side_executor,
        description="The close of a month: extracts, rules, reports, seal.",
    )
    trial = dg.define_asset_job(
        "trial",
        selection=dg.AssetSelection.assets(*TRIALS),
        executor_def=side_by_side_executor,
        description="A month computed and reported, as often as wanted, without sealing it.",
    )
    status = dg.define_asset_job(
        "status",
        selection=dg.AssetSelection.assets(STATUS),
        executor_def=side_by_side_executor,
        description="Where each month is, told anew.",
    )
    return dg.Definitions(
        assets=all_assets(program_models(), book, kept, links),
        jobs=[close, trial, status],
        sensors=[home_sensor(desk, clock), trial_sensor(desk, trial, clock)],
        schedules=[close_schedule(desk, close, clock)],
        executor=side_by_side_executor,
        resources={
            "month": MonthResource(
                book=str(book), home=str(home), is_shared=is_shared, prefix=prefix
            )
        },
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
        named.get("UPLINE_PREFIX", ""),
    )


defs = define_from(os.environ, find_checkout())
