"""Schemas mart and 决算: their tables and views, made anew in a warehouse file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from warehouse.comments import comment_view
from warehouse.marts.comments import comment_marts
from warehouse.marts.duties import duties
from warehouse.marts.forms import form_view
from warehouse.marts.lists import documents, issues, reports
from warehouse.marts.projects import project_views
from warehouse.marts.prose import prose_views
from warehouse.marts.standard import standard_views
from warehouse.marts.standing import grades, punctuality
from warehouse.marts.subjects import subject_views
from warehouse.marts.sums import sum_views
from warehouse.marts.tables import build_tables
from warehouse.marts.trust import trust_views
from warehouse.marts.units import unit_views
from warehouse.marts.view import in_wan
from warehouse.query import is_judged

if TYPE_CHECKING:
    import duckdb

    from warehouse.marts.view import View


_IN_WAN = "CREATE OR REPLACE MACRO 万元(金额) AS (金额 * 0.0001)::DECIMAL(18, 2)"
"""An amount of 元 in 万元 with two decimals, exact until it is rounded."""


_SOUGHT = ("finding_cell", "finding_event", "finding_symptom")
"""Tables of schema quality in which pages seek a finding by its number: without an index they read them whole."""


def create_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Build tables and views anew. What rests on schema quality is empty, or has empty columns, before it is there."""
    registered = is_judged(con, "register")
    build_tables(con, judged=is_judged(con, "finding"), registered=registered)
    con.execute(f'CREATE SCHEMA IF NOT EXISTS "决算"; {_IN_WAN}')
    judged = (
        reports(),
        grades(judged=is_judged(con, "grade")),
        punctuality(judged=is_judged(con, "punctuality")),
        *duties(judged=registered),
        *trust_views(judged=is_judged(con, "finding"), registered=registered),
    )
    of_core = (documents(), issues(), *unit_views(), *prose_views(), *project_views())
    of_marts = (*map(form_view, FORMS.values()), *standard_views(), *subject_views(), *sum_views())
    con.begin()  # thousands of comments: committed one by one they take twice the time
    comment_marts(con)
    for view in (*judged, *of_core, *of_marts):
        for shown in filter(None, (view, in_wan(view))):
            _create(con, shown)
    con.commit()
    for table in _SOUGHT:
        if is_judged(con, table):
            con.execute(f"CREATE INDEX IF NOT EXISTS {table}_of ON quality.{table} (finding_id)")


def _create(con: duckdb.DuckDBPyConnection, view: View) -> None:
    name = f'"决算"."{view.name}"'
    columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in view.columns)
    con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} {view.source}")
    comment_view(con, name, view.comment, [(column.name, column.comment) for column in view.columns])
