"""What the row stage asks of one cell, as SQL generated from the schema classes (contract 1).

Belongs here: a cell's fault and its typed value as DuckDB expressions over text cells. pandera
checks the same classes in `schemas.rows`; a test proves that both find the same faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.book.zone import Change, find_changes, load_zone
from pipelines.engines.duck import literal
from schemas.cells import BLANKS, FIRST_YEAR, LAST_YEAR, Cell
from schemas.forms import FOLDED_SIGN, FORMS, PATTERNS, SIGN

TYPES = {
    "date": "date", "time": "timestamp", "decimal": "decimal(18, 2)", "int": "integer",
    "bool": "boolean",
}  # fmt: skip
# An address that folding leaves as it is: the pattern without its capitals.
FOLDED_EMAIL = PATTERNS["email"].replace(SIGN, FOLDED_SIGN)


@dataclass(frozen=True)
class Clock:
    """The company's zone over the years that a file's times lie in."""

    start: int
    changes: tuple[Change, ...]

    def offset(self, expression: str, is_wall: bool) -> str:
        """SQL for the offset in seconds at a timestamp (local wall time, or UTC)."""
        return _halved(self.changes, self.start, expression, is_wall)


@dataclass(frozen=True)
class MappedClock:
    """The company's clock, and those that times without a zone are read by (contract 5).

    Of several, the row's column `zone` says which.
    """

    company: Clock
    written: tuple[Clock, ...]

    def offset(self, expression: str, is_wall: bool) -> str:
        """As a Clock's."""
        if not is_wall:
            return self.company.offset(expression, is_wall)
        offsets = [clock.offset(expression, is_wall) for clock in self.written]
        if len(offsets) == 1:
            return offsets[0]
        whens = " ".join(f"when {at} then {offset}" for at, offset in enumerate(offsets))
        return f"case zone {whens} end"


def _halved(changes: tuple[Change, ...], start: int, expression: str, is_wall: bool) -> str:
    """SQL that finds the stretch between two changes by halves, so that many years cost little."""
    if not changes:
        return str(start)
    half = len(changes) // 2
    change = changes[half]
    before = _halved(changes[:half], start, expression, is_wall)
    after = _halved(changes[half + 1 :], change.after, expression, is_wall)
    at = change.wall if is_wall else change.at
    return f"case when {expression} < timestamp '{at}' then {before} else {after} end"


def read_clock(con: duckdb.DuckDBPyConnection, source: str, column: str, timezone: str) -> Clock:
    """The zone's changes in the years that a column's times lie in, a year more on either side."""
    year = f"substr({column}, 1, 4)"
    [(first, last)] = con.execute(
        f"select min({year}), max({year}) from {source} "
        f"where regexp_matches({column}, '^[0-9]{{4}}-') "
        f"and {year} between '{FIRST_YEAR}' and '{LAST_YEAR}'"
    ).fetchall()
    zone = load_zone(timezone)
    here = datetime(2000, 1, 1).year
    start, changes = find_changes(zone, int(first or here) - 1, int(last or here) + 1)
    return Clock(start, tuple(changes))


def fault(name: str, cell: Cell, ranks: tuple[str, ...]) -> str | None:
    """SQL for a cell's code (`missing`, `type`, `value` or null); None if nothing can be wrong."""
    whens = []
    if cell.required:
        whens.append(f"when {name} is null then 'missing'")
    elif cell.required_when is not None:
        other, values = cell.required_when
        listed = ", ".join(literal(value) for value in values.split("|"))
        whens.append(f"when {name} is null and {other} in ({listed}) then 'missing'")
    if not cell.required:
        whens.append(f"when {name} is null then null")
    form, value = form_rule(name, cell), value_rule(name, cell, ranks)
    if form is not None:
        whens.append(f"when not ({form}) then 'type'")
    if value is not None:
        whens.append(f"when not ({value}) then 'value'")
    can_fail = any("then '" in when for when in whens)
    return f"case {' '.join(whens)} end" if can_fail else None


def _matches(expression: str, pattern: str) -> str:
    return f"regexp_full_match({expression}, {literal(pattern)})"


def _is_day(expression: str) -> str:
    day = f"substr({expression}, 1, 10)"
    return f"try_cast({day} as date) is not null and substr({day}, 1, 4) <> '0000'"


