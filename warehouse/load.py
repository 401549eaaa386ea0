"""Loading: readings, from the lake or from memory, become the schemas raw, ref and core of one database.

Both ways run the same SQL files. Schema `raw` keeps documents, publications, crawls, forms and issues
as they were read; the others live only while `core` is derived from them, which then holds the same rows.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.portals.night import crawls
from pipeline.schema import CRAWL, PUBLICATION, READING_TABLES
from warehouse.frames import create_table, literal, registered, sql_columns
from warehouse.names import name_covered, name_lines, name_units
from warehouse.pairs import pair_halves
from warehouse.reference import load_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import polars as pl

    from pipeline.lake import Lake, Selection

RAW = {**READING_TABLES, "publication": PUBLICATION, "crawl": CRAWL}
"""The tables of schema raw and their columns."""

_PASSED_ON = frozenset(READING_TABLES) - {"document", "form_reading", "issue"}
"""Tables whose rows all stand in schema core."""


def load_frames(con: duckdb.DuckDBPyConnection, frames: Mapping[str, pl.DataFrame]) -> None:
    """Load readings held in memory, by the names of `RAW`; a table left out is empty.

    This is the way of a single report that is checked without a lake.
    """
    _create_schemas(con)
    filled = {table for table, frame in frames.items() if len(frame)}
    for table, schema in RAW.items():
        if table in filled:
            create_table(con, f"TABLE raw.{table}", frames[table].select(schema.names()))
        else:
            con.execute(f"CREATE TABLE raw.{table} ({sql_columns(schema)})")
    _derive(con)
    _drop(con, "TABLE")


def load_lake(con: duckdb.DuckDBPyConnection, lake: Lake, reader_version: str) -> None:
    """Load what one reader version has read, and all publications and crawls."""
    collected = {"publication": lake.publications(), "crawl": crawls(lake.crawls())}
    with lake.held("readings"), ExitStack() as stack:
        selection = lake.select(reader_version)
        if not selection.batches:
            load_frames(con, collected)
            return
        named = {table: stack.enter_context(registered(con, frame)) for table, frame in collected.items()}
        readings = {table: _readings(selection, table) for table in READING_TABLES}
        load_queries(con, {**readings, **{table: f"FROM {name}" for table, name in named.items()}})


def load_queries(con: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> None:
    """Load what SELECTs give, one by each name of `RAW`."""
    _create_schemas(con)
    for table, query in queries.items():
        kind = "VIEW" if table in _PASSED_ON else "TABLE"
        con.execute(f"CREATE {kind} raw.{table} AS {query}")
    _derive(con)
    _drop(con, "VIEW")


def _drop(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    for table in sorted(_PASSED_ON):
        con.execute(f"DROP {kind} raw.{table}")


def _create_schemas(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA raw; CREATE SCHEMA ref; CREATE SCHEMA core")


def _derive(con: duckdb.DuckDBPyConnection) -> None:
    load_reference(con)
    name_units(con)
    name_covered(con)
    pair_halves(con)
    name_lines(con)
    for file in sorted((files("warehouse") / "sql").iterdir(), key=lambda file: file.name):
        con.execute(file.read_text(encoding="utf-8"))


def _readings(selection: Selection, table: str) -> str:
    paths = ", ".join(literal(str(path)) for path in selection.files(table))
    query = f"SELECT {', '.join(RAW[table].names())} FROM read_parquet([{paths}], filename = true)"
    if not selection.shadowed:
        return query
    shadowed = ", ".join(f"({literal(batch)}, {literal(document)})" for batch, document in selection.shadowed)
    return f"{query} WHERE (split_part(filename, '/', -2), document) NOT IN (VALUES {shadowed})"
