"""The extracts: a class for each table of a book, in a module for each programme it feeds."""
