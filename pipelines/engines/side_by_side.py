"""Steps taken at the same time, as far as they do not need each other.

Belongs here: which step is taken next, and what of several failures is told. What a step does is
the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import takewhile
from typing import TypeVar

Worker = TypeVar("Worker")
Made = TypeVar("Made")


def take_side_by_side(
    needs: Mapping[str, frozenset[str]],
    take: Callable[[Worker, str], Made],
    workers: Sequence[Worker],
) -> dict[str, Made]:
    """Take every step, each when all that it needs has been taken, as many at once as workers.

    In: the steps in the order in which one worker takes them, with what each needs of the others;
    what takes one, in a thread of its own but where there is one worker; the workers. Out: what
    each step came to. What is raised is what the first in that order raises that fails, as if they
    had been taken one by one: those before it are taken, and no later one is begun any more.
    """
    if len(workers) == 1:
        return {step: take(workers[0], step) for step in needs}
    made: dict[str, Made] = {}
    failed: dict[str, BaseException] = {}
    left, free = dict.fromkeys(needs), list(workers)
    running: dict[Future[Made], tuple[str, Worker]] = {}
    with ThreadPoolExecutor(len(workers)) as threads:
        while True:
            for step in _ready(needs, left, made, failed)[: len(free)]:
                del left[step]
                worker = free.pop()
                running[threads.submit(take, worker, step)] = step, worker
            if not running:
                break
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                step, worker = running.pop(ended)
                free.append(worker)
                error = ended.exception()
                if error is None:
                    made[step] = ended.result()
                else:
                    failed[step] = error
    for step in needs:
        if step in failed:
            raise failed[step]
    return made


def _ready(
    needs: Mapping[str, frozenset[str]],
    left: Container[str],
    made: Mapping[str, object],
    failed: Container[str],
) -> list[str]:
    """The steps that can be taken now; of those after one that failed, none."""
    before = takewhile(lambda step: step not in failed, needs)
    return [step for step in before if step in left and needs[step] <= made.keys()]
