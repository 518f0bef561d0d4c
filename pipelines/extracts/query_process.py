"""The process that runs one query of a mapping, fenced in (contract 5).

Started by `query_running` with this file's path, not imported: it takes the task as JSON from its
input, answers with JSON on its output, and writes the rows to a file of Arrow's. Belongs here: the
limits of memory and computing time, which the machine holds it to, and the engine's settings that
shut files, network, extensions and settings away. It imports nothing of ours. Once the rows are
there and told, a second answer says which conditions the sources' rows do not meet; when it fails
or takes too long, the first one holds.
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


def run_task(task: dict[str, Any], say: Any) -> None:
    """Run a task's query.

    In: the sources' Arrow files by name, the macros, the query, where its rows go, the memory in
    bytes and the most bytes of rows; the conditions and where it goes which are not met. Said are
    `columns` with their types, or `error` and `place`; then the `unmet` sources.
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
        answer = _write(con.execute(task["query"]), task)
    except duckdb.Error as error:
        answer = _told(error)
    say(answer)
    if "error" not in answer and task["conditions"]:
        resource.setrlimit(resource.RLIMIT_CPU, (2 * task["seconds"],) * 2)
        say({"unmet": _write_unmet(con, task)})


def _write_unmet(con: Any, task: dict[str, Any]) -> dict[str, str]:
    """Of each row of a source the number of the first condition that it does not meet, or 0."""
    import duckdb
    import numpy as np

    found: dict[str, Any] = {}
    for number, (source, alias, text) in enumerate(task["conditions"], start=1):
        asked = f"select coalesce(try({text}), false) as met from {_name(source)} as {_name(alias)}"
        try:
            met = con.execute(asked).to_arrow_table()["met"].to_numpy()
        except duckdb.Error:  # the columns are another source's, or it cannot be asked by itself
            continue
        codes = found.setdefault(source, np.zeros(len(met), dtype=np.uint8))
        codes[(codes == 0) & ~met] = number
    for source, codes in found.items():
        np.save(task["unmet"][source], codes)
    return {source: task["unmet"][source] for source in found}


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


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
    resource.setrlimit(resource.RLIMIT_CPU, (task["seconds"], 2 * task["seconds"]))
    resource.setrlimit(resource.RLIMIT_DATA, (task["most_memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said: list[dict[str, Any]] = []

    def say(answer: dict[str, Any]) -> None:
        said.append(answer)
        print(json.dumps(answer), flush=True)

    try:
        run_task(task, say)
    except MemoryError:
        if not said:
            say({"error": "out of memory", "kind": "Out of Memory", "place": None})


if __name__ == "__main__":
    main()
