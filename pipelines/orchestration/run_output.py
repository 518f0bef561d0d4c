"""What a run prints, kept in files that the UI shows: `compute_logs` of the dagster.yaml we ship.

Belongs here: how it is captured. Dagster's own way copies it to a terminal besides, for which it
starts four processes a run; who started the UI is told what matters there, and a run has its page.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from dagster._core.execution.compute_logs import redirect_to_file
from dagster._core.instance.ref import compute_logs_directory
from dagster._core.storage.compute_log_manager import CapturedLogContext, ComputeIOType
from dagster._core.storage.local_compute_log_manager import (
    IO_TYPE_EXTENSION,
    LocalComputeLogManager,
)
from dagster._utils import ensure_file, touch_file


class RunOutput(LocalComputeLogManager):
    """The files that Dagster has for what runs print, written without other processes."""

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> RunOutput:
        """The files below the folder that dagster.yaml names, where Dagster has them by default."""
        return cls(compute_logs_directory(config_value["base_dir"]), inst_data=inst_data)

    @contextmanager
    def capture_logs(self, log_key: Sequence[str]) -> Generator[CapturedLogContext, None, None]:
        """Have everything printed go into a run's files until the end."""
        out = self.get_captured_local_path(log_key, IO_TYPE_EXTENSION[ComputeIOType.STDOUT])
        err = self.get_captured_local_path(log_key, IO_TYPE_EXTENSION[ComputeIOType.STDERR])
        ensure_file(out)
        ensure_file(err)
        with redirect_to_file(sys.stdout, out), redirect_to_file(sys.stderr, err):
            yield CapturedLogContext(log_key)
        complete: str = self.complete_artifact_path(log_key)  # type: ignore[no-untyped-call]
        touch_file(complete)
