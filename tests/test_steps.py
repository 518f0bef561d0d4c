"""A month is sealed only from figures that were all computed from one state of its inputs.

Belongs here: Dagster driving some steps, or some again, after inputs have changed; what is refused
is named. That all steps together give the command line's bytes is in test_dagster.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import dagster as dg
import pytest
from small_book import drop, row, write_book, write_files
from upline_command import close, contents

from pipelines.orchestration.definitions import define

pytestmark = pytest.mark.long

MEMBERS = [row("members"), row("members", member_id="M2", sponsor_id="M1")]
MOVED = [row("members"), row("members", member_id="M2")]
ORDERS = [row("orders"), row("orders", order_id="O2", seller_id="M2", bv="35.00")]
BAD = "order_id\n"


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a book's month as the command line closes it in one piece."""
    folder = tmp_path_factory.mktemp("straight")
    book = write_book(folder / "book", drop(members=MEMBERS, orders=ORDERS))
    assert close("2020-01", book, folder / "home").code == 0
    return folder / "home" / "reports" / "2020-01"


class Dagster:
    """The real definitions over a book and home, and the runs of one month."""

    def __init__(self, folder: Path) -> None:
        self.book, self.home = folder / "book", folder / "home"
        write_book(self.book, drop(members=MEMBERS, orders=ORDERS))

    def put(self, name: str, content: str | bytes) -> None:
        write_files(self.book / "2020-01", {name: content})

    def run(self, selection: dg.AssetSelection) -> tuple[bool, str]:
        """Materialize some assets; out: whether all were made, and why not."""
        job = dg.define_asset_job("some", selection, executor_def=dg.in_process_executor)
        found = define(self.book, self.home)
        defs = dg.Definitions(assets=found.assets, jobs=[job], resources=found.resources)
        with dg.DagsterInstance.ephemeral() as instance:
            result = defs.resolve_job_def("some").execute_in_process(
                partition_key="2020-01", instance=instance, raise_on_error=False
            )
        failures = [event for event in result.all_events if event.is_failure]
        return result.success, "\n".join(str(event.event_specific_data) for event in failures)

    @property
    def reports(self) -> Path:
        return self.home / "reports" / "2020-01"


@pytest.fixture
def dagster(tmp_path: Path) -> Dagster:
    return Dagster(tmp_path)


ALL = dg.AssetSelection.all()
SEAL = dg.AssetSelection.assets("month/seal")
REPORTS = dg.AssetSelection.assets("month/reports")
MEMBERS_LOADED = dg.AssetSelection.assets("extracts/members")


def below(key: str) -> dg.AssetSelection:
    """An asset and everything that reads it, as Dagster's "From failure" takes it up again."""
    return dg.AssetSelection.assets(key).downstream()


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_run_taken_up_again_after_another_input_has_changed_is_refused(dagster: Dagster) -> None:
    good = (dagster.book / "2020-01" / "orders.csv").read_text()
    dagster.put("orders.csv", BAD)
    assert not dagster.run(ALL)[0]
    dagster.put("orders.csv", good)
    dagster.put("members.csv", drop(members=MOVED)["members.csv"])
    done, told = dagster.run(below("extracts/orders"))
    assert not done and "extracts/members has been made from other inputs" in told
    assert not dagster.reports.exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_run_taken_up_again_goes_on_where_nothing_else_has_changed(
    dagster: Dagster, straight: Path
) -> None:
    good = (dagster.book / "2020-01" / "orders.csv").read_text()
    dagster.put("orders.csv", BAD)
    assert not dagster.run(ALL)[0]
    dagster.put("orders.csv", good)
    done, told = dagster.run(ALL - MEMBERS_LOADED)
    assert done, told
    assert contents(dagster.reports) == contents(straight)


@pytest.mark.long
def test_some_groups_alone_are_refused(dagster: Dagster) -> None:
    groups = dg.AssetSelection.groups("extracts", "book", "finance", "month")
    done, told = dagster.run(groups)
    assert not done and "referral/" in told and "not been made for this month" in told
    assert not dagster.reports.exists()


