"""How a command's process ends: at a signal, with a closed pipe, without standard streams.

Belongs here: what must be in order before anything else is imported, so this module imports almost
nothing. Ending at once is safe: a close that dies leaves a home as it was or as it is after. What a
command keeps outside of a home goes with it.
"""

from __future__ import annotations

import _thread
import atexit
import os
import select
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

# What a shell adds to the number of the signal that ended a command.
ENDED = 128
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
    """End at once, without a word of what goes wrong while private folders are taken away."""
    private = sys.modules.get("pipelines.private_folders")
    folders = private.open_folders() if private is not None else []
    if private is not None and folders:
        _ending.append(number)
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silence, stream)
        for folder in folders:
            private.remove_folder(folder)
    os._exit(ENDED + number)


def _wait(reading: int) -> None:
    while True:
        number = os.read(reading, 1)[0]
        if number in (signal.SIGINT, signal.SIGTERM):
            _end(number)


def wait_for_the_end() -> None:
    """Go no further where a signal is ending this process: its exit code is the signal's."""
    while _ending:
        signal.pause()


def end_process(code: int) -> NoReturn:
    """End this process with a code, after what was asked to be done at its end.

    Modules and objects are not taken apart first: of a small month that was a tenth of a second.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody reads it, or it was closed
            code = code or ENDED + signal.SIGPIPE
    os._exit(code)


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
