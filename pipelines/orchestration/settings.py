"""Dagster's settings in a home: those we ship, added to what somebody has put there.

Belongs here: how the two are brought together. A section that is there stays as it is, comments and
all, so that storage can be PostgreSQL; one that is missing is written below.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import yaml

from pipelines.places import find_file
from pipelines.stop import Stop

NAME = "dagster.yaml"
# How many events about assets are written at once, as DAGSTER_EVENT_BATCH_SIZE.
BATCH_SIZE = "1000"
# Where a home keeps its history; `dg dev` in a checkout, which has no home, keeps none.
STORAGE = """
# The history, in Dagster's own SQLite files, written without a flush for each event.
storage:
  custom:
    module: pipelines.orchestration.sqlite_history
    class: SqliteHistory
    config:
      base_dir:
        env: DAGSTER_HOME

# What runs print, in files that the UI shows.
compute_logs:
  module: pipelines.orchestration.run_output
  class: RunOutput
  config:
    base_dir:
      env: DAGSTER_HOME
"""
# Sections that exclude each other: where one is there, ours of the same group is not added.
EXCLUDING = (
    {"storage", "run_storage", "event_log_storage", "schedule_storage"},
    {"run_coordinator", "run_queue"},
)
SECTION = re.compile(r"^([a-z_]+):", re.MULTILINE)


def settle_settings(folder: Path) -> None:
    """Write what is missing into the folder's settings; Stop when they cannot be read."""
    path = folder / NAME
    own = path.read_text(encoding="utf-8") if path.is_file() else ""
    text = add_missing(own, our_settings(), path)
    if text != own:
        staged = path.with_name(f".{NAME}.{os.getpid()}")  # a UI that only looks may write too
        staged.write_text(text, encoding="utf-8")
        staged.replace(path)


def our_settings() -> str:
    """The settings that we ship, with where a home keeps its history."""
    return find_file(NAME).read_text(encoding="utf-8") + STORAGE


def add_missing(own: str, ours: str, path: Path) -> str:
    """Settings with the sections of ours that they lack. In: also their path, for a Stop."""
    if not own.strip():
        return ours
    found = _read(own, path)
    taken = set(found)
    for group in EXCLUDING:
        taken |= group if group & taken else set()
    added = [text for name, text in _sections(ours) if name not in taken]
    return "\n".join([own.rstrip("\n") + "\n", *added]) if added else own


def _read(text: str, path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise Stop(f"{path}: {line}is no YAML; correct it, or remove it to get ours") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Stop(f"{path}: holds no settings; write them as `section:`, or remove it to get ours")
    return found


def _sections(text: str) -> list[tuple[str, str]]:
    """The sections of our settings, each with the comment above it."""
    starts = [(match[1], match.start()) for match in SECTION.finditer(text)]
    begins = []
    for name, start in starts:
        above = text[:start].rsplit("\n\n", 1)[-1]
        is_comment = all(line.startswith("#") for line in above.splitlines())
        begins.append((name, start - len(above) if is_comment else start))
    ends = [begin for _, begin in begins[1:]] + [len(text)]
    return [(name, text[begin:end].rstrip("\n") + "\n")
            for (name, begin), end in zip(begins, ends, strict=True)]  # fmt: skip
