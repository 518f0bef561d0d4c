"""Renew the golden reports: `python tests/renew_golden.py`; read the difference before you land."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from conftest import SAMPLE, close_quietly
from test_golden import GOLDEN, MONTH, renew

with tempfile.TemporaryDirectory() as folder:
    close_quietly(SAMPLE, Path(folder) / "home", MONTH)
    shutil.rmtree(GOLDEN, ignore_errors=True)
    renew(Path(folder) / "home" / "reports")
