"""Suites of Great Expectations: built from the declarations, run on a warehouse file.

Here belong the suites as functions of the declarations, and the dialect through which Great Expectations reads DuckDB.
No identity is evaluated here: the suites ask for the rows in which `quality.identity_result` says that one is broken.
"""
