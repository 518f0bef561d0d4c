"""The sponsor line must not lead back to itself (contract 1, "What stops a close").

By pointer doubling: after k rounds a pointer has climbed 2^k levels, and one that is still alive
when it has climbed more levels than there are members is on its way round a cycle.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.engines.loading import Loading
from pipelines.stop import Stop

NAMED = 10


def check_sponsor_line(loading: Loading, path: Path) -> None:
    """Stop, naming up to ten members, when the snapshot's sponsor line has a cycle."""
    # Who sponsors nobody is on no cycle, and most of a snapshot.
    loading.keep(
        "climb",
        """
        select member.member_id, member.sponsor_id as ancestor_id
        from drops.members as member
        semi join drops.members as sponsored on sponsored.sponsor_id = member.member_id
        where member.sponsor_id is not null
        """,
    )
    con = loading.reader
    [(alive,)] = con.execute("select count(*) from climb").fetchall()
    for _ in range(int(alive).bit_length() + 1):
        if alive == 0:
            return
        loading.keep(
            "climb",
            """
            select lower_half.member_id, upper_half.ancestor_id
            from climb as lower_half
            join climb as upper_half on upper_half.member_id = lower_half.ancestor_id
            """,
        )
        [(alive,)] = con.execute("select count(*) from climb").fetchall()
    if alive:
        raise Stop(f"{path}: {_name_cycle(con)}; correct their sponsor_id and close again")


def _name_cycle(con: duckdb.DuckDBPyConnection) -> str:
    [(first,)] = con.execute("select min(ancestor_id) from climb").fetchall()
    named, member = [first], first
    while len(named) <= NAMED:
        [(member,)] = con.execute(
            "select sponsor_id from drops.members where member_id = $1", [member]
        ).fetchall()
        if member == first:
            break
        named.append(member)
    more = " and more" if len(named) > NAMED else ""
    return f"the sponsor line goes in a circle: {' -> '.join(named[:NAMED])}{more} -> {first}"
