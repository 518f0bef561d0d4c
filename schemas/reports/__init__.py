"""The reports of a month (contract 3): a class for each CSV, in a module for each programme.

`leaders` has those of the packs. `schemas.printed` lists them all.
"""
