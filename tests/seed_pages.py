"""The seed's text as pages and its figures as facts, for tests of its narrative.

The text is that of a PDF whose paragraphs were indented; some pages of it lost the indents. Pages begin with a blank,
or after a printed page number; table pages keep their title only, their figures come from `seed_2024.csv`.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from pipeline.model import Box, Fact, ReportHead
from tests.drawn_pdf import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = ReportHead("柳州市12345政务服务热线管理中心", "", "", 2024, "单位", "", "决算", (1, 2, 3, 4))
FIGURES = Path(__file__).parent / "seed_2024.csv"
REFERENCE = Path(__file__).parents[1] / "pipeline" / "reference"

_BREAK = re.compile(r"^ (?=[^ ])|^(- \d+ -)\n+", re.MULTILINE)
_TABLE = re.compile(r"公开0\d表|项目支出绩效自评表")
_HEADING = re.compile(r"[一二三四五六七八九十]+、[^，。：]*")
_PART = re.compile(r"第.部分：.*")
_SIZE, _LEADING, _LEFT, _TOP, _WIDE = 16, 23, 72, 60, 595
_FULL = 25  # characters; a line shorter than this ends its paragraph


def drawn(text: str, *, indents: bool = True) -> bytes:
    """A PDF of the text, a page for each of its pages; without `indents` paragraphs begin at the margin."""
    drawing = Drawing()
    ended = True
    for lines in _pages(text):
        title = bool(lines) and bool(_PART.fullmatch(lines[0]))
        for row, line in enumerate(lines):
            y = _TOP + row * _LEADING
            if re.fullmatch(r"- \d+ -", line):
                drawing.text(280, 810, line, 10)
                continue
            if title:
                drawing.text((_WIDE - 20 * _width(line)) / 2, y, line, 20)
            else:
                first = ended or bool(_HEADING.fullmatch(line))
                begins = indents and first and not line.startswith("　")
                drawing.text(_LEFT + 2 * _SIZE * begins, y, line if indents else line.lstrip("　"), _SIZE)
            # a line that stops short ends its paragraph, or the title of its part
            ended = _width(line) + 2 * ended < (15 if title else _FULL) or bool(_HEADING.fullmatch(line))
            title = title and not ended
        drawing.next_page()
    return drawing.bytes()


def _pages(text: str) -> Iterator[list[str]]:
    start, footer = 0, ""
    for found in (*_BREAK.finditer(text, 1), None):
        body = text[start : found.start() if found else len(text)]
        footer = found[1] or "" if found else ""
        lines = [line for raw in body.split("\n") if (line := raw.rstrip().lstrip(" "))]
        if any(_TABLE.search(line) for line in lines):
            lines = [line for line in lines if line.endswith(("决算表", "决算总表", "决算明细表", "自评表"))][:1]
        yield [*lines, footer] if footer else lines
        start = found.end() if found else len(text)


def _width(line: str) -> float:
    return sum(1 if ord(char) > 0x2000 else 0.5 for char in line)


@cache
def facts() -> tuple[Fact, ...]:
    """The figures of the nine tables, each with the name that its row prints."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = {key: number for number, key in enumerate(dict.fromkeys((row["form"], row["line"]) for row in rows), 1)}
    return tuple(_fact(numbers[row["form"], row["line"]], row) for row in rows)


def _fact(number: int, row: dict[str, str]) -> Fact:
    amount = Decimal(row["printed"].replace(",", "")) * 10_000
    label = _names(row["form"]).get(row["line"], "")
    page = 3 + list(FORMS).index(row["form"])
    box = Box(0, number, 1, number + 1)
    precision = Decimal(100)
    return Fact(
        row["form"], row["line"], row["measure"], label, amount, row["printed"], 10_000, precision, page, box, number,
        "pdfium",
    )  # fmt: skip


@cache
def _names(form: str) -> dict[str, str]:
    names = {line.key: line.title for line in FORMS[form].lines}
    if FORMS[form].codes:
        with (REFERENCE / f"{FORMS[form].codes}.csv").open(encoding="utf-8", newline="") as file:
            names |= {row["code"]: row["name"] for row in csv.DictReader(file)}
    return names
