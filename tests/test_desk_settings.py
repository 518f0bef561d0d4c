"""The home's dagster.yaml: what somebody has put there stays, what is missing is added."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path

import pytest
import yaml

from pipelines import SELDOM
from pipelines.orchestration.settings import NAME, add_missing, our_settings, settle_settings
from pipelines.stop import Stop

OURS = our_settings()
POSTGRES = """\
# Our database.
storage:
  postgres:
    postgres_url:
      env: UPLINE_HISTORY
"""


def test_a_home_without_settings_gets_ours(tmp_path: Path) -> None:
    settle_settings(tmp_path)
    assert (tmp_path / NAME).read_text() == OURS


def test_settings_that_are_there_stay_with_their_comments_and_the_rest_is_added(
    tmp_path: Path,
) -> None:
    (tmp_path / NAME).write_text(POSTGRES)
    settle_settings(tmp_path)
    text = (tmp_path / NAME).read_text()
    found, ours = yaml.safe_load(text), yaml.safe_load(OURS)
    assert text.startswith(POSTGRES)
    assert found == ours | {"storage": yaml.safe_load(POSTGRES)["storage"]}
    settle_settings(tmp_path)
    assert (tmp_path / NAME).read_text() == text


@pytest.mark.parametrize(
    ("own", "left_out"),
    [
        ("run_storage: {module: a, class: b}\n", "storage"),
        ("run_queue: {max_concurrent_runs: 1}\n", "run_coordinator"),
        ("telemetry: {enabled: true}\n", None),
    ],
)
def test_sections_that_exclude_each_other_are_not_added(own: str, left_out: str | None) -> None:
    found = yaml.safe_load(add_missing(own, OURS, Path("dagster.yaml")))
    assert set(found) == (set(yaml.safe_load(OURS)) | set(yaml.safe_load(own))) - {left_out}
    assert {name: found[name] for name in yaml.safe_load(own)} == yaml.safe_load(own)


@pytest.mark.parametrize("own", ["a: [\n", "- a\n"])
def test_settings_that_are_none_stop(own: str) -> None:
    with pytest.raises(Stop, match=r"dagster\.yaml: (line 2: is no YAML|holds no settings)"):
        add_missing(own, OURS, Path("dagster.yaml"))


def test_nothing_leaves_the_machine_and_one_run_goes_at_a_time() -> None:
    ours = yaml.safe_load(OURS)
    assert ours["telemetry"] == {"enabled": False} and ours["nux"] == {"enabled": False}
    assert ours["concurrency"]["runs"]["max_concurrent_runs"] == 1


def test_a_process_of_dagsters_looks_for_stray_objects_as_seldom_as_the_command() -> None:
    before = gc.get_threshold()
    try:
        importlib.reload(importlib.import_module("pipelines.definitions"))
        assert gc.get_threshold() == SELDOM
    finally:
        gc.set_threshold(*before)
