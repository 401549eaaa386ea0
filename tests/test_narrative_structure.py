"""Sections and paragraphs of prose, on pages as values and on the reports of the sample city."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Box, TextLine
from pipeline.narrative.structure import structure_of
from pipeline.narrative.titles import ANNEX, EXPLANATION, GLOSSARY, OVERVIEW, TABLES, part_of, topic_of
from pipeline.read.document import read_pages
from pipeline.wording import squeeze
from tests.city.expected import printed_sheets, report_of
from tests.city.narrative import Line
from tests.city.report import blocks
from tests.laid_pages import LEFT, SIZE, Layout, flowing, turned

REPORTS = Path(__file__).parent / "city" / "reports"

LONG = (
    "某市某局2024年度收入总计1,165.30万元，其中本年收入1,165.30万元，较2023年度决算数增加154.88万元，增长15.33%，"
    "主要原因是机构改革以及政务热线整合工作，我单位聘用控制数从116人增加至128人，人员工资及各项开支同步大幅度增加。"
)
SHORT = "本年支出合计20.00万元，其中：基本支出20.00万元，占100.00%。"


def outline(structure):
    return [(section.level, section.ordinal, section.title) for section in structure.sections]


def texts(structure):
    return [paragraph.text for paragraph in structure.paragraphs]


def test_paragraphs_go_on_over_lines_and_pages_and_know_where_their_characters_stand():
    pages = Layout(per_page=5).text("一、收入支出决算总体情况说明", LONG, SHORT).pages()
    structure = structure_of(pages)
    assert texts(structure) == [LONG, SHORT]
    paragraph = structure.paragraphs[0]
    assert {mark.page for mark in paragraph.marks} == {1, 2}
    assert paragraph.marks[0].start == 0
    assert all(one.stop == other.start for one, other in zip(paragraph.marks, paragraph.marks[1:], strict=False))
    assert paragraph.marks[-1].stop == len(paragraph.text)
    start = paragraph.text.index("154.88")
    page, box = paragraph.place(start, start + 6)
    line = next(line for page in pages for line in page.lines if "154.88" in line.text)
    assert page == line.page
    assert line.box.x0 <= box.x0 < box.x1 <= line.box.x1 + 1
    assert (box.top, box.bottom) == (line.box.top, line.box.bottom)


def test_furniture_is_no_part_of_a_sentence_over_a_page_break():
    layout = Layout(per_page=3).text("一、收入支出决算总体情况说明", LONG, LONG)
    structure = structure_of(layout.pages(header="某市某局2024年度部门决算公开", footer="{}"))
    assert texts(structure) == [LONG, LONG]


def test_the_title_of_a_part_may_run_over_its_pages():
    layout = Layout(per_page=6).text("第一部分 某市某局概况", *[LONG] * 8)
    layout.next_page().text("第三部分 2024年度部门决算情况说明", "一、收入支出决算总体情况说明", *[LONG] * 4)
    pages = layout.pages()
    top = Box(200, 40, 400, 52)
    told = next(page.number for page in pages if "第三部分" in page.lines[0].text)
    header = "第三部分 2024年度部门决算情况说明"
    pages = tuple(
        replace(page, lines=(TextLine(page.number, top, header), *page.lines)) if page.number > told else page
        for page in pages
    )
    structure = structure_of(pages)
    assert len(pages) - told < len(pages) / 2
    assert texts(structure) == [LONG] * 12
    assert [section.title for section in structure.sections] == [
        "某市某局概况", "2024年度部门决算情况说明", "收入支出决算总体情况说明",
    ]  # fmt: skip


def test_labels_of_a_chart_are_no_text():
    layout = Layout().text("一、收入决算情况说明", SHORT)
    layout.centred("财政拨款收入，95.70%", "其他收入4.30%")
    structure = structure_of(layout.text(LONG).pages())
    assert texts(structure) == [SHORT, LONG]


def test_pieces_side_by_side_are_one_line_in_its_order():
    layout = Layout().text("二、收入决算情况说明", SHORT)
    layout.pieces(("本年收入合计", 0), ("2946.25", 4), ("万元，其中：财政拨款收入", 0), ("2946.25", -3), ("万元。", 0))
    assert texts(structure_of(layout.pages()))[-1] == "本年收入合计2946.25万元，其中：财政拨款收入2946.25万元。"


def test_letter_spacing_is_no_white_space_between_words():
    structure = structure_of(Layout().text("七 、 “ 三 公 ” 经 费 支 出 决 算 情 况 说 明", SHORT).pages())
    assert outline(structure) == [(1, "七、", "“三公”经费支出决算情况说明")]
    assert structure.sections[0].topic == "told_three_public"


@pytest.mark.parametrize(
    "layout",
    [
        Layout().text("一、收入决算情况说明", LONG, SHORT, LONG, "二、支出决算情况说明", SHORT),
        Layout(indent=0).text("一、收入决算情况说明", LONG, SHORT, LONG, "二、支出决算情况说明", SHORT),
        Layout().text("一、收入决算情况说明", LONG, SHORT, LONG, "二、支出决算情况说明", SHORT, indent=0, hanging=2),
    ],
    ids=["first lines indented", "nothing indented", "first lines hang out"],
)
def test_ways_to_set_paragraphs(layout):
    structure = structure_of(layout.pages())
    assert outline(structure) == [(1, "一、", "收入决算情况说明"), (1, "二、", "支出决算情况说明")]
    assert texts(structure) == [LONG, SHORT, LONG, SHORT]


def test_a_page_that_lies_is_read_as_it_is_read():
    pages = Layout().text("一、收入决算情况说明", LONG, SHORT).pages()
    assert texts(structure_of([turned(page) for page in pages])) == [LONG, SHORT]


def test_a_number_that_does_not_fit_leaves_its_line_short_but_not_ended():
    whole = "一般公共预算财政拨款支出决算数年初预算为" + "1234567.89万元，支出决算为1234567.80万元。"
    assert texts(structure_of(Layout().text("一、支出决算情况说明", whole, LONG).pages())) == [whole, LONG]


def test_headings_run_over_lines_and_items_go_on_as_sentences():
    layout = Layout().text(
        "三、2024年度一般公共预算财政拨款“三公”经费支出决算情况说明（详见附件公开09表）",
        "（一）绩效管理工作开展情况。",
        "1.其他收入878.44万元，为存款利息收入。",
        "2、一般公共服务支出（类）财政事务（款）行政运行（项）。年初预算为1560.05万元。",
        "（2）2024年度住房公积金支出10.36万元。",
        "3.2024年度其他支出0万元。",
        "1.5万元以上的支出按规定审批。",
    )
    structure = structure_of(layout.pages())
    assert outline(structure) == [
        (1, "三、", "2024年度一般公共预算财政拨款“三公”经费支出决算情况说明（详见附件公开09表）"),
        (2, "（一）", "绩效管理工作开展情况"),
        (3, "1.", "其他收入"),
        (3, "2、", "一般公共服务支出（类）财政事务（款）行政运行（项）"),
        (4, "（2）", "2024年度住房公积金支出"),
        (3, "3.", "2024年度其他支出"),
    ]
    assert texts(structure) == [
        "其他收入878.44万元，为存款利息收入。",
        "一般公共服务支出（类）财政事务（款）行政运行（项）。年初预算为1560.05万元。",
        "2024年度住房公积金支出10.36万元。",
        "2024年度其他支出0万元。",
        "1.5万元以上的支出按规定审批。",
    ]
    assert [section.parent for section in structure.sections] == [-1, 0, 1, 1, 3, 1]


CONTENTS = (
    "第一部分 某市某局概况", "一、主要职能", "第二部分 2024年度部门决算表", "一、收入支出决算总表",
    "第三部分 2024年度部门决算情况说明", "一、收入决算情况说明", "第四部分 名词解释",
)  # fmt: skip


@pytest.mark.parametrize("leader", ["", "......{}", "………{}", "····{}", " {}"])
@pytest.mark.parametrize("titled", [True, False])
@pytest.mark.parametrize("per_page", [24, 4])
def test_a_list_of_contents_is_no_section(leader, titled, per_page):
    layout = Layout(per_page=per_page).centred("某市某局", "2024年度部门决算", size=30).next_page()
    if titled:
        layout.centred("目  录")
    layout.text(*(title + leader.format(number + 3) for number, title in enumerate(CONTENTS))).next_page()
    layout.centred("第一部分 某市某局概况").text("一、主要职能", LONG).next_page()
    layout.centred("第三部分 2024年度部门", "决算情况说明").text("一、收入决算情况说明", SHORT)
    structure = structure_of(layout.pages())
    assert structure.contents == tuple(squeeze(title) for title in CONTENTS)
    assert outline(structure) == [
        (0, "第一部分", "某市某局概况"),
        (1, "一、", "主要职能"),
        (0, "第三部分", "2024年度部门决算情况说明"),
        (1, "一、", "收入决算情况说明"),
    ]


def test_what_stands_around_tables_and_pictures_is_no_paragraph():
    rows = [["项目", "决算数"], ["合计", "20.00"]]
    layout = Layout().text("第二部分 2024年度部门决算表").centred("收入决算表")
    layout.text("部门：某市某局 金额单位：万元", indent=0).table(rows)
    layout.text(
        "注：本表反映部门本年度取得的各项收入情况，包括财政拨款收入、事业收入、经营收入和其他收入等。", indent=0
    ).next_page()
    layout.text("第三部分 2024年度部门决算情况说明", "一、收入决算情况说明", SHORT).centred("图1：本年收入构成情况图")
    layout.text("二、支出决算情况说明", SHORT)
    structure = structure_of(layout.pages())
    assert texts(structure) == [SHORT, SHORT]
    assert [section.part for section in structure.sections] == [TABLES, EXPLANATION, EXPLANATION, EXPLANATION]


def test_prose_in_a_frame_is_prose():
    prose = ["一、收入决算情况说明", LONG[:40], LONG[40:], "二、支出决算情况说明", SHORT]
    for rows in ([["\n".join(prose)]], [[line] for line in (prose[0], LONG, *prose[3:])]):
        structure = structure_of(Layout().text("第三部分 2024年度部门决算情况说明").table(rows).pages())
        assert [section.title for section in structure.sections[1:]] == ["收入决算情况说明", "支出决算情况说明"]
        assert texts(structure) == [LONG, SHORT]
    form = [["项目名称", "某项目"], ["年度目标", "完成全年各项任务。"], ["得分", "98.0"]]
    assert not texts(structure_of(Layout().table(form).pages()))


def test_documents_without_paper():
    structure = structure_of(
        flowing(
            ["第三部分", "2024年度部门决算情况说明", "一、收入决算情况说明", LONG, SHORT, "二、支出决算情况说明", SHORT]
        )
    )
    assert [section.title for section in structure.sections] == [
        "2024年度部门决算情况说明", "收入决算情况说明", "支出决算情况说明",
    ]  # fmt: skip
    assert texts(structure) == [LONG, SHORT, SHORT]


def test_terms_and_functions_have_no_topic():
    layout = Layout().text("第一部分 某市某局概况", "一、主要职能", "（一）负责政府采购监督管理，组织预算绩效管理。")
    layout.text("（二）承办市政府交办的其他任务。", "第四部分 名词解释", "一、财政拨款收入：指财政当年拨付的资金。")
    layout.text("机关运行经费：指日常公用经费支出。", "“三公”经费是指因公出国（境）费、公务接待费等。")
    structure = structure_of(layout.pages())
    assert {section.topic for section in structure.sections} == {""}
    assert [section.title for section in structure.sections if section.part == GLOSSARY][1:] == [
        "财政拨款收入", "机关运行经费", "“三公”经费",
    ]  # fmt: skip
    assert texts(structure)[:2] == ["负责政府采购监督管理，组织预算绩效管理。", "承办市政府交办的其他任务。"]


@pytest.mark.parametrize(
    ("title", "parent", "topic"),
    [
        ("收入支出决算总体情况说明", "", "told_totals"),
        ("2024年度收入支出决算总体情况", "", "told_totals"),
        ("关于2024年度收支决算总体情况的说明", "", "told_totals"),
        ("部门决算收支增减变化情况", "", "told_totals"),
        ("关于2024年度收入决算情况说明", "", "told_income"),
        ("本年收入决算情况说明", "", "told_income"),
        ("支出决算情况说明", "", "told_expenditure"),
        ("财政拨款收入支出决算总体情况说明", "", "told_fiscal"),
        ("2019年度财政拨款收入支出总表说明", "", "told_fiscal"),
        ("财政拨款收、支决算情况", "", "told_fiscal"),
        ("一般公共预算财政拨款支出决算情况说明", "", "told_general"),
        ("2024年度一般公共预算财政拨款支出决算情况", "", "told_general"),
        ("财政拨款支出决算情况说明", "", "told_general"),
        ("一般公共预算财政拨款基本支出决算情况说明", "", "told_basic"),
        ("政府性基金预算财政拨款收入支出决算情况说明", "", "told_fund"),
        ("国有资本经营预算财政拨款支出决算情况说明", "", "told_capital"),
        ("财政拨款安排的“三公”经费支出决算情况", "", "told_three_public"),
        ("一般公共预算财政拨款“三公”经费支出决算情况说明", "", "told_three_public"),
        ("机关运行经费支出说明", "", "told_operation"),
        ("政府采购支出情况说明", "", "told_procurement"),
        ("国有资产占有使用情况说明", "", "told_assets"),
        ("预算绩效管理工作开展情况", "", "told_performance"),
        ("其他重要事项的情况说明", "", ""),
        ("会议费、培训费支出情况说明", "", ""),
        ("一般公共预算其他公务支出情况", "", ""),
        ("年末结转和结余情况", "", ""),
        ("收入决算具体情况", "told_totals", "told_totals"),
        ("收入决算情况说明", "told_totals", "told_income"),
        ("财政拨款支出决算总体情况", "told_general", "told_general"),
        ("财政拨款基本支出决算情况", "told_general", "told_basic"),
        ("2019年度财政拨款支出说明", "told_fiscal", "told_fiscal"),
        ("部门决算中项目绩效自评结果", "told_performance", "told_performance"),
        ("政府采购项目绩效自评综述", "told_performance", "told_performance"),
        ("因公出国（境）情况", "told_three_public", "told_three_public"),
    ],
)
def test_topics_by_the_words_of_headings(title, parent, topic):
    assert topic_of(title, "", parent) == topic


@pytest.mark.parametrize("unit", ["某市政府采购中心", "某市财政绩效评价中心", "某市国有资产监督管理局"])
def test_the_name_of_who_reports_names_no_topic(unit):
    layout = Layout().text(f"第三部分 {unit}2024年度单位决算情况说明", f"一、{unit}收入决算情况说明", SHORT)
    structure = structure_of(layout.pages(), unit)
    assert [section.topic for section in structure.sections] == ["", "told_income"]
    assert {section.part for section in structure.sections} == {EXPLANATION}
    assert part_of(f"{unit}2024年度单位决算表", unit) == TABLES
    assert part_of(f"{unit}概况", unit) == OVERVIEW


@pytest.mark.parametrize("between", ["：", " ", "", "、"])
def test_parts_however_their_ordinal_is_set_apart(between):
    layout = Layout().centred(f"第一部分{between}某市某局概况").text("一、主要职能", LONG)
    layout.centred(f"第三部分{between}某市12345热线中心2024年度", "单位决算情况说明").text(
        "一、收入决算情况说明", SHORT
    )
    structure = structure_of(layout.pages())
    assert [(section.part, section.title) for section in structure.sections if section.level == 0] == [
        (OVERVIEW, "某市某局概况"), (EXPLANATION, "某市12345热线中心2024年度单位决算情况说明"),
    ]  # fmt: skip


def test_parts_by_their_words_and_not_by_their_number():
    assert part_of("部门决算公开说明", "") == EXPLANATION
    assert part_of("2024年度部门决算报表", "") == TABLES
    assert part_of("名词解释", "") == GLOSSARY
    assert part_of("附件", "") == ANNEX
    layout = Layout().text(
        "一、部门概况", "（一）主要职能", LONG, "二、2024年度部门决算情况说明", "（一）收入决算情况说明", SHORT
    )
    layout.text("（二）其他重要事项的情况说明", "1.机关运行经费", SHORT, "三、名词解释", "1.机关运行经费：指公用经费。")
    structure = structure_of(layout.pages())
    assert [(section.part, section.topic) for section in structure.sections] == [
        (OVERVIEW, ""), (OVERVIEW, ""), (EXPLANATION, ""), (EXPLANATION, "told_income"), (EXPLANATION, ""),
        (EXPLANATION, "told_operation"), (GLOSSARY, ""), (GLOSSARY, ""),
    ]  # fmt: skip


def test_items_take_a_topic_where_the_section_above_has_none():
    layout = Layout().text("第三部分 2024年度部门决算情况说明", "七、其他重要事项的情况说明")
    layout.text("（一）机关运行经费支出20.75万元，与上年持平。", "（二）政府采购情况。政府采购支出总额0万元。")
    layout.text("八、收入支出决算总体情况说明", "1.政府性基金预算财政拨款收入0万元，与上年持平。")
    topics = [section.topic for section in structure_of(layout.pages()).sections]
    assert topics == ["", "", "told_operation", "told_procurement", "told_totals", "told_totals"]


def test_headings_without_ordinals_divide_by_topic():
    layout = (
        Layout().text("第三部分 2024年度部门决算情况说明").text("收入决算情况说明", SHORT, "支出决算情况说明", SHORT)
    )
    structure = structure_of(layout.pages())
    assert [section.topic for section in structure.sections] == ["", "told_income", "told_expenditure"]
    assert texts(structure) == [SHORT, SHORT]


@pytest.mark.parametrize(
    "file",
    [
        "2024/hotline.pdf",
        "2022/bureau_department.pdf",
        "2023/road.pdf",
        "2024/hall.pdf",
        "2023/school.pdf",
        "2023/rescue.pdf",
    ],
)
def test_every_sentence_of_a_printed_report_is_found(file):
    report = report_of(file)
    lines = [squeeze(block.text) for block in blocks(report, printed_sheets(report)) if isinstance(block, Line)]
    first = [index for index, line in enumerate(lines) if line.startswith("第一部分")][1]
    pages, _ = read_pages((REPORTS / file).read_bytes(), file)
    structure = structure_of(pages, report.name)
    said: list[str] = []
    for section in structure.sections:
        own = [paragraph.text for paragraph in structure.paragraphs if paragraph.section == section.number]
        goes_on = bool(own) and bool(section.ordinal) and own[0].startswith(section.title)
        said += [section.ordinal + own[0], *own[1:]] if goes_on else [section.ordinal + section.title, *own]
    assert said == lines[first:]


def test_the_place_of_a_heading_is_that_of_its_first_line():
    section = structure_of(Layout().text("一、收入决算情况说明", SHORT).pages()).sections[0]
    assert section.page == 1
    assert section.box == Box(LEFT + 2 * SIZE, 72, LEFT + 2 * SIZE + 10 * SIZE, 72 + SIZE)
