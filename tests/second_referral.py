"""Contract 2 read a second time: qualification, rotation, reassignments.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from second_known import (
    DAY,
    Fact,
    Known,
    business_days,
    money,
    text,
)
from wild_books import RANKS, WINDOWS


class Referral(Known):
    """The referral programme of a month (sections 2 to 4)."""

    def seats(self) -> dict[str, list[str]]:
        """The centres of each seat."""
        found: dict[str, list[str]] = {}
        for name, each in self.members.items():
            if each["member_type"] == "associate":
                found.setdefault(each["business_id"] or name, []).append(name)
        return found

    def _credit(self, centres: list[str], day: date | None = None) -> str | None:
        enrolled = [
            (str(self.members[each]["enrolled_on"]), each)
            for each in centres
            if day is None or str(self.members[each]["enrolled_on"]) <= str(day)
        ]
        return max(enrolled)[1] if enrolled else None

    def _qualify(self) -> None:
        [(_, first, last, benefits, _)] = [each for each in WINDOWS if each[0] == self.name]
        rows, frozen = [], {}
        least = self.level("referral", "min_rank")
        paid = {
            (str(each["member_id"]), str(each["week_start"])): RANKS.index(str(each["rank"]))
            for tables in reversed(self._tables) for each in tables["paid_ranks"]
        }  # fmt: skip
        holds = list(self.records("holds").values())
        for seat, centres in sorted(self.seats().items()):
            rank = max(RANKS.index(str(self.members[each]["rank"])) for each in centres)
            if rank < least:
                continue
            weeks = [first + 7 * n * DAY for n in range(((last - first).days + 1) // 7)]
            count = sum(any(paid.get((c, str(w)), -1) >= least for c in centres) for w in weeks)
            best = max((
                self.net(each, "bv", last) for each in self.orders.values()
                if each["channel"] == "member" and each["buyer_id"] in centres
                and first <= each.day <= last
            ), default=None)  # fmt: skip
            enrolled = [
                name for name, each in self.members.items()
                if each["enroller_id"] in centres and name not in centres
                and each["business_id"] != seat
                and str(first) <= str(each["enrolled_on"]) <= str(last)
                and self._has_ordered(name, first, last)
            ]  # fmt: skip
            standing = any(
                each["kind"] == "standing" and each["member_id"] in centres
                and str(each["starts_on"]) <= str(last)
                and (each["ends_on"] or "9999") >= str(first)
                for each in holds
            )  # fmt: skip
            barred = any(
                each["kind"] == "referral" and each["member_id"] in centres
                and str(each["starts_on"]) <= str(benefits) <= (each["ends_on"] or "9999")
                for each in holds
            )  # fmt: skip
            against = [
                reason for reason, stands in (
                    ("paid_rank", count < len(weeks)),
                    ("order", best is None or best < self.figure("referral", "min_order_bv")),
                    ("enrolments", len(enrolled) < self.figure("referral", "min_enrolments")),
                    ("standing", standing), ("barred", barred),
                ) if stands
            ]  # fmt: skip
            credit = self._credit(centres) or ""
            if not against:
                frozen[seat] = (credit, set(centres))
            rows.append([
                self.name, seat, credit, RANKS[rank], text(count), text(len(weeks)),
                "" if best is None else money(best), text(len(enrolled)), text(not standing),
                text(barred), text(not against), ";".join(against),
            ])  # fmt: skip
        self.out["referral/qualification"] = rows
        self.state.qualified[self.name] = frozen

    def _has_ordered(self, member_id: str, first: date, last: date) -> bool:
        least = self.figure("referral", "min_enrolment_order_bv")
        return least == 0 or any(
            each["channel"] == "member" and each["buyer_id"] == member_id
            and first <= each.day <= last and self.net(each, "bv", last) >= least
            for each in self.orders.values()
        )  # fmt: skip

    def _rotate(self) -> None:
        hours = timedelta(hours=self.figure("referral", "contact_hours"))
        retail = [each for each in self.posted("orders") if each["channel"] == "retail"]
        rows = []
        for each, window, outcome, seat, member in self._deal("order", retail, "order_id"):
            self.state.outcomes[each["order_id"]] = (outcome, member)
            rows.append([
                each["order_id"], text(each.at), each["country"], money(each.number("bv")), window,
                outcome, seat, member, text(each.at + hours) if member else "",
            ])  # fmt: skip
        self.out["referral/assignments"] = rows
        rows = []
        for each, window, outcome, seat, member in self._deal(
            "lead", self.posted("leads"), "lead_id"
        ):
            named = [
                (str(d["starts_on"]), str(d["delegate_id"]))
                for d in self.records("delegates").values()
                if d["member_id"] == member and d["delegate_id"] in self.members
                and str(d["starts_on"]) <= str(each.day) <= (d["ends_on"] or "9999")
            ]  # fmt: skip
            rows.append([each["lead_id"], text(each.at), each["country"], window, outcome, seat,
                         member, max(named)[1] if named else ""])  # fmt: skip
        self.out["referral/leads"] = rows

    def _deal(
        self, kind: str, facts: list[Fact], key: str
    ) -> list[tuple[Fact, str, str, str, str]]:
        def window(day: date) -> str:
            return next((w[0] for w in WINDOWS if w[3] <= day <= w[4]), "")

        seats, services = self.seats(), self.state.services[kind]
        found = []
        for each in sorted(facts, key=lambda e: (window(e.day) or "9999", e.at, e[key])):
            month, outcome, seat, member = window(each.day), "assigned", "", ""
            countries = self.policy["referral"]["countries"]
            if each["country"] not in list(countries):  # type: ignore[call-overload]
                outcome = "outside_countries"
            elif not month:
                outcome = "outside_benefits"
            else:
                seat = min(self._eligible(month, each.day, seats),
                           key=lambda s: (services.get(s, 0), s), default="")  # fmt: skip
                if not seat:
                    outcome = "no_leader"
                else:
                    self.state.served += 1
                    services[seat] = self.state.served
                    frozen = self.state.qualified[month][seat][0]
                    member = self._credit(seats.get(seat, []), each.day) or frozen
            found.append((each, month, outcome, seat, member))
        return found

    def _eligible(self, month: str, day: date, seats: dict[str, list[str]]) -> list[str]:
        held = {
            each["member_id"] for each in self.records("holds").values()
            if str(each["starts_on"]) <= str(day) <= (each["ends_on"] or "9999")
        }  # fmt: skip
        return [
            seat for seat, (_, centres) in self.state.qualified.get(month, {}).items()
            if not held & (centres | set(seats.get(seat, [])))
        ]  # fmt: skip

    def _holder(self, order: Fact) -> str:
        """Who holds an order before any reassignment."""
        if order["channel"] == "member":
            return order["buyer_id"]
        if order["channel"] == "sale":
            return order["seller_id"]
        return self.state.outcomes.get(order["order_id"], ("", ""))[1]

    def _instant(self, fact: Fact) -> datetime:
        return max(fact.at, self.orders[fact["order_id"]].at)

    def _reassign(self) -> None:
        rows = []
        for each in sorted(self.posted("reassignments"), key=lambda e: (e.at, e["order_id"])):
            order = self.orders[each["order_id"]]
            holder, to = self._holder(order), each["member_id"]
            days = business_days(order["country"], order.day, each.day)
            gone = sum((
                back.number("bv") for back in self.by_order.get(each["order_id"], [])
                if back.posting != "" and (back.posting < self.name or (
                    back.posting == self.name and self._instant(back) < self._instant(each)))
                or back.posting == ""
            ), Decimal(0))  # fmt: skip
            left = order.number("bv") - gone
            outcome = self.state.outcomes.get(each["order_id"], ("", ""))[0]
            is_associate = self.members.get(to, {}).get("member_type") == "associate"
            decision = (
                "not_retail" if order["channel"] != "retail"
                else "not_assigned" if outcome != "assigned"
                else "not_associate" if not is_associate
                else "too_late" if days > self.figure("referral", "reassignment_business_days")
                else "reversed" if left == 0 and order.number("bv") > 0
                else "accepted"
            )  # fmt: skip
            if decision == "accepted":
                self.state.moved[each["order_id"]] = (to, self.name, self._instant(each))
            rows.append([each["order_id"], text(each.at), holder, to, text(days), decision,
                         money(left if decision == "accepted" else 0)])  # fmt: skip
        self.out["referral/reassignments"] = rows
