"""The published warehouse as subjects: findings, reports, duties to publish, files that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.digest.subjects import State, Subject
from pipeline.issues import IssueKind
from warehouse.query import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb

MARK = 16
"""Digits of a document's sha256 that are remembered: enough to tell the versions of one report apart."""

_UNREAD = (
    *(kind for kind in IssueKind if kind.loses_document and kind is not IssueKind.NOT_FINAL_ACCOUNTS),
    IssueKind.UNIT_UNKNOWN,
    IssueKind.YEAR_UNKNOWN,
)


def survey(con: duckdb.DuckDBPyConnection, today: date) -> list[Subject]:
    """All subjects of a warehouse file; `today` decides which waivers still hold.

    Tables and columns that a file of an older version does not have yet are passed over.
    """
    return [*_findings(con, today), *_reports(con), *_punctuality(con), *_register(con), *_files(con)]


def _findings(con: duckdb.DuckDBPyConnection, today: date) -> Iterator[Subject]:
    columns = _columns(con, "quality.finding")
    waived = "coalesce(f.waived_until >= $today, false)" if "waived_until" in columns else "$today IS NULL"
    changed = "f.changed_on" if "changed_on" in columns else "NULL"
    for row in rows(con, _FINDINGS.format(waived=waived, changed=changed), {"today": today}):
        state = State.WAIVED if row["waived"] else _STATES.get(row["status"], State.OPEN)
        yield Subject(
            f"finding:{row['finding_id']}",
            state,
            row["sentence"],
            mark="|".join(str(row[key]) for key in ("severity", "stated", "expected", "changed_on")),
            severity=row["severity"],
            since=row["resolved_on"] if state is State.RESOLVED else row["first_seen"],
            weight=float(abs(row["difference"] or 0)),
            **{key: row[key] for key in ("unit", "fiscal_year", "scope", "page", "url", "source")},
        )


def _reports(con: duckdb.DuckDBPyConnection) -> Iterator[Subject]:
    for row in rows(con, _REPORTS):
        yield Subject(f"report:{row.pop('report_id')}", State.CURRENT, mark=row.pop("document")[:MARK], **row)


def _punctuality(con: duckdb.DuckDBPyConnection) -> Iterator[Subject]:
    if not _columns(con, "quality.punctuality"):
        return
    known_from = (
        _KNOWN_FROM if _columns(con, "quality.register") else "SELECT '' AS unit_id, 0 AS fiscal_year, '' AS known_from"
    )
    for row in rows(con, _PUNCTUALITY.format(known_from=known_from)):
        state, deadline, published = State(row["state"]), row["deadline"], row["published_on"]
        text = ""
        if state is State.LATE:
            text = f"应于{deadline}前公开，实际于{published}公开，逾期{row['days_late']}天。"
        elif state is State.MISSING:
            basis = f"（依据：{row['known_from']}）" if row["known_from"] else ""
            text = f"应于{deadline}前公开，至今未收集到决算报告{basis}。"
        yield Subject(
            f"punctuality:{row['unit_id']}-{row['fiscal_year']}-{row['scope']}",
            state,
            text,
            since=published if state is State.LATE else deadline,
            weight=float(row["days_late"] or 0),
            **{key: row[key] for key in ("unit", "fiscal_year", "scope", "url")},
        )


def _register(con: duckdb.DuckDBPyConnection) -> Iterator[Subject]:
    """The units that must publish, each once and for ever, by whom they are known."""
    if not _columns(con, "quality.register"):
        return
    for row in rows(con, _REGISTER):
        yield Subject(f"register:{row['unit_id']}", State.REGISTERED, row["known_from"], unit=row["unit"])


def _files(con: duckdb.DuckDBPyConnection) -> Iterator[Subject]:
    kinds = [kind.value for kind in _UNREAD]
    for row in rows(con, _FILES, {"kinds": kinds, "no_tables": IssueKind.NO_TABLES.value}):
        yield Subject(
            f"file:{row['document'][:MARK]}",
            State.UNREAD,
            IssueKind(row["kind"]).label,
            since=row["since"],
            url=row["url"],
            source=row["source"],
        )


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    schema, name = table.split(".")
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = $1 AND table_name = $2",
        [schema, name],
    ).fetchall()
    return {column for (column,) in found}


