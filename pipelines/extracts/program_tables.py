"""The program's own tables, which no SQL file makes: declared here and nowhere else.

Extracts' tables have their shapes in `schemas`, rules' tables their file under `sql/`.
"""

from __future__ import annotations

import duckdb

OWN_TABLES: dict[str, str] = {
    # Everybody who was in a snapshot so far, and the first drop that had them.
    "drops.known_members": "member_id varchar, drop_month varchar",
    # What loading left out and why, what became of each file, what an analyst should know.
    "quality.quarantine": """
        drop_month varchar, "table" varchar, file varchar, line integer, key varchar,
        code varchar, "column" varchar, raw varchar
    """,
    # What listed rows of money say of it, as far as it can be read; no report is made of it.
    "quality.quarantined_money": """
        drop_month varchar, "table" varchar, file varchar, line integer, order_id varchar,
        amount decimal(18, 2), currency varchar
    """,
    "quality.notes": 'drop_month varchar, "table" varchar, note varchar',
    "quality.loads": """
        drop_month varchar, "table" varchar, file varchar, rows bigint, loaded bigint,
        known_already bigint, quarantined bigint
    """,
    # What each file of a mapping's sources held, and which of its rows a table took.
    "quality.sources": """
        drop_month varchar, source varchar, file varchar, rows bigint, left_out bigint
    """,
    "quality.taken": """
        drop_month varchar, "table" varchar, source varchar, file varchar, rows bigint,
        taken_rows varchar
    """,
    # Which conditions of a table's query the rows of a source's file do not meet, and how many of
    # the rows that no table took were left out by which.
    "quality.unmet": """
        drop_month varchar, "table" varchar, source varchar, file varchar, conditions varchar,
        unmet_rows varchar
    """,
    "quality.left_out": """
        drop_month varchar, source varchar, file varchar, "table" varchar, condition varchar,
        rows bigint
    """,
    # Policy and calendar in force in the month in work, where the rules read them.
    "book.ranks": "rank varchar, level integer",
    "book.referral_countries": "country varchar",
    "book.exempt_members": "member_id varchar",
    "book.markets": """
        country varchar, notice_day integer, grace_days integer, first_flag_month varchar
    """,
    "book.windows": """
        month varchar, qualification_start date, qualification_end date,
        benefits_start date, benefits_end date
    """,
    "book.business_days": "country varchar, day date, passed integer",
    "book.clock": "from_at timestamp, to_at timestamp, offset_seconds integer",
    "book.programmes": "close_month varchar, programme varchar",
    # Which seal the rows of a month belong to.
    "book.closes": "close_month varchar, seal varchar",
    # What each step of the month in work was made from.
    "book.steps": "close_month varchar, step varchar, made_from varchar",
}
SCHEMAS = ("drops", "extracts", "quality", "book")


def create_own_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the schemas and tables that are not there yet."""
    created = [f"create schema if not exists {schema}" for schema in SCHEMAS]
    created += [f"create table if not exists {name} ({told})" for name, told in OWN_TABLES.items()]
    con.execute(";".join(created))
