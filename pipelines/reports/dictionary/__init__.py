"""The data dictionary: what every column of an extract and of a report is, from its shape."""