@pytest.mark.parametrize(
    "selection", [REPORTS, SEAL, REPORTS | SEAL], ids=["reports", "seal", "both"]
)
def test_the_last_steps_alone_are_refused(dagster: Dagster, selection: dg.AssetSelection) -> None:
    done, told = dagster.run(selection)
    assert not done
    assert re.search(r"cannot be made: extracts/members and \d+ more have not been made", told)
    assert "FileNotFound" not in told and "Catalog" not in told
    assert not dagster.home.joinpath("reports").exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_reports_of_inputs_that_have_changed_since_are_refused(dagster: Dagster) -> None:
    assert dagster.run(ALL - REPORTS - SEAL)[0]
    dagster.put("orders.csv", drop(orders=[row("orders", bv="30.00")])["orders.csv"])
    done, told = dagster.run(REPORTS | SEAL)
    assert not done and "extracts/orders" in told and "made from other inputs" in told
    assert not dagster.reports.exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_seal_over_reports_of_other_inputs_is_refused(dagster: Dagster) -> None:
    assert dagster.run(ALL - SEAL)[0]
    policy = (dagster.book / "policy.toml").read_text()
    (dagster.book / "policy.toml").write_text(
        policy.replace("[returns]", "[returns]\nran_days = 9")
    )
    done, told = dagster.run(SEAL)
    assert not done and "book/policy" in told and "made from other inputs" in told
    assert not dagster.reports.exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_reports_that_are_not_as_they_were_written_are_not_sealed(dagster: Dagster) -> None:
    assert dagster.run(ALL - SEAL)[0]
    staged = dagster.home / "work" / "close-2020-01"
    path = staged / "finance" / "statements.csv"
    path.write_text(path.read_text() + "M9,1.00\n")
    done, told = dagster.run(SEAL)
    assert not done and "are not as they were written" in told
    shutil.rmtree(staged)
    done, told = dagster.run(SEAL)
    assert not done and "have not been written" in told
    assert not dagster.reports.exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_steps_taken_in_pieces_from_one_state_give_the_same_month(
    dagster: Dagster, straight: Path
) -> None:
    for selection in (ALL - REPORTS - SEAL, REPORTS, SEAL):
        done, told = dagster.run(selection)
        assert done, told
    assert contents(dagster.reports) == contents(straight)
    assert json.loads((dagster.reports / "seal.json").read_text())["previous_seal"] is None


@pytest.mark.exhaustive
@pytest.mark.long
def test_what_changes_nothing_makes_no_step_stale(dagster: Dagster, straight: Path) -> None:
    assert dagster.run(ALL - REPORTS - SEAL)[0]
    policy, calendar = dagster.book / "policy.toml", dagster.book / "calendar.csv"
    policy.write_text("# of this year\n" + policy.read_text())
    calendar.write_text(
        calendar.read_text() + "2020-04,2020-03-30,2020-04-26,2020-05-04,2020-05-31\n"
    )
    write_files(dagster.book / "2020-02", drop())
    done, told = dagster.run(REPORTS | SEAL)
    assert done, told
    assert contents(dagster.reports) == contents(straight)


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_policy_figure_makes_what_reads_it_stale_and_no_extract(dagster: Dagster) -> None:
    assert dagster.run(ALL - REPORTS - SEAL)[0]
    policy = dagster.book / "policy.toml"
    policy.write_text(policy.read_text().replace("[returns]", "[returns]\nran_days = 9"))
    done, told = dagster.run(ALL - dg.AssetSelection.groups("extracts"))
    assert done, told


@pytest.mark.exhaustive
@pytest.mark.long
def test_the_command_line_makes_all_of_a_month_that_dagster_began(
    dagster: Dagster, straight: Path
) -> None:
    dagster.put("members.csv", drop(members=MOVED)["members.csv"])
    assert dagster.run(ALL - SEAL)[0]
    dagster.put("members.csv", drop(members=MEMBERS)["members.csv"])
    assert close("2020-01", dagster.book, dagster.home).code == 0
    assert contents(dagster.reports) == contents(straight)
