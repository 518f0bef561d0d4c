"""How a command ends when it is interrupted, or when nobody reads what it says.

Belongs here: exit codes and silence of real processes. What the home holds then is in test_deaths.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_book import drop, row, write_files
from three_months import MEMBERS
from upline_command import COMMAND, close, contents, start_close, upline

# Within the run of a close, as parts of it.
TIMES = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Wait until the process has taken its signals: before that the interpreter itself starts."""
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        caught = re.search(r"SigCgt:\s*([0-9a-f]+)", status)
        if caught and int(caught[1], 16) & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.001)


def interrupt(mine: Path, number: signal.Signals, delay: float) -> tuple[int, str]:
    """Close, and be interrupted so long after the command has begun; out: code and words."""
    process = start_close("2020-03", mine / "book", mine / "home", "--through")
    wait_until_ready(process)
    time.sleep(delay)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    return process.returncode, err


@pytest.fixture
def whole(mine: Path, tmp_path: Path) -> float:
    """How long a whole close of February and March takes."""
    start = time.monotonic()
    process = start_close("2020-03", mine / "book", tmp_path / "timed", "--through")
    process.communicate()
    return time.monotonic() - start


def check_quiet(found: list[tuple[int, str]], number: signal.Signals) -> None:
    """Each was ended by the signal, or was done before; none said anything."""
    assert {outcome for outcome in found if outcome != (0, "")} == {(SIGNALS[number], "")}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_during_imports_and_at_the_start_ends_a_command_quietly(
    mine: Path, number: signal.Signals
) -> None:
    check_quiet([interrupt(mine, number, delay) for delay in (0, 0.02, 0.2)], number)


@pytest.mark.exhaustive
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_command_quietly(mine: Path, whole: float, number: signal.Signals) -> None:
    chance = random.Random(number)
    delays = [part * whole for part in TIMES] + [chance.uniform(0, 0.1) for _ in range(4)]
    found = [interrupt(mine, number, delay) for delay in delays]
    check_quiet(found, number)


@pytest.mark.exhaustive
def test_a_home_is_whole_however_often_it_was_interrupted(
    mine: Path, three_months: Path, whole: float
) -> None:
    chance = random.Random(36)
    for _ in range(24):
        code, err = interrupt(mine, signal.SIGINT, chance.uniform(0, 0.8) * whole)
        # Python that has not come to run a line yet ends by the signal itself: 130 in a shell too.
        assert code in (0, 130, -signal.SIGINT) and err == ""
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_signal_that_is_ignored_stays_ignored(mine: Path) -> None:
    told = [*COMMAND, "close", "2020-02", "--book", mine / "book", "--home", mine / "home"]
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *map(str, told)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until_ready(process)
    process.send_signal(signal.SIGINT)
    assert process.communicate()[1] == "" and process.returncode == 0


def in_a_shell(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command under bash, as `"$@"` in the script."""
    told = [*COMMAND, *map(str, arguments)]
    return subprocess.run(["bash", "-c", script, "bash", *told], capture_output=True, text=True)


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_change_nothing_of_a_good_close(mine: Path, redirection: str) -> None:
    found = in_a_shell(
        f'"$@" {redirection}', "close", "2020-02", "--book", mine / "book", "--home", mine / "home"
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert (mine / "home" / "reports" / "2020-02" / "seal.json").is_file()


@pytest.mark.long
def test_closed_streams_change_no_code_of_a_stop(mine: Path) -> None:
    arguments = ("close", "2020-03", "--book", mine / "book", "--home", mine / "home")
    assert in_a_shell('"$@" >&- 2>&-', *arguments).returncode == 2


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("arguments", [["check", "2020-02", "--json"], ["check", "2020-02"]])
def test_a_reader_who_has_left_ends_a_command_quietly(mine: Path, arguments: list[str]) -> None:
    write_files(
        mine / "book" / "2020-02", drop(members=MEMBERS, holds=[row("holds", kind="?")] * 3)
    )
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [*COMMAND, *arguments, "--book", str(mine / "book")],
        stdout=writing, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(writing)
    assert (process.returncode, process.stderr) == (141, "")


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_reader_who_leaves_during_a_close_ends_it_quietly(mine: Path, january: Path) -> None:
    process = start_close("2020-03", mine / "book", mine / "home", "--through")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None and process.stderr.read() == ""
    assert process.wait() == 141
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0


def test_no_name_plays_tricks_on_the_terminal(tmp_path: Path) -> None:
    found = upline("check", "2020-01", "--book", tmp_path / "a\x1b[2J\nb\udcff")
    assert found.code == 2 and found.err.count("\n") == 1
    assert found.err.removesuffix("\n").isprintable()
