"""How reports look: templates, formats, tables, words and drawings."""
