"""Self-evaluation forms (绩效自评表): projects, their money by source, and their weighted indicators.

Belongs here: recognising such forms among the tables of a report and reading them. Not here: what the narrative says of
projects (`pipeline.narrative`), and whether scores add up (`expectations`).
"""
