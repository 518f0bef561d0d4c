"""Dagster's executor of a run: its steps in one process, some of them at the same time.

Belongs here: in which order Dagster's steps are begun and ended, in one thread, which is Dagster's.
A step is begun, its table made by another thread, and ended when that has come to something, so
that the run shows how long each took. Dagster's own in-process executor takes one after the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError, raise_execution_interrupts
from dagster._core.events import DagsterEvent, EngineEventData
from dagster._core.execution.api import ExecuteRunWithPlanIterable
from dagster._core.execution.compute_logs import create_compute_log_file_key
from dagster._core.execution.context.system import (
    PlanExecutionContext,
    PlanOrchestrationContext,
    StepExecutionContext,
)
from dagster._core.execution.context_creation_job import PlanExecutionContextManager
from dagster._core.execution.plan.active import ActiveExecution
from dagster._core.execution.plan.execute_plan import dagster_event_sequence_for_step
from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.execution.step_dependency_config import StepDependencyConfig
from dagster._utils.error import serializable_error_info_from_exc_info

from pipelines.orchestration.keys import table_of_step
from pipelines.orchestration.month import MonthResource

Events = Iterator[DagsterEvent]


@dataclass(frozen=True)
class Begun:
    """A step that has begun: the events that are still to come, and what makes its table."""

    key: str
    events: Events
    made: Future[Any]


class SideBySideExecutor(dg.Executor):
    """Takes the steps of a run in its process."""

    @property
    def retries(self) -> RetryMode:
        """No step of a month is tried again by itself."""
        return RetryMode.DISABLED

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Events:
        """Take all steps of a run; out: its events, each as it happens."""
        steps = EngineEventData.in_process(os.getpid(), execution_plan.step_keys_to_execute)
        yield DagsterEvent.engine_event(
            plan_context, f"Executing steps in process (pid: {os.getpid()})", steps
        )
        yield from ExecuteRunWithPlanIterable(
            execution_plan=plan_context.execution_plan,
            iterator=_take_all,
            execution_context_manager=PlanExecutionContextManager(
                job=plan_context.job,
                retry_mode=plan_context.retry_mode,
                execution_plan=plan_context.execution_plan,
                run_config=plan_context.run_config,
                dagster_run=plan_context.dagster_run,
                instance=plan_context.instance,
                raise_on_error=plan_context.raise_on_error,
                output_capture=plan_context.output_capture,
                step_dependency_config=StepDependencyConfig.default(),
            ),
        )
        yield DagsterEvent.engine_event(
            plan_context, f"Finished steps in process (pid: {os.getpid()})", steps
        )


def _take_all(job_context: PlanExecutionContext, execution_plan: ExecutionPlan) -> Events:
    """Take the steps of a plan, those that do not need each other at the same time."""
    with (
        InstanceConcurrencyContext(job_context.instance, job_context.dagster_run) as limits,
        execution_plan.start(
            retry_mode=job_context.retry_mode,
            instance_concurrency_context=limits,
            step_dependency_config=job_context.step_dependency_config,
        ) as active,
        ExitStack() as stack,
    ):
        yield _capture(stack, job_context, execution_plan)
        steps = Steps(job_context, active)
        while not active.is_complete:
            yield from steps.begin_what_is_ready()
            yield from steps.end_the_next()


def _capture(stack: ExitStack, context: PlanExecutionContext, plan: ExecutionPlan) -> DagsterEvent:
    """Keep what the process prints in the run's files; out: the event that says where, or why not:
    no run fails by that."""
    logs = context.instance.compute_log_manager
    name: str = create_compute_log_file_key()  # type: ignore[no-untyped-call]
    key = logs.build_log_key_for_run(context.run_id, name)
    steps = [step.key for step in plan.get_steps_to_execute_in_topo_order()]
    try:
        captured = stack.enter_context(logs.capture_logs(key))
    except OSError:
        why = EngineEventData(error=serializable_error_info_from_exc_info(sys.exc_info()))
        return DagsterEvent.engine_event(context, "What this run prints is not kept", why)
    told: DagsterEvent = DagsterEvent.capture_logs(context, steps, key, captured)
    return told


class Steps:
    """The steps of a run: what has begun, and what waits to be taken alone."""

    def __init__(self, context: PlanExecutionContext, active: ActiveExecution) -> None:
        self._context, self._active = context, active
        self._begun: list[Begun] = []
        self._alone: StepExecutionContext | None = None
        self._at_once = 1

    def begin_what_is_ready(self) -> Events:
        """Begin as many steps as may be, up to one whose table no thread makes."""
        while self._alone is None and len(self._begun) < self._at_once:
            step = None if self._active.is_complete else self._active.get_next_step()
            yield from self._active.concurrency_event_iterator(self._context)
            if step is None:
                return
            context = self._context.for_step(step, self._active.get_known_state())
            made = self._begin(context)
            if made is None:
                self._alone = context
                return
            events = dagster_event_sequence_for_step(context)
            for event in events:
                yield from self._handled(event)
                if event.is_step_start:
                    break
            self._begun.append(Begun(step.key, events, made))

    def _begin(self, context: StepExecutionContext) -> Future[Any] | None:
        """Have a step's table made by a thread of the run's month, where it has one."""
        month = getattr(context.resources, "month", None)
        if not isinstance(month, MonthResource):
            return None
        self._at_once = month.steps_at_once
        return month.begin(table_of_step(context.step.key))

    def end_the_next(self) -> Events:
        """End the next step whose table has been made, or failed to be; after all those, take the
        one that is taken alone: it may write reports, or close the month's file."""
        if self._begun:
            yield from self._wait()
            ended = next(each for each in self._begun if each.made.done())
            self._begun.remove(ended)
            yield from self._ended(ended.key, ended.events)
        elif self._alone is not None:
            context, self._alone = self._alone, None
            yield from self._ended(context.step.key, dagster_event_sequence_for_step(context))
        elif not self._active.is_complete:
            self._active.sleep_til_ready()

    def _wait(self) -> Events:
        """Wait until something has been made; what has begun ends when the run is terminated."""
        try:
            with raise_execution_interrupts():
                wait([each.made for each in self._begun], return_when=FIRST_COMPLETED)
        except DagsterExecutionInterruptedError as error:
            for each in self._begun:
                yield from self._interrupted(each, error)
            raise

    def _ended(self, key: str, events: Events) -> Events:
        """The rest of a step's events, and those of steps that cannot be taken without it."""
        for event in events:
            yield from self._handled(event)
        self._active.verify_complete(self._context, key)
        yield from self._active.plan_events_iterator(self._context)

    def _interrupted(self, begun: Begun, error: DagsterExecutionInterruptedError) -> Events:
        """What a step tells that is ended from outside, as when somebody terminates its run."""
        with suppress(DagsterExecutionInterruptedError):
            for event in _thrown(begun.events, error):
                yield from self._handled(event)

    def _handled(self, event: DagsterEvent) -> Events:
        yield event
        self._active.handle_event(event)


def _thrown(events: Events, error: BaseException) -> Events:
    """What comes of events once an error is raised where they are waited for."""
    assert isinstance(events, Generator)
    yield events.throw(error)
    yield from events


@dg.executor(name="side_by_side")
def side_by_side_executor(_: dg.InitExecutorContext) -> SideBySideExecutor:
    """All steps in the run's process; those that make tables, two at a time on two cores."""
    return SideBySideExecutor()
