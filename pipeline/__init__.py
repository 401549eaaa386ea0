"""Bytes become facts.

Belongs here: reading files, recognising statutory tables, lifting numbers into facts, normalising
subjects, units and money, the Parquet lake. Pure: no dagster, duckdb or great_expectations, no
environment variables, no clock.
"""
