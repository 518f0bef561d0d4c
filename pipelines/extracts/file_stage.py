"""The file stage (contract 1): a key that stands more than once in one file."""

from __future__ import annotations

from pipelines.engines.loading import Loading
from pipelines.extracts.shapes import Shape


def same_row(shape: Shape, left: str, right: str) -> str:
    """SQL that holds when two aliases are the same row after type conversion.

    A cell that was worked out counts as the empty one that it came as.
    """
    return " and ".join(
        f"{_as_sent(shape, left, name)} is not distinct from {_as_sent(shape, right, name)}"
        for name in shape.cells
    )


def _as_sent(shape: Shape, alias: str, name: str) -> str:
    value = f'{alias}."{name}"'
    if name not in shape.worked_out:
        return value
    return f"case when not {alias}.{shape.worked_out[name]} then {value} end"


def same_key(shape: Shape, left: str, right: str) -> str:
    """SQL that holds when two aliases have the same key."""
    return " and ".join(f"{left}.{name} = {right}.{name}" for name in shape.key)


def find_repeats(loading: Loading, shape: Shape) -> str | None:
    """Keep `repeated`: `duplicate` and `conflict`, a key that stands more than once in the file.

    Out: the finding; None where there is none.
    """
    key = ", ".join(shape.key)
    loading.keep(
        "repeated_keys",
        f"select {key}, min(line) as first_line from incoming group by {key} having count(*) > 1",
    )
    if loading.reader.execute("select count(*) from repeated_keys").fetchall() == [(0,)]:
        return None
    loading.keep(
        "repeats",
        f"""
        select row.line, first.line as first_line, {_key_of(shape, "row")},
               {same_row(shape, "row", "first")} as is_same
        from incoming as row
        join repeated_keys as repeated on {same_key(shape, "row", "repeated")}
        join incoming as first on first.line = repeated.first_line
        """,
    )
    loading.keep(
        "repeated",
        f"""
        select line, case when is_one then 'duplicate' else 'conflict' end as code,
               cast(null as varchar) as "column"
        from (select line, first_line,
                     bool_and(is_same) over (partition by {key}) as is_one from repeats)
        where not is_one or line > first_line
        """,
    )
    return 'select line, code, "column" from repeated'


def _key_of(shape: Shape, alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in shape.key)
