"""Subjects of expenditure: what all units together spend on them over the years, and which units do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer import charts
from warehouse.explorer.accounts import growth
from warehouse.explorer.asked import MissingError
from warehouse.explorer.paging import listed
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked

    Row = dict[str, Any]

KINDS = {"functional": "支出功能分类科目", "economic": "部门预算支出经济分类科目"}
FORMS = {"functional": ("expenditure", "支出决算表"), "economic": ("basic_expenditure", "基本支出决算表")}
"""The table in which a subject's expenditure stands."""

LEVELS = {1: "类", 2: "款", 3: "项"}
_MOST_FOUND = 100


def subjects(asked: Asked) -> Mapping[str, Any]:
    """The classes of a kind in a year with their sums; or the subjects of any level that a word names."""
    kind = _kind(asked.word("kind", "functional"))
    years = _years(asked, kind)
    year = asked.number("year", years[0] if years else 0)
    word = asked.word("q")
    rows = asked.rows(_FOUND if word else _CLASSES, {"kind": kind, "year": year} | ({"word": word} if word else {}))
    return {
        "kind": kind,
        "kinds": KINDS,
        "years": years,
        "year": year,
        "word": word,
        "levels": LEVELS,
        "rows": [_with_growth(row) for row in rows],
        "total": sum(row["amount"] or 0 for row in rows) if not word else None,
        "most": _MOST_FOUND,
    }


def subject(asked: Asked) -> Mapping[str, Any]:
    """A subject: its names and sums by year, what stands above and below it, which units spend on it in a year."""
    kind, code = _kind(asked.path("kind")), asked.path("code")
    by_year = _by_year(asked, kind, code)
    years = [row["fiscal_year"] for row in by_year]
    year = asked.number("year", years[0])
    if year not in years:
        raise MissingError(f"{year}年没有单位的决算列有科目 {code[:10]}。")
    named = next(row for row in by_year if row["fiscal_year"] == year)
    key = {"kind": kind, "code": code, "year": year}
    wanted, total = ("", named["reports"]) if asked.word("all") else ("AND r.counts", named["counted_reports"])
    return {
        "kind": kind,
        "title": KINDS[kind],
        "form": FORMS[kind],
        "level": LEVELS.get(named["level"], ""),
        "named": named,
        "by_year": by_year,
        "year": year,
        "parents": asked.rows(_PARENTS, key),
        "children": [_with_growth(row) for row in asked.rows(_CHILDREN, key)],
        "others": asked.rows(_SAME_SERIES, key | {"series": named["series"]}),
        "listing": listed(asked, f"{_UNITS} {wanted} {_ORDER}", key, total=int(total or 0)),
        "all": asked.word("all"),
    }


def subject_years(asked: Asked) -> Response:
    """What all units together spent on a subject, as a chart."""

    def draw() -> bytes:
        by_year = [*reversed(_by_year(asked, _kind(asked.path("kind")), asked.path("code")))]
        return charts.years({"各单位合计": [row["amount"] for row in by_year]}, [row["fiscal_year"] for row in by_year])

    return charts.answer(asked, draw)


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise MissingError("只有功能分类（functional）和经济分类（economic）科目。")
    return kind


def _years(asked: Asked, kind: str) -> list[int]:
    rows = asked.rows(
        "SELECT DISTINCT fiscal_year FROM core.subject_year WHERE kind = $1 ORDER BY fiscal_year DESC", [kind]
    )
    return [row["fiscal_year"] for row in rows]


def _by_year(asked: Asked, kind: str, code: str) -> list[Row]:
    """The subject in every year in which it is printed, newest first; raises MissingError if there is none."""
    rows = asked.rows(_BY_YEAR, {"kind": kind, "code": code})
    if not rows:
        raise MissingError(f"收集到的决算中没有编码为“{code[:20]}”的{KINDS[kind]}。")
    before: dict[int, Decimal] = {row["fiscal_year"]: row["amount"] for row in rows}
    return [_with_growth(row | {"prior": before.get(row["fiscal_year"] - 1)}) for row in rows]


def _with_growth(row: Row) -> Row:
    return {**row, "growth": growth(row["amount"], row["prior"])}


_SUMS = """
    SELECT fiscal_year, code, sum(amount) AS amount, sum(counted_reports) AS counted_reports, sum(reports) AS reports
    FROM mart.subject_total
    WHERE kind = $kind AND {of}
    GROUP BY fiscal_year, code
"""

_ROWS = """
    SELECT y.code, y.level, y.name, y.class_name, y.group_name, t.amount, t.counted_reports, b.amount AS prior
    FROM core.subject_year y
    LEFT JOIN sums t ON t.code = y.code AND t.fiscal_year = y.fiscal_year
    LEFT JOIN sums b ON b.code = y.code AND b.fiscal_year = y.fiscal_year - 1
    WHERE y.kind = $kind AND y.fiscal_year = $year AND {of}
    ORDER BY y.code
"""

_OF_TWO_YEARS = _SUMS.format(of="fiscal_year BETWEEN $year - 1 AND $year")
_CLASSES = f"WITH sums AS ({_OF_TWO_YEARS}) {_ROWS.format(of='y.level = 1')}"
_FOUND = (
    f"WITH sums AS ({_OF_TWO_YEARS}) "
    f"{_ROWS.format(of='(contains(y.name, $word) OR starts_with(y.code, $word))')} LIMIT {_MOST_FOUND}"
)
_CHILDREN = (
    f"WITH sums AS ({_OF_TWO_YEARS} HAVING starts_with(code, $code)) "
    f"{_ROWS.format(of='y.parent = $code AND y.level > 1')}"
)

_BY_YEAR = f"""
    WITH sums AS ({_SUMS.format(of="code = $code")})
    SELECT y.fiscal_year, y.level, y.name, y.series, y.is_known, t.amount, t.counted_reports, t.reports
    FROM core.subject_year y
    LEFT JOIN sums t USING (fiscal_year)
    WHERE y.kind = $kind AND y.code = $code
    ORDER BY y.fiscal_year DESC
"""

_PARENTS = """
    SELECT code, name FROM core.subject_year
    WHERE kind = $kind AND fiscal_year = $year AND code <> $code AND starts_with($code, code)
    ORDER BY code
"""

_SAME_SERIES = """
    SELECT code, mode(name) AS name, min(fiscal_year) AS first, max(fiscal_year) AS last
    FROM core.subject_year
    WHERE kind = $kind AND series = $series AND code <> $code AND $year > 0
    GROUP BY code
    ORDER BY last DESC, code
"""

_UNITS = """
    SELECT r.unit_id, r.unit, r.scope, r.department, s.report_id, r.document, s.page, s.amount, s.basic, s.project
    FROM mart.subject s
    JOIN mart.report r USING (report_id)
    WHERE s.kind = $kind AND s.code = $code AND s.fiscal_year = $year AND s.amount <> 0
"""
_ORDER = "ORDER BY s.amount DESC, s.report_id"

ROUTES = (
    page("/subjects", subjects, "subjects.html"),
    page("/subjects/{kind}/{code}", subject, "subject.html"),
    page("/charts/subjects/{kind}/{code}.svg", subject_years),
)
