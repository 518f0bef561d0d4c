"""A month tried from the UI: its reports under trial/, and what they change.

Belongs here: the trial as assets, and what it is compared with: the month as it is closed, or was
before it was reopened, or as it was tried before.
"""

import shutil
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.book.policy import read_policy
from pipelines.closing.close import try_month
from pipelines.closing.home import Home
from pipelines.closing.lock import private_files
from pipelines.closing.reopening import last_superseded
from pipelines.closing.versions import check_program
from pipelines.months import Month
from pipelines.orchestration.keys import (
    DIFFERENCES,
    MONTHS,
    TRIAL,
    TRIALS,
    owners_of,
)
from pipelines.orchestration.links import Links
from pipelines.orchestration.markdown import as_markdown
from pipelines.orchestration.stops import tell_stop
from pipelines.reports.pages.revised_cells import read_report
from pipelines.reports.pages.revision import count_by_file, write_differences
from pipelines.rules.faults import CheckFailed
from pipelines.stop import Stop

RECONCILIATION = "finance/reconciliation.csv"
DIFFERENCES_FOLDER = "differences"


def trial_assets(book: Path, home: Home, links: Links) -> list[dg.AssetsDefinition]:
    """The two assets of a trial."""

    @dg.asset(
        key=TRIAL,
        group_name="trial",
        description="The month computed and reported, marked TRIAL on every page; nothing is "
        "sealed. As often as wanted, also of a month that is closed.",
        partitions_def=MONTHS,
        kinds={"csv", "html"},
        owners=owners_of("trial"),
        output_required=False,
    )
    def trial(context: dg.AssetExecutionContext) -> Any:
        month = Month.parse(context.partition_key)
        if is_also_a_close(context):
            context.log.warning("not tried: this run closes the month; try it in a run of its own")
            return
        try:
            check_program()
            keep_trial(home, month)
            reports = try_month(book, home, month, context.log.info)
        except (Stop, CheckFailed, OSError) as error:
            tell_stop(context, error)
        yield dg.MaterializeResult(metadata=_trial_metadata(reports, month, links))

    @dg.asset(
        key=DIFFERENCES,
        group_name="trial",
        description="What the trial would change: against the month as it is closed, else as it "
        "was closed before it was reopened, else as it was tried before.",
        deps=[TRIAL],
        partitions_def=MONTHS,
        kinds={"csv", "html"},
        owners=owners_of("trial"),
    )
    def differences(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        month = Month.parse(context.partition_key)
        return dg.MaterializeResult(metadata=_compare(book, home, month, links))

    return [trial, differences]


def is_also_a_close(context: dg.AssetExecutionContext) -> bool:
    """Whether the run makes assets of a close too: a close holds the home until its end."""
    # A run of all that its job has names none of it.
    job = context.op_execution_context.job_def
    selected = context.run.asset_selection or job.asset_layer.selected_asset_keys
    return not set(selected) <= set(TRIALS)


def kept_trial(home: Home, month: Month) -> Path:
    """Where the trial before the latest one lies."""
    return home.folder / "trial" / ".before" / month.text


def keep_trial(home: Home, month: Month) -> None:
    """Keep the latest trial to be compared with the next one."""
    if not home.trial(month).is_dir():
        return
    kept = kept_trial(home, month)
    shutil.rmtree(kept, ignore_errors=True)
    only_csv = shutil.ignore_patterns("leaders", "*.zip", "*.html", "*.xlsx")
    with private_files(home):
        shutil.copytree(home.trial(month), kept, ignore=only_csv)


def _trial_metadata(reports: Path, month: Month, links: Links) -> dict[str, Any]:
    """What is shown of a trial: its first page, and the figures that it would post."""
    lines = {row["line"]: float(row["bv"]) for row in read_report(reports, RECONCILIATION)}
    figures = {line.replace("_", " "): bv for line, bv in lines.items()}
    files = sum(1 for path in reports.rglob("*") if path.is_file())
    return {"trial": links.trial(month), "files": files, **figures}


def _compare(book: Path, home: Home, month: Month, links: Links) -> dict[str, Any]:
    """Write the page of differences beside the trial; out: what is shown of it."""
    found = _compared_with(home, month)
    if found is None:
        return {"compared with": "nothing: the month was neither closed nor tried before"}
    before, name = found
    company = read_policy(book / "policy.toml").company.name
    shared = {"company": company, "month": month.text, "is_trial": True}
    folder = home.trial(month) / DIFFERENCES_FOLDER
    with private_files(home):
        changes = write_differences(before, home.trial(month), folder, shared, name)
    shown = as_markdown(["report", "rows added", "rows removed", "cells changed"],
                        count_by_file(changes))  # fmt: skip
    return {
        "compared with": name,
        "differences": len(changes),
        "by report": dg.MetadataValue.md(shown if changes else "Nothing would change."),
        "page of differences": links.trial(month, f"{DIFFERENCES_FOLDER}/index.html"),
    }


def _compared_with(home: Home, month: Month) -> tuple[Path, str] | None:
    """The reports that a trial is set against, and what they are called."""
    if month in home.sealed_months():
        return home.month(month), "the month as it is closed"
    superseded = last_superseded(home, month)
    if superseded is not None:
        return superseded.folder, f"version {superseded.version}, which was reopened"
    if kept_trial(home, month).is_dir():
        return kept_trial(home, month), "the trial before"
    return None
