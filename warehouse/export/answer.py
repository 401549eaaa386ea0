"""An answer as a file."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from warehouse.export.csv_file import write_csv
from warehouse.export.model import Table
from warehouse.export.parquet import write_parquet
from warehouse.export.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.ask.model import Answer

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
"""The formats, by the ending of their files."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed to somebody."""

    content: bytes
    media_type: str
    name: str


def export_answer(answer: Answer, kind: str, name: str, notes: Sequence[str] = ()) -> File:
    """An answer as a file called `name` (without ending); a workbook tells the notes (what was asked) on a sheet."""
    target = io.BytesIO()
    if answer.truncated:
        notes = (*(notes or (name,)), f"答案不完整：只取了前 {len(answer.rows):,} 行。请缩小范围。")
    write_table(Table(name, answer.columns, [answer.rows]), kind, target, notes)
    return File(target.getvalue(), MEDIA_TYPES[kind], f"{file_name(name)}.{kind}")


def export_answers(answers: Sequence[tuple[str, Answer]], name: str, notes: Sequence[str] = ()) -> File:
    """Several answers, each with the name of its sheet, as one workbook."""
    target = io.BytesIO()
    parts = [f"“{sheet}”不完整：只取了前 {len(one.rows):,} 行。" for sheet, one in answers if one.truncated]
    tables = [Table(sheet, one.columns, [one.rows]) for sheet, one in answers]
    write_workbook(tables, target, (*(notes or (name,)), *parts))
    return File(target.getvalue(), MEDIA_TYPES["xlsx"], f"{file_name(name)}.xlsx")


def write_table(table: Table, kind: str, target: IO[bytes], notes: Sequence[str] = ()) -> None:
    """Write one table in one of the formats; only a workbook has room for notes."""
    if kind == "csv":
        write_csv(table, target)
    elif kind == "parquet":
        write_parquet(table, target)
    else:
        write_workbook([table], target, notes)


def file_name(name: str) -> str:
    """A name that all systems take for a file, without ending."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", name).strip(" .")[:80] or "导出"
