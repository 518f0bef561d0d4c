"""The UI's web server: Dagster's pages, and the reports beside them under the same address.

Belongs here: which request is whose. Dagster's pages know nothing of ours and ours nothing of them.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.months import FORM

# Dagster has no page of these names.
REPORTS = re.compile(rf"/(reports/|trial/|explain/|sign-in$|{FORM.pattern}\.zip$)")
POLL_MILLISECONDS = 2000


def serve_ui(
    instance: dg.DagsterInstance, workspace: Path, taken: socket.socket, prefix: str,
    is_read_only: bool, reports: ASGIApp | None,
) -> None:  # fmt: skip
    """Serve Dagster's pages and the reports on a socket until the process is told to end."""
    instance.optimize_for_webserver(statement_timeout=15_000, pool_recycle=3600, max_overflow=20)
    with WorkspaceProcessContext(
        instance, WorkspaceFileTarget([str(workspace)]), version=__version__, read_only=is_read_only
    ) as context:
        app: ASGIApp = create_app_from_workspace_process_context(context, prefix, POLL_MILLISECONDS)
        if reports is not None:
            app = with_reports(app, reports, prefix)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[taken])


def with_reports(pages: ASGIApp, reports: ASGIApp, prefix: str) -> ASGIApp:
    """An application that gives what asks for reports to `reports`, all else to `pages`.

    The prefix is taken off before: the reports' own paths begin at the top.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        inner = path.removeprefix(prefix)
        if scope["type"] != "http" or not path.startswith(prefix) or not REPORTS.match(inner):
            await pages(scope, receive, send)
            return
        raw = scope.get("raw_path") or path.encode()
        await reports(
            {**scope, "path": inner, "raw_path": raw.removeprefix(prefix.encode())}, receive, send
        )

    return app
