"""Which engine a home's rules run on: the one that was asked for, else the one it remembers.

Belongs here: what is remembered, and how the engine is opened for a command. Without a note it is
DuckDB. Another engine than before makes the state again from the drops (`recovery`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines.closing.home import Home, write_whole
from pipelines.engines.duck_rules import DUCK
from pipelines.engines.engine import AskedEngine
from pipelines.stop import Stop

ENGINES = ("duck", "spark")
NOT_INSTALLED = "needs a Spark client: pip install 'upline[spark]'"


@contextmanager
def with_engine(home: Home) -> Iterator[Home]:
    """A home that is held, with its engine opened; it is left at the end, and remembered.

    Stop when Spark is not told where it is, or its client is not installed.
    """
    asked = ask(home)
    if asked.name == "duck":
        home.engine_note.unlink(missing_ok=True)
        yield replace(home, engine=DUCK)
        return
    if asked.remote is None or asked.warehouse is None:
        raise Stop(
            "--engine spark needs --remote sc://HOST:15002 and --warehouse DIR, the first time"
        )
    try:
        from pipelines.engines.spark_source import open_spark
    except ImportError as error:
        raise Stop(f"--engine spark {NOT_INSTALLED} ({error.name} is missing)") from error
    warehouse = asked.warehouse.absolute()
    with open_spark(asked.remote, warehouse, home.folder.absolute(), home.work) as engine:
        _remember(home, replace(asked, warehouse=warehouse))
        yield replace(home, engine=engine)


def ask(home: Home) -> AskedEngine:
    """Which engine a command goes on with: what it was not told is as it was before."""
    before, asked = _remembered(home), home.asked
    if asked is None:
        return before
    if asked.name == "duck" or before.name == "duck":
        return asked
    return replace(
        asked, remote=asked.remote or before.remote, warehouse=asked.warehouse or before.warehouse
    )


def _remembered(home: Home) -> AskedEngine:
    try:
        told = json.loads(home.engine_note.read_bytes())
        return AskedEngine("spark", told["remote"], Path(told["warehouse"]))
    except FileNotFoundError:
        return AskedEngine("duck")
    except (ValueError, TypeError, KeyError) as error:
        raise Stop(f"{home.engine_note}: cannot be read; say --engine, --remote and --warehouse "
                   f"after removing it") from error  # fmt: skip


def _remember(home: Home, asked: AskedEngine) -> None:
    """Note the engine; of the place not what follows its name, which may be a secret."""
    remote = (asked.remote or "").split("/;")[0]
    told = json.dumps({"remote": remote, "warehouse": str(asked.warehouse)}).encode()
    if not home.engine_note.is_file() or home.engine_note.read_bytes() != told:
        write_whole(home.engine_note, told)
