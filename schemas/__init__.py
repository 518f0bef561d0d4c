"""The shapes of the extracts: one pandera class a table, and nothing else.

`cells` says what a cell can be, `tables` has one class for each of the book's tables, `rows` builds
the pandera schema that checks a frame of cells as read. The loader generates its SQL from the same
classes; a test proves that both find the same faults.
"""
