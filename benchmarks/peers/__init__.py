"""Other ways to compute the same month: the yardsticks."""
