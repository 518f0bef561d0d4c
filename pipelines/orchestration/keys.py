"""What the assets are called, who answers for them, and the months that they are made for.

Belongs here: names alone. What an asset does is said where it is made.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.book.programmes import PROGRAMMES
from pipelines.extracts.shapes import SHAPES

if TYPE_CHECKING:
    from dagster._core.instance import DynamicPartitionsStore

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class MonthPartitions(dg.DynamicPartitionsDefinition):
    """The months that are told to Dagster as their drops arrive: see `month_list`.

    A run may name any other month too, as from a shell before the first sensor has looked: whether
    there is a drop of it is said by the close itself.
    """

    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> bool:
        """Whether a run can be of it."""
        return MONTH.fullmatch(partition_key) is not None


MONTHS = MonthPartitions(name="months")

BOOK = dg.AssetKey(["book", "policy"])
REPORTS = dg.AssetKey(["month", "reports"])
SEAL = dg.AssetKey(["month", "seal"])
STATUS = dg.AssetKey(["month", "status"])
TRIAL = dg.AssetKey(["trial", "reports"])
DIFFERENCES = dg.AssetKey(["trial", "differences"])
TRIALS = (TRIAL, DIFFERENCES)

# The run tags under which a month, and why it stopped, are found.
PARTITION_TAG = "dagster/partition"
STOPPED_TAG = "stopped"


def asset_key(table: str) -> dg.AssetKey:
    """The asset of a table: `referral.assignments` is `referral/assignments`.

    All of `book.*` is one asset; `drops.*`, every version of a record, is loaded with `extracts.*`.
    """
    schema, name = table.split(".")
    if schema == "book":
        return BOOK
    return dg.AssetKey(["extracts" if schema == "drops" else schema, name])


def extract_key(table: str) -> dg.AssetKey:
    """The asset of one of the book's tables."""
    return dg.AssetKey(["extracts", table])


def table_of_step(key: str) -> str:
    """The table, or extract, that a run's step makes: `referral__assignments` is that of
    `referral.assignments`."""
    return key.replace("__", ".", 1)


def owners_of(group: str) -> list[str]:
    """Who answers for a group of assets: its programme's team, or whoever closes the month."""
    return [f"team:{group}" if group in PROGRAMMES else "team:close"]


EXTRACT_KEYS = {table: extract_key(table) for table in SHAPES}
