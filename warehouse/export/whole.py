"""All tables of a selection in one workbook, or in a folder with a file for each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipeline.staging import commit
from warehouse.export.answer import file_name, write_table
from warehouse.export.tables import notes, tables
from warehouse.export.workbook import write_workbook
from warehouse.publish import published
from warehouse.query import QueryError, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.export.model import Table
    from warehouse.export.tables import Selection


class _Counted:
    """Tables as they pass, and how many rows they had."""

    def __init__(self, of: Iterator[Table]) -> None:
        self._of = of
        self.tables = self.rows = 0

    def __iter__(self) -> Iterator[Table]:
        for table in self._of:
            self.tables += 1
            yield replace(table, batches=self._counted(table))

    def _counted(self, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
        for batch in table.batches:
            self.rows += len(batch)
            yield batch


def write_whole(home: Path, selection: Selection, target: Path) -> tuple[int, int]:
    """Write one workbook, a sheet a table; returns the numbers of tables and of rows.

    The file appears complete or not at all. Raises QueryError if nothing is published or nothing is selected.
    """
    with opened(home) as con, _beside(target.absolute().parent) as directory:
        counted = _Counted(tables(con, selection))
        part = Path(directory) / target.name
        with part.open("wb") as file:
            write_workbook(counted, file, notes(selection, published(home).stem))
        _require_rows(counted)
        commit(part, target.absolute())
    return counted.tables, counted.rows


def write_folder(home: Path, selection: Selection, folder: Path, kind: str) -> tuple[int, int]:
    """Write a file for each table into a folder, replacing those of the same names; the same otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    with opened(home) as con, _beside(folder.absolute()) as directory:
        counted = _Counted(tables(con, selection))
        parts = []
        for table in counted:
            part = Path(directory) / f"{file_name(table.name)}.{kind}"
            with part.open("wb") as file:
                write_table(table, kind, file)
            parts.append(part)
        _require_rows(counted)
        for part in parts:
            commit(part, folder.absolute() / part.name)
    return counted.tables, counted.rows


def _beside(folder: Path) -> TemporaryDirectory[str]:
    """A folder for what is not complete yet, on the file system of what it will be."""
    return TemporaryDirectory(prefix=".juesuan-", dir=folder)


def _require_rows(counted: _Counted) -> None:
    if not counted.rows:
        raise QueryError("没有符合条件的数据：请核对年度和部门的全称。")
