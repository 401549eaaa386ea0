"""One cause, one finding: the broken identities that a cause explains become the evidence under it.

What no cause explains stays a finding of its own.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from expectations.causes.explain import causes_of
from expectations.causes.load import problems
from expectations.causes.problem import Place
from expectations.causes.telling import tell
from expectations.declared import insert
from expectations.model import Severity
from warehouse.query import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from expectations.causes.explain import Cause
    from expectations.causes.problem import Cell
    from warehouse.money import Styles

Row = dict[str, Any]
Instance = tuple[str, str, str]
_PLACE = {"of_report": "VARCHAR", "form": "VARCHAR", "line": "VARCHAR", "measure": "VARCHAR"}
SHOWN = ("form", "line", "measure", "label", "amount", "printed", "page", "x0", "top", "x1", "bottom")
"""What a finding shows of a cell, by the columns of core.figure."""


def finding_id(about: Row, *what: str) -> str:
    """Sixteen hexadecimal digits that depend on nothing but what is wrong where, in which unit, year and scope."""
    parts = (about["unit_id"], about["fiscal_year"], about["scope"], *what)
    return sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def fold(
    con: duckdb.DuckDBPyConnection,
    told: Mapping[Instance, Row],
    evidence: Mapping[Instance, list[Row]],
    styles: Mapping[str, Styles],
) -> tuple[list[Row], list[Row], list[Row]]:
    """Findings, their cells and their symptoms, from the findings `told` of single broken instances."""
    if not told:
        return [], [], []
    causes = [cause for problem in problems(con) for cause in causes_of(problem)]
    marks = _marks(con, (cell.place for cause in causes for cell in _cells(cause)))
    left = dict(told)
    by_place: dict[tuple[str, ...], list[Instance]] = defaultdict(list)
    for instance, row in told.items():
        by_place[row["report_id"], row["form"], row["line"], row["measure"]].append(instance)
    findings, cells, symptoms = [], [], []
    for cause in causes:
        of_cells = (instance for cell in cause.cells for instance in by_place.get(cell.place, ()))
        # a number printed with the wrong sign is negative as well
        lesser = (instance for instance in of_cells if told[instance]["severity"] != Severity.ERROR)
        own = [instance for instance in (*cause.broken, *lesser) if left.pop(instance, None)]
        if not own:
            continue
        leading = min(own, key=lambda instance: _rank(told[instance], cause))
        finding = _finding(told[leading], cause, marks, styles, len(own))
        findings.append(finding)
        symptoms += [_symptom(finding["finding_id"], told[instance]) for instance in own]
        cells += _evidence(finding["finding_id"], cause, evidence[leading], marks)
    for instance, finding in left.items():
        findings.append({**finding, "kind": "", "symptoms": 1})
        symptoms.append(_symptom(finding["finding_id"], finding))
        cells += evidence[instance]
    return findings, cells, symptoms


def _cells(cause: Cause) -> list[Cell]:
    return [*cause.cells, *(cell for cell, _ in cause.alternatives)]


def _marks(con: duckdb.DuckDBPyConnection, places: Iterable[Place]) -> dict[Place, Row]:
    """What the page shows in these places, and where."""
    insert(
        con, "TEMP TABLE suspect", _PLACE, [dict(zip(_PLACE, place, strict=True)) for place in dict.fromkeys(places)]
    )
    found = rows(
        con,
        f"SELECT c.report_id, {', '.join(f'c.{column}' for column in SHOWN)} "
        "FROM core.figure c SEMI JOIN suspect s ON s.of_report = c.report_id AND s.form = c.form AND s.line = c.line "
        "AND s.measure = c.measure",
    )
    con.execute("DROP TABLE suspect")
    return {Place(row["report_id"], row["form"], row["line"], row["measure"]): row for row in found}


def _rank(row: Row, cause: Cause) -> tuple[bool, bool]:
    """The gravest instance comes first, and of these the one that judges the wrong cell itself."""
    place = cause.cells[0].place
    return row["severity"] != Severity.ERROR, (row["form"], row["line"], row["measure"]) != place[1:]


def _finding(
    leading: Row, cause: Cause, marks: Mapping[Place, Row], styles: Mapping[str, Styles], symptoms: int
) -> Row:
    first = cause.cells[0]
    mark = marks.get(first.place, {})
    own = styles[first.place.report_id]
    pages = {first.place.form: mark.get("page") or leading["page"]}
    style = own.of(first.place.form, first.place.measure)
    meant = None if cause.meant is None else style.rounded(cause.meant)
    stated = first.amount if mark else None
    box = [mark.get(side) for side in ("x0", "top", "x1", "bottom")]
    return {
        **leading,
        "finding_id": finding_id(leading, "cell", *first.place[1:]),
        "severity": Severity.ERROR,
        "form": first.place.form,
        "line": first.place.line,
        "measure": first.place.measure,
        "stated": stated,
        "expected": meant,
        "difference": None if stated is None or meant is None else stated - meant,
        "page": pages[first.place.form],
        "box": box if None not in box else leading["box"],
        "kind": cause.kind,
        "symptoms": symptoms,
        "sentence": tell(cause, pages, own),
    }


def _symptom(finding: str, row: Row) -> Row:
    return {"finding_id": finding, **{key: row[key] for key in ("identity", "instance", "sentence")}}


def _evidence(finding: str, cause: Cause, leading: Iterable[Row], marks: Mapping[Place, Row]) -> list[Row]:
    """The wrong cells, those that are as suspect, and those of the leading relation."""
    roles = {cell.place: "stated" for cell in cause.cells} | {
        cell.place: "alternative" for cell, _ in cause.alternatives
    }
    found = [
        {"finding_id": finding, "role": role, "coefficient": 1, "of_report": place.report_id}
        | {key: marks[place][key] for key in SHOWN}
        for place, role in roles.items()
        if place in marks
    ]
    named = {tuple(row[key] for key in _PLACE) for row in found}
    rest = [row for row in leading if tuple(row[key] for key in _PLACE) not in named]
    return [*found, *({**row, "finding_id": finding, "role": "compared"} for row in rest)]
