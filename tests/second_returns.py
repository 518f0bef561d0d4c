"""Contract 2 read a second time: returns and follow-up.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from second_finance import Finance
from second_known import (
    DAY,
    Cells,
    business_days,
    day_of,
    half_up,
    money,
    text,
)
from small_book import Row


class Returns(Finance):
    """Returns and follow-up (section 7)."""

    def _status(self, ran: Row, day: date) -> tuple[str, str, str] | None:
        def known(name: str) -> date | None:
            found = day_of(ran[name])
            return found if found is not None and found <= day else None

        requested, delivered = known("requested_on"), known("delivered_on")
        issued, received = known("issued_on"), known("received_on")
        if requested is None:
            return None
        reason, told = ran["reason"], self.policy["returns"]
        country = self.orders[str(ran["order_id"])]["country"]
        if delivered is not None and delivered <= requested:
            days = business_days(country, delivered, requested)
            if (
                reason in ("damaged_in_transit", "sent_in_error")
                and days > int(str(told["notice_business_days"]))
            ):  # fmt: skip
                return "refused", "late_notice", ""
            if (
                reason in ("wrong_choice", "changed_mind")
                and (requested - delivered).days > int(str(told["guarantee_days"]))
            ):  # fmt: skip
                return "refused", "outside_guarantee", ""
        if reason in ("damaged_in_transit", "sent_in_error", "faulty"):
            return "accepted", "", "replacement"
        if issued is None:
            return "requested", "", ""
        if ((received or day) - issued).days > int(str(told["ran_days"])):
            return "void", "not_received_in_time", ""
        if received is None:
            return "awaiting_goods", "", ""
        if ran["ran_displayed"] != "true":
            return "void", "ran_not_displayed", ""
        if ran["proof_of_purchase"] != "true":
            return "void", "no_proof_of_purchase", ""
        return "accepted", "", "refund"

    def _returns(self) -> None:
        rans = {str(e["ran_id"]): e for e in self.records("returns").values()}
        now = {name: self._status(each, self.end) for name, each in rans.items()}
        statuses = {name: status for name, status in now.items() if status is not None}
        last: dict[str, tuple[str, str, str]] | None = self.state.statuses
        if last is None:
            early = {n: self._status(e, self.start - DAY) for n, e in rans.items()}
            last = {name: status for name, status in early.items() if status is not None}
        self.state.statuses = statuses
        lines, due = self._accept(rans, statuses)
        made: dict[str, Decimal] = {}
        for back in self.events["reversals"]:
            if back.day <= self.end:
                made[back["ran_id"]] = made.get(back["ran_id"], Decimal(0)) + back.number("amount")
        rows = []
        for name in sorted(statuses):
            refund, bv = due.get(name, (Decimal(0), Decimal(0)))
            given = made.get(name, Decimal(0))
            why = (
                "changed" if last.get(name) != statuses[name]
                else "open" if statuses[name][0] in ("requested", "awaiting_goods")
                else "unsettled" if refund != given else ""
            )  # fmt: skip
            if why:
                ran = rans[name]
                order = self.orders[str(ran["order_id"])]
                rows.append([
                    name, text(ran["order_id"]), text(ran["reason"]), text(ran["requested_on"]),
                    *statuses[name], money(refund), order["currency"], money(bv), money(given),
                    money(refund - given), why,
                ])  # fmt: skip
        self.out["returns/decisions"] = rows
        listed = {each[0] for each in rows}
        self.out["returns/lines"] = sorted(each for each in lines if each[0] in listed)
        self.out["returns/unmatched"] = [
            [back["reversal_id"], back["order_id"], back["ran_id"], text(back.at),
             money(back.number("amount")), money(back.number("bv"))]
            for back in sorted(self.posted("reversals"), key=lambda e: e["reversal_id"])
            if back["kind"] == "refund"
            and rans.get(back["ran_id"], {}).get("order_id") != back["order_id"]
        ]  # fmt: skip

    def _accept(
        self, rans: dict[str, Row], statuses: dict[str, tuple[str, str, str]]
    ) -> tuple[list[Cells], dict[str, tuple[Decimal, Decimal]]]:
        ordered: dict[tuple[str, str], list[Decimal]] = {}
        for tables in self._tables:
            for each in tables["order_lines"]:
                own = ordered.setdefault((str(each["order_id"]), str(each["product_code"])),
                                         [Decimal(0)] * 3)  # fmt: skip
                for at, name in enumerate(("quantity", "amount", "bv")):
                    own[at] += Decimal(str(each[name]))
        left = {key: each[0] for key, each in ordered.items()}
        refunded = dict.fromkeys(ordered, Decimal(0))
        money_left = {key: each[1:] for key, each in ordered.items()}
        lines, due = [], {}
        wanted = self.records("return_lines")
        for name in sorted(statuses, key=lambda n: (str(rans[n]["requested_on"]), n)):
            total = [Decimal(0), Decimal(0)]
            remedy = statuses[name][2]
            for (ran, product), each in sorted(wanted.items()):
                if ran != name:
                    continue
                key = (str(rans[name]["order_id"]), product)
                authorised = Decimal(str(each["quantity_authorised"]))
                received = Decimal(str(each["quantity_received"]))
                can = left.get(key, Decimal(0))
                accepted, back = Decimal(0), received
                if remedy == "refund":
                    accepted = min(authorised, received, can)
                    back = received - accepted
                if remedy == "replacement":
                    accepted, back = min(authorised, can), Decimal(0)
                if key in left:
                    left[key] -= accepted
                if remedy == "refund" and accepted:
                    refunded[key] += accepted
                    for at in (0, 1):
                        share = half_up(Fraction(ordered[key][at + 1]) * Fraction(accepted)
                                        / Fraction(ordered[key][0]))  # fmt: skip
                        share = min(share, money_left[key][at])
                        if refunded[key] == ordered[key][0]:
                            share = money_left[key][at]
                        total[at] += share
                        money_left[key] = [
                            m - share if at == n else m for n, m in enumerate(money_left[key])
                        ]
                counts = (authorised, received, accepted, back)
                lines.append([name, product, *(f"{each:.0f}" for each in counts)])
            due[name] = (total[0], total[1])
        return lines, due

    def _follow_ups(self) -> None:
        told, rows = self.policy["follow_up"], []
        for order in self.orders.values():
            if not order.posting or order.day > self.end or self.cancelled(order, self.end):
                continue
            who = order["seller_id"] if order["channel"] == "sale" else self.held(order)
            if order["channel"] == "member" or not who:
                continue
            if order["channel"] == "retail" and order["contact_opt_out"] == "true":
                continue
            days = [
                order.day + int(str(told[name])) * DAY
                for name in ("arrival_from_days", "arrival_to_days", "check_in_days")
            ]
            calls = [("arrival", days[0], days[1]), ("check_in", days[2], days[2])]
            if order["channel"] == "retail" and self.runs("referral"):
                by = order.at + timedelta(hours=self.figure("referral", "contact_hours"))
                calls.append(("contact", order.day, by.astimezone(self._zone).date()))
            rows += [
                [who, order["order_id"], order["customer_email"].strip().lower(), task,
                 text(first), text(last)]
                for task, first, last in calls if last >= self.start
            ]  # fmt: skip
        self.out["returns/follow_ups"] = sorted(rows, key=lambda e: (e[0], e[5], e[1], e[3]))
