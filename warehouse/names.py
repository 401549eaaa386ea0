"""The places where the canonical names of `pipeline.normalise` enter SQL: units, those that lists name, and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.normalise import covered_ids, normalise_facts, unit_id
from warehouse.frames import create_table

if TYPE_CHECKING:
    import duckdb

_SOME = 2
"""Documents that show for whom a publisher publishes."""


def name_units(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table document_unit(document, unit, department, region, unit_id, department_id).

    It has every document that names its unit, and those of which the portal says it well enough; a department that is
    not named has the id "". The region of a document that does not know its own is that of its publications.
    """
    known = pl.DataFrame(
        con.sql("""
            SELECT d.document, coalesce(d.unit, '') AS unit, coalesce(d.department, '') AS department,
                coalesce(nullif(d.region, ''), p.region, '') AS region, p.site, p.publisher,
                len(coalesce(d.parts, [])) > 0 OR d.document IN (SELECT document FROM raw.form_reading) AS is_report
            FROM raw.document d
            LEFT JOIN (
                SELECT document, min(nullif(region, '')) AS region,
                    min(site) AS site, if(count(DISTINCT nullif(unit, '')) = 1, max(unit), '') AS publisher
                FROM raw.publication GROUP BY document
            ) p USING (document)
        """)
    )
    named = pl.concat([known.filter(pl.col("unit") != ""), _stated(known)]).drop("site", "publisher", "is_report")
    ids = {
        f"{whose}_id": pl.Series([unit_id(*row) for row in named.select(whose, "region").iter_rows()], dtype=pl.String)
        for whose in ("unit", "department")
    }
    create_table(con, "TEMP TABLE document_unit", named.with_columns(**ids))


def _stated(known: pl.DataFrame) -> pl.DataFrame:
    """Reports that name no unit, with the publisher that the portal states if it publishes for itself alone.

    A finance bureau or a parent department publishes for others, a portal may state an office or itself: a publisher
    counts if it is the unit of every other of its documents at the site that names one, and there are some.
    """
    stated = known.filter(pl.col("publisher") != "")
    own = [
        unit_id(unit, region) == unit_id(publisher, region)
        for unit, publisher, region in stated.select("unit", "publisher", "region").iter_rows()
    ]
    alone = (
        stated.with_columns(own=pl.Series(own, dtype=pl.Boolean))
        .filter(pl.col("unit") != "")
        .group_by("site", "publisher")
        .agg(pl.col("own").all(), pl.len())
        .filter(pl.col("own"), pl.col("len") >= _SOME)
    )
    nameless = stated.filter(pl.col("is_report"), unit="").join(alone, on=["site", "publisher"], how="semi")
    return nameless.with_columns(unit="publisher")


def name_covered(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table covered_name(document, name, unit_id): which unit a department's list means.

    Where a name is short, that of its possible meanings stands which is a unit that has published. To be called after
    `name_units`.
    """
    known = {unit for (unit,) in con.execute("SELECT DISTINCT unit_id FROM document_unit").fetchall()}
    listed = pl.DataFrame(
        con.sql("""
            SELECT DISTINCT c.document, c.name, d.unit, d.region
            FROM raw.covered_unit c JOIN document_unit d USING (document)
        """)
    )
    meant = [covered_ids(*row) for row in listed.select("name", "unit", "region").iter_rows()]
    ids = [next((one for one in candidates if one in known), candidates[0]) for candidates in meant]
    named = listed.select("document", "name").with_columns(unit_id=pl.Series(ids, dtype=pl.String))
    create_table(con, "TEMP TABLE covered_name", named)


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
