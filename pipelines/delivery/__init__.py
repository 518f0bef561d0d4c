"""How closed months reach the people who may see them: who may, and the reports in a browser.

Belongs here: grants, sessions, and what is answered to whom. No rule and no figure is made here:
reports go out as they lie. Nothing here reads the clock; it is handed in.
"""
