"""The two places where the canonical names of `pipeline.normalise` enter SQL: units and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.normalise import normalise_facts, unit_id
from warehouse.frames import create_table

if TYPE_CHECKING:
    import duckdb


def name_units(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table document_unit(document, unit, department, region, unit_id, department_id).

    It has every document that names its unit; a department that is not named has the id "". The region of a
    document that does not know its own is that of its publications.
    """
    named = pl.DataFrame(
        con.sql("""
            SELECT d.document, d.unit, coalesce(d.department, '') AS department,
                coalesce(nullif(d.region, ''), p.region, '') AS region
            FROM raw.document d
            LEFT JOIN (
                SELECT document, min(nullif(region, '')) AS region FROM raw.publication GROUP BY document
            ) p USING (document)
            WHERE d.unit <> ''
        """)
    )
    ids = {
        f"{whose}_id": pl.Series([unit_id(*row) for row in named.select(whose, "region").iter_rows()], dtype=pl.String)
        for whose in ("unit", "department")
    }
    create_table(con, "TEMP TABLE document_unit", named.with_columns(**ids))


def name_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table line_name(form, line, label, fiscal_year, level, parent, subject, name_status).

    Only distinct names are looked up: a city's year has millions of facts, but few ways to print a
    line. All of one year pass for one document.
    """
    printed = pl.DataFrame(
        con.sql("""
            WITH year AS (  -- which the other file of a report in two may say
                SELECT d.document, coalesce(d.fiscal_year, n.fiscal_year) AS fiscal_year
                FROM raw.document d
                LEFT JOIN pair p USING (document)
                LEFT JOIN raw.document n ON n.document = p.narrative
            )
            SELECT DISTINCT d.fiscal_year::VARCHAR AS document, f.form, f.line, f.label, d.fiscal_year
            FROM raw.fact f
            JOIN year d USING (document)
            WHERE d.fiscal_year IS NOT NULL
        """)
    )
    years = dict(printed.select("document", "fiscal_year").unique().iter_rows())
    named = normalise_facts(printed, years)
    create_table(con, "TEMP TABLE line_name", named.drop("document"))
