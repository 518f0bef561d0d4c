"""`upline ui`: the Dagster UI on a book and home, with its own history kept in the home.

Belongs here: what has to be in order before the UI starts: its settings, runs that a crash left
open, and the months that the command line has closed since.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from pipelines.book.policy import read_policy
from pipelines.closing.home import Home
from pipelines.closing.lock import make_home
from pipelines.places import find_file
from pipelines.stop import Stop


def start_ui(book: Path, home: Home, port: int, environment: dict[str, str]) -> int:
    """Start the UI on loopback in place of this process; Stop when the book has no good policy.

    In: the book and home, the port, the environment to hand on. Out: nothing but an error's code,
    since the process becomes Dagster's. What it makes is as private as the home.
    """
    read_policy(book / "policy.toml")
    os.umask(home.umask)
    make_home(home)
    folder = home.folder / "dagster"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(find_file("dagster.yaml"), folder / "dagster.yaml")
    except OSError as error:
        raise Stop(f"{home.folder}: cannot be the home: {error.strerror}") from error
    settings = environment | {
        "DAGSTER_HOME": str(folder),
        "UPLINE_BOOK": str(book.absolute()),
        "UPLINE_HOME": str(home.folder),
        "UPLINE_SHARED": "yes" if home.is_shared else "",
        "PYTHONWARNINGS": "ignore",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}",
    }
    os.environ.update(settings)
    put_history_in_order(home)
    print(f"the UI starts at http://127.0.0.1:{port} (stop it with Ctrl-C)", flush=True)
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(find_file("workspace.yaml")),
               "-h", "127.0.0.1", "-p", str(port)]  # fmt: skip
    os.chdir(folder)
    os.execve(command[0], command, settings)


def put_history_in_order(home: Home) -> None:
    """Make Dagster's history say what is true of the home.

    Runs that a crash left as started are failed, or the queue would wait for them for ever; months
    that the command line has closed are noted as materialized.
    """
    import dagster as dg

    from pipelines.orchestration.assets import SEAL
    from pipelines.orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance:
        unfinished = dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
        )
        for run in instance.get_runs(unfinished):
            instance.report_run_failed(run, "the process had ended when the UI was started again")
        known = instance.get_materialized_partitions(SEAL)
        keys = sorted(asset.key for asset in defs.resolve_all_asset_specs())
        for month in home.sealed_months():
            if month.text in known:
                continue
            for key in keys:
                instance.report_runless_asset_event(
                    dg.AssetMaterialization(
                        key,
                        partition=month.text,
                        description="closed by the command line",
                        metadata={"reports": dg.MetadataValue.path(str(home.month(month)))},
                    )  # fmt: skip
                )
