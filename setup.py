"""What pyproject.toml cannot say: the version, and the files that a wheel takes besides packages.

SQL, templates and settings stand at the top of a checkout, where people look for them; a wheel has
them in `pipelines/carried`, where `pipelines/places.py` finds them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from runpy import run_path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

CARRIED = ("sql", "reports/templates", "reports/queries", "data/vendors", "dagster.yaml",
           "workspace.yaml")  # fmt: skip
VERSION: str = run_path("pipelines/version.py")["program_version"]()


class BuildWithFiles(build_py):  # type: ignore[misc] # setuptools tells no types
    """The packages, and with them the house's files and the version that the wheel will say."""

    def run(self) -> None:
        """Build from nothing; an editable install reads the checkout, and gets no copies."""
        if self.editable_mode:
            super().run()
            return
        shutil.rmtree(self.build_lib, ignore_errors=True)  # what a module left there would be taken
        super().run()
        package = Path(self.build_lib) / "pipelines"
        for name in CARRIED:
            target = package / "carried" / name
            if Path(name).is_dir():
                shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(name, target)
        write_version(package)


class SourceWithVersion(sdist):  # type: ignore[misc]
    """The sources, which are no checkout any more and have to be told their version."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Lay the tree that is packed."""
        super().make_release_tree(base_dir, files)
        write_version(Path(base_dir) / "pipelines")


def write_version(package: Path) -> None:
    """Say the version where `pipelines/version.py` looks for it first."""
    (package / "version.txt").write_text(f"{VERSION}\n", encoding="ascii")


setup(version=VERSION, cmdclass={"build_py": BuildWithFiles, "sdist": SourceWithVersion})
