"""Faults put into the code one by one: for each a test must fail. `make mutants` tries them.

Belongs here: faults that no test noticed once, or that would cost somebody's income unseen. Each is
a text of one file, what stands there instead, and the tests that are to notice it. A text that is
there no more is told: the list must follow the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
COPIED = ("pipelines", "schemas", "sql", "reports", "tests", "data/sample", "docs")
FILES = ("pyproject.toml", "workspace.yaml", "dagster.yaml", "README.md", "Makefile")


@dataclass(frozen=True)
class Mutant:
    """One fault: in which file which text becomes which, and who is to notice it."""

    file: str
    text: str
    instead: str
    tests: str


MUTANTS = (
    Mutant("pipelines/closing/close.py", "    check_seen(work.seen)\n", "",
           "tests/test_swapped_files.py tests/test_failure_paths.py"),
    Mutant("pipelines/engines/duck_rules.py", "where close_month >= $close_month",
           "where close_month = $close_month", "tests/test_computed_again.py"),
    Mutant("pipelines/closing/month_in_work.py",
           "            forget_later_drops(self.engine.loading(), month)\n",
           "            pass\n", "tests/test_computed_again.py"),
    Mutant("pipelines/closing/recovery.py",
           "return all(held.get(month.text) == digest_file(home.seal(month)) for month in sealed)",
           "return all(month.text in held for month in sealed)", "tests/test_homes.py"),
    Mutant("pipelines/closing/recovery.py",
           "shutil.rmtree(path) if path.is_dir() else path.unlink()", "pass",
           "tests/test_failure_paths.py tests/test_homes.py tests/test_deaths.py"),
    Mutant("pipelines/extracts/load.py", '["drops.known_members"] * (shape.table == "members")',
           "[]", "tests/test_computed_again.py"),
    Mutant("pipelines/closing/month_in_work.py",
           "        check_made(self.plan, step, self.made)\n", "", "tests/test_steps.py"),
    Mutant("pipelines/closing/month_in_work.py",
           "        check_below(self.con, self.plan, REPORTS)\n", "", "tests/test_steps.py"),
    Mutant("pipelines/reports/packs/cells.py", "elif kind in ASKED:", 'elif kind == "email":',
           "tests/test_pack_cells.py"),
    Mutant("pipelines/reports/csv_files.py", r"'^[=+@\\t\\r-]'", r"'^[=+@\\t-]'",
           "tests/test_csv_cells.py"),
    Mutant("reports/queries/returns/by_status.sql", " and listed_for = 'changed'", "",
           "tests/test_page_returns.py"),
    Mutant("pipelines/reports/pages/figures.py", "if month.text >= view.year_first", "",
           "tests/test_page_year.py"),
    Mutant("pipelines/reports/workbook/sheet_rows.py", r"\x0b\x0c\x0e-\x1f", r"\x0b\x0c",
           "tests/test_workbook.py"),
    Mutant("schemas/extracts/members.py", '"The member\'s phone number.", is_personal=True',
           '"The member\'s phone number."', "tests/test_report_shapes.py"),
    Mutant("sql/returns/follow_ups.sql", "$arrival_from_days * interval", "5 * interval",
           "tests/test_cases.py"),
    Mutant("sql/returns/follow_ups.sql", "$arrival_to_days * interval", "7 * interval",
           "tests/test_cases.py"),
    Mutant("sql/customers/news.sql", "where coalesce(posting_month, drop_month) >",
           "where posting_month >", "tests/test_cases.py"),
    Mutant("sql/customers/news.sql", "where coalesce(posting_month, drop_month) >",
           "where drop_month >", "tests/test_cases.py"),
    Mutant("sql/customers/news.sql", "or coalesce(posting_month, drop_month) >",
           "or posting_month >", "tests/test_cases.py"),
    Mutant("sql/customers/news.sql", "or coalesce(posting_month, drop_month) >",
           "or drop_month >", "tests/test_cases.py"),
    Mutant("pipelines/extracts/reversal_limits.py", "row.reversed_at, row.reversal_id",
           "row.reversed_at, row.line", "tests/test_extracts.py"),
    Mutant("pipelines/orchestration/unfinished.py", "        instance.report_run_failed(run,",
           "        str(", "tests/test_ui_history.py"),
    Mutant("pipelines/orchestration/unfinished.py", "return bool(told & workers) if told",
           "return False if told", "tests/test_ui_history.py"),
    Mutant("pipelines/orchestration/history.py", "if sealed.get(month) != seal",
           "if month not in noted", "tests/test_desk_history.py"),
    Mutant("pipelines/delivery/wanted.py", " and wanted.path[1] in viewer.leader_ids", "",
           "tests/test_serve.py"),
    Mutant("pipelines/delivery/mail/journal.py", "in (SENDING, DOUBTFUL)", "in (DOUBTFUL,)",
           "tests/test_deliver.py"),
    Mutant("pipelines/delivery/mail/due.py", "        and not journal.was_sent(message.id)\n", "",
           "tests/test_deliver.py"),
    Mutant("pipelines/delivery/mail/smtp.py",
           "raise Doubtful(f\"no answer after the message's end: {_told(error)}\")",
           "raise PutOff(str(error), True)", "tests/test_deliver.py"),
    Mutant("pipelines/delivery/mail/sign_off.py", "if count < seal.signers.needed:",
           "if count < 1:", "tests/test_deliver_again.py"),
    Mutant("pipelines/delivery/mail/sending.py", "        self.check()\n", "",
           "tests/test_deliver.py"),
    Mutant("pipelines/delivery/mail/sending.py", "            prepared.take_back()\n",
           "            pass\n", "tests/test_deliver.py"),
    Mutant("pipelines/delivery/mail/addresses.py", "    text = ANY_ADDRESS.sub(\"…\", text)\n", "",
           "tests/test_mail_words.py tests/test_deliver.py"),
)  # fmt: skip


def notice(mutant: Mutant, tree: Path) -> bool:
    """Whether a test fails with the fault in a copy of the project; the copy is mended again."""
    path = tree / mutant.file
    whole = path.read_text(encoding="utf-8")
    if mutant.text not in whole:
        raise SystemExit(f"{mutant.file} has no {mutant.text!r} any more: mend tests/mutants.py")
    path.write_text(whole.replace(mutant.text, mutant.instead), encoding="utf-8")
    try:
        return any(fails(mutant.tests, tree, which) for which in ("not exhaustive", "exhaustive"))
    finally:
        path.write_text(whole, encoding="utf-8")


def fails(tests: str, tree: Path, which: str) -> bool:
    """Whether one of the tests fails that have, or have not, a mark."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
               "-m", f"not browser and {which}", *tests.split()]  # fmt: skip
    told = subprocess.run(
        command, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, capture_output=True
    )
    return told.returncode == 1


def main() -> int:
    """Try every fault; out: 0 when all were noticed."""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            shutil.copytree(PROJECT / name, tree / name)
        for name in FILES:
            shutil.copy(PROJECT / name, tree / name)
        for mutant in MUTANTS:
            is_noticed = notice(mutant, tree)
            unnoticed += not is_noticed
            told = " ".join(mutant.text.split())
            print(f"{'noticed ' if is_noticed else 'UNNOTICED'}  {mutant.file}: {told}", flush=True)
    print(f"{len(MUTANTS)} faults, {len(MUTANTS) - unnoticed} noticed")
    return unnoticed


if __name__ == "__main__":
    sys.exit(main())
