"""What the parts of a leader's page are given: each cell's name and kind, in order.

Belongs here: the cells alone. A part's macro has the part's name in leader_parts.html; the kinds
are said in cells.
"""

from __future__ import annotations

# The sections in their order: what there is to do, and, after how the month went, the long lists.
TO_DO = ("inactivity", "referrals", "leads", "follow_ups", "onboarding")
TO_KNOW = ("customers", "commissions")
# The day that a section's card tells.
FIRST_DAYS = {
    "inactivity": "deadline", "referrals": "contact_by", "leads": "contact_by",
    "follow_ups": "due_to",
}  # fmt: skip

PAGE = {"name": "text", "leader_id": "text", "rank": "text", "parts": "markup"}
NOTICE = {"deadline": "day"}
CARDS = {"cards": "markup"}
CARD = {"waiting": "count", "total": "count", "first_day": "day"}
TIMED_CARD = CARD | {"first_day": "moment"}
NO_CARDS = {"has_past": "code"}
# The sections of which something can have been due.
PAST = {"referrals": "counted", "leads": "counted", "follow_ups": "counted"}
FIGURES = {
    "personal_bv": "amount", "personal_bv_before": "amount", "personal_trend": "markup",
    "group_bv": "amount", "group_bv_before": "amount", "group_trend": "markup",
    "commission": "amount", "commission_before": "amount", "customers": "count",
    "people": "count", "newcomers": "counted", "qualified": "code",
}  # fmt: skip
SPARK = {"path": "markup", "end": "markup", "zero": "markup"}
SECTION = {
    "total": "counted", "listed": "count", "shown": "count", "waiting": "count",
    "past": "counted", "tables": "markup", "is_cut": "code", "is_merged": "code",
    "sum": "amount", "sum_before": "amount",
}  # fmt: skip
TABLE = {"rows": "markup", "state": "code", "has_more_rows": "code"}
PROGRAMME = {
    "qualified": "code", "reasons": "code", "weeks_paid": "code", "weeks": "code",
    "enrolments": "code", "qualification_start": "day", "qualification_end": "day",
    "benefits_start": "day", "benefits_end": "day", "best_order_bv": "amount",
    "order_bv_short": "amount", "next": "markup",
}  # fmt: skip
NEXT = {
    "qualification_start": "day", "qualification_end": "day", "benefits_start": "day",
    "benefits_end": "day", "weeks": "code",
}  # fmt: skip
VOLUME = {
    "personal_bv": "amount", "personal_bv_before": "amount", "group_bv": "amount",
    "group_bv_before": "amount", "payline_bv": "amount", "payline_bv_before": "amount",
    "payline_bv_after": "amount", "people": "count", "associates": "count", "customers": "count",
    "newcomers": "count", "active": "count", "legs": "count", "legs_after": "count",
    "is_payline_changed": "code", "are_legs_changed": "code",
}  # fmt: skip
