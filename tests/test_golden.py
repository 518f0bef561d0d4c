"""The sample book's reports of March 2020, byte for byte as they were last read and accepted.

`make golden` renews them; the difference is then read in review. The seal is left out: it names
the versions of what the close ran on. So is its digest, which the month after prints.
"""

from __future__ import annotations

import re
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
MONTH = "2020-03"
KINDS = ("*.csv", "*.html")
SEAL_BEFORE = re.compile(r"(<dt>Seal of the month before</dt>\n<dd>.*?)[0-9a-f]{64}")


def texts(folder: Path) -> dict[str, str]:
    """The month's CSV files and pages as text, without the digest of the seal before."""
    paths = sorted(path for kind in KINDS for path in folder.rglob(kind))
    return {
        path.relative_to(folder).as_posix(): SEAL_BEFORE.sub(
            r"\g<1>(its digest)", path.read_text(encoding="utf-8")
        )
        for path in paths
    }


def renew(reports: Path) -> None:
    """Take a closed sample month's reports as the golden ones."""
    for name, text in texts(reports / MONTH).items():
        target = GOLDEN / MONTH / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")


def test_there_are_no_more_and_no_fewer_reports(closed_sample: Path) -> None:
    assert list(texts(closed_sample / "reports" / MONTH)) == list(texts(GOLDEN / MONTH))


def test_every_report_is_the_golden_one(closed_sample: Path) -> None:
    found, golden = texts(closed_sample / "reports" / MONTH), texts(GOLDEN / MONTH)
    assert [name for name in golden if found.get(name) != golden[name]] == []
