"""Reading real reports; the numbers were read from the page pictures, not from a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from pipeline.model import Box
from pipeline.read.document import read_pages
from pipeline.read.glyphs import Glyphs
from pipeline.read.ink import Ink, Rule, turn_box
from pipeline.read.ruling import find_tables
from pipeline.read.stitch import stitch
from tests.bench_read import differences, ours, plain

if TYPE_CHECKING:
    from pathlib import Path

PLACES = st.integers(0, 30).map(lambda n: 20.0 * n)
RULES = st.lists(
    st.tuples(PLACES, PLACES, PLACES).filter(lambda r: r[1] != r[2]).map(lambda r: Rule(r[0], min(r[1:]), max(r[1:]))),
    min_size=4,
    max_size=14,
)


@given(RULES, RULES)
def test_every_cell_of_pdfplumbers_finder_is_found(across, down):
    """Ours adds cells (open sides, cut cells) and never loses one."""
    edges = [
        {"orientation": "h", "top": r.at, "bottom": r.at, "x0": r.start, "x1": r.stop, "width": r.stop - r.start}
        for r in across
    ] + [
        {"orientation": "v", "x0": r.at, "x1": r.at, "top": r.start, "bottom": r.stop, "height": r.stop - r.start}
        for r in down
    ]
    crossings = edges_to_intersections(merge_edges(edges, 3, 3, 3, 3), 3, 3)
    theirs = {cell for table in cells_to_tables(intersections_to_cells(crossings)) for cell in table}
    mine = {
        tuple(cell)
        for table in find_tables(Ink(1, 600, 600, Glyphs.of([]), tuple(across), tuple(down), (), ()))
        for cell in table
    }
    closed = {cell for cell in theirs if not any(_splits(new, cell) for new in mine - theirs)}
    assert closed <= mine


def _splits(new, cell) -> bool:
    return new[0] < cell[2] and cell[0] < new[2] and new[1] < cell[3] and cell[1] < new[3]


@given(st.sampled_from([0, 90, 180, 270]), st.tuples(*[st.floats(0, 500)] * 4))
def test_turning_there_and_back(quarter, corners):
    box = Box(*corners)
    width, height = (595, 842) if quarter in (0, 180) else (842, 595)
    back = turn_box(turn_box(box, quarter, 595, 842), -quarter % 360, width, height)
    assert back == pytest.approx(box)


@pytest.mark.parametrize(
    ("name", "page", "title", "row"),
    [
        (
            "final/putuo_finance_2024.pdf",
            6,
            "收入支出决算总表",
            ["一、一般公共预算财政拨款收入", "2,940.05", "一、一般公共服务支出", "2,106.66"],
        ),
        (
            "final/foshan_rail_transit_2019.pdf",
            5,
            "收入支出决算总表",
            ["一、一般公共预算财政拨款收入", "1", "1668.14", "一、一般公共服务支出", "27", "0.00"],
        ),
        (
            "budget/js_cppcc_2018_budget_tables.pdf",
            9,
            "“三公”经费、会议费、培训费支出预算表",
            ["1,656.86", "675.10", "106.00", "156.60", "", "156.60", "412.50", "884.16", "97.60"],
        ),
    ],
)
def test_rows_of_real_tables(shared_reports: Path, name, page, title, row):
    pages, issues = read_pages((shared_reports / name).read_bytes(), name)
    assert issues == ()
    table = pages[page - 1].tables[0]
    rows = [[cell.text for cell in table.cells if cell.row == number] for number in range(table.rows)]
    assert row in rows
    assert title in [line.text for line in pages[page - 1].lines]


def test_names_that_overflow_leave_the_amounts_alone(shared_reports: Path):
    name = "budget/xian_safety_2019_budget_tables_excel.pdf"
    pages, _ = read_pages((shared_reports / name).read_bytes(), name)
    texts = {cell.text for cell in pages[2].tables[0].cells}
    assert {"1、人员经费和公用经费支出", "2,022.39", "3、机关资本性支出（一）", "104.31"} <= texts


def test_tables_of_a_real_report_run_over_its_pages(shared_reports: Path):
    pages, _ = read_pages((shared_reports / "final/putuo_finance_2024.pdf").read_bytes(), "putuo")
    parts = [[part.page for part in table.parts] for table in stitch(pages)]
    assert parts == [[5], [6, 7], [8, 9], [10, 11], [12, 13, 14], [15], [16, 17], [18], [19], [20]]


@pytest.mark.slow
def test_final_reports_agree_with_pdfplumber(shared_reports: Path, thorough):
    """All cells but those that a page's end cuts, which pdfplumber does not see."""
    files = sorted((shared_reports / "final").glob("*.pdf"))
    looked_at = [page for page in range(1, 200) if thorough or page % 10 in (0, 2, 5)]
    mine = {place: text for file in files for place, text in ours(file).cells.items() if place[1] in looked_at}
    theirs = {place: text for file in files for place, text in plain(file, looked_at).cells.items()}
    assert len(mine) > (4000 if thorough else 1000)
    found = differences(mine, theirs)
    assert [place[:2] for place, _, other in found if other is not None] == []
    assert {place[:2] for place, _, _ in found} == {("central_xinfangju_2024.pdf", page) for page in (30, 32, 35)}


def test_every_character_of_a_real_report_is_read(shared_reports: Path):
    file = shared_reports / "final/foshan_rail_transit_2019.pdf"
    pages, _ = read_pages(file.read_bytes(), file.name)
    with pdfplumber.open(file) as document:
        for page, other in zip(pages[4:12], document.pages[4:12], strict=True):
            read = [line.text for line in page.lines] + [cell.text for table in page.tables for cell in table.cells]
            printed = "".join(char["text"] for char in other.dedupe_chars(tolerance=1, extra_attrs=()).chars)
            assert sorted("".join("".join(read).split())) == sorted("".join(printed.split()))
            other.close()