_STATES = {"resolved": State.RESOLVED, "unverified": State.UNVERIFIED, "waived": State.WAIVED}
"""Statuses of a finding that are not simply open (new, persisting, changed)."""

_PLACE = """
    (
        -- a file out of an archive is found where the archive is
        SELECT document, coalesce(arg_min(url, (fetched_at, url)) FILTER (starts_with(url, 'http')), '') AS url
        FROM (SELECT document, split_part(url, '!/', 1) AS url, fetched_at FROM raw.publication)
        GROUP BY document
    )
"""
_FINDINGS = f"""
    SELECT f.finding_id, f.status, f.severity, f.unit, f.fiscal_year, coalesce(f.scope, '') AS scope, f.sentence,
        f.page, f.stated, f.expected, f.difference, f.first_seen, f.resolved_on, {{changed}} AS changed_on,
        {{waived}} AS waived, coalesce(p.url, '') AS url, coalesce(d.name, '') AS source
    FROM quality.finding f
    LEFT JOIN core.report r USING (report_id)
    LEFT JOIN raw.document d ON d.document = r.document
    LEFT JOIN {_PLACE} p ON p.document = r.document
    ORDER BY f.finding_id
"""
_REPORTS = f"""
    SELECT r.report_id, r.document, r.unit, r.fiscal_year, coalesce(r.scope, '') AS scope,
        (v.fetched_at AT TIME ZONE 'Asia/Shanghai')::DATE AS since, v.name AS source, coalesce(p.url, '') AS url
    FROM core.report r
    JOIN core.version v USING (report_id, document)
    LEFT JOIN {_PLACE} p ON p.document = r.document
    ORDER BY r.report_id
"""
_PUNCTUALITY = f"""
    SELECT q.unit_id, q.unit, q.fiscal_year, coalesce(q.scope, '') AS scope, q.state, q.published_on, q.deadline,
        q.days_late, coalesce(any_value(p.url), '') AS url, coalesce(any_value(k.known_from), '') AS known_from
    FROM quality.punctuality q
    LEFT JOIN ({{known_from}}) k ON k.unit_id = q.unit_id AND k.fiscal_year = q.fiscal_year
    LEFT JOIN core.report r ON r.unit_id = q.unit_id AND r.fiscal_year = q.fiscal_year
        AND coalesce(r.scope, '') = coalesce(q.scope, '')
    LEFT JOIN {_PLACE} p ON p.document = r.document
    GROUP BY ALL
    ORDER BY ALL
"""
_KNOWN_FROM = """
    -- that a unit published before goes without saying
    SELECT unit_id, fiscal_year, known_from FROM quality.register
    WHERE NOT list_has_any(sources, ['previous', 'published'])
"""
_REGISTER = """
    SELECT unit_id, arg_max(unit, fiscal_year) AS unit, arg_min(known_from, fiscal_year) AS known_from
    FROM quality.register
    WHERE state <> 'exempt'
    GROUP BY unit_id
    ORDER BY unit_id
"""
_FILES = f"""
    SELECT i.document, any_value(i.kind) AS kind, any_value(d.name) AS source, coalesce(any_value(p.url), '') AS url,
        (any_value(c.fetched_at) AT TIME ZONE 'Asia/Shanghai')::DATE AS since
    FROM core.issue i
    JOIN raw.document d USING (document)
    JOIN core.document c USING (document)
    LEFT JOIN {_PLACE} p USING (document)
    WHERE list_contains($kinds, i.kind)
        AND NOT (i.kind IN ('unit_unknown', 'year_unknown') AND i.report_id IS NOT NULL)
        -- a narrative has its tables in another file, which may still come
        AND NOT (i.kind = $no_tables AND d.kind = '决算' AND d.unit <> '' AND d.fiscal_year IS NOT NULL
                 AND len(d.parts) > 0)
    GROUP BY i.document
    ORDER BY source, i.document
"""
