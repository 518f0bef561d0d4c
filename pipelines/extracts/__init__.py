"""The extracts' way into the warehouse: read as text, checked row by row, loaded or quarantined."""
