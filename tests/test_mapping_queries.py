"""Tables that a mapping's queries make, and the fence round them (contract 5)."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from small_book import check, drop, listed, loaded, why_stopped, write_book
from upline_command import close

from pipelines.extracts import query_running
from pipelines.extracts.query_fence import QueryFault, read_query
from pipelines.extracts.query_functions import FUNCTIONS, GIVEN
from pipelines.extracts.query_running import run_query

pytestmark = pytest.mark.long

SHOP = """\
No,Placed,Shop,Mail,Sum,Back,sum,user
#1,2020-01-10 12:00,M1,kim@y.com,"1.234,50",,a,b
#2,2020-01-11 12:00,M1,kim@y.com,"20,00","5,00",a,b
#3,2020-01-11 12:00,,,pending,,a,b
"""
ORDERS = """\
-- one order a row
select
    clean_id(No) as order_id, Placed as ordered_at, 'sale' as channel, Shop as seller_id,
    Mail as customer_email, 'NL' as country, to_number("Total", ',', '.') as amount,
    'EUR' as currency, 10 as bv, source_file, source_line,
from shop
where Shop is not null
"""
REVERSALS = """\
select clean_id(No) || '-R' as reversal_id, clean_id(No) as order_id, Placed as reversed_at,
    'refund' as kind, to_number(Back, ',', '.') as amount, 2.5 as bv, source_file, source_line
from shop where Back is not null
"""
SOURCE = '[sources.shop]\nfile = "Shop*"\ntime_zone = "UTC"\n'


def made(
    folder: Path,
    queries: dict[str, str],
    files: dict[str, str] | None = None,
    mapping: str = SOURCE,
) -> Path:
    """A book with the shop's export and queries."""
    whole = drop()
    del whole["orders.csv"]
    shop = SHOP.replace("Sum,", "Total,", 1)
    theirs = {"Shop 1.csv": shop} if files is None else files
    book = write_book(folder / "book", {**whole, **theirs})
    (book / "mapping").mkdir()
    (book / "mapping.toml").write_text(mapping)
    for table, text in queries.items():
        (book / "mapping" / f"{table}.sql").write_text(text)
    return book


def test_a_query_makes_a_table_and_its_rows_name_the_vendors_line(tmp_path: Path) -> None:
    with loaded(made(tmp_path, {"orders": ORDERS, "reversals": REVERSALS})) as con:
        found = con.execute(
            "select order_id, ordered_at::varchar, amount::varchar, bv::varchar, file, line "
            "from extracts.orders order by line"
        ).fetchall()
        left = con.execute("select * from quality.sources").fetchall()
        taken = con.execute('select "table", rows from quality.taken order by 1').fetchall()
    assert found == [
        ("1", "2020-01-10 12:00:00", "1234.50", "10.00", "Shop 1.csv", 2),
        ("2", "2020-01-11 12:00:00", "20.00", "10.00", "Shop 1.csv", 3),
    ]
    assert left == [("2020-01", "shop", "Shop 1.csv", 3, 1)]
    assert taken == [("orders", 2), ("reversals", 1)]


def test_check_shows_what_was_taken_and_the_query(tmp_path: Path) -> None:
    found = check(made(tmp_path, {"orders": ORDERS}))
    assert found.sources == [{"source": "shop", "file": "Shop 1.csv", "rows": 3, "in no table": 1}]
    assert found.queries == {"orders": ORDERS}


def test_a_bad_row_of_a_query_is_listed_as_it_stands_in_the_export(tmp_path: Path) -> None:
    query = ORDERS.replace("where Shop is not null", "")
    found = check(made(tmp_path, {"orders": query}))
    raw = "#3,2020-01-11 12:00,,,pending,,a,b"
    assert listed(found, "file", "line", "key", "code", "column", "raw") == [
        ("Shop 1.csv", 4, "3", "missing", "customer_email", raw),
        ("Shop 1.csv", 4, "3", "missing", "seller_id", raw),
        ("Shop 1.csv", 4, "3", "type", "amount", raw),
    ]


