"""Generated books, peers that compute the same month, and the timing of both."""
