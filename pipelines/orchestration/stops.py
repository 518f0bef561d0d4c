"""Why a month stopped, as an analyst reads it in Dagster: reason, file, line, figures, what to do.

Belongs here: taking a stop's sentence apart, in the words of the UI, and telling it where an
analyst looks: on the asset's page, at the top of the run, and as the run's failure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

import dagster as dg

from pipelines.orchestration.keys import STOPPED_TAG
from pipelines.orchestration.masking import without_addresses

# What a command is told, and what one does in the UI instead.
IN_THE_UI = (
    (r",? or add --through to close every month up to (\S+)",
     r"; or launch the job close for every month up to \1, the oldest first"),
    (r"(?<!\w)(and )?close again", r"\1close the whole month again"),
    (r"make it first, or close the month as a whole",
     r"materialize it first, or close the whole month again"),
    (r"make it again with all that reads it, or close the month as a whole",
     r"materialize it again with all that reads it, or close the whole month again"),
    (r"write them again", r"materialize month/reports again, or close the whole month again"),
    (r"another command", r"another command or run"),
    (r"\b(extracts|referral|finance|inactivity|returns|customers|onboarding|leaders|month|book)"
     r"\.([a-z_]+)(?= (?:has |have |and |of [0-9]))", r"\1/\2"),
)  # fmt: skip
# With what a sentence begins that says what to do.
DO = frozenset({
    "add", "choose", "close", "correct", "end", "export", "give", "launch", "leave", "look", "make",
    "materialize", "move", "name", "put", "raise", "remove", "restore", "save", "say", "see", "set",
    "try", "use", "write",
})  # fmt: skip
OTHERWISE = "correct what is named, then close the whole month again"
SHARE = re.compile(r"(\d+) of (\d+) (rows|members)")
LIMIT = re.compile(r"([a-z_]+\.max_[a-z_]+_share) = ([0-9.]*[0-9])")
LINE = re.compile(r"\blines? (\d+)")
FILE = re.compile(r"^((?:/|[\w.-]+/)[^:]*|[\w.-]+\.\w+): ")


@dataclass(frozen=True)
class WhyStopped:
    """A stop taken apart; `file`, `line` and the figures are there where it names them."""

    reason: str
    advice: str
    file: str | None = None
    line: int | None = None
    found: int | None = None
    of: int | None = None
    limit_name: str | None = None
    limit: float | None = None

    @property
    def share(self) -> float | None:
        """The share that passed a limit."""
        if self.limit is None or self.found is None or not self.of:
            return None
        return self.found / self.of

    @property
    def metadata(self) -> dict[str, Any]:
        """It as Dagster shows it."""
        told: dict[str, Any] = {"why it stopped": self.reason, "what to do": self.advice}
        if self.file:
            told["file"] = self.file
        if self.line is not None:
            told["line"] = self.line
        if self.share is not None:
            told |= {"found": self.found, "of": self.of, "share": self.share}
            told |= {"limit": self.limit, "limit's name in policy.toml": self.limit_name}
        return told

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.reason}; {self.advice}"


def read_stop(message: str) -> WhyStopped:
    """What a stop's sentence says, in the words of the UI and without anybody's address."""
    text = without_addresses(message)
    for pattern, words in IN_THE_UI:
        text = re.sub(pattern, words, text)
    file, line = FILE.match(text), LINE.search(text)
    share, limit = SHARE.search(text), LIMIT.search(text)
    reason, advice = _split(text)
    return WhyStopped(
        reason, advice, file[1] if file else None, int(line[1]) if line else None,
        int(share[1]) if share and limit else None, int(share[2]) if share and limit else None,
        limit[1] if limit else None, float(limit[2]) if limit else None,
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    """A sentence's reason and what to do: from the first thing to do after `;`, `.` or `:` on."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and char in ";.:" and text[at + 1 : at + 2] == " ":
            rest = text[at + 2 :]
            if rest.split(" ", 1)[0].lower() in DO:
                return text[:at], rest
    return text, OTHERWISE


def tell_stop(context: dg.AssetExecutionContext, error: Exception) -> NoReturn:
    """Say why an asset's month stopped where an analyst looks for it, and fail its step.

    On the asset's page it is an observation, at the top of the run a tag.
    """
    why = read_stop(str(error))
    context.log_event(
        dg.AssetObservation(
            context.asset_key,
            description=why.sentence,
            partition=context.partition_key,
            metadata=why.metadata,
        )  # fmt: skip
    )
    context.instance.add_run_tags(context.run.run_id, {STOPPED_TAG: why.sentence})
    # What it was raised from may quote a record; nothing of a stop but its sentence is kept.
    raise dg.Failure(why.sentence, metadata=why.metadata, allow_retries=False) from None
