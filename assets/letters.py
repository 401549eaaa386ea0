"""Letters out of the published warehouse: settings, the date of the publication, documents opened out of harm's way.

A document that hangs or crashes whoever opens it costs its pictures, never the letters.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from assets.clock import BUREAU_TIME
from assets.guard import Guard, Lost
from pipeline.lake import Lake
from pipeline.read.picture import NoPictureError, picture_page
from warehouse.letters import folder
from warehouse.letters.model import Office
from warehouse.letters.select import reports_of
from warehouse.packing import packed
from warehouse.publish import published
from warehouse.query import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from assets.settings import Settings
    from warehouse.letters.evidence import PageSource
    from warehouse.letters.folder import Written
    from warehouse.letters.select import ReportKey

SECONDS = 60
"""That a page may take to be drawn."""


def letters_to(
    settings: Settings, unit: str, year: int, scope: str | None, files: tuple[Path, Sequence[str]]
) -> tuple[list[ReportKey], list[Written]]:
    """Letters on the reports of one unit and year: the reports, and what was written of them.

    `files` are the folder and the formats. Raises QueryError if nothing is published, AmbiguousUnitError and
    UnknownReportError.
    """
    with opened(settings.warehouse) as con, pages(settings) as source:
        reports = reports_of(con, unit, year, scope)
        return reports, folder.write_letters(con, reports, _order(settings, files), source)


def all_letters(settings: Settings, year: int | None, files: tuple[Path, Sequence[str]], least: str) -> list[Written]:
    """Letters to all units with something to answer for, and the list of them; raises QueryError."""
    with opened(settings.warehouse) as con, pages(settings) as source:
        return folder.write_all(con, year, _order(settings, files, least), source)


def _order(settings: Settings, files: tuple[Path, Sequence[str]], least: str = "W") -> folder.Order:
    return folder.Order(*files, office_of(settings), _published_on(settings), least)


def office_of(settings: Settings) -> Office:
    """Who writes the letters."""
    return Office(
        settings.office, settings.letter_number, settings.office_contact, settings.letter_date, settings.letter_days
    )


def _published_on(settings: Settings) -> date:
    """The day on which the published file was made: the same night gives the same letters."""
    return datetime.fromtimestamp(published(settings.warehouse).stat().st_mtime, BUREAU_TIME).date()


@contextmanager
def pages(settings: Settings, seconds: float = SECONDS) -> Iterator[PageSource]:
    """Pictures of pages of documents in the lake, each drawn in a process with limits; for any number of threads."""
    lake, guard = Lake(settings.lake), Guard(settings.memory)

    def page(document: str, number: int) -> bytes:
        path = lake.path(document)
        if not path.is_file():
            raise NoPictureError("原文件不在数据湖中")
        found = guard.run(_picture, (path, number), seconds)
        if isinstance(found, Lost):
            raise NoPictureError(f"原文件第{number}页无法显示（{found.why}）")
        return found

    try:
        yield page
    finally:
        guard.close()


def _picture(job: tuple[Path, int]) -> bytes:
    path, number = job
    return packed(picture_page(path.read_bytes(), number))
