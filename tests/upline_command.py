"""The command `upline`, and what a home holds, for tests.

In this process where nothing else is at stake, which is quick; as a process of its own where it
dies, waits, or meets another one.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from pipelines.command_line import main

COMMAND = [sys.executable, "-m", "pipelines.command_line"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def start_upline(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a command and do not wait for it."""
    told = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str], seconds: int = 300) -> Outcome:
    """Wait for a command's end."""
    out, err = process.communicate(timeout=seconds)
    return Outcome(process.returncode, out, err)


def upline(*arguments: str | Path) -> Outcome:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def close(month: str, book: Path, home: Path, *more: str) -> Outcome:
    """Run `upline close`."""
    return upline("close", month, "--book", book, "--home", home, *more)


def start_close(month: str, book: Path, home: Path, *more: str) -> subprocess.Popen[str]:
    """Start `upline close` and do not wait for it."""
    return start_upline("close", month, "--book", book, "--home", home, *more)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder with its bytes; nothing where there is no folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def what_is_kept(home: Path) -> dict[str, bytes]:
    """What a home is kept for: the reports, the trials and the published warehouse."""
    return {name: data for name, data in contents(home).items() if not name.startswith("work/")}
