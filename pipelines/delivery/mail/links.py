"""Personal links for leaders: granted some at a time, and taken back where nobody got them.

Belongs here: when a link is granted. It is kept in memory alone until it is in a message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pipelines.delivery.access_store import AccessStore, grant_leaders, withdraw_grants

DAYS = 35
AT_ONCE = 50  # each time the file of all grants is written anew


@dataclass(frozen=True)
class Link:
    """A link, the last whole day that it can be used on, and its token."""

    url: str
    last_day: date
    token: str


@dataclass
class Links:
    """The links of those who are due, in their order."""

    store: AccessStore
    base_url: str
    leader_ids: list[str]
    _open: dict[str, Link] = field(default_factory=dict)

    def take(self, leader_id: str, now: float) -> Link:
        """A link for a leader's message."""
        if leader_id not in self._open:
            start = self.leader_ids.index(leader_id)
            self._grant(self.leader_ids[start : start + AT_ONCE], now)
        return self._open.pop(leader_id)

    def give_back(self, leader_id: str, link: Link) -> None:
        """A link whose message was not handed over: for another try."""
        self._open[leader_id] = link

    def close(self) -> None:
        """Take back all that nobody got."""
        if self._open:
            withdraw_grants(self.store, [link.token for link in self._open.values()])
        self._open.clear()

    def _grant(self, leader_ids: list[str], now: float) -> None:
        wanted = [id for id in leader_ids if id not in self._open]
        tokens = grant_leaders(self.store, wanted, DAYS, now)
        last_day = (datetime.fromtimestamp(now, UTC) + timedelta(days=DAYS - 1)).date()
        for id, token in zip(wanted, tokens, strict=True):
            self._open[id] = Link(f"{self.base_url}/sign-in?token={token}", last_day, token)
