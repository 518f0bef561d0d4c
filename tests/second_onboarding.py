"""Contract 2 read a second time: onboarding.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from second_known import (
    CENT,
    Cells,
    Known,
    day_of,
    later,
    money,
    text,
)
from small_book import Row


class Onboarding(Known):
    """Onboarding (section 9)."""

    def _onboarding(self) -> None:
        payments = [e for tables in self._tables for e in tables["payments"]
                    if str(e["paid_on"]) <= str(self.end)]  # fmt: skip
        told = self.policy["onboarding"]
        rows: list[Cells] = []
        funnel: dict[str, list[int]] = {}
        for (name,), account in sorted(self.records("accounts").items()):
            registered = date.fromisoformat(str(account["registered_on"]))
            if registered > self.end:
                continue
            own = [each for each in payments if each["account_id"] == name]
            ups = [each for each in own if each["kind"] == "top_up"]
            spent = sum((Decimal(str(e["amount"])) for e in own if e["kind"] == "purchase"),
                        Decimal(0))  # fmt: skip
            balance = sum((Decimal(str(e["amount"])) for e in ups), Decimal(0)) - spent
            verified = day_of(account["verified_on"])
            verified = verified if verified is not None and verified <= self.end else None
            nexts: dict[date, Decimal] = {}
            overdue, is_paid = Decimal(0), []
            for (plan_id,), plan in self.records("plans").items():
                if plan["account_id"] != name:
                    continue
                paid = sum((Decimal(str(e["amount"])) for e in own if e["plan_id"] == plan_id
                            and e["kind"] == "purchase"), Decimal(0))  # fmt: skip
                is_paid.append(paid >= Decimal(str(plan["price"])))
                overdue += self._plan(plan, paid, nexts)
            stage = (
                "paid_up" if is_paid and all(is_paid) else "invested" if spent > 0
                else "funded" if balance > 0 else "verified" if verified else "registered"
            )  # fmt: skip
            idle = bool(ups) and (
                self.end - max(date.fromisoformat(str(e["paid_on"])) for e in ups)
            ).days > int(str(told["idle_days"]))
            needs = [
                need for need, holds in (
                    ("not_verified", not verified and (self.end - registered).days
                     > int(str(told["verify_days"]))),
                    ("balance_idle", balance > 0 and spent == 0 and idle),
                    ("instalment_overdue", overdue > 0),
                ) if holds
            ]  # fmt: skip
            soon = min(nexts, default=None)
            rows.append([
                name, text(account["partner_id"]), stage, text(registered), text(verified),
                money(balance), money(spent), money(overdue), text(soon),
                money(nexts[soon]) if soon else "", ";".join(needs),
            ])  # fmt: skip
            counts = (1, bool(verified), bool(ups), spent > 0, stage == "paid_up", bool(needs))
            before = funnel.setdefault(str(account["partner_id"]), [0] * 6)
            funnel[str(account["partner_id"])] = [
                a + b for a, b in zip(before, counts, strict=True)
            ]
        self.out["onboarding/accounts"] = rows
        self.out["onboarding/funnel"] = [
            [who, *map(text, counts)] for who, counts in sorted(funnel.items())
        ]

    def _plan(self, plan: Row, paid: Decimal, nexts: dict[date, Decimal]) -> Decimal:
        """What is overdue of a plan; its next instalment goes into `nexts`."""
        price, count = Decimal(str(plan["price"])), int(str(plan["instalments"]))
        each = (price / count).quantize(CENT, ROUND_FLOOR)
        parts = [each] * (count - 1) + [price - each * (count - 1)]
        due, left, is_next = Decimal(0), paid, False
        for number, part in enumerate(parts):
            day = later(date.fromisoformat(str(plan["first_due_on"])), number)
            taken = min(part, left)
            left -= taken
            if day <= self.end:
                due += part
            elif taken < part and not is_next:
                is_next = True
                nexts[day] = nexts.get(day, Decimal(0)) + part - taken
        return max(due - paid, Decimal(0))
