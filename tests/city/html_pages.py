"""A report as one HTML document, for the producers that print from HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.city.narrative import Line
from tests.city.report import Block, PageBreak

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.city.sheets import Row, Sheet

_TAGS = {"cover": "h1", "part": "h2", "heading": "h3", "text": "p"}
_CSS = """
@page {{ size: A4; margin: {margin} }}
@page wide {{ size: A4 landscape; margin: {margin} }}
body {{ font-family: {font}; margin: 0 }}
section {{ break-before: page }}
section:first-child {{ break-before: auto }}
section.wide {{ page: wide }}
h1 {{ text-align: center; font-weight: normal; font-size: 26pt; margin: 90pt 0 }}
h2 {{ text-align: center; font-weight: normal; font-size: 17pt }}
h3 {{ font-weight: normal; font-size: 14pt; text-indent: 2em; margin: 6pt 0 }}
p {{ font-size: 13pt; line-height: 1.8; text-indent: 2em; margin: 0; text-align: justify }}
p.small {{ font-size: 9pt; text-indent: 0; display: flex; justify-content: space-between }}
h4 {{ text-align: center; font-weight: normal; font-size: 15pt; margin: 8pt 0 }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td {{ border: {border}; font-size: {size}; padding: {padding}; white-space: pre-wrap; word-break: break-all }}
tr {{ break-inside: avoid }}
td.c {{ text-align: center }} td.r {{ text-align: right }}
"""


def document(
    blocks: Iterable[Block], title: str, *, font: str, repeat_header: bool, size: str = "9pt",
    padding: str = "3pt", border: str = "0.75pt solid black", margin: str = "20mm 15mm",
) -> str:  # fmt: skip
    """The whole report; `repeat_header` says whether a table's heading repeats on continuation pages."""
    css = _CSS.format(font=font, size=size, padding=padding, border=border, margin=margin)
    parts = ["<section>"]
    for block in blocks:
        if isinstance(block, PageBreak):
            parts.append(f'</section><section class="{"wide" if block.landscape else "tall"}">')
        elif isinstance(block, Line):
            tag = _TAGS[block.kind]
            parts.append(f"<{tag}>{escape(block.text)}</{tag}>")
        else:
            parts.append(_sheet(block, repeat_header=repeat_header))
    body = "".join(parts) + "</section>"
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{css}</style></head><body>{body}</body></html>"
    )


def _sheet(sheet: Sheet, *, repeat_header: bool) -> str:
    widths = sum(sheet.widths)
    columns = "".join(f'<col style="width:{weight * 100 / widths:.2f}%">' for weight in sheet.widths)
    if repeat_header:
        rows = f"<thead>{_rows(sheet.header)}</thead><tbody>{_rows(sheet.body)}</tbody>"
    else:
        rows = f"<tbody>{_rows(sheet.rows)}</tbody>"
    table = f"<table><colgroup>{columns}</colgroup>{rows}</table>"
    notes = "".join(f'<p class="small">{escape(note)}</p>' for note in sheet.notes)
    if not sheet.title:
        return table + notes
    number = f'<p class="small"><span></span><span>{escape(sheet.number)}</span></p>' if sheet.number else ""
    title = f"<h4>{escape(sheet.title)}</h4>"
    line = f'<p class="small"><span>{escape(sheet.unit_line)}</span><span>{escape(sheet.money_line)}</span></p>'
    return (number + title if sheet.number_first else title + number) + line + table + notes


def _rows(rows: Sequence[Row]) -> str:
    return "".join(
        "<tr>"
        + "".join(
            f'<td class="{cell.align}" rowspan="{cell.rows}" colspan="{cell.columns}">{escape(cell.text)}</td>'
            for cell in row
        )
        + "</tr>"
        for row in rows
    )
