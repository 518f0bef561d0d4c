"""What a command keeps outside of a home goes with it, however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_book import write_book
from upline_command import COMMAND, contents

pytestmark = pytest.mark.long

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder in which the machine keeps temporary files."""
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def start(own: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a command whose temporary files lie in a folder of the test."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=os.environ | {"TMPDIR": str(own)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def interrupt(process: subprocess.Popen[str], own: Path, number: signal.Signals) -> tuple[int, str]:
    """Interrupt a command once it keeps something of its own; out: code and words."""
    while process.poll() is None and not list(own.glob("upline-*")):
        time.sleep(0.002)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    return process.returncode, err


@pytest.mark.first(2)
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("command", ["check", "verify", "simulate"])
def test_a_command_that_is_interrupted_leaves_nothing(
    command: str, number: signal.Signals, three_months: Path, own: Path, tmp_path: Path
) -> None:
    shutil.copytree(three_months, tmp_path / "mine", symlinks=True)
    book, home = tmp_path / "mine" / "book", tmp_path / "mine" / "home"
    before = contents(tmp_path / "mine")
    told: dict[str, list[str | Path]] = {
        "check": ["2020-03", "--book", book],
        "verify": ["--book", book, "--home", home],
        "simulate": ["--book", book, "--home", home, "--policy", book / "policy.toml",
                     "--through", "2020-03", "--to", tmp_path / "simulated"],
    }  # fmt: skip
    process = start(own, command, *told[command])
    code, err = interrupt(process, own, number)
    said = [line for line in err.splitlines() if not line.endswith("compared")]
    assert (code, said) == (SIGNALS[number], [])
    assert list(own.iterdir()) == []
    assert contents(tmp_path / "mine") == before


def test_nothing_is_left_by_a_command_that_ends_by_itself(own: Path, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    for month, code in (("2020-01", 0), ("2020-02", 2)):
        process = start(own, "check", month, "--book", book)
        process.communicate(timeout=120)
        assert process.returncode == code
        assert list(own.iterdir()) == []


def test_a_command_that_needs_none_does_without(tmp_path: Path) -> None:
    """Of a machine on which no temporary folder can be made at all."""
    program = (
        "import tempfile\n"
        "def refuse(*given, **named): raise OSError(28, 'No space left on device')\n"
        "tempfile.gettempdir = refuse\n"
        "from pipelines.command_line import main\n"
        "import sys; sys.argv = ['upline', *sys.argv[1:]]\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", program, "describe", "orders"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stderr == "" and "order_id" in done.stdout
    done = subprocess.run(
        [COMMAND[0], "-c", program, "check", "2020-01", "--book", write_book(tmp_path / "book")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("upline: failed: ")
