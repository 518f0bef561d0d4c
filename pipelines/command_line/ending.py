"""How a command's process ends: at a signal, with a closed pipe, without standard streams.

Belongs here: what must be in order before anything else is imported, so this module imports almost
nothing. Ending at once is safe: a close that dies leaves a home as it was or as it is after. What a
command keeps outside of a home lies in one folder, which goes with it however it ends.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import sys

# What a shell adds to the number of the signal that ended a command.
ENDED = 128
# How often a folder is removed into which the command still writes.
TRIES = 20
# The folder that this process keeps its temporary files in, while there is one.
_kept: list[str] = []
# The signal that is ending this process.
_ending: list[int] = []


def prepare_ending() -> None:
    """Have signals end this process quietly at once, and standard streams there, open or not."""
    _open_streams()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    # The interpreter calls a handler between two of its steps, which may be minutes apart.
    _thread.start_new_thread(_wait, (reading,))


def _end(number: int, frame: object = None) -> None:
    """End at once, without a word of what goes wrong while its folder is taken away."""
    if _kept:
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silence, stream)
        _ending.append(number)
        _remove(_kept[0])
    os._exit(ENDED + number)


def _wait(reading: int) -> None:
    while True:
        number = os.read(reading, 1)[0]
        if number in (signal.SIGINT, signal.SIGTERM):
            _end(number)


def keep_temporary_files() -> None:
    """Have everything that is temporary made in one folder of this process alone.

    Where there can be none, whoever needs one says so.
    """
    import tempfile
    from contextlib import suppress

    with suppress(OSError):
        _kept.append(tempfile.mkdtemp(prefix="upline-"))
        tempfile.tempdir = _kept[0]


def remove_temporary_files() -> None:
    """Take that folder away; a command that is being ended by a signal waits here for its end."""
    import tempfile

    while _ending:
        signal.pause()
    if _kept:
        tempfile.tempdir = None
        _remove(_kept.pop())


def _remove(folder: str) -> None:
    import shutil

    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return


def _open_streams() -> None:
    """Put nothing where a standard stream was closed, before a file of ours takes its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name) or open(number, "w", closefd=False)  # noqa: PTH123, SIM115
        setattr(sys, name, stream)
        stream.reconfigure(errors="backslashreplace")


def is_output_closed() -> bool:
    """Whether whoever read this process's output has left."""
    poll = select.poll()
    poll.register(1, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))


def end_output() -> int:
    """Write no more to an output that nobody reads, not at the end either; out: the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return ENDED + signal.SIGPIPE
