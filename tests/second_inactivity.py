"""Contract 2 read a second time: inactive records.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import date

from second_finance import Finance
from second_known import (
    DAY,
    Cells,
    guard,
    later,
    money,
    text,
)
from wild_books import ENDS, MONTHS, RANKS


class Inactive(Finance):
    """Inactive records and compression (section 6)."""

    def _activity(self) -> dict[str, date]:
        found: dict[str, date] = {}

        def note(member: str | None, day: date) -> None:
            if member in self.members and day <= self.end:
                found[member] = max(found.get(member, day), day)

        for name, each in self.members.items():
            note(name, date.fromisoformat(str(each["enrolled_on"])))
        for order in self.orders.values():
            if order.day > self.end or self.cancelled(order, self.end):
                continue
            if order["channel"] == "member":
                note(order["buyer_id"], order.day)
                buyer = self.members.get(order["buyer_id"])
                above = buyer["sponsor_id"] if buyer else None
                if (
                    buyer and above and buyer["member_type"] == "preferred_customer"
                    and self.members[above]["member_type"] == "associate"
                ):  # fmt: skip
                    note(above, order.day)
            elif order["channel"] == "sale":
                note(order["seller_id"], order.day)
            else:
                note(self.held(order), order.day)
        return found

    def _inactivity(self) -> None:
        told, after = self.policy["inactivity"], self.end + DAY
        activity, removals = self._activity(), self.state.removals
        present = []
        for name, (month, is_spent) in sorted(removals.items()):
            if name not in self.members or is_spent:
                continue
            last = ENDS[MONTHS.index(month)]
            if name in activity and activity[name] > last:
                removals[name] = (month, True)
            else:
                present.append([name, month])
        still = {name for name, _ in present}
        limit = later(after, -self.figure("inactivity", "months"))
        inactive = [
            name for name in sorted(self.members)
            if name not in list(told["exempt"])  # type: ignore[call-overload]
            and name not in still and name in activity and activity[name] < limit
        ]  # fmt: skip
        before = self.state.flags.get(MONTHS[self.number - 1], {}) if self.number else {}
        removed = [n for n in inactive if n in before and before[n][2] <= self.end]
        flags: dict[str, tuple[date, date, date]] = {}
        new = set()
        for name in inactive:
            if name in removed:
                continue
            if name in before:
                flags[name] = before[name]
                continue
            market = self.policy.get(f"inactivity.markets.{self.members[name]['country']}", {})
            if str(market.get("first_flag_month", told["first_flag_month"])) > self.name:
                continue
            notice = after.replace(day=int(str(market.get("notice_day", 1))))
            deadline = (
                notice + int(str(market["grace_days"])) * DAY if "grace_days" in market
                else later(after, 1) - DAY
            )  # fmt: skip
            flags[name] = (after, notice, deadline)
            new.add(name)
        self.state.flags[self.name] = flags
        for name in removed:
            removals[name] = (self.name, False)

        def head(name: str) -> Cells:
            each = self.members[name]
            names = ("member_id", "member_type", "country", "sponsor_id", "enroller_id")
            return [*(text(each[n]) for n in names), text(activity[name])]

        self.out["inactivity/flagged"] = [
            [*head(name), *map(text, flags[name]), text(name in new)] for name in sorted(flags)
        ]
        self.out["inactivity/removed"] = [
            [*head(name), text(before[name][0]), text(before[name][2])] for name in removed
        ]
        self.out["inactivity/still_present"] = present
        self._compress(still | set(removed))
        self._tell(flags, new, still | set(removed))

    def _compress(self, gone: set[str]) -> None:
        old = {name: each["sponsor_id"] for name, each in self.members.items()}
        line, rows = {}, []
        for name in sorted(set(old) - gone):
            above, passed = old[name], 0
            while above in gone:
                above, passed = old[str(above)], passed + 1
            line[name] = above
            if passed:
                rows.append([name, text(old[name]), text(above), text(passed)])
        self.out["inactivity/compression"] = rows
        before, after, effect = self._line(old), self._line(line), []
        for name in sorted(line):
            legs = [
                sum(self.members[each]["member_type"] == "associate"
                    for each, level in below[name].items() if level == 1)
                for below in (before, after)
            ]  # fmt: skip
            pays = [self._payline(below[name]) for below in (before, after)]
            if legs[0] != legs[1] or pays[0] != pays[1]:
                effect.append([name, *map(text, legs), *map(money, pays)])
        self.out["inactivity/effect"] = effect

    def _tell(
        self, flags: dict[str, tuple[date, date, date]], new: set[str], gone: set[str]
    ) -> None:
        leader = self.level("inactivity", "leader_rank")
        most = self.figure("inactivity", "list_levels")
        lists: dict[tuple[str, str], tuple[str, str]] = {}
        for name in flags:
            levels: dict[str, int] = {}
            above = self.members[name]["sponsor_id"]
            while above is not None:
                levels[above] = len(levels) + 1
                above = self.members[above]["sponsor_id"]
            for other, each in self.members.items():
                if other == name or other in gone or each["member_type"] != "associate":
                    continue
                near = levels.get(other, most + 1) <= most
                level = text(levels[other]) if near else ""
                if self.members[name]["enroller_id"] == other:
                    lists[other, name] = ("enroller", level)
                elif near and RANKS.index(str(each["rank"])) >= leader:
                    lists[other, name] = ("upline", level)
        self.out["inactivity/lists"] = [[*key, *lists[key]] for key in sorted(lists)]
        notices = []
        for name in sorted(new):
            enroller = self.members[name]["enroller_id"]
            people = [(name, "holder")]
            if enroller is not None and enroller != name and enroller not in gone:
                people.insert(0, (enroller, "enroller"))
            for other, role in people:
                each = self.members[other]
                notices.append([name, other, role, text(each["language"]), guard(each["email"]),
                                *map(text, flags[name][1:])])  # fmt: skip
        self.out["inactivity/notices"] = notices
