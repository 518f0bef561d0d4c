"""The pages of a month: the first, one a programme, and the one over all months."""
