"""The files of a leader's pack, each with what its page makes of its rows.

Belongs here: which files there are, in which order their rows stand, which of them a page shows.
What a row is, is said in sql/leaders.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_SHOWN = 100


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its table, its order, and what its page makes of it.

    `page`: the table with the page's rows, where they are not the file's: several orders of one
    person, say, are one contact. `listed`: which of them the page shows, in `page_order`, and
    `shown`: which of their columns; `waiting`: which of them ask for an act; `past`: for which the
    month's end came first; `summed`: the file's column whose sum over all rows the page tells;
    `amounts`: the columns that the page takes as the engine writes them, which is sooner read.
    """

    name: str
    order: str
    page_order: str
    shown: tuple[str, ...]
    page: str | None = None
    listed: str = "true"
    waiting: str = "true"
    past: str = "false"
    summed: str = "null"
    amounts: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Its table in the warehouse."""
        return f"leaders.{self.name}"

    @property
    def page_table(self) -> str:
        """The table with its page's rows."""
        return f"leaders.{self.page or self.name}"


# What is still open, the soonest first; then what was due, the latest first.
BY_STATE = ("state = 'barred', state = 'past', case when state = 'open' then contact_by end, "
            "contact_by desc, person")  # fmt: skip
PACK_FILES = (
    PackFile(
        "inactivity", "member_id", "deadline, member_id",
        ("member_id", "name", "email", "phone", "member_type", "relation", "level",
         "last_activity_on", "deadline"),
    ),
    PackFile(
        "referrals", "ordered_at, order_id", BY_STATE,
        ("customer_name", "customer_email", "customer_phone", "contact_by", "orders", "ordered_at",
         "bv", "is_moved", "state"),
        page="contacts", waiting="state = 'open'", past="state = 'past'", amounts=("bv",),
    ),
    PackFile(
        "leads", "requested_at, lead_id", BY_STATE,
        ("name", "email", "phone", "contact_by", "leads", "requested_at", "state"),
        page="enquiries", waiting="state = 'open'", past="state = 'past'",
    ),
    PackFile(
        "follow_ups", "due_to, order_id, task", "due_to, due_from, customer_email",
        ("customer_name", "customer_email", "customer_phone", "due_to", "tasks", "due_from",
         "orders"),
        page="calls", listed="not is_past", past="is_past",
    ),
    PackFile(
        "customers", "customer_email",
        "attention is null, attention desc, net_bv desc, customer_email",
        ("customer_name", "customer_email", "customer_phone", "attention", "basis",
         "last_order_on", "orders", "net_bv"),
        waiting="attention is not null", amounts=("net_bv",),
    ),
    PackFile(
        "commissions", "billing_id", "billed_on, billing_id",
        ("billing_id", "subscription_id", "customer_email", "billed_on", "amount", "rate",
         "commission"),
        waiting="false", summed="commission", amounts=("amount", "commission"),
    ),
    PackFile(
        "onboarding", "account_id", "overdue desc, account_id",
        ("account_id", "stage", "balance", "overdue", "next_due_on", "next_due_amount", "help"),
        listed="help is not null", amounts=("balance", "overdue", "next_due_amount"),
    ),
)  # fmt: skip
