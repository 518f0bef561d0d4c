"""The process that holds the assets: it answers what they are, and begins runs.

Belongs here: Dagster's own server, whose runs are forked (`run_processes`) where it would have each
read the program anew.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path
from threading import Event
from typing import Any

from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.utils import FuturesAwareThreadPoolExecutor
from dagster._grpc.server import DagsterApiServer, DagsterGrpcServer
from dagster._utils.interrupts import setup_interrupt_handlers
from dagster._utils.log import configure_loggers

from pipelines.orchestration.run_processes import RunContext, read_ahead


class AssetServer(DagsterApiServer):
    """Dagster's server of a module's assets."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._mp_ctx = RunContext()  # type: ignore[assignment]


def serve_assets(socket: Path, module: str, begins_runs: bool) -> None:
    """Answer at a socket for the definitions of a module, until the process is told to end.

    Where it begins runs, another process reads the program for them. What either keeps on the disk
    lies beside the socket, and goes with it.
    """
    tempfile.tempdir = str(socket.parent)
    if begins_runs:
        read_ahead()
    setup_interrupt_handlers()
    configure_loggers(formatter="colored", log_level="WARNING")
    logger, ended = logging.getLogger("dagster.code_server"), Event()
    threads = FuturesAwareThreadPoolExecutor()
    held = AssetServer(
        server_termination_event=ended,
        logger=logger,
        server_threadpool_executor=threads,
        loadable_target_origin=LoadableTargetOrigin(
            executable_path=sys.executable, working_directory=str(Path.cwd()), module_name=module
        ),
        location_name=module,
    )
    server = DagsterGrpcServer(
        server_termination_event=ended,
        dagster_api_servicer=held,
        logger=logger,
        threadpool_executor=threads,
        socket=str(socket),
    )
    server.serve()  # type: ignore[no-untyped-call]
