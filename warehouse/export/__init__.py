"""Answers and tables as files to take away: Excel workbooks, CSV, Parquet.

A format is one module with a function that writes; none knows where the rows come from.
"""
