"""The policy of a new book: every key of contract 2.0 with what it is, its values the defaults.

Belongs here: the text alone. What has no default (accounts, markets, signers, rank names) stands in
it as a comment to take in, so that nobody books on an account that somebody else invented.
"""

from __future__ import annotations

from pipelines.months import Month

LATEST = Month("2199-12")
# As many months as the default of inactivity.months, the first one counted.
QUIET_MONTHS = 23

_TEXT = """\
# The programme's rules in figures. Every key stands here. A key with a figure may be left out: the
# figure below is then in force. A section that is left out ([company] apart) is a programme that
# does not run. A drop may have a policy.toml of its own, in force from that month on.

[company]
name = "Your Company"                   # as it stands on the reports
currency = "EUR"                        # three capitals; never changes
timezone = "Europe/Amsterdam"           # of business dates, and of times that bear no zone
opening_month = "{opening}"               # the first month to close; before it is history
# Lowest first; members.csv may have no others.
ranks = ["associate", "consultant", "manager", "director", "executive"]

# What a rank is called, by language; without it the rank's own name.
# [company.rank_names.nl]
# director = "Directeur"

[referral]                              # qualification, and web-shop orders and leads by rotation
countries = ["GB", "IE", "NL", "BE", "ES"]  # whose orders rotate
min_rank = "director"                   # the rank that a seat needs
min_order_bv = 100                      # and an order of its own of this BV in the window
min_enrolments = 2                      # and so many new members in the window
min_enrolment_order_bv = 0              # above 0: each with an order of this BV in the window
reassignment_business_days = 3          # how long a web-shop order may be claimed
contact_hours = 24                      # how soon its customer is to be called

[volume]
pay_levels = 5                          # levels of the downline whose volume counts

[inactivity]                            # inactive records and compression
months = 24                             # without activity for so long: inactive
first_flag_month = "{flag}"            # the first close that flags
leader_rank = "director"                # the leaders who get lists
list_levels = 3                         # of so many levels below them
exempt = []                             # member ids that are never flagged
max_removed_share = 0.10                # a close that would remove more of the members stops
max_flagged_share = 0.25                # and one that would newly flag more

# A market's own notice; without one: on the 1st, with grace to that month's end.
# [inactivity.markets.ES]
# notice_day = 15                       # 1 to 28
# grace_days = 30
# first_flag_month = "{flag}"          # if another than above

[returns]
notice_business_days = 7                # to report damage or a wrong article
guarantee_days = 15                     # to change one's mind
ran_days = 14                           # for the goods to come back

[follow_up]                             # calls to a customer, in days after the order
arrival_from_days = 5
arrival_to_days = 7
check_in_days = 28

[subscriptions]                         # customers, parties, commissions on billings
first_month_rate = 0.20                 # at most 4 places
rate = 0.05
retained_days = 90

[onboarding]                            # after so many days help is offered
verify_days = 7
idle_days = 7

[quality]
max_quarantined_share = 0.05            # a close stops where more of a table's rows are bad

# Accounts of the company's ledger system; all four are needed.
# [journal]
# commission_expense = "6100"
# commission_payable = "2100"
# refund_expense = "4090"
# refund_payable = "2110"

# How many people must have signed a month before it is delivered, and the file beside this one that
# says whose signatures count.
# [sign_off]
# signatures = 2
# signers = "allowed_signers"
"""


def new_policy(opening: Month) -> str:
    """The text of a policy that opens in a month; `read_policy` accepts it as it stands."""
    flag = opening
    for _ in range(QUIET_MONTHS):
        flag = min(flag.next, LATEST)
    return _TEXT.format(opening=opening, flag=flag)
