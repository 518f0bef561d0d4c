"""The history stage (contract 1): an event whose key an earlier drop has loaded."""

from __future__ import annotations

import duckdb

from pipelines.extracts.file_stage import same_key, same_row
from pipelines.extracts.shapes import Shape


def settle_history(con: duckdb.DuckDBPyConnection, shape: Shape) -> int:
    """`changed`: an event that an earlier drop loaded with other content.

    Rows that say the same again leave `incoming` unlisted; out: how many they were.
    """
    con.execute(f"""
        create or replace temp table met_again as
        select row.line, {same_row(shape, "row", "stored")} as is_same
        from incoming as row
        join drops.{shape.table} as stored on {same_key(shape, "row", "stored")}
    """)
    con.execute("insert into listed select line, 'changed', null from met_again where not is_same")
    con.execute("delete from incoming where line in (select line from met_again where is_same)")
    [(same,)] = con.execute("select count(*) from met_again where is_same").fetchall()
    return int(same)