def form_rule(name: str, cell: Cell) -> str | None:
    """SQL that holds when a cell can be read as its type; None where any text can."""
    if cell.form not in FORMS:
        return None
    matches = _matches(name, FORMS[cell.form])
    return f"{matches} and {_is_day(name)}" if cell.form in ("date", "time") else matches


def value_rule(name: str, cell: Cell, ranks: tuple[str, ...]) -> str | None:
    """SQL that holds when a readable cell is inside its range, list or pattern; None: always."""
    if cell.form in ("date", "time"):
        return _date_rule(name, cell)
    if cell.form in ("decimal", "int"):
        number = f"try_cast({name} as decimal(18, 2))"
        limits = ((">=", cell.least), (">", cell.above), ("<=", cell.most))
        rules = [f"{number} {sign} {limit}" for sign, limit in limits if limit is not None]
        return " and ".join(rules) or None
    if cell.form == "email":
        rule = _matches(_folded(name), PATTERNS["email"])
        return f"case when {_matches(name, FOLDED_EMAIL)} then true else {rule} end"
    if cell.form in PATTERNS:
        return _matches(name, PATTERNS[cell.form])
    if cell.form in ("rank", "code"):
        allowed = ranks if cell.form == "rank" else cell.allowed
        return f"{name} in ({', '.join(literal(value) for value in allowed)})"
    return None


def _date_rule(name: str, cell: Cell) -> str:
    rules = [f"substr({name}, 1, 4) between '{FIRST_YEAR}' and '{LAST_YEAR}'"]
    if cell.is_monday:
        rules.append(f"isodow(try_cast({name} as date)) = 1")
    if cell.not_before is not None:
        start = cell.not_before
        readable = f"coalesce({_matches(start, FORMS['date'])} and {_is_day(start)}, false)"
        rules.append(f"(not {readable} or {name} >= {start})")
    return " and ".join(rules)


def folded_email(name: str) -> str:
    """SQL for an e-mail address without the blanks round it, in small letters."""
    # Most are so already, and looking costs a third of folding.
    return f"case when {_matches(name, FOLDED_EMAIL)} then {name} else {_folded(name)} end"


def _folded(name: str) -> str:
    # The engine's small letter of İ is a plain i; in Unicode it is no ASCII letter.
    return f"lower(trim(replace({name}, 'İ', 'i\u0307'), {literal(BLANKS)}))"


def typed(name: str, cell: Cell) -> str:
    """SQL for a cell's value in its type, null where it cannot be read; times are not for this."""
    if cell.form == "bool":
        return f"coalesce({name} = 'true', false)"
    if cell.form == "email":
        return folded_email(name)
    if cell.form in TYPES:
        return f"try_cast({name} as {TYPES[cell.form]})"
    return name


def wall_time(name: str) -> str:
    """SQL for a time cell's local time as a timestamp, whatever its zone; null: there is none."""
    # An hour and minute alone is a whole form of its own: the engine wants seconds.
    told = f"regexp_extract({name}, '^[^Z+]{{16}}[^Z+-]*')"
    seconds = f"case when length({told}) = 16 then ':00' else '' end"
    return f"try_cast(replace({told}, 'T', ' ') || {seconds} as timestamp)"


def instant(name: str, wall: str, clock: Clock | MappedClock) -> str:
    """SQL for a time cell's instant as a timestamp in UTC (contract 1, "Types").

    In: also the column that holds its `wall_time`, which is asked for at every change of the clock.
    """
    offset = f"regexp_extract({name}, '([+-][0-9]{{2}}:[0-9]{{2}})$', 1)"
    seconds = (
        f"case when {name} like '%Z' then 0"
        f" when length({name}) > 16 and {offset} <> '' then"
        f" (case when substr({offset}, 1, 1) = '-' then -60 else 60 end)"
        f" * (60 * cast(substr({offset}, 2, 2) as integer)"
        f" + cast(substr({offset}, 5, 2) as integer))"
        f" else {clock.offset(wall, is_wall=True)} end"
    )
    return f"{wall} - to_seconds({seconds})"


def business_date(instant_column: str, clock: Clock | MappedClock) -> str:
    """SQL for the date of an instant (UTC) in the company's zone."""
    offset = clock.offset(instant_column, is_wall=False)
    return f"cast({instant_column} + to_seconds({offset}) as date)"
