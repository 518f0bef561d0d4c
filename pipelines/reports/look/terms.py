"""The field's words on the pages: what each means, where it stands and in a list on the page.

Belongs here: the words that a reader of the pages may not know, as docs/glossary.md has them.
"""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

TERMS = {
    "BV": "Business volume: the points of an order that ranks and commissions are worked out from. "
          "It is not what was paid.",
    "Compression": "When a member is removed, those below move up under the next one who is not.",
    "Consultant": "The member who looks after a customer, a party or a subscription.",
    "Credit": "The ledger entry that gives an order's BV to whoever holds it.",
    "Enroller": "The member who signed another one up.",
    "Flag": "Marks an inactive member for removal, with a notice date and a deadline.",
    "Funnel": "A partner's accounts counted by how far they have come.",
    "Group": "Group volume: a member's own BV and that of everybody below.",
    "House": "The company itself. It holds retail orders that no leader could be given.",
    "Instalment": "One part of a plan's price, due on a date of its own.",
    "Journal": "Commissions and refunds as debit and credit lines for the company's ledger system.",
    "Lead": "Somebody who asks for information and has not bought anything.",
    "Ledger": "Every BV entry of a month in order. None is ever edited: a correction is another.",
    "Leg": "An associate whom a member sponsors directly, with everybody below.",
    "Notice": "What a flagged member and the enroller are sent: the deadline, and what to do.",
    "Owner": "The consultant of the customer's subscription, else who sold to the customer last.",
    "Partner": "The member who brought a customer to open an account.",
    "Party": "A sales evening that one consultant holds; orders can be linked to it afterwards.",
    "Payline": "The BV of those below a member, as many levels down as the policy pays.",
    "Quarantine": "Where a bad row of an extract goes: left out of every figure, and listed.",
    "RAN": "Return authorisation number, which the company issues before goods may be sent back.",
    "Reassignment": "A retail order bought in the shop by mistake is moved to the associate who "
                    "had sent the customer.",
    "Representative": "The member who follows up an order: its seller, or who was assigned it.",
    "Retail order": "Bought in the company's web shop by somebody who is not a member.",
    "Reversal": "A refund, fraud, chargeback or cancellation: it takes back an order or a part.",
    "Rotation": "Retail orders go to the seat that was served longest ago.",
    "Seat": "One place in the rotation: a business, or a member without one.",
    "Tied": "Of a subscription: it has a consultant, who earns its commissions.",
    "Transfer": "The two ledger lines of an accepted reassignment: out of one holder, into the "
                "next.",
    "Weeks paid": "Weeks of the window in which the member was paid as that rank or above. Paid as "
                  "can be below the rank in the members' list.",
}  # fmt: skip
# Which of them a page's list explains.
ON_PAGES = {
    "month": ("BV", "House", "Seat", "RAN", "Reversal", "Journal", "Flag", "Quarantine", "Lead"),
    "finance": ("BV", "House", "Ledger", "Credit", "Transfer", "Reversal", "RAN", "Group",
                "Payline", "Journal", "Consultant"),
    "referral": ("BV", "Seat", "Rotation", "Weeks paid", "Retail order", "House", "Lead",
                 "Reassignment"),
    "inactivity": ("BV", "Flag", "Notice", "Compression", "Leg", "Payline", "Enroller"),
    "returns": ("BV", "RAN", "Reversal", "Representative"),
    "customers": ("BV", "Owner", "Consultant", "Tied", "Party"),
    "onboarding": ("Partner", "Funnel", "Instalment"),
    "quality": ("Quarantine",),
}  # fmt: skip
# What is marked in titles: words that stand for nothing else on the pages.
SHORT = ("BV", "RAN")
MARKED = (*SHORT, "Seat", "House", "Payline", "Leg", "Rotation", "Compression", "Weeks paid")
_MARKED = re.compile(rf"\b(?:({'|'.join(SHORT)})|((?i:{'|'.join(MARKED[2:])}))s?)\b")


@cache
def mark_terms(title: str) -> Markup:
    """A title with the meanings of its terms at hand: `<abbr title="…">`."""
    parts, at = [], 0
    for found in _MARKED.finditer(title):
        parts.append(escape(title[at : found.start()]))
        parts.append(_marked(found[1] or found[2], found[0]))
        at = found.end()
    return Markup("").join([*parts, escape(title[at:])])


def _marked(term: str, text: str) -> Markup:
    meaning = next(told for name, told in TERMS.items() if name.lower() == term.lower())
    return Markup('<abbr title="{}">{}</abbr>').format(meaning, text)


def explained_terms(page: str) -> list[tuple[str, str]]:
    """The terms that a page's list explains, with what they mean."""
    return [(term, TERMS[term]) for term in ON_PAGES[page]]
