"""SQL that brings dates and times of a vendor's form into contract 1's (contract 5).

Belongs here: the expressions, made from a format that `book.date_formats` has taken apart; the
engine does the work, cell by cell in no loop of ours.
"""

from __future__ import annotations

from pipelines.book.date_formats import DAYS, MONTHS, DateFormat, read_date_format
from pipelines.engines.duck import literal


def date_text(cell: str, text: str, is_date: bool) -> str:
    """SQL for a cell of the format `text` in contract 1's form, null where it has another form.

    In: the name of the cell's column, and whether a date is wanted (else a time).
    """
    form = read_date_format(text)
    slow = (
        f"list_transform([regexp_extract({cell}, {literal(form.pattern)}, "
        f"[{', '.join(literal(part) for part in form.parts)}])], "
        f"lambda said: {_from_parts(form, is_date)})[1]"
    )
    if form.fixed is None or not {"year", "month", "day"} <= set(form.places):
        return slow
    cut = {part: f"substr({cell}, {at}, {width})" for part, (at, width) in form.places.items()}
    return (
        f"case when regexp_full_match({cell}, {literal(form.fixed)}) "
        f"then {_written(cut, is_date)} else {slow} end"
    )


def _from_parts(form: DateFormat, is_date: bool) -> str:
    said = {part: f"said.{part}" for part in form.parts}
    padded = {
        part: f"lpad(trim({name}), 2, '0')" if part in ("month", "day", "hour", "minute", "second")
        else name
        for part, name in said.items()
    }  # fmt: skip
    first = next(part for part in form.parts if "year" in part and part != "year_day")
    return f"case when {said[first]} <> '' then {_written(padded, is_date)} end"


def _written(parts: dict[str, str], is_date: bool) -> str:
    day = _day(parts)
    return day if is_date else f"{day} || {_clock(parts)}"


def _day(parts: dict[str, str]) -> str:
    if "iso_week" in parts and "iso_year" in parts:
        return _iso_day(parts)
    year = parts.get("year") or _whole_year(parts["short_year"])
    month = parts.get("month") or _numbered(parts.get("month_name"), MONTHS)
    if month and "day" in parts:
        return f"{year} || '-' || {month} || '-' || {parts['day']}"
    start = f"make_date(cast({year} as integer), 1, 1)"
    if "year_day" in parts:
        return _shown(f"{start} + (cast({parts['year_day']} as integer) - 1)")
    return _shown(f"{start} + cast({_days_to_week(parts, start)} as integer)")


def _shown(day: str) -> str:
    return f"strftime({day}, '%Y-%m-%d')"


def _whole_year(short: str) -> str:
    # POSIX, as Python: 69 to 99 are the last century's.
    return f"case when {short} >= '69' then '19' else '20' end || {short}"


def _numbered(name: str | None, names: tuple[str, ...]) -> str | None:
    if name is None:
        return None
    whens = " ".join(f"when '{each[:3]}' then '{at:02}'" for at, each in enumerate(names, 1))
    return f"case lower(left({name}, 3)) {whens} end"


def _weekday(parts: dict[str, str]) -> str:
    """A weekday from 0, Monday."""
    if "monday_day" in parts:
        return f"(cast({parts['monday_day']} as integer) - 1)"
    if "sunday_day" in parts:
        return f"((cast({parts['sunday_day']} as integer) + 6) % 7)"
    return f"(cast({_numbered(parts['day_name'], DAYS)} as integer) - 1)"


def _days_to_week(parts: dict[str, str], start: str) -> str:
    """Days from the first of January, as strptime counts weeks from Sunday or Monday."""
    shift = 1 if "sunday_week" in parts else 0
    week = f"cast({parts['sunday_week' if shift else 'monday_week']} as integer)"
    first = f"((isodow({start}) - 1 + {shift}) % 7)"
    weekday = f"(({_weekday(parts)} + {shift}) % 7)"
    return (
        f"case when {week} = 0 then {weekday} - {first} "
        f"else (7 - {first}) % 7 + 7 * ({week} - 1) + {weekday} end"
    )


def _iso_day(parts: dict[str, str]) -> str:
    # The fourth of January is always in the first week.
    fourth = f"make_date(cast({parts['iso_year']} as integer), 1, 4)"
    days = f"7 * (cast({parts['iso_week']} as integer) - 1) + {_weekday(parts)}"
    return _shown(f"{fourth} + cast({days} - isodow({fourth}) + 1 as integer)")


def _clock(parts: dict[str, str]) -> str:
    hour = parts.get("hour") or _half_hour(parts) or "'00'"
    text = f"'T' || {hour} || ':' || {parts.get('minute', repr('00'))}"
    if "second" in parts or "fraction" in parts:
        text += f" || ':' || {parts.get('second', repr('00'))}"
    if "fraction" in parts:
        text += f" || '.' || {parts['fraction']}"
    if "offset" in parts:
        offset = parts["offset"]
        hours = f"left({offset}, 3) || ':' || right({offset}, 2)"
        text += f" || case when {offset} = 'Z' then 'Z' else {hours} end"
    elif "zone" in parts:
        text += " || 'Z'"
    return text


def _half_hour(parts: dict[str, str]) -> str | None:
    if "half_hour" not in parts:
        return None
    hour = f"cast({parts['half_hour']} as integer) % 12"
    if "half" in parts:
        hour = f"({hour} + case when lower({parts['half']}) = 'pm' then 12 else 0 end)"
    return f"lpad(cast({hour} as varchar), 2, '0')"
