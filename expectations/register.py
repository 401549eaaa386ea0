"""The bureau's own list of who must publish, from a CSV file that people keep: units, and dates of approval.

A row that names a unit says from which year to which it must publish, or why it need not. A row without a unit says
when the accounts of a region's year were approved (批复), from which the days of publication count. A row that is not
in order counts for nothing and is shown with what to do about it.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from expectations.declared import insert
from expectations.sheet import RowError, SheetError, day_of, harmless, named, rows_of
from pipeline.normalise import unit_id
from pipeline.normalise.units import split_scope
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import duckdb

HEADINGS = ("地区", "单位名称", "主管部门", "起始年度", "截止年度", "不公开的理由", "批复日期", "说明")
_OF_HEADINGS = ("region", "unit", "department", "first_year", "last_year", "reason", "approved_on", "note")
_FOR_EVER = 9999


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the file: of a unit, or, where `unit` is "", of the approval of a region's year.

    `state` is 'valid', or 'invalid' with a `message`. `row_no` counts as spreadsheets do: the headings are row 1.
    """

    row_no: int
    state: str = "valid"
    region: str = ""
    unit: str = ""
    unit_id: str = ""
    department: str = ""
    department_id: str = ""
    first_year: int | None = None
    last_year: int | None = None
    reason: str = ""
    approved_on: date | None = None
    note: str = ""
    message: str = ""


_ENTRY = {
    "row_no": "INTEGER", "state": "VARCHAR", "region": "VARCHAR", "unit": "VARCHAR", "unit_id": "VARCHAR",
    "department": "VARCHAR", "department_id": "VARCHAR", "first_year": "INTEGER", "last_year": "INTEGER",
    "reason": "VARCHAR", "approved_on": "DATE", "note": "VARCHAR", "message": "VARCHAR",
}  # fmt: skip


def read_register(data: bytes) -> list[Entry]:
    """The rows of a register file, as CSV in UTF-8 or GB 18030; of two that contradict each other the first holds."""
    try:
        rows = rows_of(data, HEADINGS)
    except SheetError as error:
        return [Entry(1, "invalid", message=f"{error}，本次没有采用名录；请改正后另存为 CSV。")]
    taken: list[Entry] = []
    of_key: dict[tuple[str, str], list[Entry]] = {}
    for row_no, cells in rows:
        try:
            entry = _entry(row_no, named(cells, HEADINGS, "理由、说明"))
            same = of_key.setdefault((entry.region if not entry.unit else "", entry.unit_id), [])
            _refuse_overlap(entry, same)
        except RowError as error:
            taken.append(Entry(row_no, "invalid", message=f"第{row_no}行{error}。这一行没有生效。"))
        else:
            same.append(entry)
            taken.append(entry)
    return taken


def _entry(row_no: int, cell: Mapping[str, str]) -> Entry:
    for heading in ("地区", "起始年度"):
        if not cell[heading]:
            raise RowError(f"没有填{heading}，请补填")
    region, unit = squeeze(cell["地区"]), squeeze(cell["单位名称"])
    first, last = _year(cell, "起始年度"), _year(cell, "截止年度") if cell["截止年度"] else None
    if last is not None and last < first:
        raise RowError(f"的截止年度{last}早于起始年度{first}，请改正")
    if not unit:
        approved_on = _approved_on(cell, first, last)
        return Entry(row_no, region=region, first_year=first, last_year=first, approved_on=approved_on)
    if cell["批复日期"]:
        raise RowError("既填了单位名称，又填了批复日期；批复日期按地区填，请另起一行，只填地区、起始年度和批复日期")
    if split_scope(unit)[1]:
        raise RowError(f"的单位名称“{unit}”带有“本级”或“汇总”，请只填单位的名称")
    department = squeeze(cell["主管部门"])
    return Entry(
        row_no,
        region=region,
        unit=unit,
        unit_id=unit_id(unit, region),
        department=department,
        department_id=unit_id(department, region),
        first_year=first,
        last_year=last,
        reason=cell["不公开的理由"],
        note=cell["说明"],
    )


def _year(cell: Mapping[str, str], heading: str) -> int:
    found = re.fullmatch(r"(20\d{2})(?:年度?)?", cell[heading])
    if not found:
        raise RowError(f"的{heading}“{cell[heading]}”不是四位年份，请写成 2024 的样子")
    return int(found[1])


def _approved_on(cell: Mapping[str, str], first: int, last: int | None) -> date:
    if not cell["批复日期"]:
        raise RowError("没有填单位名称，请补填；要写一个地区的批复日期的，请填批复日期")
    day = day_of(cell["批复日期"])
    if day is None:
        raise RowError(f"的批复日期“{cell['批复日期']}”不是日期，请写成 2025-08-29 的样子")
    if last not in (None, first):
        raise RowError("的批复日期只能是一个年度的，截止年度请留空")
    if day.year not in (first + 1, first + 2):
        raise RowError(f"的批复日期 {day} 不在{first}年度决算应当批复的时间，请核对年度和日期")
    if others := [heading for heading in ("主管部门", "不公开的理由") if cell[heading]]:
        raise RowError(f"是一个地区的批复日期，不应再填{'、'.join(others)}，请留空")
    return day


def _refuse_overlap(entry: Entry, same: Sequence[Entry]) -> None:
    for other in same:
        if (entry.first_year or 0) <= (other.last_year or _FOR_EVER) and (other.first_year or 0) <= (
            entry.last_year or _FOR_EVER
        ):
            raise RowError(f"与第{other.row_no}行是同一{'单位' if entry.unit else '地区'}、同一年度，请只留一行")


def write_register(rows: Iterable[Mapping[str, object]]) -> bytes:
    """A register file of rows by the names of the columns of `Entry`, as spreadsheets read it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([harmless(str(row[column])) if row[column] is not None else "" for column in _OF_HEADINGS])
    return out.getvalue().encode("utf-8-sig")


def create_register(con: duckdb.DuckDBPyConnection) -> None:
    """Create `quality.register_entry`, without rows, where there is none: what is checked without a bureau's list."""
    columns = ", ".join(f"{name} {type_}" for name, type_ in _ENTRY.items())
    con.execute(f"CREATE SCHEMA IF NOT EXISTS quality; CREATE TABLE IF NOT EXISTS quality.register_entry ({columns})")


def enrol(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> list[str]:
    """Write `quality.register_entry`, which `evaluate` and `stand` read, and say in Chinese which rows do not count.

    Regions of which nothing was collected are told as well: of their units it cannot be said whether they published.
    """
    create_register(con)
    insert(con, "TABLE quality.register_entry", _ENTRY, [asdict(entry) for entry in entries])
    return [message for (message,) in con.execute(_MESSAGES).fetchall()]


_MESSAGES = """
SELECT message FROM (
    SELECT row_no, message FROM quality.register_entry WHERE message <> ''
    UNION ALL
    SELECT min(row_no), format(
        '地区“{}”（第{}行等{}行）没有收集到任何决算，请核对地区的写法；没有收集的地区不能判断是否公开。',
        region, min(row_no), count(*))
    FROM quality.register_entry
    WHERE state = 'valid' AND region NOT IN (SELECT region FROM core.report)
    GROUP BY region
)
ORDER BY row_no, message
"""
