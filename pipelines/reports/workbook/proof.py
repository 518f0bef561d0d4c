"""The proof on the workbook's first sheet: each line of the reconciliation, worked out again.

Belongs here: which cells of the other sheets a line is the sum of, as a formula and in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.reports.workbook.sheets import Sheet

LEDGER, SALES, STATEMENTS, VOLUME = "bv_ledger", "sales", "statements", "volume"
DIFFERENCE = "difference"
IS_EMPTY, IS_FULL = '"="', '"<>"'


@dataclass(frozen=True)
class Sum:
    """The sum of a sheet's column, of the rows where other columns are as said; and in words."""

    sheet: str
    column: str
    where: tuple[tuple[str, str], ...]
    told: str


SUMS = {
    "orders_posted": Sum(SALES, "bv", (), "BV of the sales"),
    "credits": Sum(LEDGER, "bv", (("entry", '"credit"'),), "the ledger's credits"),
    "house_credits": Sum(LEDGER, "bv", (("entry", '"credit"'), ("member_id", IS_EMPTY)),
                         "of them those without a member"),
    "transfers": Sum(LEDGER, "bv", (("entry", '"transfer"'),), "the ledger's transfers"),
    "reversals_posted": Sum(SALES, "bv_reversed", (), "BV reversed of the sales"),
    "reversals": Sum(LEDGER, "bv", (("entry", '"reversal"'),), "the ledger's reversals"),
    "net": Sum(LEDGER, "bv", (), "all of the ledger"),
    "house_net": Sum(STATEMENTS, "net_bv", (("member_id", IS_EMPTY),),
                     "the statement without a member"),
    "volume_total": Sum(VOLUME, "personal_bv", (), "personal BV of the volume"),
}  # fmt: skip
# Where the policy has no volume, its total is the statements'.
WITHOUT_VOLUME = Sum(STATEMENTS, "net_bv", (("member_id", IS_FULL),), "the members' statements")


def line_of(line: str, sheets: Mapping[str, Sheet]) -> tuple[str | None, str]:
    """A line's formula over the sheets, and in words what it adds up.

    The formula is None where a sheet cannot hold all rows of its report.
    """
    asked = SUMS[line]
    if asked.sheet not in sheets:
        asked = WITHOUT_VOLUME
    sheet = sheets[asked.sheet]
    if sheet.is_cut:
        return None, f"{asked.told}: {sheet.name}.csv has more rows than a sheet can hold"
    cells = sheet.range_of(asked.column)
    if not asked.where:
        return f"=SUM({cells})", f"{asked.told} ({sheet.name})"
    where = ",".join(f"{sheet.range_of(name)},{value}" for name, value in asked.where)
    return f"=SUMIFS({cells},{where})", f"{asked.told} ({sheet.name})"
