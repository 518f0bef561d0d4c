"""The long soak: closes that die, disks that fill, and spoiled books, more of each than tests take.

    make soak SOAK="--kills 500 --disks 50 --inputs 1112 --seed 7"

prints what was tried of each kind and how much of it was lost: 0, or the exit code is 1. Belongs
here: the counting; how a close dies is in `deaths`, how a book is spoiled in `fuzz_inputs`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from deaths import (
    KILLED,
    check_as_before,
    check_half_way,
    check_reports_as_before,
    check_whole,
    dying_closes,
    mounted,
    named_points,
    split_at_commit,
)
from fuzz_inputs import run_inputs
from fuzz_spoilers import KINDS
from three_months import months_published, write_three_months
from upline_command import close, contents, finish, start_close, what_is_kept


class Homes:
    """January closed and all three months closed, to copy from and to compare with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.january = folder, folder / "january"
        book = write_three_months(self.january / "book")
        assert close("2020-01", book, self.january / "home").code == 0
        assert close("2020-03", book, folder / "whole", "--through").code == 0
        self.whole = contents(folder / "whole" / "reports")
        self.before = what_is_kept(self.january / "home")
        uncommitted, committed = split_at_commit(named_points(self.january, folder / "points"))
        self.points = uncommitted + committed
        self.committed = set(committed)

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """A copy of January, gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            yield Path(shutil.copytree(self.january, Path(name) / "mine", symlinks=True))


def die_at_a_point(homes: Homes, point: str) -> None:
    """Kill February's close at a named point, look at the home, and close to the end."""
    with homes.copied() as mine:
        with dying_closes(mine) as die:
            assert die(f"at {point}") == KILLED, point
        if point in homes.committed:
            assert months_published(mine / "home") == ["2020-01", "2020-02"], point
        else:
            check_reports_as_before(mine, homes.before, point)
            check_as_before(mine, homes.before)
        check_whole(mine, homes.whole)


def die_after_a_while(homes: Homes, chance: random.Random) -> None:
    """Kill closes of all months at random times, five on one home, and close to the end."""
    with tempfile.TemporaryDirectory(dir=homes.folder) as name:
        mine = Path(name)
        write_three_months(mine / "book")
        with dying_closes(mine, "2020-03") as die:
            for _ in range(5):
                die(f"after {chance.uniform(0.05, 3)}")
                check_half_way(mine / "home", homes.whole)
        check_whole(mine, homes.whole)


def fill_the_disk(homes: Homes, chance: random.Random) -> None:
    """Close February on a disk with little room, make room, and close to the end."""
    with (
        tempfile.TemporaryDirectory(dir=homes.folder) as name,
        mounted(Path(name) / "disk", "size=300m") as disk,
    ):
        shutil.copytree(homes.january / "home", disk / "home", symlinks=True)
        status, room = os.statvfs(disk), int(10 ** chance.uniform(3, 7.5))
        (disk / "ballast").write_bytes(bytes(max(0, status.f_bavail * status.f_bsize - room)))
        found = finish(start_close("2020-02", homes.january / "book", disk / "home"))
        (disk / "ballast").unlink()
        assert found.code == 0 or found.err.count("\n") == 1, found.err
        if found.code:
            months_published(disk / "home")
        shutil.copytree(homes.january / "book", disk / "book")
        check_whole(disk, homes.whole)


def count(name: str, tries: list[Callable[[], None]]) -> int:
    """Run every try; out: how many lost something, each of them told."""
    start, lost = time.monotonic(), 0
    for number, each in enumerate(tries):
        try:
            each()
        except AssertionError as error:
            lost += 1
            at = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(at.filename).name}:{at.lineno}: {at.line}"
            print(f"  {number}: {where} {str(error)[:300]}", flush=True)
    seconds = time.monotonic() - start
    print(f"{name:32} {len(tries):6} tried {lost:6} lost   {seconds:.0f} s", flush=True)
    return lost


def count_deaths(folder: Path, kills: int, disks: int, seed: int) -> int:
    """Half of the kills at the named points, in a random order, half at random times."""
    homes, chance = Homes(folder), random.Random(seed)
    points = chance.sample(homes.points, len(homes.points))
    named = [points[number % len(points)] for number in range(kills - kills // 2)]
    at_random = [random.Random(f"{seed} {number}") for number in range(kills // 10)]
    filled = [random.Random(f"{seed} disk {number}") for number in range(disks)]
    lost = count("killed at named points", [partial(die_at_a_point, homes, p) for p in named])
    lost += count(
        "killed at random times, by five", [partial(die_after_a_while, homes, c) for c in at_random]
    )
    try:
        lost += count("disks that filled", [partial(fill_the_disk, homes, c) for c in filled])
    except pytest.skip.Exception as error:
        print(f"disks that filled: not tried, {error}")
    return lost


def count_inputs(inputs: int, seed: int) -> int:
    """So many spoiled books of each kind; out: how many broke the command."""
    lost = 0
    for kind in KINDS if inputs else ():
        counts, broken = run_inputs([kind], inputs, seed)
        lost += len(broken)
        print(f"{kind:32} {counts[kind, 0]:6} loaded {counts[kind, 2]:6} stopped "
              f"{len(broken):6} broken", flush=True)  # fmt: skip
        for told in broken[:5]:
            print(f"  {told[:600]}", flush=True)
    return lost


def main() -> int:
    """Run from the command line; out: 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=60, help="closes killed (60)")
    parser.add_argument("--disks", type=int, default=10, help="closes on a full disk (10)")
    parser.add_argument("--inputs", type=int, default=20, help="spoiled books of each kind (20)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other tries (1)")
    chosen = parser.parse_args()
    lost = 0
    if chosen.kills or chosen.disks:
        with tempfile.TemporaryDirectory(prefix="upline-soak-") as name:
            lost = count_deaths(Path(name), chosen.kills, chosen.disks, chosen.seed)
    lost += count_inputs(chosen.inputs, chosen.seed)
    print(f"{lost} lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
