"""The close of a month: what is computed in which order, sealed, and moved into place."""