REFUSED = [
    ("select now()", "'now'"),
    ("select *\nfrom read_csv('/etc/passwd')", "line 2: 'read_csv'"),
    ("select * from '/etc/passwd'", "'/etc/passwd' is no source"),
    ("select random()", "'random'"),
    ("select\n\n    getenv('HOME')", "line 3: 'getenv'"),
    ("select current_date", "'current_date'"),
    ("select current_timestamp", "'current_timestamp'"),
    ("select today()", "'today'"),
    ("select uuid()", "'uuid'"),
    ("select gen_random_uuid()", "'gen_random_uuid'"),
    ("select age(timestamp '2020-01-01')", "age with one time"),
    ("select current_setting('threads')", "'current_setting'"),
    ("select getvariable('x')", "'getvariable'"),
    ("select nextval('x')", "'nextval'"),
    ("select * from glob('/*')", "'glob'"),
    ("select * from query('select 1')", "'query'"),
    ("select * from query_table('shop')", "'query_table'"),
    ("select * from duckdb_settings()", "'duckdb_settings'"),
    ("select * from duckdb_tables", "is no source"),
    ("select * from information_schema.tables", "must be a source's name alone"),
    ("select * from pragma_version()", "'pragma_version'"),
    ("with duckdb_tables as (select 1) select * from duckdb_tables", "a name of the engine's own"),
    ("select * from shop using sample 1", "a sample is chance"),
    ("select * from shop tablesample 10%", "a sample is chance"),
    ("attach 'x.db'", "must be one select"),
    ("copy shop to 'x.csv'", "must be one select"),
    ("set threads = 2", "must be one select"),
    ("pragma version", "must be one select"),
    ("insert into shop values (1)", "must be one select"),
    ("with x as (insert into shop values (1) returning *) select * from x", "must be one select"),
    ("describe shop", "show_ref cannot stand"),
    ("select 1; select 2", "must be one select, found 2"),
    ("", "must be one select"),
    ("selec 1", "syntax error"),
    ("select $1", "parameter cannot stand"),
    ("select list_transform([1], lambda x: x + random())", "'random'"),
    ("select (select now())", "'now'"),
    ("select * from shop order by random()", "'random'"),
    ("select * from shops", "'shops' is no source of the mapping, did you mean 'shop'?"),
    ("select to_day(No, '%Q') from shop", "strptime's directives, '%Q' is none"),
    ("select to_time(No, Mail) from shop", "the format must stand there as a text"),
    ("select main.getenv('HOME')", "'getenv'"),
    ("select sleep_ms(100)", "'sleep_ms'"),
    ("from read_text('/etc/passwd')", "'read_text'"),
    ("select * from parquet_scan('x')", "'parquet_scan'"),
    ("select json_execute_serialized_sql('x')", "'json_execute_serialized_sql'"),
]


@pytest.mark.parametrize(("query", "told"), REFUSED)
def test_a_query_that_reaches_outside_stops_the_close(query: str, told: str) -> None:
    with pytest.raises(QueryFault) as fault:
        read_query(query, ["shop"])
    line = f"line {fault.value.line}: " if told.startswith("line") else ""
    assert told in f"{line}{fault.value}"


ALLOWED = """
with paid as (select distinct on (No) * exclude (Mail) from shop where No in ('a', 'b') order by No)
select a.No, extract(year from date '2020-01-01') as y, cast(a.Sum as decimal(18, 2)) * 2 as d,
    sum(1) over (partition by a.No order by a.No rows between 1 preceding and current row),
    coalesce(a.No, 'x'), case when a.No like '%x' then 1 else 2 end, a.No ilike 'x', a.No ~ 'x',
    [x + 1 for x in [1, 2]], {'a': 1}, interval '1 day' + timestamp '2020-01-01',
    timestamp '2020-01-01' at time zone 'UTC', try_cast(a.No as integer), a.No[1:2],
    exists (select 1 from shop), count(*) filter (where a.No is null) over (), columns('S.*'),
    substring(a.No from 1 for 2), position('a' in a.No), trim(both 'x' from a.No), a.No between 'a'
    and 'b', not true, a.No.upper(), ifnull(a.No, ''), strftime(date '2020-01-01', '%d'),
    unnest([1])
from paid as a join shop as b using (No) left join (values (1)) as v(i) on v.i = 1,
    range(3) as r(i), lateral (select 1)
union all by name
select * from shop
order by 1 limit 3
"""


