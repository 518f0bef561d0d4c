"""The processes beside the UI's own: one that holds the assets, one that starts runs and sensors.

Belongs here: how they are begun; how they end is told in `children`. They are forked from the
process that has read all of the program already, which saves each the seconds and the memory of
reading it again, and end with it however it ends. A run is a process of its own, begun by the
first, and goes on after both.

Whoever forks must not have asked the assets anything yet: gRPC has threads of its own by then, and
what was forked from them may wait for ever at its first question.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from pipelines.stop import Stop

LOCATION = "pipelines.definitions"
READY_SECONDS = 60
PR_SET_PDEATHSIG = 1


def write_workspace(folder: Path) -> Path:
    """Describe where the assets are held, for the other processes; out: the file."""
    path = folder / "workspace.yaml"
    path.write_text(
        f"load_from:\n  - grpc_server:\n      host: localhost\n      socket: {socket_of(folder)}\n"
        f"      location_name: {LOCATION}\n"
    )
    return path


def socket_of(folder: Path) -> Path:
    """Where the process that holds the assets is asked: nobody else can reach it there."""
    return folder / "assets.sock"


def hold_assets(folder: Path, close: Callable[[], None], begins_runs: bool = True) -> int:
    """Begin the process that holds the assets; out: its id. In: what it must not keep open, and
    whether runs will be asked of it."""
    from pipelines.orchestration.asset_server import serve_assets

    # In a session of its own, Ctrl-C on a terminal ends the UI and not the run that goes on.
    return _fork(lambda: serve_assets(socket_of(folder), LOCATION, begins_runs), close)


def run_daemon(folder: Path, workspace: Path, close: Callable[[], None]) -> int:
    """Begin the process that starts what is queued, and asks sensors and schedules.

    It waits by itself until the assets can be asked for.
    """
    from dagster._daemon.cli import run_command

    arguments = ["-w", str(workspace), "--log-level", "warning"]

    def work() -> None:
        wait_for_assets(folder, lambda: False)
        run_command(arguments, standalone_mode=False)

    return _fork(work, close)


def _fork(work: Callable[[], object], close: Callable[[], None]) -> int:
    from dagster._core.errors import DagsterExecutionInterruptedError

    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        close()
        work()
        code = 0
    except (SystemExit, KeyboardInterrupt, DagsterExecutionInterruptedError):
        code = 0  # told to end, which Dagster tells by an error of its own
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait_for_assets(folder: Path, is_over: Callable[[], bool]) -> None:
    """Wait until the assets can be asked for; Stop when it is over with their process."""
    from dagster._core.errors import DagsterUserCodeUnreachableError
    from dagster._grpc.client import DagsterGrpcClient

    client = DagsterGrpcClient(socket=str(socket_of(folder)))
    for _ in range(READY_SECONDS * 20):
        try:
            client.ping("")
            return
        except DagsterUserCodeUnreachableError:
            if is_over():
                break
            time.sleep(0.05)
    raise Stop("the process that holds the assets did not start; what it printed says why")
