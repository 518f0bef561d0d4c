"""The history stage (contract 1): an event whose key an earlier drop has loaded."""

from __future__ import annotations

from pipelines.engines.loading import Loading
from pipelines.extracts.file_stage import same_key, same_row
from pipelines.extracts.shapes import Shape

# The findings of the history stage, and the lines that say the same again.
CHANGED = (
    "select line, 'changed' as code, cast(null as varchar) as \"column\" "
    "from met_again where not is_same"
)
KNOWN_ALREADY = "select line from met_again where is_same"


def is_known(loading: Loading, shape: Shape) -> bool:
    """Whether an earlier drop has loaded anything of the table."""
    return bool(loading.reader.execute(f"select 1 from drops.{shape.table} limit 1").fetchall())


def meet_history(loading: Loading, shape: Shape) -> int:
    """Keep `met_again`: events that an earlier drop has loaded, and whether they say the same.

    Out: how many do.
    """
    loading.keep(
        "met_again",
        f"""
        select row.line, {same_row(shape, "row", "stored")} as is_same
        from incoming as row
        join drops.{shape.table} as stored on {same_key(shape, "row", "stored")}
        """,
    )
    [(same,)] = loading.reader.execute(f"select count(*) from ({KNOWN_ALREADY})").fetchall()
    return int(same)
