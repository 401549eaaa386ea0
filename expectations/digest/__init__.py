"""What to tell the bureau: the difference between what is published and what was told before, in Chinese.

Here: reading a published warehouse into subjects (`survey`), comparing them with what is known already (`compare`),
saying it within a limit of length (`wording`). All of it is a function of the warehouse and of values given; sending,
remembering what was sent and the clock belong to `assets`. It stands in this room since findings and their grades do.
"""
