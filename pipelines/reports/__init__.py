"""The month's reports: CSV files for machines, pages and a workbook for people."""
