"""`upline --version` says which build it is: the same on every machine with the same commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

from pipelines.closing.versions import digest_folders
from pipelines.version import RELEASE, program_version

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder."""
    name = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    return subprocess.run(
        ["git", "-C", str(folder), *name, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def told_in(tree: Path) -> str:
    """The version that a tree says of itself."""
    asked = "from pipelines.version import program_version as told; print(told())"
    return subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tree, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    ).stdout.strip()  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that knows only its version."""
    package = tmp_path / "tree" / "pipelines"
    package.mkdir(parents=True)
    for name in ("__init__.py", "version.py", "commit.txt"):
        shutil.copy(PROJECT / "pipelines" / name, package / name)
    shutil.copy(PROJECT / ".gitattributes", package.parent)
    (package.parent / ".gitignore").write_text("__pycache__/\n")
    return package.parent


def commit(tree: Path) -> str:
    """The tree committed; out: what its version says of the commit."""
    git(tree, "init", "--quiet")
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "--message", "A tree")
    return f"{RELEASE}+g{git(tree, 'rev-parse', 'HEAD')[:12]}"


def test_a_tree_without_git_says_that_it_does_not_know(tree: Path) -> None:
    assert told_in(tree) == f"{RELEASE}+unknown"


@needs_git
def test_a_tree_inside_another_repository_does_not_take_its_commit(tree: Path) -> None:
    commit(tree.parent)
    assert told_in(tree) == f"{RELEASE}+unknown"


@needs_git
def test_a_checkout_says_its_commit_and_whether_it_was_changed(tree: Path) -> None:
    said = commit(tree)
    (tree / "untracked").write_text("")
    assert told_in(tree) == said
    (tree / "pipelines" / "__init__.py").write_text("")
    assert told_in(tree) == f"{said}.changed"


@needs_git
@pytest.mark.parametrize("name", [b"b\xfcro", "a\u2028b".encode()], ids=["bytes", "separator"])
def test_a_branch_may_have_any_name(tree: Path, name: bytes) -> None:
    said = commit(tree)
    git(tree, "checkout", "--quiet", "-b", os.fsdecode(name))
    assert told_in(tree) == said
    (tree / "pipelines" / "__init__.py").write_text("")
    assert told_in(tree) == f"{said}.changed"


def test_what_is_no_file_of_the_program_is_not_counted(tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    (folder / "finance").mkdir(parents=True)
    (folder / "finance" / "sales.sql").write_text("select 1")
    before = digest_folders(folder)
    (folder / "finance" / "gone.sql").symlink_to(tmp_path / "nowhere")
    (folder / ".hidden.sql").write_text("select 2")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "sales.sql").write_text("select 3")
    assert digest_folders(folder) == before
    (folder / "finance" / "more.sql").symlink_to(folder / "finance" / "sales.sql")
    assert digest_folders(folder) != before


@needs_git
def test_a_tag_changes_nothing_since_not_every_clone_has_it(tree: Path) -> None:
    said = commit(tree)
    git(tree, "tag", "v9.9.9")
    assert told_in(tree) == said


@needs_git
def test_a_tarball_says_the_commit_that_it_was_made_of(tree: Path, tmp_path: Path) -> None:
    said = commit(tree)
    git(tree, "archive", "--output", str(tmp_path / "tree.tar"), "HEAD")
    shutil.unpack_archive(tmp_path / "tree.tar", tmp_path / "unpacked")
    assert told_in(tmp_path / "unpacked") == said


def test_the_command_prints_it(capfd: pytest.CaptureFixture[str]) -> None:
    from pipelines.command_line import main

    assert main(["--version"]) == 0
    assert capfd.readouterr().out == f"upline {program_version()}\n"


@needs_git
@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="this is no checkout")
def test_a_release_is_tagged_as_it_calls_itself() -> None:
    tags = git(PROJECT, "tag", "--points-at", "HEAD", "v*").split()
    assert tags in ([], [f"v{RELEASE}"])
