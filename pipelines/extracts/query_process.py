"""The process that runs one query of a mapping, fenced in (contract 5).

Started by `query_running` with this file's path, not imported: it takes the task as JSON from its
input, answers with JSON on its output, and writes the rows to a file of Arrow's. Belongs here: the
limits of memory and computing time, which the machine holds it to, and the engine's settings that
shut files, network, extensions and settings away. It imports nothing of ours.
"""

import json
import resource
import sys
from typing import Any

SETTINGS = (
    "set threads = 1",
    "set timezone = 'UTC'",
    "set python_enable_replacements = false",
    "set allow_community_extensions = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set max_temp_directory_size = '0B'",
    "set errors_as_json = true",
)


def run_task(task: dict[str, Any]) -> dict[str, Any]:
    """Run a task's query.

    In: the sources' Arrow files by name, the macros, the query, where its rows go, the memory in
    bytes and the most bytes of rows. Out: `columns` with their types, or `error` and `place`.
    """
    import duckdb
    import pyarrow as pa

    con = duckdb.connect(config={"enable_external_access": "false"})
    for setting in SETTINGS:
        con.execute(setting)
    con.execute(f"set memory_limit = '{task['memory'] // 1_000_000}MB'")
    for macro in task["macros"]:
        con.execute(macro)
    kept = []
    for name, path in task["sources"].items():
        kept.append(pa.ipc.open_file(pa.memory_map(path)).read_all())
        con.register(name, kept[-1])
    con.execute("set disabled_filesystems = 'LocalFileSystem'")
    con.execute("set lock_configuration = true")
    try:
        return _write(con.execute(task["query"]), task)
    except duckdb.Error as error:
        return _told(error)


def _write(con: Any, task: dict[str, Any]) -> dict[str, Any]:
    import pyarrow as pa

    columns = [[name, str(kind)] for name, kind, *_ in con.description]
    reader = con.to_arrow_reader(100_000)
    size = 0
    with pa.ipc.new_file(task["rows"], reader.schema) as file:
        for batch in reader:
            size += batch.nbytes
            if size > task["most_bytes"]:
                return {"error": "too many rows", "kind": "Rows", "place": None}
            file.write_batch(batch)
    return {"columns": columns}


def _told(error: Exception) -> dict[str, Any]:
    kind, _, told = str(error).partition(": ")
    try:
        found = json.loads(told)
    except ValueError:
        return {"error": str(error), "kind": kind, "place": None}
    place = found.get("position")
    return {
        "error": found["exception_message"],
        "kind": found["exception_type"],
        "place": int(place) if place else None,
    }


def main() -> None:
    """Answer the task that comes in."""
    task = json.load(sys.stdin)
    sys.path[:] = task["path"]
    limits = ((resource.RLIMIT_CPU, task["seconds"]), (resource.RLIMIT_DATA, task["most_memory"]))
    for limit, most in limits:
        resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = run_task(task)
    except MemoryError:
        answer = {"error": "out of memory", "kind": "Out of Memory", "place": None}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
