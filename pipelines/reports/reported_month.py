"""What every report of a month is made from, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.book.policy import Policy
from pipelines.book.programmes import running_sections
from pipelines.months import Month
from pipelines.rules.models import Model

# More packs than this lie in one ZIP file (contract 3).
MOST_PACK_FOLDERS = 1_000


@dataclass(frozen=True)
class SupersededReports:
    """The reports that the month's take the place of: where they lie, which they were, and why."""

    folder: Path
    version: int
    reason: str


@dataclass(frozen=True)
class ReportedMonth:
    """A month to be reported: its policy in force, all models, the folder to fill.

    `inputs` are the digests of what it was made from, where the close knows them; `supersedes`
    the reports of a month that was reopened.
    """

    policy: Policy
    month: Month
    models: list[Model]
    folder: Path
    is_trial: bool
    inputs: Mapping[str, Any] | None = None
    most_pack_folders: int = MOST_PACK_FOLDERS
    supersedes: SupersededReports | None = None

    @property
    def printed(self) -> list[Model]:
        """The models that are a CSV of this month: they have an order, and their sections run."""
        running = {*running_sections(self.policy)}
        return [
            model
            for model in self.models
            if model.order is not None and {model.section, model.printed_with} - {None} <= running
        ]

    def has_zipped_packs(self, count: int) -> bool:
        """Whether so many leaders' packs lie in one ZIP file, not in a folder each."""
        return count > self.most_pack_folders
