"""What the README says to type works, and prints what the README shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import PROJECT
from upline_command import upline

pytestmark = pytest.mark.long

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line]
SHOWN = [text for kind, text in BLOCKS if kind == ""]


def masked(text: str) -> str:
    """Without what differs from run to run and from version to version: seconds, a seal."""
    text = re.sub(r"^ *\d+\.\d\d s", "  0.00 s", text, flags=re.M)
    return re.sub(r"\b[0-9a-f]{16}\b", "0" * 16, text)


def test_its_commands_print_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    home = tmp_path / "home"
    typed = [shlex.split(line) for line in COMMANDS if line.startswith(".venv/bin/upline ")]
    assert [words[1] for words in typed] == ["check", "close", "explain", "ui"]
    told = []
    for words in typed[:3]:
        found = upline(*[word.replace("build/home", str(home)) for word in words[1:]])
        assert (found.code, found.err) == (0, "")
        told.append(masked(found.out.replace(str(home), "build/home")))
    assert told[1:] == [masked(text) for text in SHOWN]


def test_its_make_targets_are_there() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for line in COMMANDS if line.startswith("make ")}
    assert targets == {"demo", "test"}
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.replace("\n", " "))
    assert links and all((PROJECT / link).exists() for link in links)
