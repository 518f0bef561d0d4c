"""Notices and leaders' packs by e-mail (contract 4, deliver).

Belongs here: what is told to whom and in which words, how it is handed to a mail server, and the
journal by which nothing is sent twice in silence. What a message tells stands in a closed month.
"""
