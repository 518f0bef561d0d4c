"""The rules of contract 2, sections 1 to 6, in PostgreSQL's plain SQL."""
