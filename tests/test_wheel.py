"""The wheel: it closes the sample in an empty environment, far from the checkout.

Belongs here: what is built, what it carries, what it says it needs. The environment is empty but
for the packages that the tests run on, which stand behind it as a plain folder.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import PROJECT, SAMPLE
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_golden import GOLDEN, MONTH, texts

SOURCES = ("pipelines", "schemas", "sql", "reports", "data/vendors", "dagster.yaml",
           "workspace.yaml", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md",
           "LICENSE")  # fmt: skip
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMPILED_ELSEWHERE = "leader.html.cpython-399"
LOCKS = ("requirements.txt", "requirements-dev.txt")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that knows nothing of the checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept | environment, capture_output=True, text=True
    )


def pip(*arguments: str | Path, cwd: Path) -> None:
    """pip, offline."""
    options = ("--no-deps", "--no-index", "--quiet")
    found = run(sys.executable, "-m", "pip", *arguments, *options, cwd=cwd)
    assert found.returncode == 0, found.stderr


def names_under(folder: Path) -> set[Path]:
    """Everything in a folder but what was compiled there since."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return {path for path in paths if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and the packages of this one behind it."""
    folder = tmp_path_factory.mktemp("wheel")
    tree, environment = folder / "tree", folder / "environment"
    tree.mkdir()
    for name in SOURCES:
        if (PROJECT / name).is_dir():
            shutil.copytree(
                PROJECT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(PROJECT / name, tree / name)
    kept = tree / "reports" / "templates" / "__pycache__"
    kept.mkdir()
    (kept / COMPILED_ELSEWHERE).write_bytes(b"of another machine")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, tree, cwd=folder)
    [wheel] = folder.glob("upline-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    pip("--python", environment / "bin" / "python", "install", wheel, cwd=folder)
    shutil.rmtree(tree)
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "behind.pth").write_text(sysconfig.get_path("purelib"))
    return environment


@pytest.mark.long
class TestTheWheel:
    @pytest.mark.exhaustive
    def test_closes_the_sample_to_the_golden_reports(self, installed: Path, tmp_path: Path) -> None:
        book = shutil.copytree(SAMPLE, tmp_path / "book")
        home = tmp_path / "home"
        found = run(installed / "bin" / "upline", "close", MONTH, "--through",
                    "--book", book, "--home", home, cwd=tmp_path)  # fmt: skip
        assert found.returncode == 0, found.stderr
        assert texts(home / "reports" / MONTH) == texts(GOLDEN / MONTH)

    def test_carries_all_that_is_read_and_is_read_itself(
        self, installed: Path, tmp_path: Path
    ) -> None:
        asked = "import pipelines, schemas; print(pipelines.__file__, schemas.__file__)"
        found = run(installed / "bin" / "python", "-c", asked, cwd=tmp_path).stdout.split()
        assert all(path.startswith(str(installed)) for path in found) and len(found) == 2
        package = Path(found[0]).parent
        for name in ("sql", "reports/templates", "reports/queries", "data/vendors"):
            assert names_under(package / "carried" / name) == names_under(PROJECT / name)
        assert (package / "py.typed").exists()
        assert (package.parent / "schemas" / "py.typed").exists()

    def test_carries_no_template_that_was_compiled_elsewhere(self, installed: Path) -> None:
        assert list(installed.rglob("leader.html")) != []
        assert list(installed.rglob(COMPILED_ELSEWHERE)) == []

    def test_says_the_version_that_it_was_built_as(self, installed: Path, tmp_path: Path) -> None:
        asked = "from importlib.metadata import version; print(version('upline'))"
        known = run(installed / "bin" / "python", "-c", asked, cwd=tmp_path).stdout
        told = run(installed / "bin" / "upline", "--version", cwd=tmp_path).stdout
        assert told == f"upline {known}" and "unknown" in known

    @pytest.mark.exhaustive
    def test_has_what_the_ui_starts_from(self, installed: Path, tmp_path: Path) -> None:
        asked = (
            "from pipelines.places import find_file; import pipelines.definitions; "
            "[find_file(name).open() for name in ('dagster.yaml', 'workspace.yaml')]"
        )
        python = installed / "bin" / "python"
        named = {"UPLINE_BOOK": str(SAMPLE), "UPLINE_HOME": str(tmp_path / "home")}
        assert run(python, "-c", asked, cwd=tmp_path, **named).returncode == 0
        found = run(python, "-c", asked, cwd=tmp_path)
        assert found.returncode != 0 and "set UPLINE_BOOK and UPLINE_HOME" in found.stderr


def third_parties(paths: Iterable[Path]) -> set[str]:
    """The packages that modules import, by the names of their distributions."""
    names = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    outside = names - set(sys.stdlib_module_names) - {"pipelines", "schemas"}
    homes = {**packages_distributions(), "pyspark": ["pyspark-client"]}
    return {canonicalize_name(homes[name][0]) for name in outside}


def declared_as(texts: list[str]) -> set[str]:
    """The names of the distributions that requirements name."""
    return {canonicalize_name(Requirement(text).name) for text in texts}


def test_every_package_that_is_imported_is_declared_and_sparks_in_its_extra() -> None:
    modules = {*(PROJECT / "pipelines").rglob("*.py"), *(PROJECT / "schemas").rglob("*.py")}
    of_spark = set((PROJECT / "pipelines" / "engines").glob("spark*.py"))
    always = declared_as(DECLARED["dependencies"])
    assert third_parties(modules - of_spark) - always == set()
    more = third_parties(of_spark) - always
    assert more and more - declared_as(DECLARED["optional-dependencies"]["spark"]) == set()


def pinned(name: str) -> dict[str, set[str]]:
    """The versions that a lock has of each package, which may differ from Python to Python."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_what_is_declared(name: str) -> None:
    tools = DECLARED["optional-dependencies"]["dev"] if "dev" in name else []
    for wanted in map(Requirement, DECLARED["dependencies"] + tools):
        versions = pinned(name)[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), wanted


@pytest.mark.parametrize("name", [*LOCKS, "benchmarks/requirements.txt"])
def test_a_lock_names_no_host(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8").replace("--hash=sha256:", "")
    assert "://" not in text and "--" not in text


def test_the_locks_agree_and_the_runtime_has_no_tools_in_it() -> None:
    runtime, tools = (pinned(name) for name in LOCKS)
    assert runtime.items() <= tools.items()
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & set(runtime)