def test_what_depends_on_its_arguments_alone_may_stand_in_a_query() -> None:
    assert read_query(ALLOWED, ["shop"]).sources == {"shop"}


def test_every_allowed_function_is_the_engines_and_always_gives_the_same() -> None:
    con = duckdb.connect()
    known = dict(
        con.execute(
            "select lower(function_name), max(stability) from duckdb_functions() group by all"
        ).fetchall()
    )
    con.close()
    syntax = {"->", "grouping", "grouping_id", "ifnull"}
    assert FUNCTIONS - set(known) - set(GIVEN) == syntax
    assert {known.get(name) for name in FUNCTIONS} <= {None, "CONSISTENT"}
    reaching = re.compile(r"read_|write|scan|glob|env|setting|variable|random|uuid|now|current|sql|"
                          r"pg_|pragma|secret|log_|reservoir|sleep|query|checkpoint")  # fmt: skip
    assert [name for name in FUNCTIONS if reaching.search(name)] == []


@pytest.mark.first(3)
@pytest.mark.long
@pytest.mark.parametrize(
    ("query", "told"),
    [
        (ORDERS.replace("Mail", "Email"), 'orders.sql: line 4: Referenced column "Email"'),
        (ORDERS.replace("10 as bv", "cast(No as integer) as bv"), "orders.sql: line 5: Could not"),
        (ORDERS.replace("10 as bv,", ""), "does not give bv: orders must have them"),
        (ORDERS.replace("10 as bv", "10 as bv, 1 as bvs"), "'bvs' that orders does not have"),
        (ORDERS.replace("source_file, ", ""), "does not give source_file"),
        (ORDERS.replace(", source_line,", ", null as source_line,"), "a row without source_file"),
        (ORDERS.replace(", source_line,", ", 99 as source_line,"), "line 99 of Shop 1.csv"),
        (ORDERS.replace("source_file, ", "'x.csv' as source_file, "), "none of its sources' files"),
        (ORDERS.replace("10 as bv", "[1] as bv"), "holds nested values"),
        (ORDERS.replace("Shop is not null", "sum = 'x'"), 'Referenced column "sum" not found'),
    ],
)
def test_a_query_that_fails_stops_with_its_file_and_line(
    tmp_path: Path, query: str, told: str
) -> None:
    shop = SHOP.replace(",sum,", ",Sum,").replace(
        "No,Placed,Shop,Mail,Sum", "No,Placed,Shop,Mail,Total"
    )
    shop = shop.replace("Back,Sum,user", "Back,sum,SUM")
    assert told in why_stopped(made(tmp_path, {"orders": query}, {"Shop 1.csv": shop}))


def test_a_table_with_a_query_has_no_section(tmp_path: Path) -> None:
    book = made(tmp_path, {"orders": ORDERS}, mapping=SOURCE + "[orders]\n")
    assert "[orders]: the table is made by" in why_stopped(book)


def test_a_query_of_no_table_stops(tmp_path: Path) -> None:
    assert "order.sql: no table" in why_stopped(made(tmp_path, {"order": ORDERS}))


def test_orders_without_any_of_their_sources_stop(tmp_path: Path) -> None:
    told = why_stopped(made(tmp_path, {"orders": ORDERS}, {}))
    assert "no file 'Shop*' is there" in told and "it is required" in told


