"""Contract 2 read a second time: ledger, volumes, sales, journal.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from second_known import (
    Cells,
    Fact,
    money,
    text,
)
from second_referral import Referral


class Finance(Referral):
    """A month's BV and money (sections 4, 5 and 10)."""

    def _ledger(self) -> None:
        entries: list[tuple[datetime, int, str, int, Cells]] = []
        for each in self.posted("orders"):
            holder, reason = self._holder(each), ""
            if not holder:
                reason = self.state.outcomes.get(each["order_id"], ("outside_countries", ""))[0]
            entries.append((each.at, 1, each["order_id"], 1, self._entry(
                each, "credit", each["order_id"], holder, each.number("bv"), reason)))  # fmt: skip
        requests = {each["order_id"]: each for each in self.posted("reassignments")}
        for order_id, _, before, to, _, decision, bv in self.out.get("referral/reassignments", []):
            if decision == "accepted":
                each = requests[order_id]
                for side, member, much in ((1, before, -Decimal(bv)), (2, to, Decimal(bv))):
                    entries.append((self._instant(each), 2, order_id, side, self._entry(
                        each, "transfer", order_id, member, much, "")))  # fmt: skip
        for each in self.posted("reversals"):
            order = self.orders[each["order_id"]]
            to, month, at = self.state.moved.get(each["order_id"], ("", "", each.at))
            is_moved = to and (month < self.name or at <= self._instant(each))
            entries.append((self._instant(each), 3, each["reversal_id"], 1, self._entry(
                each, "reversal", each["reversal_id"], to if is_moved else self._holder(order),
                -each.number("bv"), each["kind"])))  # fmt: skip
        entries.sort(key=lambda e: e[:4])
        self.out["finance/bv_ledger"] = [[text(n), *entry[4]] for n, entry in enumerate(entries, 1)]
        self.net_bv: dict[str, Decimal] = {}
        sums: dict[str, dict[str, Decimal]] = {}
        for *_, (_, kind, _, member, bv, *_) in entries:
            self.net_bv[member] = self.net_bv.get(member, Decimal(0)) + Decimal(bv)
            own = sums.setdefault(member, dict.fromkeys(("credit", "transfer", "reversal"),
                                                        Decimal(0)))  # fmt: skip
            own[kind] += Decimal(bv)
        self.out["finance/statements"] = [
            [member, *(money(each) for each in own.values()), money(self.net_bv[member])]
            for member, own in sorted(sums.items())
        ]

    def _entry(
        self, each: Fact, kind: str, source: str, member: str, bv: Decimal, reason: str
    ) -> Cells:
        return [each["order_id"], kind, source, member, money(bv), text(each.day),
                text(each.day)[:7], reason]  # fmt: skip

    def _line(self, sponsors: dict[str, str | None]) -> dict[str, dict[str, int]]:
        """Everybody's downline, each with its level."""
        below: dict[str, dict[str, int]] = {name: {} for name in sponsors}
        for name in sponsors:
            above, level = sponsors[name], 1
            while above is not None:
                below[above][name] = level
                above, level = sponsors[above], level + 1
        return below

    def _volumes(self) -> None:
        self.levels = self.figure("volume", "pay_levels") if self.runs("volume") else 5
        below = self._line({name: each["sponsor_id"] for name, each in self.members.items()})
        if not self.runs("volume"):
            return
        rows = []
        for name in sorted({*self.members, *self.net_bv} - {""}):
            own = self.net_bv.get(name, Decimal(0))
            group = own + sum((self.net_bv.get(e, Decimal(0)) for e in below.get(name, ())),
                              Decimal(0))  # fmt: skip
            pay = self._payline(below.get(name, {}))
            if own or group or pay:
                rows.append([name, money(own), money(group), money(pay)])
        self.out["finance/volume"] = rows

    def _payline(self, below: dict[str, int]) -> Decimal:
        return sum((
            self.net_bv.get(each, Decimal(0))
            for each, level in below.items() if level <= self.levels
        ), Decimal(0))  # fmt: skip

    def _sales(self) -> None:
        found: dict[tuple[str, str], list[list[Fact]]] = {}
        for at, table in enumerate(("orders", "reversals")):
            for each in self.posted(table):
                order = self.orders[each["order_id"]]
                pair = found.setdefault((order["channel"], order["currency"]), [[], []])
                pair[at].append(each)
        rows = []
        for key, pair in sorted(found.items()):
            sums = [
                [sum((e.number(name) for e in facts), Decimal(0)) for name in ("amount", "bv")]
                for facts in pair
            ]
            rows.append([
                *key, text(len(pair[0])), *map(money, sums[0]), text(len(pair[1])),
                *map(money, sums[1]), money(sums[0][0] - sums[1][0]),
                money(sums[0][1] - sums[1][1]),
            ])  # fmt: skip
        self.out["finance/sales"] = rows

    def _journal(self) -> None:
        documents: list[tuple[str, str, str, str, Decimal, dict[str, Decimal]]] = []
        paid: dict[str, Decimal] = {}
        for each in self.out.get("finance/subscription_commissions", []):
            if Decimal(each[6]) > 0:
                paid[each[2]] = paid.get(each[2], Decimal(0)) + Decimal(each[6])
        if paid:
            documents.append(("commissions", "6100", "2100", "EUR", sum(paid.values(), Decimal(0)),
                              paid))  # fmt: skip
        if self.runs("returns"):
            due: dict[str, Decimal] = {}
            for each in self.out["returns/decisions"]:
                if Decimal(each[11]) > 0:
                    due[each[8]] = due.get(each[8], Decimal(0)) + Decimal(each[11])
            for currency in sorted({*due, *self.state.refunds}):
                more = due.get(currency, Decimal(0)) - self.state.refunds.get(currency, Decimal(0))
                accounts = ("4090", "2110") if more > 0 else ("2110", "4090")
                if more:
                    documents.append(("refunds", *accounts, currency, abs(more), {"": abs(more)}))
            self.state.refunds = due
        rows: list[Cells] = []
        for name, debit, credit, currency, total, parties in documents:
            lines = [(debit, "", money(total), "")]
            lines += [(credit, party, "", money(much)) for party, much in sorted(parties.items())]
            for account, party, *sides in lines:
                rows.append([text(len(rows) + 1), text(self.end), f"{self.name}-{name}", account,
                             party, currency, *sides])  # fmt: skip
        self.out["finance/journal"] = rows

    def held(self, order: Fact) -> str:
        """Who holds an assigned retail order at the month's end."""
        if self.state.outcomes.get(order["order_id"], ("", ""))[0] != "assigned":
            return ""
        return self.state.moved.get(order["order_id"], (self._holder(order),))[0]
