"""Waivers: findings that the bureau has reviewed and lets pass until a day, from a CSV file that people keep.

A row that is not in order waives nothing and is shown with what to do about it; so is one that has expired or that
speaks of no open finding. A waived finding stays in the table, with its waiver.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from expectations.declared import insert
from expectations.identities import IDENTITIES
from expectations.sheet import RowError, SheetError, day_of, named, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import duckdb

LONGEST = timedelta(days=731)
"""No waiver reaches further than two years: what is let pass must be looked at again."""

HEADINGS = ("问题编号", "单位", "年度", "范围", "勾稽关系", "行", "批准人", "理由", "截止日期")
_ID = re.compile(r"[0-9a-f]{16}")
_SCOPES = ("", "本级", "汇总", "部门")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One row of the file, and what became of it.

    `state` is 'valid' as read, then 'applied', 'expired' or 'unmatched'; 'invalid' with a `message`. `row_no` counts
    as spreadsheets do: the headings are row 1.
    """

    row_no: int
    state: str = "valid"
    finding_id: str = ""
    unit: str = ""
    fiscal_year: int | None = None
    scope: str = ""
    identity: str = ""
    line: str = ""
    approved_by: str = ""
    reason: str = ""
    until: date | None = None
    message: str = ""


_WAIVER = {
    "row_no": "INTEGER", "state": "VARCHAR", "finding_id": "VARCHAR", "unit": "VARCHAR", "fiscal_year": "INTEGER",
    "scope": "VARCHAR", "identity": "VARCHAR", "line": "VARCHAR", "approved_by": "VARCHAR", "reason": "VARCHAR",
    "until": "DATE", "message": "VARCHAR", "findings": "INTEGER",
}  # fmt: skip


def read_waivers(data: bytes, today: date) -> list[Waiver]:
    """The rows of a waiver file, as CSV in UTF-8 or, as Chinese spreadsheets save it, GB 18030."""
    try:
        rows = rows_of(data, HEADINGS)
    except SheetError as error:
        message = f"{error}，本次没有豁免任何问题；请改正后另存为 CSV。"
        return [Waiver(1, "invalid", message=message)]
    return [_taken(row_no, cells, today) for row_no, cells in rows]


def _taken(row_no: int, cells: Sequence[str], today: date) -> Waiver:
    try:
        return _waiver(row_no, named(cells, HEADINGS, "理由"), today)
    except RowError as error:
        return Waiver(row_no, "invalid", message=f"第{row_no}行{error}。这一行没有生效。")


def _waiver(row_no: int, cell: Mapping[str, str], today: date) -> Waiver:
    for heading in ("批准人", "理由", "截止日期"):
        if not cell[heading]:
            raise RowError(f"没有填{heading}，请补填")
    until = _until(cell["截止日期"], today)
    waiver = Waiver(row_no, approved_by=cell["批准人"], reason=cell["理由"], until=until)
    if cell["问题编号"]:
        return _by_id(waiver, cell)
    return _by_place(waiver, cell)


def _until(text: str, today: date) -> date:
    until = day_of(text)
    if until is None:
        raise RowError(f"的截止日期“{text}”不是日期，请写成 2027-06-30 的样子")
    if until > today + LONGEST:
        raise RowError(f"的截止日期 {until} 距今超过两年，请改为不晚于 {today + LONGEST} 的日期，到期再作审查")
    return until


def _by_id(waiver: Waiver, cell: Mapping[str, str]) -> Waiver:
    if not _ID.fullmatch(cell["问题编号"]):
        raise RowError(
            f"的问题编号“{cell['问题编号']}”不是十六位小写十六进制数，"
            "请照 juesuan findings 所列填写（表格软件可能把它改成了数字，请设为文本）"
        )
    others = [heading for heading in ("单位", "年度", "范围", "勾稽关系", "行") if cell[heading]]
    if others:
        raise RowError(f"已填问题编号，就不应再填{'、'.join(others)}，请只留一种写法")
    return replace(waiver, finding_id=cell["问题编号"])


def _by_place(waiver: Waiver, cell: Mapping[str, str]) -> Waiver:
    missing = [heading for heading in ("单位", "年度", "勾稽关系") if not cell[heading]]
    if missing:
        raise RowError(f"没有填{'、'.join(missing)}，请填问题编号，或填单位、年度和勾稽关系")
    if not re.fullmatch(r"20\d{2}", cell["年度"]):
        raise RowError(f"的年度“{cell['年度']}”不是四位年份，请写成 2024 的样子")
    if cell["勾稽关系"] not in IDENTITIES:
        raise RowError(f"的勾稽关系“{cell['勾稽关系']}”没有这个代号，请照 juesuan findings 所列填写")
    if cell["范围"] not in _SCOPES:
        raise RowError(f"的范围“{cell['范围']}”不是本级、汇总、部门，请改正，不区分的留空")
    return replace(
        waiver,
        unit=cell["单位"],
        fiscal_year=int(cell["年度"]),
        scope=cell["范围"],
        identity=cell["勾稽关系"],
        line=cell["行"],
    )


