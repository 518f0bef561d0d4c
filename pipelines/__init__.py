"""Upline: the monthly close for direct-selling companies."""

# How seldom Python looks for objects that only refer to each other, of which a close makes hardly
# any: after every 700 new ones, as it comes, that was 4 % of a small month; so it is under 1 %.
SELDOM = (100_000, 20, 20)
