"""Synthetic reports in prose: books, what a report says of them, and how different places phrase it.

Belongs here: books with all that prose tells beside the tables (`books`), the statements of a report before any wording
(`story`), the wordings of several places (`phrasings`), the pages on which they stand (`pages`), and slips of every
kind (`slips`). All sentences are made up here. Not here: what is found of the slips (`tests.text_lab`).
"""
