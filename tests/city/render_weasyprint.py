"""Prints a report with WeasyPrint from HTML: headings repeated, thin rules, another Chinese face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint import HTML

from tests.city.html_pages import document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.city.report import Block

_FONT = '"AR PL UMing CN"'


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    html = document(blocks, title, font=_FONT, repeat_header=True, border="0.4pt solid #333", padding="2pt")
    HTML(string=html).write_pdf(target, pdf_identifier=b"city", uncompressed_pdf=False)
