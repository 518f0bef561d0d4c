"""What every command and every month costs before its first row: imports, and compiled templates.

Belongs here: that what is not needed is not loaded, and that what was compiled before gives the
same pages and is never taken for something else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from pipelines.closing.home import SYNCED_AT_ONCE, move_into_place
from pipelines.closing.inputs import digest_file, digest_files
from pipelines.reports.look.compiled import FOLDER, CompiledTemplates
from pipelines.stop import Stop

HEAVY = {"dagster", "pandas", "pandera", "polars"}


def loaded_by(statement: str) -> set[str]:
    """The packages that a new process has after a statement."""
    asked = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


class TestImports:
    def test_a_close_loads_no_package_that_it_does_not_compute_with(self) -> None:
        assert loaded_by("import pipelines.closing.close") & HEAVY == set()

    def test_the_commands_help_loads_none_at_all(self) -> None:
        asked = "from pipelines.command_line import build_parser; build_parser().format_help()"
        third = {"babel", "duckdb", "holidays", "jinja2", "numpy", "pyarrow", "starlette"}
        assert loaded_by(asked) & (HEAVY | third) == set()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with one template, where compiled ones are kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "page.html").write_text("{{ 1 + 1 }} {{ name }}")
    yield tmp_path


def rendered(folder: Path, made_with: bytes = b"one") -> str:
    """The page, by an environment of its own."""
    environment = Environment(
        loader=FileSystemLoader(folder), bytecode_cache=CompiledTemplates(folder, made_with)
    )
    return environment.get_template("page.html").render(name="two")


def kept(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).iterdir())


class TestCompiledTemplates:
    def test_one_is_kept_and_used_again(self, folder: Path) -> None:
        assert rendered(folder) == "2 two"
        [path] = kept(folder)
        before = path.stat().st_mtime_ns
        assert rendered(folder) == "2 two"
        assert kept(folder) == [path] and path.stat().st_mtime_ns == before

    def test_one_that_is_used_is_not_compiled(self, folder: Path) -> None:
        rendered(folder)
        # What lies there under the name of a template is what is rendered, while it is of its text.
        source = "{{ 1 + 1 }} {{ name }}"
        cache = CompiledTemplates(folder, b"one")
        environment = Environment(loader=FileSystemLoader(folder))
        bucket = cache.get_bucket(environment, "page.html", None, source)
        assert bucket.code is not None
        bucket.code = environment.compile("{{ name }} from what is kept")
        cache.set_bucket(bucket)
        assert rendered(folder) == "two from what is kept"

    def test_a_changed_template_is_compiled_anew(self, folder: Path) -> None:
        rendered(folder)
        (folder / "page.html").write_text("{{ 2 + 2 }} {{ name }}")
        assert rendered(folder) == "4 two"

    def test_other_filters_or_another_engine_are_not_served_the_old(self, folder: Path) -> None:
        rendered(folder)
        before = kept(folder)[0].read_bytes()
        assert rendered(folder, b"another") == "2 two"
        assert kept(folder)[0].read_bytes() != before

    @pytest.mark.parametrize("length", (0, 1, 40, 70, -1))
    def test_a_damaged_one_is_not_used(self, folder: Path, length: int) -> None:
        rendered(folder)
        [path] = kept(folder)
        whole = path.read_bytes()
        path.write_bytes(whole[:length])
        assert rendered(folder) == "2 two"
        assert path.read_bytes() == whole

    def test_where_nothing_can_be_kept_pages_are_rendered_all_the_same(self, folder: Path) -> None:
        (folder / FOLDER).write_text("in the way")
        assert rendered(folder) == "2 two"

    def test_none_is_kept_where_python_keeps_no_modules(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        assert rendered(folder) == "2 two"
        assert not (folder / FOLDER).exists()


class TestFilesSomeAtOnce:
    def test_each_has_the_digest_that_it_has_alone(self, tmp_path: Path) -> None:
        paths = [tmp_path / f"{number}.csv" for number in range(7)]
        for number, path in enumerate(paths):
            path.write_bytes(bytes([number]) * 3_000_000 * (7 - number))
        assert digest_files(paths) == {path.name: digest_file(path) for path in paths}
        assert list(digest_files(paths)) == [path.name for path in paths]

    def test_the_first_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        paths = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
        paths[0].write_bytes(b"a" * 5_000_000)
        with pytest.raises(Stop, match=re.escape(f"{paths[1]}: cannot be read")):
            digest_files(paths)

    def test_a_folder_that_cannot_be_flushed_is_not_moved(self, tmp_path: Path) -> None:
        staged = tmp_path / "staged"
        staged.mkdir()
        for number in range(3 * SYNCED_AT_ONCE):
            (staged / f"{number}").write_text("row")
        (staged / "gone").symlink_to(tmp_path / "nowhere")
        with pytest.raises(OSError):
            move_into_place(staged, tmp_path / "reports" / "2020-01")
        assert staged.is_dir() and not (tmp_path / "reports").exists()


COUNT_THREADS = """
import os
from pipelines.command_line import prepare_process
prepare_process()
before = len(os.listdir("/proc/self/task"))
import numpy
print(len(os.listdir("/proc/self/task")) - before)
"""


def test_a_command_begins_no_threads_that_nobody_asks_anything() -> None:
    environment = {name: text for name, text in os.environ.items() if "OPENBLAS" not in name}
    told = subprocess.run(
        [sys.executable, "-c", COUNT_THREADS], env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert told.stdout == "0\n"
