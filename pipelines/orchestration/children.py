"""The processes that the UI has begun: whether they are there, and how they end.

Belongs here: those of services. A run's process is nobody's child and goes on.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

ENDING_SECONDS = 10
LOOK_SECONDS = 1.0
# Who ends all processes at once, as a machine that shuts down, has ended this one by then.
TOLD_SECONDS = 5.0


def has_ended(child: int) -> bool:
    """Whether a child has ended, which is then forgotten."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


@contextmanager
def watched(children: Mapping[int, str], lost: list[str]) -> Iterator[None]:
    """End this process, as a signal would, where a child ends that nobody has told to.

    In: what each of them does, and a list that is given what one did that has ended.
    """
    over = Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            ended = [name for child, name in children.items() if has_ended(child)]
            if ended:
                if not over.wait(TOLD_SECONDS):
                    lost.extend(ended)
                    os.kill(os.getpid(), signal.SIGTERM)
                return

    watch = Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def end_all(children: Iterable[int]) -> None:
    """End children one after the other, each first politely, and wait until it has ended.

    In: their ids, those first that ask others for something.
    """
    for child in children:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if has_ended(child):
                break
            os.kill(child, number)
            if _ends(child):
                break


def _ends(child: int) -> bool:
    for _ in range(ENDING_SECONDS * 20):
        if has_ended(child):
            return True
        time.sleep(0.05)
    return False
