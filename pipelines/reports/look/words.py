"""The pages' words: what codes mean to a reader, and what to do about what was quarantined."""

from __future__ import annotations

from functools import cache

from babel import Locale

# The base page's own words; a page in another language is given its own.
WORDS = {
    "skip": "Skip to the content",
    "pages": "Pages of this month",
    "trial": "TRIAL",
    "trial_note": "Nothing here is sealed; the figures may change until the month is closed.",
    "figures": "Figures as a table",
    "filter": "Filter these rows",
    "filter_first": "Filter the first {shown} of {all} rows",
    "not_here": "not on this page",
    "query": "query",
    "query_title": "How this is read: the query that selects or sums it",
    "nothing": "Nothing this month.",
    "first_of": "first {shown} of {all}",
    "total": "Total",
    "yes": "yes",
    "no": "no",
    "passed": "Passed",
    "decide": "Look",
    "new": "New",
    "standing": "Standing",
    "failed": "Failed",
    "off": "Not run",
}
TOLD = {
    # qualification
    "paid_rank": "Not paid at the rank in every week",
    "order": "No single order large enough",
    "enrolments": "Too few enrolments",
    "standing": "Not in good standing",
    "barred": "Referral hold when the benefits start",
    # assignment
    "assigned": "Assigned to a leader",
    "outside_countries": "Country is not in the programme",
    "outside_benefits": "No benefits window on that day",
    "no_leader": "No eligible leader on that day",
    "history": "From before the opening month",
    # reassignment
    "accepted": "Accepted",
    "not_retail": "Not a retail order",
    "not_assigned": "Was not assigned to a leader",
    "not_associate": "New member is not an associate",
    "too_late": "Asked for too late",
    "reversed": "Nothing is left of the order",
    # ledger
    "credit": "Credit",
    "transfer": "Transfer",
    "reversal": "Reversal",
    "refund": "Refund",
    "fraud": "Fraud",
    "chargeback": "Chargeback",
    "cancellation": "Cancellation",
    # returns
    "requested": "Requested",
    "awaiting_goods": "Waiting for the goods",
    "refused": "Refused",
    "void": "Void",
    "late_notice": "Told too late",
    "outside_guarantee": "Outside the guarantee",
    "not_received_in_time": "Goods not received in time",
    "ran_not_displayed": "RAN not shown on the parcel",
    "no_proof_of_purchase": "No proof of purchase",
    "damaged_in_transit": "Damaged in transit",
    "sent_in_error": "Sent in error",
    "faulty": "Faulty",
    "wrong_choice": "Wrong choice",
    "changed_mind": "Changed mind",
    "contact": "First contact",
    "arrival": "Has it arrived?",
    "check_in": "Check in",
    # customers
    "subscription": "Subscription",
    "purchase": "Purchase",
    "not_started": "Not started",
    "active": "Active",
    "stopped": "Stopped",
    # returns that were listed before
    "open": "Still open",
    "unsettled": "Refund not as due",
    # onboarding
    "not_verified": "Not verified",
    "balance_idle": "Money in, nothing bought",
    "instalment_overdue": "Instalment overdue",
    "registered": "Registered",
    "verified": "Verified",
    "funded": "Funded",
    "invested": "Invested",
    "paid_up": "Paid up",
    # quarantine
    "missing": "Required cell is empty",
    "type": "Not readable as its type",
    "value": "Outside its list or range",
    "duplicate": "Same row twice in a file",
    "conflict": "One key, different rows",
    "changed": "Differs from what is closed",
    "reference": "Names something unknown",
    "before_order": "Dated before its order",
    "exceeds_order": "More than the order has",
    "already_linked": "Order has a party already",
}
ADVICE = {
    "missing": "Have the cell filled at its source and send the row again with the next drop.",
    "type": "Usually the export's format: a date, a decimal comma, text in a number. Correct the "
            "export; the row counts from the drop that has it right.",
    "value": "If it is a new code, rank or country of the vendor's, map it in mapping.toml; "
             "otherwise correct it at its source.",
    "duplicate": "Harmless: the first row stands. When there are many, the export joins too much.",
    "conflict": "None of the rows stands. Find out which one is right and send it alone.",
    "changed": "A closed month never changes, so the first row stands. If the new one is right, "
               "correct it with a reversal or a new document.",
    "reference": "Often one bad row brings down those that name it: look for it above, or in the "
                 "drop that should have brought it. Members lose only that cell.",
    "before_order": "Check the time zone of the export, then the date at its source.",
    "exceeds_order": "The order has been reversed already, or the amount is wrong. Nothing was "
                     "taken; look for a refund that was booked twice.",
    "already_linked": "The order's own party stands. Nothing to do, unless that one is wrong.",
}  # fmt: skip


def told(code: str) -> str:
    """A code in words; one that has none as it is, but written as words are."""
    return TOLD.get(code, code.replace("_", " ").capitalize())


@cache
def named(code: str, kind: str) -> str:
    """A country's or a language's name; nothing where the code is no known one."""
    english = Locale("en")
    names = english.territories if kind == "country" else english.languages
    return str(names.get(code, ""))
