"""The company's time zone as a list of changes, from the locked tzdata package.

Not from the machine's own zone files and not from the engine's: the same instant must fall on the
same business date everywhere and in five years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Change:
    """A change of the zone's offset from UTC, in seconds, at an instant (UTC, naive)."""

    at: datetime
    before: int
    after: int

    @property
    def wall(self) -> datetime:
        """The first local time that surely counts with the new offset.

        A local time that occurs twice is the earlier one, and one that never occurs takes the
        offset before the change (contract 1, "Types"): both are read with `before`.
        """
        return self.at + timedelta(seconds=max(self.before, self.after))


def is_zone(name: str) -> bool:
    """Whether tzdata has a zone of this name."""
    try:
        load_zone(name)
    except (OSError, ValueError):
        return False
    return True


def load_zone(name: str) -> ZoneInfo:
    """The zone of this name from the tzdata package; OSError or ValueError if there is none."""
    parts = name.split("/")
    if not all(part and not part.startswith(".") for part in parts):
        raise ValueError(f"{name!r} is not the name of a time zone")
    resource = files("tzdata.zoneinfo").joinpath(*parts)
    with resource.open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def offset_at(zone: ZoneInfo, instant: datetime) -> int:
    """The zone's offset from UTC, in seconds, at an instant (UTC, naive)."""
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int((offset or timedelta()).total_seconds())


def find_changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[int, list[Change]]:
    """The offset at the start of `first_year` (in seconds) and each change to `last_year`'s end."""
    instant, end = datetime(first_year, 1, 1), datetime(last_year + 1, 1, 1)
    start = before = offset_at(zone, instant)
    changes = []
    while instant < end:
        following = instant + timedelta(days=1)
        after = offset_at(zone, following)
        if after != before:
            changes.append(Change(_bisect(zone, instant, following, before), before, after))
        instant, before = following, after
    return start, changes


def _bisect(zone: ZoneInfo, low: datetime, high: datetime, before: int) -> datetime:
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if offset_at(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
