"""Schema 决算: all its views, made anew in a warehouse file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from warehouse.comments import comment_view
from warehouse.marts.duties import duties
from warehouse.marts.forms import form_view
from warehouse.marts.lists import documents, issues, reports
from warehouse.marts.projects import project_views
from warehouse.marts.prose import prose_views
from warehouse.marts.standing import grades, punctuality

if TYPE_CHECKING:
    import duckdb


def create_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views anew. Those that rest on schema quality are empty, or have empty columns, before it is there."""
    con.execute('CREATE SCHEMA IF NOT EXISTS "决算"')
    judged = (
        reports(judged=_has(con, "finding")),
        grades(judged=_has(con, "grade")),
        punctuality(judged=_has(con, "punctuality")),
        *duties(judged=_has(con, "register")),
    )
    for view in (*judged, documents(), issues(), *map(form_view, FORMS.values()), *prose_views(), *project_views()):
        name = f'"决算"."{view.name}"'
        columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in view.columns)
        con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} {view.source}")
        comment_view(con, name, view.comment, [(column.name, column.comment) for column in view.columns])


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute(
        "FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'quality' AND table_name = $1",
        [table],
    )
    return bool(found.fetchall())
