"""Letters as files in a folder: names that any file system takes, a list of them, nothing written twice."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from warehouse.letters.compose import compose
from warehouse.letters.select import all_reports, open_findings
from warehouse.letters.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import duckdb

    from warehouse.letters.evidence import PageSource
    from warehouse.letters.model import Letter, Office
    from warehouse.letters.select import ReportKey, Row

MANIFEST = "函件清单.csv"
COLUMNS = ("单位", "年度", "范围", "需更正", "需说明", "提示", "标题", "文件", "未能附图")
FORMATS = ("docx", "html")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s.]+')
_LONGEST = 40  # characters; file systems take 255 bytes, and a Chinese character has three


@dataclass(frozen=True, slots=True)
class Order:
    """How letters are to be written.

    `formats` are some of FORMATS, `today` is the date of the publication, `least` ("E" or "W") the severity from which
    on findings are written about.
    """

    folder: Path
    formats: Sequence[str]
    office: Office
    today: date
    least: str = "W"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter and its files; `changed` are those that were not there with the same content already."""

    report: ReportKey
    letter: Letter
    files: tuple[Path, ...]
    changed: tuple[Path, ...]


def write_letters(
    con: duckdb.DuckDBPyConnection, reports: Iterable[ReportKey], order: Order, source: PageSource
) -> list[Written]:
    """Write a letter for each of these reports that has open findings grave enough; the others get none."""
    findings = open_findings(con, order.today)
    written = []
    for report in reports:
        asked = asked_about(findings.get(report.report_id, []), order.least)
        if asked:
            letter = compose(con, asked, order.office, order.today, source)
            written.append(_write(report, letter, order))
    return written


def write_all(con: duckdb.DuckDBPyConnection, year: int | None, order: Order, source: PageSource) -> list[Written]:
    """Write the letters of all reports, or those of one year, and the list of them."""
    written = write_letters(con, all_reports(con, year), order, source)
    _put(order.folder / MANIFEST, _manifest(written).encode("utf-8-sig"))  # Excel takes it for UTF-8 by its mark
    return written


def left_over(folder: Path, written: Iterable[Written]) -> list[Path]:
    """Letters in the folder that are none of these: of earlier nights, or put there by somebody."""
    files = {file for one in written for file in one.files}
    return sorted(path for kind in FORMATS for path in folder.glob(f"*.{kind}") if path not in files)


def asked_about(findings: Sequence[Row], least: str) -> list[Row]:
    """What a letter is about: findings from the severity `least` on; nothing if there are but informations."""
    wanted = {"E"} if least == "E" else {"E", "W"}
    if not any(finding["severity"] in wanted for finding in findings):
        return []
    return [finding for finding in findings if finding["severity"] in wanted | {"I"}]


def _write(report: ReportKey, letter: Letter, order: Order) -> Written:
    contents = _rendered(letter, order.formats)
    files = {order.folder / f"{file_stem(report)}.{kind}": content for kind, content in contents.items()}
    changed = tuple(path for path, content in files.items() if _put(path, content))
    return Written(report, letter, tuple(files), changed)


def _rendered(letter: Letter, formats: Sequence[str]) -> Mapping[str, bytes]:
    contents = {}
    if "docx" in formats:
        from warehouse.letters.word import to_docx  # noqa: PLC0415 - only who wants a format pays for its library

        contents["docx"] = to_docx(letter)
    if "html" in formats:
        from warehouse.letters.web import to_html  # noqa: PLC0415

        contents["html"] = to_html(letter).encode()
    return contents


def file_stem(report: ReportKey) -> str:
    """A name that tells people the report and is no other report's, whatever the unit calls itself."""
    name = _FORBIDDEN.sub("_", clean(report.unit))[:_LONGEST].strip("_")
    scope = _FORBIDDEN.sub("_", clean(report.scope))[:_LONGEST].strip("_")
    mark = sha256(report.report_id.encode()).hexdigest()[:6]
    return "-".join(part for part in (str(report.fiscal_year), name, scope, mark) if part)


def _put(path: Path, content: bytes) -> bool:
    """Write a file in one step, unless it is there already; True if it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return False
    part = path.with_name(f".{sha256(content).hexdigest()[:16]}.part")
    part.write_bytes(content)
    part.replace(path)
    return True


def _manifest(written: Iterable[Written]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in written:
        letter = one.letter
        writer.writerow(
            [
                *map(_harmless, (letter.to, str(one.report.fiscal_year), clean(one.report.scope))),
                *map(len, (letter.wrong, letter.doubtful, letter.hints)),
                _harmless(letter.name),
                " ".join(file.name for file in one.files),
                sum(bool(item.note) for item in letter.items),
            ]
        )
    return out.getvalue()


def _harmless(text: str) -> str:
    """A spreadsheet program would calculate what begins like a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
