"""How many wrong tokens came from where in the last minute.

Belongs here: the counting. Nothing is kept of what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST, SECONDS = 20, 60.0


@dataclass
class WrongTokens:
    """The times at which wrong tokens came, by the peer that sent them."""

    _times: dict[str, list[float]] = field(default_factory=dict)

    def are_too_many(self, peer: str, now: float) -> bool:
        """Whether more than 20 came from a peer within the last minute."""
        return len([at for at in self._times.get(peer, []) if at > now - SECONDS]) > MOST

    def add(self, peer: str, now: float) -> None:
        """Count one more; what is older than a minute is forgotten, of every peer."""
        since = now - SECONDS
        kept = {key: [at for at in times if at > since] for key, times in self._times.items()}
        self._times = {key: times for key, times in kept.items() if times}
        self._times.setdefault(peer, []).append(now)
