"""Steps that do not need each other are taken at the same time, and it makes no difference."""

from __future__ import annotations

import threading
from itertools import count
from pathlib import Path

import pytest
from conftest import SAMPLE
from hypothesis import given
from hypothesis import strategies as st

from pipelines.closing import month_tables
from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.engines.side_by_side import take_side_by_side
from pipelines.months import Month

Needs = dict[str, frozenset[str]]


@st.composite
def graphs(draw: st.DrawFn) -> Needs:
    """Steps in an order in which each needs some of those before it, as a plan has them."""
    steps = [f"step {number}" for number in range(draw(st.integers(0, 9)))]
    direct: Needs = {}
    for place, step in enumerate(steps):
        chosen = draw(st.frozensets(st.sampled_from(steps[:place]))) if place else frozenset()
        direct[step] = chosen.union(*(direct[each] for each in chosen))
    return direct


@given(graphs(), st.integers(1, 4))
def test_each_step_is_taken_once_and_after_what_it_needs(needs: Needs, hands: int) -> None:
    taken: list[str] = []
    early: list[str] = []

    def take(hand: int, step: str) -> str:
        if not needs[step] <= {*taken}:
            early.append(step)
        taken.append(step)
        return step.upper()

    made = take_side_by_side(needs, take, range(hands))
    assert (early, sorted(taken)) == ([], sorted(needs))
    assert made == {step: step.upper() for step in needs}


@given(graphs(), st.data(), st.integers(1, 4))
def test_what_fails_is_told_as_if_all_were_taken_in_order(
    needs: Needs, data: st.DataObject, hands: int
) -> None:
    failing = data.draw(st.frozensets(st.sampled_from(list(needs) or ["none"])))
    begun: list[str] = []

    def take(hand: int, step: str) -> None:
        begun.append(step)
        if step in failing:
            raise ValueError(step)

    first = next((step for step in needs if step in failing), None)
    if first is None:
        take_side_by_side(needs, take, range(hands))
        return
    with pytest.raises(ValueError, match=f"^{first}$"):
        take_side_by_side(needs, take, range(hands))
    before = [step for step in needs if step <= first]
    assert {*before} <= {*begun}


def test_nothing_is_begun_after_a_step_that_failed() -> None:
    needs: Needs = {"a": frozenset(), "b": frozenset(), "c": frozenset(), "d": frozenset()}
    has_failed, begun = threading.Event(), []

    def take(hand: int, step: str) -> None:
        begun.append(step)
        if step == "a":
            has_failed.set()
            raise ValueError(step)
        has_failed.wait(10)

    with pytest.raises(ValueError, match="a"):
        take_side_by_side(needs, take, range(2))
    assert "d" not in begun


def test_steps_that_do_not_need_each_other_are_taken_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)
    needs: Needs = {"a": frozenset(), "b": frozenset()}
    met = take_side_by_side(needs, lambda hand, step: both.wait() >= 0, range(2))
    assert met == {"a": True, "b": True}


def test_no_hand_takes_two_steps_at_once() -> None:
    needs: Needs = {f"step {number}": frozenset() for number in range(40)}
    busy = [threading.Lock() for _ in range(3)]
    clash: list[str] = []

    def take(hand: threading.Lock, step: str) -> None:
        if not hand.acquire(blocking=False):
            clash.append(step)
            return
        hand.release()

    take_side_by_side(needs, take, busy)
    assert clash == []


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_month_taken_step_by_step_has_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = count()

    def one_by_one(needs: Needs, take: object, hands: list[object]) -> dict[str, object]:
        next(steps)
        return take_side_by_side(needs, take, hands[:1])  # type: ignore[arg-type]

    months = []
    for name in ("beside", "one by one"):
        home = Home(tmp_path / name)
        months.append(close_months(SAMPLE, home, Month("2020-01"), False, lambda text: None))
        monkeypatch.setattr(month_tables, "take_side_by_side", one_by_one)
    assert next(steps) == 2
    assert files_of(months[0]) == files_of(months[1])
