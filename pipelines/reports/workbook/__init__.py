"""The workbook of finance: its sheets are the finance CSVs."""
