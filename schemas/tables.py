"""Every table of a book (contract 1, "Tables"), in the order they are loaded.

A class's docstring opens with the table's kind; `Config.metadata` has its name, kind and key.
Columns stand in the contract's order.
"""

from __future__ import annotations

from schemas.extracts.customers import Billings, Parties, PartyLinks, Subscriptions
from schemas.extracts.members import Delegates, Holds, Members, PaidRanks
from schemas.extracts.onboarding import Accounts, Payments, Plans
from schemas.extracts.orders import Leads, OrderLines, Orders, Reassignments, Reversals
from schemas.extracts.returns import ReturnLines, Returns
from schemas.table import Table

TABLES: tuple[type[Table], ...] = (
    Members, Orders, Returns, Parties, Subscriptions, Accounts, Plans, OrderLines, Reversals,
    PaidRanks, Holds, Reassignments, Leads, Delegates, ReturnLines, PartyLinks, Billings, Payments,
)  # fmt: skip
