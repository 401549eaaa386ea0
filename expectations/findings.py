"""Findings: broken identities as rows that people read, compared with what was published before.

A finding has an id that stays the same as long as unit, year, scope, identity and instance do, so that yesterday's
can be recognised. Nothing here decides whether an identity is broken: that stands in `quality.identity_result`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from expectations.comments import comment_quality
from expectations.declared import insert
from expectations.folding import SHOWN, finding_id, fold
from expectations.history import live
from expectations.identities import IDENTITIES
from expectations.messages import Broken, Elsewhere, sentence
from expectations.model import Severity, Whose
from warehouse.money import Style, styles_of
from warehouse.query import rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import duckdb
    import polars as pl

    from expectations.model import Check, Identity
    from warehouse.money import Styles

Row = dict[str, Any]
Instance = tuple[str, str, str]

FINDING = {
    "finding_id": "VARCHAR", "report_id": "VARCHAR", "unit_id": "VARCHAR", "unit": "VARCHAR", "fiscal_year": "INTEGER",
    "scope": "VARCHAR", "identity": "VARCHAR", "instance": "VARCHAR", "severity": "VARCHAR", "status": "VARCHAR",
    "first_seen": "DATE", "resolved_on": "DATE", "stated": "DECIMAL(18,4)", "expected": "DECIMAL(18,4)",
    "difference": "DECIMAL(18,4)", "form": "VARCHAR", "line": "VARCHAR", "measure": "VARCHAR", "page": "INTEGER",
    "box": ["FLOAT"], "sentence": "VARCHAR", "kind": "VARCHAR", "symptoms": "INTEGER",
    "changed_on": "DATE", "acknowledged_on": "DATE",
    "acknowledged_by": "VARCHAR", "waived_until": "DATE", "waived_by": "VARCHAR", "waived_for": "VARCHAR",
}  # fmt: skip
FINDING_CELL = {
    "finding_id": "VARCHAR", "role": "VARCHAR", "coefficient": "INTEGER", "form": "VARCHAR", "line": "VARCHAR",
    "measure": "VARCHAR", "label": "VARCHAR", "amount": "DECIMAL(18,4)", "printed": "VARCHAR", "page": "INTEGER",
    "of_report": "VARCHAR", "x0": "FLOAT", "top": "FLOAT", "x1": "FLOAT", "bottom": "FLOAT",
}  # fmt: skip
FINDING_SYMPTOM = {"finding_id": "VARCHAR", "identity": "VARCHAR", "instance": "VARCHAR", "sentence": "VARCHAR"}


class Status(StrEnum):
    """How a finding stands to what was published before."""

    NEW = "new"
    PERSISTING = "persisting"
    CHANGED = "changed"
    RESOLVED = "resolved"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of the cells of one broken instance; the number that is judged comes first."""

    report: str
    cells: tuple[Row, ...]

    def own(self) -> list[Row]:
        return [cell for cell in self.cells if cell["of_report"] == self.report]

    def pages(self) -> dict[str, int]:
        return {cell["form"]: cell["page"] for cell in reversed(self.own()) if cell["page"]}

    def elsewhere(self, check: Check, styles: Mapping[str, Styles]) -> Elsewhere | None:
        """Last year's report; or the units', who are several: they have no page, and the department's style."""
        if not check.whose:
            return None
        (whose,) = check.whose
        form, measure = check.right[0].form, check.right[0].measure
        page, report = None, self.report
        if whose is Whose.LAST_YEAR:
            cells = [cell for cell in self.cells if cell["of_report"] != self.report]
            page = next((cell["page"] for cell in cells if cell["form"] == form), None)
            report = cells[0]["of_report"] if cells else self.report
        known = styles[report] if form in {of for of, _ in styles[report]} else styles[self.report]
        return Elsewhere(whose.label, page, known.of(form, measure))


def judge(
    con: duckdb.DuckDBPyConnection,
    past: pl.DataFrame | None,
    today: date,
    *,
    comments: bool = True,
    events: bool = True,
) -> None:
    """Write `quality.finding`, `finding_cell` and `finding_event` from the results that `evaluate` left.

    `past` are the events known so far (see `expectations.history`): what they tell of persists, has changed, is
    resolved (the instance now passes) or is unverified (it could not be evaluated this time). A database that
    nobody will read later needs no `events`, and no `comments` that explain its tables.
    """
    results = _broken_results(con)
    cells = _cells(con) if results else {}
    styles = styles_of(con, _reports(results, cells))
    told: dict[Instance, Row] = {}
    evidence: dict[Instance, list[Row]] = {}
    for result in results:
        instance = result["report_id"], result["identity"], result["instance"]
        place = _Place(result["report_id"], tuple(cells.get(instance, ())))
        told[instance] = _finding(result, place, styles, today)
        evidence[instance] = [_evidence(told[instance]["finding_id"], cell) for cell in place.cells]
    findings, shown, symptoms = fold(con, told, evidence, styles)
    insert(con, "TABLE quality.finding", FINDING, findings)
    insert(con, "TABLE quality.finding_cell", FINDING_CELL, shown)
    insert(con, "TABLE quality.finding_symptom", FINDING_SYMPTOM, symptoms)
    if events:
        live(con, past, today)
    if comments:
        comment_quality(con)


