"""What a month's figures and pages come from besides its inputs: the program, piece by piece.

Belongs here: the versions and digests that a seal names, so that a difference can be put down to
the rules, the templates, the rest of the program or what it runs on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pipelines
import schemas
from pipelines.places import find_folder
from pipelines.stop import Stop
from pipelines.version import program_version

# What the figures and the pages depend on, besides the program itself.
DEPENDENCIES = (
    "duckdb", "pyarrow", "holidays", "tzdata", "jinja2", "babel", "xlsxwriter", "openpyxl",
)  # fmt: skip


@cache
def name_versions() -> dict[str, str]:
    """The version of the program and of each package that it computes with, and the SHA-256 of its
    rules (`sql/`), of its templates and of its own code. In a process they never change."""
    return read_versions()


def check_program() -> None:
    """Stop where the program is not what it was when the process read it: a process that lives for
    long, as the UI's do, would compute with some of both, and its seal would name one."""
    if read_versions() != name_versions():
        raise Stop(
            "the program was changed after the UI had read it, and nothing is computed with "
            "some of both; end the UI and start it again, then run this again"
        )


def read_versions() -> dict[str, str]:
    """The versions as they are on the disk now; the commit is that of when the process began."""
    return {
        "upline": program_version(),
        "rules": digest_folders(find_folder("sql")),
        "templates": digest_folders(find_folder("reports/templates")),
        "program": digest_folders(
            *(Path(str(each.__file__)).parent for each in (pipelines, schemas))
        ),
    } | {name: version(name) for name in DEPENDENCIES}


def digest_folders(*folders: Path) -> str:
    """The SHA-256 of the names and bytes of every file in folders of the program.

    What Python compiles, and what an installed program carries inside itself of the other kinds,
    is no code of it.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for name in sorted(_counted(folder), key=lambda name: name.split("/")):
            if (folder / name).is_file():
                content = (folder / name).read_bytes()
                digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _counted(folder: Path) -> Iterator[str]:
    """What is counted of a folder, in so far as it is a file: by the ways from it."""
    is_code = folder.name in ("pipelines", "schemas")
    for inner, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        way = inner[len(str(folder)) + 1 :].replace(os.sep, "/")
        for name in files:
            if name[0] != "." and (name.endswith(".py") or not is_code):
                yield f"{way}/{name}" if way else name
