"""The book: its policy, calendar, mapping and drops, read into typed, validated values."""
