"""Schema mart: small tables built once from core and quality, so that a question over all reports reads few rows.

Here belongs building them, in the order of their files. What people read of them are the views of schema 决算.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from warehouse.marts import figures

if TYPE_CHECKING:
    import duckdb

_WORDS = {
    "{sources}": figures.sources(),
    "{columns}": figures.columns(),
    "{pages}": figures.pages(),
    "{sums}": figures.sums(),
    "{sums_of_sums}": figures.sums_of_sums(),
    "{measured}": figures.measured(),
    "{names}": ", ".join(figures.MEASURED),
}

# Who belongs to which department: as the register says, which knows the bureau's list; before that, as core does.
_MEMBERSHIP = "SELECT unit_id, fiscal_year, department_id, department, region FROM core.unit_year"
_ENROLLED = """
    SELECT
        u.unit_id, u.fiscal_year,
        if(q.department_id <> '', q.department_id, u.department_id) AS department_id,
        if(q.department_id <> '', q.department, u.department) AS department,
        coalesce(nullif(u.region, ''), q.region, '') AS region
    FROM core.unit_year u
    LEFT JOIN quality.register q USING (unit_id, fiscal_year)
"""


_OPEN_FINDINGS = """(
    SELECT count(*) FROM quality.finding q
    WHERE q.report_id = r.report_id AND q.status <> 'resolved' AND q.waived_until IS NULL
)"""


def build_tables(con: duckdb.DuckDBPyConnection, *, judged: bool, registered: bool) -> None:
    """Build all tables of schema mart anew; `judged`: quality.finding is there, `registered`: quality.register is."""
    con.execute("CREATE SCHEMA IF NOT EXISTS mart")
    con.execute(f"CREATE OR REPLACE TEMP VIEW membership AS {_ENROLLED if registered else _MEMBERSHIP}")
    words = {**_WORDS, "{open_findings}": _OPEN_FINDINGS if judged else "NULL::BIGINT"}
    for file in sorted((files(__package__) / "sql").iterdir(), key=lambda file: file.name):
        sql = file.read_text(encoding="utf-8")
        for word, text in words.items():
            sql = sql.replace(word, text)
        con.execute(sql)
    con.execute("DROP VIEW membership")
