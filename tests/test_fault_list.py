"""The list of faults that `make mutants` tries follows the code: what each spoils is there."""

from __future__ import annotations

import pytest
from conftest import PROJECT
from mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.file)
def test_what_is_spoiled_and_who_is_to_notice_it_are_there(mutant: Mutant) -> None:
    assert mutant.text in (PROJECT / mutant.file).read_text(encoding="utf-8")
    assert mutant.text != mutant.instead
    for test in mutant.tests.split():
        assert (PROJECT / test.partition("::")[0]).is_file()
