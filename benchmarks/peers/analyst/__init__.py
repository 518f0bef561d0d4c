"""The rules of contract 2, sections 1 to 6, as an analyst writes them in pandas."""
