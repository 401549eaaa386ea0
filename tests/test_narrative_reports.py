"""The sections of four real reports, as counted on their pages: headings, their topics, and how many of each part."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.narrative.overview import covered_of, headcounts_of
from pipeline.narrative.structure import structure_of
from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch
from tests import seed_pages

UNITS = {
    "seed": seed_pages.HEAD.unit,
    "putuo_finance_2024": "上海市普陀区财政局",
    "foshan_rail_transit_2019": "佛山市轨道交通局",
    "central_xinfangju_2024": "国家信访局",
}

# page, ordinal and topic of the sections 一、 and （一） of the explanation; "-" for none
OUTLINES = {
    "seed": (
        "12一、totals 12（一）totals 13（二）totals 14二、general 14（一）general 15（二）general 15（三）general "
        "15（四）general 16（五）general 16（六）general 16（七）general 16（八）general 16（九）general 17三、basic "
        "17（一）basic 17（二）basic 17（三）basic 17四、fund 18五、capital 18六、three_public 18（一）three_public "
        "18（二）three_public 19（三）three_public 19七、- 19（一）operation 19（二）procurement 20（三）assets "
        "20八、performance 20（一）performance 20（二）performance"
    ),
    "putuo_finance_2024": (
        "21一、totals 21二、income 21三、expenditure 21四、fiscal 21五、general 21（一）general 21（二）general "
        "21（三）general 23六、basic 23七、three_public 23（一）three_public 23（二）three_public 23八、fund 23九、capital "
        "23十、performance 23十一、- 23（一）operation 24（二）procurement 24（三）assets"
    ),
    "foshan_rail_transit_2019": (
        "24一、totals 24（一）totals 24（二）totals 25二、fiscal 25（一）fiscal 25（二）fiscal 26三、three_public "
        "26（一）three_public 26（二）three_public 27四、- 27（一）operation 27（二）procurement 27（三）assets "
        "28（四）performance"
    ),
    "central_xinfangju_2024": (
        "17一、totals 17（一）totals 17（二）totals 18二、income 19三、expenditure 20四、fiscal 20五、general "
        "20（一）general 21（二）general 21（三）general 23六、basic 24七、three_public 24（一）three_public "
        "25（二）three_public 25八、operation 26九、procurement 26十、assets 26十一、performance 26（一）performance "
        "27（二）performance 37（三）performance"
    ),
}
# items 1. 2. … of the explanation by topic
ITEMS = {
    "seed": {"totals": 16},
    "putuo_finance_2024": {"general": 11},
    "foshan_rail_transit_2019": {"totals": 12, "three_public": 3},
    "central_xinfangju_2024": {"totals": 9, "general": 14, "three_public": 3, "performance": 4},
}
# sections of the overview and of the glossary without the headings of the parts, entries of the list of contents
COUNTS = {
    "seed": (13, 13, 0),
    "putuo_finance_2024": (16, 11, 26),  # （八） stands in the middle of the paragraph （七）
    "foshan_rail_transit_2019": (16, 15, 14),
    "central_xinfangju_2024": (11, 28, 27),
}


@cache
def pages_of(report: str, folder: Path):
    if report == "seed":
        return read_pages(seed_pages.drawn((folder / "seed.txt").read_text(encoding="utf-8")), "seed.pdf")[0]
    return read_pages((folder / "final" / f"{report}.pdf").read_bytes(), report)[0]


@pytest.mark.parametrize("report", UNITS)
def test_sections_of_real_reports(report, shared_reports):
    structure = structure_of(pages_of(report, shared_reports), UNITS[report])
    told = [section for section in structure.sections if section.part == 3 and section.level]
    outline = [f"{section.page}{section.ordinal}{section.topic[5:] or '-'}" for section in told if section.level < 3]
    assert outline == OUTLINES[report].split()
    assert Counter(section.topic[5:] for section in told if section.level == 3) == ITEMS[report]
    of_part = Counter(section.part for section in structure.sections if section.level)
    assert (of_part[1], of_part[4], len(structure.contents)) == COUNTS[report]
    assert not any(section.topic for section in structure.sections if section.part != 3)


@pytest.mark.parametrize("report", UNITS)
def test_no_sentence_of_a_real_report_is_torn(report, shared_reports):
    """Paragraphs end as sentences do; none begins in the middle of one.

    One sentence is printed without its end, and of the seed's tables only the titles are drawn.
    """
    structure = structure_of(pages_of(report, shared_reports), UNITS[report])
    numbers = {section.number for section in structure.sections if section.part in {1, 3, 4, 5} and section.level}
    told = [paragraph.text for paragraph in structure.paragraphs if paragraph.section in numbers]
    open_ended = [text for text in told if not text.endswith(("。", "；", "：", "）。", "”。", "的费用", "表"))]
    assert not open_ended
    assert not [text for text in told if text[0] in "，。；：、）”%"]


def test_headcounts_and_covered_units_of_real_reports(shared_reports):
    found = {}
    for report, unit in UNITS.items():
        pages = pages_of(report, shared_reports)
        structure, tables = structure_of(pages, unit), stitch(pages)
        counts = [(count.kind, count.value) for count in headcounts_of(structure, tables)]
        found[report] = counts, [(one.name, one.remark) for one in covered_of(structure, tables)]
    assert found == {
        "seed": ([("编制数", 10), ("实有人数", 7)], []),
        "putuo_finance_2024": (
            [],
            [
                ("上海市普陀区财政局（本级）", ""),
                ("上海市普陀区财政局财政所", "预算不单列，并入本级"),
                ("上海市普陀区国库收付中心", "预算不单列，并入本级"),
            ],
        ),
        "foshan_rail_transit_2019": ([], []),
        "central_xinfangju_2024": (
            [], [("局本级", ""), ("离退休干部办公室", ""), ("机关服务中心", ""), ("信息中心", "")],
        ),
    }  # fmt: skip
