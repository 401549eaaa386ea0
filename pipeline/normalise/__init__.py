"""Facts become comparable between units, places and years.

Here belongs the meaning of codes, names and amounts outside their report: standard names of subjects by year, ids of
units. Not here: anything of how a report prints them.
"""
