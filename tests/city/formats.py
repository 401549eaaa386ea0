"""Reports of the city in the formats that units publish beside PDF, rendered into bytes.

xlsx, docx and html need nothing but packages; xls, ods, doc and wps-like files LibreOffice makes of the former.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.city import html_pages, render_excel, render_word
from tests.city.expected import printed_sheets
from tests.city.report import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.city.report import Block, Report

SOURCES = {"xls": "xlsx", "ods": "xlsx", "doc": "docx"}
"""What LibreOffice makes of what."""
FILTERS = {"xls": "xls:MS Excel 97", "ods": "ods", "doc": "doc:MS Word 97"}


def title_of(report: Report) -> str:
    return f"{report.name}{report.year}年度{report.level}决算"


def blocks_of(report: Report) -> Iterator[Block]:
    return blocks(report, printed_sheets(report))


def rendered(report: Report, kind: str) -> bytes:
    """The report as a file of this kind: xlsx, docx or html."""
    return rendered_blocks(blocks_of(report), kind, title_of(report))


def rendered_blocks(content: Iterator[Block], kind: str, title: str) -> bytes:
    if kind == "html":
        page = html_pages.document(content, title, font="serif", repeat_header=False)
        return page.encode()
    buffer = io.BytesIO()
    document = render_excel.workbook(content, title) if kind == "xlsx" else render_word.document_of(content, title)
    document.save(buffer)
    return buffer.getvalue()


def converted(data: dict[str, bytes], source: str, kind: str) -> dict[str, bytes]:
    """Files of one format (by any name) in another, by LibreOffice, all in one start."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in data.items():
            (Path(folder) / f"{name}.{source}").write_bytes(content)
        command = [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", FILTERS[kind],
            "--outdir", f"{folder}/out", *(f"{folder}/{name}.{source}" for name in data),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return {name: (Path(folder) / "out" / f"{name}.{kind}").read_bytes() for name in data}
