"""The extracts about returns: the authorisations and the products they are for."""

from __future__ import annotations

from schemas.cells import column
from schemas.extracts.kinds import described
from schemas.table import Table


class Returns(Table):
    """Record of a return authorisation (RAN) and how far it has come."""

    ran_id: str = column("id", "The return authorisation.", required=True)
    order_id: str = column("id", "The order goods come back of.", required=True, names="orders")
    reason: str = column(
        "code",
        "Why they come back.",
        required=True,
        allowed=("damaged_in_transit", "sent_in_error", "faulty", "wrong_choice", "changed_mind"),
    )
    requested_on: str = column("date", "The day the customer asked for it.", required=True)
    delivered_on: str = column("date", "The day the order had arrived.")
    issued_on: str = column("date", "The day the RAN was issued.")
    received_on: str = column("date", "The day the goods came back.")
    ran_displayed: str = column("bool", "Whether the RAN stood on the parcel; empty is false.")
    proof_of_purchase: str = column("bool", "Whether proof of purchase was in it; empty is false.")

    class Config:
        metadata = described("returns", "record", "ran_id")


class ReturnLines(Table):
    """Record of a product of a RAN: authorised and received."""

    ran_id: str = column("id", "The return authorisation.", required=True, names="returns")
    product_code: str = column("id", "The product.", required=True)
    quantity_authorised: str = column("int", "How many may come back.", required=True, least=0)
    quantity_received: str = column("int", "How many came back.", required=True, least=0)

    class Config:
        metadata = described("return_lines", "record", "ran_id", "product_code")