def _finding(result: Row, place: _Place, styles: Mapping[str, Styles], today: date) -> Row:
    identity = IDENTITIES[result["identity"]]
    check = _check_of(identity, result["instance"])
    anchor = next(iter(place.own()), {})
    own, other = styles[result["report_id"]], check.right[0] if check and check.right else None
    broken = Broken(
        form=result["form"],
        line=result["line"],
        measure=result["measure"],
        label=next((cell["label"] for cell in place.cells if cell["line"] == result["line"]), ""),
        what=check.title if check else "",
        stated=result["lhs"],
        expected=result["rhs"],
        other=other.form if other else "",
        detail=result["detail"],
        pages=place.pages(),
        style=own.of(result["form"], result["measure"]),
        other_style=own.of(other.form, other.measure) if other else Style(),
        is_ratio=result["factor"] is not None,
        improbable=result["improbable"],
        elsewhere=place.elsewhere(check, styles) if check else None,
    )
    box = [anchor.get(side) for side in ("x0", "top", "x1", "bottom")]
    return {
        **{
            key: result[key] for key in ("report_id", "unit_id", "unit", "fiscal_year", "scope", "identity", "instance")
        },
        "finding_id": finding_id(result, result["identity"], result["instance"]),
        "severity": Severity.INFORMATION if result["improbable"] else identity.severity,
        "status": Status.NEW,
        "first_seen": today,
        "stated": result["lhs"],
        "expected": result["rhs"],
        "difference": result["difference"],
        "form": result["form"],
        "line": result["line"],
        "measure": result["measure"],
        "page": anchor.get("page"),
        "box": box if None not in box else None,
        "sentence": sentence((check.sentence if check else "") or identity.sentence, broken),
    }


def _check_of(identity: Identity, instance: str) -> Check | None:
    key = instance.split(":", maxsplit=1)[0]
    by_key = {check.key: check for check in identity.checks}
    return by_key.get(key) or by_key.get("")


def _evidence(finding: str, cell: Row) -> Row:
    role = "stated" if cell["side"] == 1 else "compared"
    return {
        "finding_id": finding,
        "role": role,
        "coefficient": cell["coefficient"],
        "of_report": cell["of_report"],
        **{key: cell[key] for key in SHOWN},
    }


def _broken_results(con: duckdb.DuckDBPyConnection) -> list[Row]:
    return rows(
        con,
        """
        SELECT i.*, r.unit_id, r.unit, r.fiscal_year, r.scope
        FROM quality.identity_result i JOIN core.report r USING (report_id)
        WHERE i.outcome = 'fail' OR i.improbable
        ORDER BY ALL
        """,
    )


def _cells(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], list[Row]]:
    """The cells of every broken instance: those that are judged, then those that they are compared with."""
    cells = defaultdict(list)
    for row in rows(
        con,
        f"""
        WITH broken AS (
            SELECT report_id, identity, instance, form, line, measure FROM quality.identity_result
            WHERE outcome = 'fail' OR improbable
        ), operand AS (
            SELECT report_id, of_report, identity, instance, o.form, o.line, o.measure, o.side, o.coefficient
            FROM quality.identity_operand o
            JOIN broken b USING (report_id, identity, instance)
            UNION ALL
            -- a predicate names its cell itself, or only its row
            SELECT report_id, report_id, identity, instance, form, line, measure, 1, 1 FROM broken
            WHERE (report_id, identity, instance) NOT IN (
                SELECT report_id, identity, instance FROM quality.identity_operand)
        )
        SELECT o.report_id, o.of_report, o.identity, o.instance, o.side, o.coefficient,
            {", ".join(f"c.{key}" for key in SHOWN)}
        FROM operand o
        JOIN core.figure c ON c.report_id = o.of_report AND c.form = o.form AND c.line = o.line
        WHERE c.measure = o.measure OR o.measure = ''
        ORDER BY o.side = 1 DESC, o.of_report <> o.report_id, o.of_report, c.form, c.row_no, c.x0, c.measure
        """,
    ):
        cells[row["report_id"], row["identity"], row["instance"]].append(row)
    return cells


def _reports(results: Sequence[Row], cells: Mapping[Instance, Sequence[Row]]) -> set[str]:
    """The reports with something broken, and those that they are compared with."""
    return {row["report_id"] for row in results} | {cell["of_report"] for own in cells.values() for cell in own}
