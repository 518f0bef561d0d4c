"""How a text cell is written: what a spreadsheet would run, and what needs quotes (contract 3)."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.reports.csv_files import written


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+31", "'+31"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ("\n=1", '"\n=1"'),
        (" =1", " =1"),
        ("a=1", "a=1"),
        ('=a,"b"', '"\'=a,""b"""'),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_made_plain(text: str | None, cell: str) -> None:
    with duckdb.connect() as con:
        con.execute("create table told (customer_name varchar)")
        con.execute("insert into told values ($1)", [text])
        query = f"select {written('customer_name', 'VARCHAR', is_free=True)} from told"
        assert con.execute(query).fetchall() == [(cell,)]


def test_a_code_or_an_id_is_written_as_it_is() -> None:
    with duckdb.connect() as con:
        query = f"select {written('order_id', 'VARCHAR')} from (select '-1' as order_id)"
        assert con.execute(query).fetchall() == [("-1",)]
