"""Policy and calendar: every key's range, every message's place (contracts 1 and 2.0).

Belongs here: what `policy.toml` and `calendar.csv` may say. Mappings and drops are in test_files.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import SAMPLE
from small_book import CALENDAR, POLICY, drop, why_stopped, write_book, write_files

from pipelines.book.calendar import read_calendar
from pipelines.book.drops import open_book, open_books
from pipelines.book.policy import Policy, read_policy
from pipelines.closing.inputs import digest_each, digest_inputs, digest_value
from pipelines.months import Month
from pipelines.stop import Stop

COMPANY = """\
[company]
name = "Plain"
currency = "EUR"
timezone = "Europe/Amsterdam"
opening_month = "2020-01"
ranks = ["associate", "director"]
"""
REFERRAL = '[referral]\ncountries = ["NL"]\nmin_rank = "director"\n'
JOURNAL = (
    '[journal]\ncommission_expense = "6100"\ncommission_payable = "2100 LM"\n'
    'refund_expense = "4090"\nrefund_payable = "2110"\n'
)
INACTIVITY = '[inactivity]\nfirst_flag_month = "2021-12"\nleader_rank = "director"\n'


def policy_of(folder: Path, text: str) -> Policy:
    """A policy read from a text."""
    write_files(folder, {"policy.toml": text})
    return read_policy(folder / "policy.toml")


def refusal(folder: Path, text: str) -> str:
    """What is said of a bad policy; it names the file."""
    with pytest.raises(Stop) as stop:
        policy_of(folder, text)
    assert str(stop.value).startswith(f"{folder / 'policy.toml'}: ")
    return str(stop.value).removeprefix(f"{folder / 'policy.toml'}: ")


def test_a_company_alone_is_a_policy_without_programmes(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, COMPANY)
    left_out = {field.name: getattr(policy, field.name) for field in fields(policy)[1:]}
    assert left_out.pop("max_quarantined_share") == Decimal("0.05")
    assert len(left_out) == 9 and set(left_out.values()) == {None}
    assert policy.company.rank_names == {}


def test_figures_that_are_left_out_have_the_contracts_values(tmp_path: Path) -> None:
    sections = "".join(f"[{name}]\n" for name in ("volume", "returns", "follow_up", "subscriptions",
                                                  "onboarding", "quality"))  # fmt: skip
    market = "[inactivity.markets.ES]\n"
    policy = policy_of(tmp_path, COMPANY + REFERRAL + INACTIVITY + market + sections)
    assert str(policy.referral) == (
        "Referral(countries=('NL',), min_rank='director', min_order_bv=Decimal('100.00'), "
        "min_enrolments=2, min_enrolment_order_bv=Decimal('0.00'), reassignment_business_days=3, "
        "contact_hours=24)"
    )
    assert str(policy.volume) == "Volume(pay_levels=5)"
    assert str(policy.inactivity) == (
        "Inactivity(months=24, first_flag_month=Month(text='2021-12'), leader_rank='director', "
        "list_levels=3, exempt=(), max_removed_share=Decimal('0.100000'), "
        "max_flagged_share=Decimal('0.250000'), "
        "markets=(Market(country='ES', notice_day=1, grace_days=None, "
        "first_flag_month=Month(text='2021-12')),))"
    )
    assert str(policy.returns) == "Returns(notice_business_days=7, guarantee_days=15, ran_days=14)"
    assert str(policy.follow_up) == (
        "FollowUp(arrival_from_days=5, arrival_to_days=7, check_in_days=28)"
    )
    assert str(policy.subscriptions) == (
        "Subscriptions(first_month_rate=Decimal('0.2000'), rate=Decimal('0.0500'), "
        "retained_days=90)"
    )
    assert str(policy.onboarding) == "Onboarding(verify_days=7, idle_days=7)"
    assert policy.max_quarantined_share == Decimal("0.05")


# (section's text before the key, the section's name in messages, key, good values, bad values)
WHOLE = ["-1", "1.0", "true", '"1"', "[1]", "99999999", "nan"]
RANGES: list[tuple[str, str, list[str], list[str]]] = [
    (
        REFERRAL,
        "referral.min_order_bv",
        ["0", "0.01", "999999999999"],
        ["-1", "0.001", "inf", "nan", '"1"', "true", "1e12"],
    ),
    (REFERRAL, "referral.min_enrolments", ["0", "7"], WHOLE),
    (REFERRAL, "referral.min_enrolment_order_bv", ["0", "12.50"], ["-0.01", "1.005", "nan"]),
    (REFERRAL, "referral.reassignment_business_days", ["0", "30"], WHOLE),
    (REFERRAL, "referral.contact_hours", ["0", "72"], WHOLE),
    ("[volume]\n", "volume.pay_levels", ["1", "1000"], ["0", *WHOLE]),
    (INACTIVITY, "inactivity.months", ["1", "24"], ["0", *WHOLE]),
    (INACTIVITY, "inactivity.list_levels", ["0", "3"], WHOLE),
    (
        INACTIVITY,
        "inactivity.exempt",
        ["[]", '["M1", "M2"]'],
        ['"M1"', '["M 1"]', "[1]", '["M1", "M1"]', '[["M1"]]'],
    ),
    (
        INACTIVITY,
        "inactivity.max_removed_share",
        ["0", "1", "0.000001"],
        ["-0.1", "1.1", "0.0000001", '"0.1"', "nan", "10"],
    ),
    (
        INACTIVITY,
        "inactivity.max_flagged_share",
        ["0", "1", "0.000001"],
        ["-0.1", "1.1", "0.0000001", '"0.1"', "nan", "10"],
    ),
    (
        '[sign_off]\nsigners = "allowed_signers"\n',
        "sign_off.signatures",
        ["1", "2"],
        ["0", *WHOLE],
    ),
    (
        "[sign_off]\n",
        "sign_off.signers",
        ['"allowed_signers"', '"finance people.txt"'],
        ['""', '"."', '".."', '"../signers"', '"/etc/passwd"', '"a\\\\b"', "1", '["a"]'],
    ),
    *(
        (JOURNAL.replace(f"{key} =", "#"), f"journal.{key}", ['"6"'], ["6100", '""', '" 6"', "[]"])
        for key in ("commission_expense", "commission_payable", "refund_expense", "refund_payable")
    ),
    (
        INACTIVITY + "[inactivity.markets.ES]\n",
        "inactivity.markets.ES.notice_day",
        ["1", "28"],
        ["0", "29", *WHOLE],
    ),
    (
        INACTIVITY + "[inactivity.markets.ES]\n",
        "inactivity.markets.ES.grace_days",
        ["0", "30"],
        WHOLE,
    ),
    (
        INACTIVITY + "[inactivity.markets.ES]\n",
        "inactivity.markets.ES.first_flag_month",
        ['"2021-11"'],
        ['"2021-13"', "2021-11-01", "202111"],
    ),
    ("[returns]\n", "returns.notice_business_days", ["0", "7"], WHOLE),
    ("[returns]\n", "returns.guarantee_days", ["0", "15"], WHOLE),
    ("[returns]\n", "returns.ran_days", ["0", "14"], WHOLE),
    ("[follow_up]\n", "follow_up.arrival_from_days", ["0", "7"], WHOLE),
    ("[follow_up]\n", "follow_up.arrival_to_days", ["5", "9"], ["4", *WHOLE]),
    ("[follow_up]\n", "follow_up.check_in_days", ["0", "28"], WHOLE),
    (
        "[subscriptions]\n",
        "subscriptions.first_month_rate",
        ["0", "1", "0.1234"],
        ["-0.1", "1.0001", "0.12345", '"5%"', "nan"],
    ),
    (
        "[subscriptions]\n",
        "subscriptions.rate",
        ["0", "0.05", "0.0500000"],
        ["-0.1", "5", "0.00001", "inf"],
    ),
    ("[subscriptions]\n", "subscriptions.retained_days", ["0", "90"], WHOLE),
    ("[onboarding]\n", "onboarding.verify_days", ["0", "7"], WHOLE),
    ("[onboarding]\n", "onboarding.idle_days", ["0", "7"], WHOLE),
    (
        "[quality]\n",
        "quality.max_quarantined_share",
        ["0", "1", "0.05"],
        ["-0.1", "1.1", "true", "nan"],
    ),
]
GOOD = [(text, key, value) for text, key, values, _ in RANGES for value in values]
BAD = [(text, key, value) for text, key, _, values in RANGES for value in values]


@pytest.mark.parametrize(("text", "key", "value"), GOOD)
def test_a_figure_inside_its_range_is_taken(
    tmp_path: Path, text: str, key: str, value: str
) -> None:
    policy_of(tmp_path, f"{COMPANY}{text}{key.split('.')[-1]} = {value}\n")


@pytest.mark.parametrize(("text", "key", "value"), BAD)
def test_a_figure_out_of_range_stops_and_names_its_key(
    tmp_path: Path, text: str, key: str, value: str
) -> None:
    told = refusal(tmp_path, f"{COMPANY}{text}{key.split('.')[-1]} = {value}\n")
    assert told.startswith(f"{key}: found ") and " must be " in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "company.name: is missing"),
        (COMPANY.replace("name", "#"), "company.name: is missing"),
        (COMPANY.replace("currency", "#"), "company.currency: is missing"),
        (COMPANY.replace("timezone", "#"), "company.timezone: is missing"),
        (COMPANY.replace("opening_month", "#"), "company.opening_month: is missing"),
        (COMPANY.replace("ranks", "#"), "company.ranks: is missing"),
        (COMPANY.replace('"Plain"', '" "'), "company.name: found ' '"),
        (COMPANY.replace('"Plain"', "1"), "company.name: found 1"),
        (COMPANY.replace("EUR", "eur"), "company.currency: found 'eur', must be three capitals"),
        (COMPANY.replace("EUR", "EUR\\n"), "company.currency"),
        (COMPANY.replace("Europe/Amsterdam", "Europe/Atlantis"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "Europe"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "europe/amsterdam"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "../zoneinfo/UTC"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "/etc/localtime"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "zone.tab"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "__init__.py"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "+01:00"), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", ""), "company.timezone"),
        (COMPANY.replace("Europe/Amsterdam", "U\\u0000TC"), "company.timezone"),
        (COMPANY.replace('"2020-01"', '"2020-13"'), "company.opening_month: found '2020-13'"),
        (COMPANY.replace('"2020-01"', '"1899-12"'), "company.opening_month"),
        (COMPANY.replace('"2020-01"', "2020-01-01"), "company.opening_month"),
        (COMPANY.replace('"director"', '"associate"'), "company.ranks"),
        (COMPANY.replace('"associate", "director"', ""), "company.ranks"),
        (COMPANY.replace('"associate", ', '" ", '), "company.ranks"),
        (COMPANY.replace('"associate", ', '"a\\u0000b", '), "company.ranks"),
        (COMPANY.replace('["associate", "director"]', '"director"'), "company.ranks"),
        (REFERRAL, "company.name: is missing"),
        ("company = 1\n", "company: must be a section, found 1"),
        (COMPANY + "[referral]\n", "referral.countries: is missing"),
        (COMPANY + '[referral]\ncountries = ["NL"]\n', "referral.min_rank: is missing"),
        (COMPANY + REFERRAL.replace("NL", "nl"), "referral.countries: found 'nl'"),
        (COMPANY + REFERRAL.replace('["NL"]', '["NL", "NL"]'), "referral.countries"),
        (
            COMPANY + REFERRAL.replace('"director"', '"king"'),
            "one of the ranks (associate, director)",
        ),
        (COMPANY + REFERRAL.replace('"director"', "[]"), "referral.min_rank"),
        (COMPANY + "[inactivity]\n", "inactivity.first_flag_month: is missing"),
        (COMPANY + INACTIVITY.replace('"director"', '"king"'), "inactivity.leader_rank"),
        (COMPANY + INACTIVITY + "[inactivity.markets.es]\n", "inactivity.markets.es"),
        (
            COMPANY + INACTIVITY + "[inactivity.markets]\nES = 1\n",
            "inactivity.markets.ES: must be a",
        ),
        (
            COMPANY + INACTIVITY + "[inactivity.markets.ES]\nnotice = 1\n",
            "inactivity.markets.ES.notice: unknown key, did you mean 'notice_day'?",
        ),
        (COMPANY + "volume = 5\n", "company.volume: unknown key"),
        ("volume = 5\n" + COMPANY, "volume: must be a section, found 5"),
        (
            COMPANY + "[volume]\nlevels = 5\n",
            "volume.levels: unknown key, did you mean 'pay_levels'?",
        ),
        (COMPANY + "[sign_off]\n", "sign_off.signers: is missing"),
        (COMPANY + '[sign_off]\nsigners = "a"\nkeys = 1\n', "sign_off.keys: unknown key"),
        (COMPANY + "[journal]\n", "journal.commission_expense: is missing"),
        (COMPANY + JOURNAL + 'account = "1"\n', "journal.account: unknown key"),
        *(
            (COMPANY + JOURNAL.replace(f"{key} =", "#"), f"journal.{key}: is missing")
            for key in ("commission_payable", "refund_expense", "refund_payable")
        ),
        (COMPANY + "[company.rank_names]\nnl = 1\n", "company.rank_names.nl: must be a section"),
        (
            COMPANY + '[company.rank_names.NL]\ndirector = "Directeur"\n',
            "company.rank_names.NL: found 'NL', must be a language",
        ),
        (
            COMPANY + '[company.rank_names.nl]\ndirectr = "Directeur"\n',
            "company.rank_names.nl.directr: found 'directr', must be one of the ranks (associate, ",
        ),
        (
            COMPANY + '[company.rank_names.nl]\ndirector = ""\n',
            "company.rank_names.nl.director: found ''",
        ),
        (COMPANY + "[referal]\n", "referal: unknown key, did you mean 'referral'?"),
        (COMPANY + "[zzz]\n", "zzz: unknown key, known: company, "),
        (COMPANY + "[volume]\n[volume]\n", "is not valid TOML"),
        (COMPANY + "[volume]\npay_levels = 5, 6\n", "is not valid TOML"),
        (COMPANY + "x = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_a_bad_policy_stops_and_names_the_key(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(tmp_path, text)


def test_ranks_are_called_something_else_by_language(tmp_path: Path) -> None:
    names = '[company.rank_names.nl]\ndirector = "Directeur"\n[company.rank_names.de]\n'
    policy = policy_of(tmp_path, COMPANY + names)
    assert policy.company.rank_names == {"nl": {"director": "Directeur"}, "de": {}}


def test_the_journals_accounts_and_the_sign_off_are_taken_as_they_stand(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, COMPANY + JOURNAL + '[sign_off]\nsigners = "people"\n')
    assert str(policy.journal) == (
        "Journal(commission_expense='6100', commission_payable='2100 LM', refund_expense='4090', "
        "refund_payable='2110')"
    )
    assert str(policy.sign_off) == "SignOff(signatures=2, signers='people')"


@pytest.mark.parametrize(
    "more",
    [
        JOURNAL,
        '[sign_off]\nsigners = "people"\n',
        '[company.rank_names.nl]\ndirector = "Directeur"\n',
        INACTIVITY + "max_flagged_share = 0.3\n",
    ],
)
def test_every_key_of_a_policy_is_in_its_digest(tmp_path: Path, more: str) -> None:
    first = policy_of(tmp_path, COMPANY + (INACTIVITY if more.startswith(INACTIVITY) else ""))
    assert digest_value(first) != digest_value(policy_of(tmp_path, COMPANY + more))


def test_months_looked_at_together_have_the_digests_that_each_has_by_itself() -> None:
    """The mapping of each of them is another than that of the one before."""
    months = [Month("2020-01"), Month("2020-03")]
    books = list(zip(months, open_books(SAMPLE, months), strict=True)) * 20
    for (month, book), found in zip(books, digest_each(books), strict=True):
        windows = [window for window in book.windows if window.month <= month]
        assert (found["policy"], found["mapping"], found["calendar"]) == (
            digest_value(book.policy), digest_value(book.mapping.parsed), digest_value(windows)
        )  # fmt: skip
        assert found == digest_inputs(book, month)


def test_a_policy_that_is_no_utf8_or_not_there_stops(tmp_path: Path) -> None:
    write_files(tmp_path, {"policy.toml": COMPANY.replace("Plain", "é").encode("latin-1")})
    with pytest.raises(Stop, match="line 2: the byte 0xE9 is not UTF-8"):
        read_policy(tmp_path / "policy.toml")
    with pytest.raises(Stop, match="cannot be read"):
        read_policy(tmp_path / "nowhere.toml")


def test_a_policy_may_open_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert policy_of(tmp_path, "\ufeff" + COMPANY).company.name == "Plain"


# A drop's own policy.


def test_a_drops_policy_is_in_force_from_that_month_on(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", drop(), drop(), drop())
    write_files(
        book / "2020-02", {"policy.toml": POLICY + "[quality]\nmax_quarantined_share = 1\n"}
    )
    shares = [open_book(book, Month(f"2020-0{n}")).policy.max_quarantined_share for n in (1, 2, 3)]
    assert shares == [Decimal("0.05"), 1, 1]


def test_a_drops_policy_replaces_the_whole(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", drop(), drop())
    company = POLICY[: POLICY.index("[referral]")]
    write_files(book / "2020-02", {"policy.toml": company})
    assert open_book(book, Month("2020-02")).policy.referral is None


def test_several_months_are_looked_at_as_each_alone(tmp_path: Path) -> None:
    """Every close looks at all closed months, for which policy and mapping are read once."""
    book = write_book(tmp_path / "book", drop(), drop(), drop(), drop())
    renamed = '[orders]\nfile = "orders"\n'
    write_files(book, {"mapping.toml": renamed})
    write_files(book / "2020-02", {"policy.toml": POLICY.replace("[referral]", "[referral]\n")})
    write_files(
        book / "2020-03",
        {
            "policy.toml": POLICY + "[quality]\nmax_quarantined_share = 1\n",
            "mapping.toml": '[orders]\nfile = "orders"\nformat = "csv"\n',
        },
    )
    every = [Month(f"2020-0{n}") for n in (1, 2, 3, 4)]
    for months in (every, every[1::2], every[2:], [Month("2019-12"), *every]):
        assert list(open_books(book, months)) == [open_book(book, month) for month in months]
    first, _, third, last = open_books(book, every)
    assert first.policy != third.policy and first.mapping != third.mapping
    assert (last.policy, last.mapping) == (third.policy, third.mapping)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('"EUR"', '"USD"', "currency"),
        ("Europe/Amsterdam", "Europe/Brussels", "timezone"),
        ('["associate", ', '["novice", "associate", ', "ranks"),
        ('opening_month = "2020-01"', 'opening_month = "2020-02"', "opening_month"),
    ],
)
def test_what_a_drops_policy_may_not_change(
    tmp_path: Path, before: str, after: str, key: str
) -> None:
    book = write_book(tmp_path / "book", drop(), drop())
    write_files(book / "2020-02", {"policy.toml": POLICY.replace(before, after)})
    told = why_stopped(book, "2020-02")
    assert told.startswith(f"{book / '2020-02' / 'policy.toml'}: company.{key}: ")
    assert "may not change" in told
    assert why_stopped(book, "2020-01") == ""


# The calendar.

HEADER, JANUARY, FEBRUARY, MARCH = CALENDAR.splitlines()


def calendar_refusal(folder: Path, *lines: str) -> str:
    """What is said of a bad calendar; it names the file."""
    write_files(folder, {"calendar.csv": "\n".join(lines) + "\n"})
    with pytest.raises(Stop) as stop:
        read_calendar(folder / "calendar.csv")
    assert str(stop.value).startswith(f"{folder / 'calendar.csv'}: ")
    return str(stop.value)


def test_a_calendars_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    plain, mixed = (
        (HEADER, JANUARY, FEBRUARY, MARCH),
        ("\ufeff" + HEADER, MARCH, "", JANUARY, FEBRUARY),
    )
    for name, lines in (("plain", plain), ("mixed", mixed)):
        write_files(tmp_path, {f"{name}.csv": "\r\n".join(lines)})
    assert read_calendar(tmp_path / "plain.csv") == read_calendar(tmp_path / "mixed.csv")


def test_a_calendar_may_have_no_rows(tmp_path: Path) -> None:
    write_files(tmp_path, {"calendar.csv": HEADER})
    assert read_calendar(tmp_path / "calendar.csv") == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("2020-01,", "2020-1,", "line 2: month: '2020-1' is not a month"),
        ("2020-01,", ",", "line 2: month"),
        ("2019-12-30", "2019-12-31", "line 2: qualification_start 2019-12-31 is not a Monday"),
        ("2020-01-26", "2020-01-25", "line 2: qualification_end 2020-01-25 is not a Sunday"),
        ("2020-02-03", "2020-02-04", "line 2: benefits_start 2020-02-04 is not a Monday"),
        ("2020-03-01", "2020-02-29", "line 2: benefits_end 2020-02-29 is not a Sunday"),
        (
            "2020-01-26",
            "2020-02-02",
            "line 2: qualification_end 2020-02-02 does not lie in 2020-01",
        ),
        ("2020-01-26", "2019-12-29", "line 2: qualification_end 2019-12-29"),
        ("2019-12-30", "2020-01-27", "line 2: qualification_end 2020-01-26 is before"),
        ("2020-03-01", "2020-02-02", "line 2: benefits_end 2020-02-02 is before"),
        ("2020-02-03", "2020-01-20", "line 2: benefits_start 2020-01-20 is not after"),
        ("2020-02-03", "2020-02-30", "line 2: benefits_start: found '2020-02-30', must be a date"),
        ("2020-02-03", "2020-W06-1", "line 2: benefits_start: found '2020-W06-1', must be a date"),
        ("2020-02-03", "20200203", "line 2: benefits_start: found '20200203', must be a date"),
        ("2020-02-03", "２０２０-02-03", "line 2: benefits_start"),
        ("2020-02-03", "", "line 2: benefits_start: found '', must be a date"),
        ("2020-01,", "2020-01,x,", "line 2: 6 cells, must be 5"),
    ],
)
def test_a_bad_calendar_row_stops_and_names_its_line(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert told in calendar_refusal(tmp_path, HEADER, JANUARY.replace(before, after))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((HEADER, JANUARY, JANUARY), "2020-01 stands twice"),
        ((HEADER, JANUARY, FEBRUARY.replace("2020-01-27", "2020-02-03")),
         "2020-02: qualification_start 2020-02-03 must be 2020-01-27"),
        ((HEADER, JANUARY, FEBRUARY.replace("2020-01-27", "2020-01-20")),
         "2020-02: qualification_start 2020-01-20 must be 2020-01-27"),
        ((HEADER, JANUARY, FEBRUARY.replace("2020-03-02", "2020-03-09")),
         "2020-02: benefits_start 2020-03-09 must be 2020-03-02"),
        ((HEADER, JANUARY, FEBRUARY.replace("2020-03-02", "2020-02-24")),
         "2020-02: benefits_start 2020-02-24 must be 2020-03-02"),
        ((HEADER, JANUARY, MARCH), "2020-03: qualification_start 2020-02-24 must be 2020-01-27"),
        ((HEADER.replace("benefits_end", "end"), JANUARY), "line 1: found the columns"),
        ((HEADER + ",note", JANUARY + ","), "line 1: found the columns"),
        ((HEADER.replace("benefits_end", "month"), JANUARY), "line 1: found the columns"),
        (("",), "line 1: found the columns []"),
        ((HEADER, JANUARY + '"x'), "line 2"),
        ((HEADER, '"' + JANUARY), "calendar.csv: cannot be read"),
    ],
)  # fmt: skip
def test_a_bad_calendar_stops_and_says_where(
    tmp_path: Path, lines: tuple[str, ...], told: str
) -> None:
    assert told in calendar_refusal(tmp_path, *lines)


def test_a_calendar_that_cannot_be_read_stops(tmp_path: Path) -> None:
    write_files(tmp_path, {"calendar.csv": HEADER.encode("utf-16")})
    (tmp_path / "folder").mkdir()
    for name in ("calendar.csv", "nowhere.csv", "folder"):
        with pytest.raises(Stop, match="cannot be read"):
            read_calendar(tmp_path / name)