def test_a_source_that_no_query_reads_is_counted_as_left(tmp_path: Path) -> None:
    mapping = SOURCE + '[sources.old]\nfile = "Old"\n'
    files = {"Shop 1.csv": SHOP.replace("Sum,", "Total,", 1), "Old.csv": "a,b\n1,2\n3,4\n"}
    found = check(made(tmp_path, {"orders": ORDERS}, files, mapping))
    assert [tuple(each.values()) for each in found.sources] == [
        ("old", "Old.csv", 2, 2), ("shop", "Shop 1.csv", 3, 1),
    ]  # fmt: skip
    alone = write_book(tmp_path / "alone", drop({"Old.csv": "a,b\n1,2\n"}))
    (alone / "mapping.toml").write_text('[sources.old]\nfile = "Old"\n')
    assert [each["in no table"] for each in check(alone).sources] == [1]


def test_a_source_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    mapping = SOURCE + '[sources.refunds]\nfile = "Refunds"\n'
    query = ORDERS.replace("from shop", "from shop left join refunds as r on r.No = shop.No")
    query = query.replace("clean_id(No)", "clean_id(shop.No)").replace(
        "source_file, source_line", "shop.source_file, shop.source_line"
    )
    refunds = (
        "select Id as reversal_id, No as order_id, Moment as reversed_at, 'refund' as kind, "
        "1 as amount, 1 as bv, source_file, source_line from refunds"
    )
    found = check(made(tmp_path, {"orders": query, "reversals": refunds}, mapping=mapping))
    assert found.stopped is None
    assert [load.table for load in found.loads] == ["members", "orders"]


def test_a_look_up_lies_in_the_mappings_folder(tmp_path: Path) -> None:
    mapping = SOURCE + '[sources.people]\nfile = "people.csv"\nlookup = true\n'
    query = ORDERS.replace("Shop as seller", "people.id as seller").replace(
        "from shop", "from shop join people on people.shop = shop.Shop"
    ).replace("source_file, source_line", "shop.source_file, shop.source_line")  # fmt: skip
    query = query.replace("where Shop", "where shop.Shop")
    book = made(tmp_path, {"orders": query}, mapping=mapping)
    (book / "mapping" / "people.csv").write_text("shop,id\nM1,M1\n")
    found = check(book)
    assert (found.stopped, [each["source"] for each in found.sources]) == (None, ["shop"])


def test_a_mapping_in_a_drop_is_in_force_from_there_on(tmp_path: Path) -> None:
    book = made(tmp_path, {"orders": ORDERS})
    second = write_book(tmp_path / "second", drop()) / "2020-01"
    second.rename(book / "2020-02")
    (book / "2020-02" / "mapping.toml").write_text("")
    assert [check(book, month).stopped for month in ("2020-01", "2020-02")] == [None, None]


@pytest.mark.long
def test_the_seal_holds_queries_and_look_ups_and_tells_which_has_changed(tmp_path: Path) -> None:
    mapping = SOURCE + '[sources.people]\nfile = "people.csv"\nlookup = true\n'
    book = made(tmp_path, {"orders": ORDERS}, mapping=mapping)
    (book / "mapping" / "people.csv").write_text("shop,id\n")
    assert close("2020-01", book, tmp_path / "home").code == 0
    assert "closed already" in close("2020-01", book, tmp_path / "home").out
    for name in ("people.csv", "orders.sql"):
        path = book / "mapping" / name
        text = path.read_text()
        path.write_text(text + "\n")
        told = close("2020-01", book, tmp_path / "home")
        assert told.code == 2 and f"mapping/{name} has changed" in told.err
        path.write_text(text)


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("with recursive r as (select 1 as i union all select i + 1 from r) select * from r "
         "where i < 0", "seconds of computing"),
        ("select repeat('x', 2000000000) as t from range(100000)", "was stopped"),
        ("select range(1000000000) as l", "GiB"),
    ],
    ids=["endless", "long texts", "long list"],
)  # fmt: skip
def test_a_query_that_runs_away_is_stopped(
    monkeypatch: pytest.MonkeyPatch, query: str, told: str
) -> None:
    monkeypatch.setattr(query_running, "SECONDS", 3)
    with pytest.raises(QueryFault, match=told):
        run_query(query, read_query(query, []), {})
