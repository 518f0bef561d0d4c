"""The engine prints nothing: what a command says is its own, however long a query takes."""

from __future__ import annotations

import subprocess
import sys

ASKS = """
from pipelines.engines.duck import open_file
with open_file(None) as con:
    for each in (con, con.cursor()):
        print(*each.execute("select current_setting('enable_progress_bar')").fetchall())
"""


def test_it_shows_no_progress_even_where_it_takes_itself_to_be_asked_by_a_person() -> None:
    ran = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["(False,)", "(False,)"]
