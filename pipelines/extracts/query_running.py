"""A mapping's query, run in a process of its own over its sources (contract 5).

Belongs here: what the process is given, its limits, and what its answer means. Nothing of the query
is trusted: `query_fence` has read it before, `query_process` shuts the doors.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.extracts.query_fence import QueryFault, QueryParts, line_at
from pipelines.extracts.query_macros import list_macros
from pipelines.private_folders import private_folder

PROCESS = Path(__file__).with_name("query_process.py")
# What a query may take, named in the message; docs/mapping.md says it too.
GIB = 1 << 30
MEMORY, MOST_MEMORY, MOST_BYTES = 4 * GIB, 6 * GIB, 4 * GIB
SECONDS, SECONDS_A_MILLION = 30, 30
WAITS = 10
MOST_TOLD = 400


@dataclass(frozen=True)
class QueryRows:
    """What a query gave: its rows, and the engine's type of each column.

    `unmet` has by source, of each of its rows, the number of the first condition that it does not
    meet, counted from 1; 0 where it meets all. It has no source without conditions.
    """

    rows: pa.Table
    kinds: dict[str, str]
    unmet: dict[str, npt.NDArray[np.uint8]]


def run_query(text: str, parts: QueryParts, sources: dict[str, pa.Table]) -> QueryRows:
    """Run a query over its sources.

    In: the query, what it needs, and the relations, each with `source_file` and `source_line`. A
    relation of no columns is a source that this drop has not: it is taken as one without rows.
    QueryFault with the engine's words and the line where it fails or takes more than its limits.
    """
    with private_folder() as folder:
        task = _task(text, parts, sources, folder)
        answer = _ask(text, task)
        kinds = [(str(name), str(kind)) for name, kind in answer["columns"]]
        names = [name for name, _ in kinds]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise QueryFault(1, f"gives the column {twice[0]!r} twice")
        # The file is gone with its folder; what is mapped of it stays.
        rows = pa.ipc.open_file(pa.memory_map(task["rows"])).read_all()
        unmet = {name: np.load(path) for name, path in answer["unmet"].items()}
    return QueryRows(rows, dict(kinds), unmet)


def _task(
    text: str, parts: QueryParts, sources: dict[str, pa.Table], folder: Path
) -> dict[str, Any]:
    files = {}
    for at, (name, table) in enumerate(sources.items()):
        files[name] = str(folder / f"{at}.arrow")
        with pa.ipc.new_file(files[name], table.schema) as file:
            file.write_table(table)
    millions = sum(table.num_rows for table in sources.values()) // 1_000_000
    return {
        "path": sys.path,
        "sources": files,
        "macros": list_macros(parts.formats),
        "query": text,
        "rows": str(folder / "rows.arrow"),
        "conditions": [[each.source, each.alias, each.text] for each in parts.conditions],
        "unmet": {name: str(folder / f"{at}.npy") for at, name in enumerate(sources)},
        "memory": MEMORY,
        "most_memory": MOST_MEMORY,
        "most_bytes": MOST_BYTES,
        "seconds": SECONDS + SECONDS_A_MILLION * millions,
    }


def _ask(text: str, task: dict[str, Any]) -> dict[str, Any]:
    """The process's answer; QueryFault where that is an error, or it was stopped before."""
    command = [sys.executable, "-I", "-X", "utf8", str(PROCESS)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=task["seconds"] * WAITS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryFault(1, _too_long(task)) from error
    first, _, second = done.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(first)
    except ValueError as error:
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise QueryFault(1, _too_long(task)) from error
        if done.returncode < 0 or b"bad_alloc" in done.stderr or b"MemoryError" in done.stderr:
            raise QueryFault(1, _too_much()) from error
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise OSError(
            f"a mapping's query could not be run: {(told or ['no answer'])[-1]}"
        ) from error
    if "error" not in answer:
        return (
            {"unmet": {}} | answer | (json.loads(second) if done.returncode == 0 and second else {})
        )
    if answer["kind"] in ("Out of Memory", "Rows"):
        raise QueryFault(1, _too_much())
    raise QueryFault(line_at(text, answer["place"]), _in_one_line(answer["error"]))


def _too_long(task: dict[str, Any]) -> str:
    return f"was stopped after {task['seconds']} seconds of computing, the limit for its sources"


def _too_much() -> str:
    return f"was stopped at {MEMORY // GIB} GiB of memory or rows, the limit of a query"


def _in_one_line(told: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())
    return line if len(line) <= MOST_TOLD else f"{line[: MOST_TOLD - 1]}…"
