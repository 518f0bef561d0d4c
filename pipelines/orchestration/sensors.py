"""What the desk does by itself: it follows the home, tries a month, and closes it at night.

Belongs here: when something is done. Only following the home is on from the start; the others are
switched on in the UI by whoever wants them. The time is an argument.
"""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.book.drops import Book, open_book
from pipelines.closing.inputs import digest_value, see_drop
from pipelines.months import Month
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.history import is_at_rest, keep_history
from pipelines.orchestration.month_list import list_months
from pipelines.orchestration.month_status import READY, waits_for, waits_for_a_person
from pipelines.stop import Stop

Clock = Callable[[], float]
Job = UnresolvedAssetJobDefinition
# How long nothing of a drop may have changed before it is taken for complete.
QUIET_SECONDS = 600
NIGHTLY = "0 5 * * *"


def home_sensor(desk: Desk, clock: Clock) -> dg.SensorDefinition:
    """Follows book and home: drops that come, months closed or reopened by the command line."""

    @dg.sensor(
        name="follow_the_home",
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Adds a month when its drop comes; notes months that the command line has "
        "closed, and takes back those that were reopened; tells month/status anew.",
    )
    def follow(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        if not is_at_rest(desk.home):
            return dg.SkipReason("a command or run is at work on the home; it is followed after it")
        try:
            told = keep_history(desk, context.instance, clock())
        except (Stop, OSError) as error:
            return dg.SkipReason(f"cannot be read now: {error}")
        return dg.SkipReason("; ".join(told) or "nothing has changed")

    return follow


def next_month(desk: Desk) -> tuple[Book, Month] | str:
    """The first open month and its book, once it waits for nothing but its close; else why not."""
    sealed = desk.home.sealed_months()
    month = next((each for each in list_months(desk.book, desk.home) if each not in sealed), None)
    if month is None:
        return "every month that has a drop is closed"
    book = open_book(desk.book, month)
    waits = waits_for(desk.book, desk.home, month, sealed)
    return (book, month) if waits in READY else f"{month} waits for {waits}"


def state_of_drop(folder: Path) -> tuple[str, float]:
    """What tells a drop from itself once any file of it was touched, and when that was."""
    seen = see_drop(folder)
    identities = {**seen.files, "": seen.itself}
    return digest_value(identities), max(each[-1] for each in identities.values()) / 1e9


def trial_sensor(desk: Desk, trial: Job, clock: Clock) -> dg.SensorDefinition:
    """Tries the next month once its drop is complete and has not changed for a while."""

    @dg.sensor(
        name="try_a_complete_drop",
        job=trial,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=f"Tries the next month when its drop has every table that a close asks for and "
        f"has not changed for {QUIET_SECONDS // 60} minutes; again when it changes.",
    )
    def try_drop(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            found = next_month(desk)
            if isinstance(found, str):
                return dg.SkipReason(found)
            _, month = found
            state, changed_at = state_of_drop(desk.book / month.text)
        except (Stop, OSError) as error:
            return dg.SkipReason(f"cannot be read now: {error}")
        if clock() - changed_at < QUIET_SECONDS:
            return dg.SkipReason(f"{month}: waiting until its drop is left alone")
        return dg.RunRequest(run_key=f"{month}-{state}", partition_key=month.text)

    return try_drop


def close_schedule(desk: Desk, close: Job, clock: Clock) -> dg.ScheduleDefinition:
    """Closes the next month at night, unless the policy leaves that to people."""

    @dg.schedule(
        name="close_at_night",
        job=close,
        cron_schedule=NIGHTLY,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="Closes the next month whose drop is complete, at 05:00. With [sign_off] in "
        "the policy it closes nothing: it says which month waits for a person.",
    )
    def close_at_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            found = next_month(desk)
            if isinstance(found, str):
                return dg.SkipReason(found)
            book, month = found
            _, changed_at = state_of_drop(desk.book / month.text)
        except (Stop, OSError) as error:
            return dg.SkipReason(f"cannot be read now: {error}")
        if clock() - changed_at < QUIET_SECONDS:
            return dg.SkipReason(f"{month}: its drop was changed just now")
        if waits_for_a_person(book):
            return dg.SkipReason(
                f"{month} waits for a person: the policy has [sign_off]; look at its trial, then "
                f"launch the job close for it"
            )
        return dg.RunRequest(run_key=None, partition_key=month.text)

    return close_at_night
