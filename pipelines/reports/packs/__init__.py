"""Leaders' packs: each leader's own rows of a month, in the leader's language."""
