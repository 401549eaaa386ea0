"""Letters to budget units on what does not add up in their published accounts.

Here: choosing the findings of a published warehouse that a letter asks about (`select`), the letter as values
(`model`, `compose`), the place of every number as a picture or a small table (`evidence`, `clip`), and the two ways to
print a letter (`word`, `web`). Not here: judging, and opening documents: pictures of pages come from whoever calls.
"""