_MATCH = """
CREATE OR REPLACE TEMP TABLE waiving AS
SELECT w.row_no, w.until, w.approved_by, w.reason, f.finding_id, f.status <> 'resolved' AS is_open
FROM quality.waiver w
JOIN quality.finding f ON f.finding_id = w.finding_id
    OR (w.finding_id = '' AND w.unit IN (f.unit, f.unit_id) AND w.fiscal_year = f.fiscal_year
        AND w.scope IN ('', f.scope) AND w.identity = f.identity AND w.line IN ('', f.line))
WHERE w.state = 'valid'
"""
_STATE = """
UPDATE quality.waiver AS w
SET findings = m.findings,
    state = CASE WHEN w.until < $today THEN 'expired' WHEN m.findings > 0 THEN 'applied' ELSE 'unmatched' END,
    message = CASE
        WHEN w.until < $today
            THEN format('第{}行的豁免已于 {} 到期，不再生效；如仍需豁免请重新审查，否则请删去。', w.row_no, w.until)
        WHEN m.findings > 0 THEN ''
        WHEN m.closed THEN format('第{}行所指的问题已不再出现，可以删去这一行。', w.row_no)
        ELSE format('第{}行没有对应任何问题，请核对所填的编号或单位、年度、勾稽关系和行。', w.row_no)
    END
FROM (
    SELECT v.row_no, count(*) FILTER (x.is_open) AS findings, count(x.row_no) > 0 AS closed
    FROM quality.waiver v LEFT JOIN waiving x USING (row_no) GROUP BY ALL
) m
WHERE m.row_no = w.row_no AND w.state = 'valid'
"""
_APPLY = """
UPDATE quality.finding AS f
SET waived_until = w.until, waived_by = w.approved_by, waived_for = w.reason
FROM (
    SELECT finding_id, unnest(max_by({until: until, approved_by: approved_by, reason: reason}, (until, -row_no)))
    FROM waiving WHERE is_open AND until >= $today GROUP BY finding_id
) w
WHERE w.finding_id = f.finding_id
"""
_RECORD = """
INSERT INTO quality.finding_event BY NAME
WITH past AS (
    SELECT
        finding_id,
        max(event_no) AS event_no,
        max(event_no) FILTER (event IN ('new', 'returned')) AS born_no,
        max_by({event: event, event_no: event_no, note: note, person: person}, event_no)
            FILTER (event IN ('waived', 'waiver_expired')) AS waiver
    FROM quality.finding_event GROUP BY finding_id
), due AS (
    SELECT
        f.*,
        p.event_no,
        coalesce(p.waiver.event = 'waived' AND p.waiver.event_no > p.born_no, false) AS was_waived,
        format('{}，至 {}', f.waived_for, f.waived_until) AS note,
        p.waiver.note AS past_note,
        p.waiver.person AS past_person
    FROM quality.finding f JOIN past p USING (finding_id)
    WHERE f.status <> 'resolved'
)
SELECT
    d.finding_id, event_no + 1 AS event_no, $today AS on_date,
    if(waived_until IS NULL, 'waiver_expired', 'waived') AS event, r.document, severity, stated, expected,
    CASE
        WHEN waived_until IS NOT NULL THEN note
        WHEN try_cast(right(past_note, 10) AS DATE) < $today THEN concat('豁免到期：', past_note)
        ELSE concat('豁免撤销：', past_note)
    END AS note,
    if(waived_until IS NULL, '', waived_by) AS person
FROM due d
LEFT JOIN core.report r USING (report_id)
WHERE if(waived_until IS NULL, was_waived, NOT was_waived OR past_note <> note OR past_person <> waived_by)
ORDER BY d.finding_id
"""


def waive(con: duckdb.DuckDBPyConnection, waivers: Sequence[Waiver], today: date) -> list[str]:
    """Mark what is waived today in `quality.finding`, record it as events, and write `quality.waiver`.

    To be called after `judge`. Returns the Chinese sentences about rows that do not waive anything.
    """
    insert(con, "TABLE quality.waiver", _WAIVER, [asdict(waiver) for waiver in waivers])
    con.execute(_MATCH)
    con.execute(_STATE, {"today": today})
    con.execute(_APPLY, {"today": today})
    con.execute(_RECORD, {"today": today})
    con.execute("DROP TABLE waiving")
    found = con.execute("SELECT message FROM quality.waiver WHERE message <> '' ORDER BY row_no").fetchall()
    return [message for (message,) in found]
