"""The warehouse: ordered SQL from raw readings to Chinese views, a new file every night, read-only queries.

Here: loading, building, switching and reading DuckDB files, their comments and their dictionary. Not
here: reading documents (`pipeline`), judging what they say (`expectations`), running on time (`assets`).
"""
