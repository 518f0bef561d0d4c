"""Closes every month of a book with pandas: `python -m benchmarks.peers.analyst_pandas`.

Belongs here: the order of work and the timing. Rules are in `analyst`, written from the
contract alone, so that they are also a second opinion.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers.analyst import finance, inactivity, referral
from benchmarks.peers.analyst.books import Books
from benchmarks.peers.analyst.reading import month_number, month_text
from benchmarks.peers.analyst.writing import write


def close_month(books: Books, month: int) -> dict[str, pd.DataFrame]:
    """Add a month's drop and work out its reports by path."""
    books.add_drop(month)
    reports: dict[str, pd.DataFrame] = {}
    has_referral = referral.referral_policy(books) is not None
    if has_referral:
        reports["referral/qualification"] = referral.qualify(books)
    assigned = referral.assign(books, "orders")
    is_assigned = (assigned["outcome"] == "assigned").to_numpy()
    books.orders.loc[assigned.index, "is_assigned"] = is_assigned
    books.orders.loc[assigned.index, "holder"] = assigned["credited"].to_numpy("int32")
    moves = finance.reassign(books)
    if has_referral:
        leads = referral.assign(books, "leads")
        reports["referral/assignments"] = referral.assignments_report(books, assigned)
        reports["referral/leads"] = referral.leads_report(books, leads)
        reports["referral/reassignments"] = finance.reassignments_report(books, moves)
    entries = finance.post(books, assigned, moves)
    reports["finance/bv_ledger"] = finance.ledger_report(books, entries)
    reports["finance/statements"] = finance.statements_report(books, entries)
    personal = finance.personal_volumes(books, entries)
    levels = books.policy.get("volume", {}).get("pay_levels", 5)
    payline = finance.payline_volumes(personal, books.line.sponsor, levels)
    if "volume" in books.policy:
        group = finance.group_volumes(personal, books.line.sponsor)
        reports["finance/volume"] = finance.volume_report(books, personal, group, payline)
    total = int(personal.sum())
    reports["finance/reconciliation"] = finance.reconciliation_report(books, entries, total)
    return reports | close_inactivity(books, personal, payline)


def close_inactivity(
    books: Books, personal: np.ndarray, payline: np.ndarray
) -> dict[str, pd.DataFrame]:
    """The reports of the inactivity programme; without it flags lapse."""
    if inactivity.inactivity_policy(books) is None:
        books.flagged = books.flagged.head(0)
        return {}
    found = inactivity.judge(books)
    reports = inactivity.status_reports(books, found)
    reports |= inactivity.compression_reports(books, found.gone, personal, payline)
    reports["lists"] = inactivity.lists_report(books, found)
    reports["notices"] = inactivity.notices_report(books, found)
    return {f"inactivity/{name}": rows for name, rows in reports.items()}


def main() -> None:
    """Close every month of a book and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="months are written beneath it")
    parser.add_argument("--through", help="the last month to close, YYYY-MM")
    parser.add_argument(
        "--left-out", type=Path, help="reports whose quality/quarantine.csv names bad rows"
    )
    given = parser.parse_args()
    books = Books(given.book, given.left_out)
    month = books.opening
    last = month_number(given.through) if given.through else 10**9
    while month <= last and (given.book / month_text(month)).is_dir():
        started = time.perf_counter()
        for name, rows in close_month(books, month).items():
            write(given.out / month_text(month), name, rows)
        seconds = round(time.perf_counter() - started, 2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"month": month_text(month), "seconds": seconds, "peak_mib": peak}))
        month += 1


if __name__ == "__main__":
    main()
