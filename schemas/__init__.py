"""The shapes of what comes in and of what goes out: one class a table, and nothing else.

`cells` says what a cell can be, by the patterns of `forms`, and `words` how that is told.
`table` says what a class is; `extracts` has one for each table of a book, `reports` one for each
CSV of a month; `tables` and `printed` list them. `rows` builds the pandera schema for a frame of
cells as read, `report_rows` the one for a report's typed rows. The program generates its SQL from
the same classes; tests prove that both find the same faults.
"""
