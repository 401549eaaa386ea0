"""Tables become facts: which statutory table a table is, what its columns and rows are, what every number says.

Belongs here: the engine that reads any declared form. It knows no form by name; what a form is called and consists of
stands in `pipeline.forms`. Not here: pages, characters and lines (`pipeline.read`), names of units and subjects
(`pipeline.normalise`).
"""
