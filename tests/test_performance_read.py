"""Self-evaluation forms of several layouts: what is printed is read, and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from pipeline.issues import IssueKind
from pipeline.performance.read import read_evaluations, read_projects
from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch
from tests.drawn_tables import ABOVE, LEFT, table
from tests.performance_forms import LAYOUTS, TITLE, central, draw, guangxi, seed_2024, sichuan, workbook

each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def read(data: bytes, name: str = "样本.pdf"):
    pages, _ = read_pages(data, name)
    return read_projects(stitch(pages))


def printed(project) -> set:
    """What it prints by line and measure; the weights that labels state in brackets are told by these."""
    return {(figure.line, figure.measure, _stated(figure)) for figure in project.figures if figure.printed}


def _stated(figure) -> str:
    found = re.search(r"（.*\d分）", figure.printed)
    return found[0] if found else figure.printed


@each_layout
def test_numbers_printed_are_numbers_read(layout):
    for seed in range(40):
        rows, expected = layout(seed)
        (project,), issues = read_projects([table(rows, TITLE)])
        assert printed(project) == expected
        assert (project.kind, project.name, issues) == ("项目", f"第{seed}号专项工作经费", ())


@each_layout
def test_numbers_drawn_are_numbers_read(layout):
    for seed in range(2):
        rows, expected = layout(seed)
        (project,), issues = read(draw(rows))
        assert (printed(project), issues) == (expected, ())
        assert (project.unit, project.pages) == ("某市某局本级", (1, 1))


@each_layout
def test_a_form_that_goes_on_over_the_page_is_one(layout):
    rows, expected = layout(7)
    for cut in (len(rows) - 4, len(rows) - 6):
        (project,), issues = read(draw(rows, cut=cut))
        assert (printed(project), issues) == (expected, ())
        assert project.pages == (1, 2)
        assert all(indicator.first and indicator.second for indicator in project.indicators)


def test_the_form_that_the_project_began_with():
    rows, expected = seed_2024()
    for found in (read(draw(rows)), read_projects([table(rows, TITLE)])):
        (project,), issues = found
        assert (printed(project), issues) == (expected, ())
        assert (project.name, project.code) == ("一个号码管服务运行管理费", "450200240310300006260")
        assert project.unit == "103007-柳州市12345政务服务热线管理中心"
        actual = next(f for f in project.figures if (f.line, f.measure) == ("total", "actual"))
        assert (actual.value, actual.precision) == (606_611, 1)


def test_forms_one_below_the_other_on_a_sheet():
    made = [layout(seed) for seed, layout in enumerate([guangxi, central, sichuan, central])]
    projects, issues = read(workbook(*(rows for rows, _ in made)), "样本.xlsx")
    assert [project.name for project in projects] == [f"第{seed}号专项工作经费" for seed in range(4)]
    assert [printed(project) for project in projects] == [expected for _, expected in made]
    assert issues == ()


def one(rows, *captions):
    (project,), issues = read_projects([table(rows, *(captions or (TITLE,)))])
    return project, issues


def changed(rows, old: str, new: str):
    """The rows with the first cell that prints `old` printing `new`."""
    place = next((r, c) for r, row in enumerate(rows) for c, text in enumerate(row) if text == old)
    return [[new if (r, c) == place else text for c, text in enumerate(row)] for r, row in enumerate(rows)]


def test_places_unit_and_precision():
    rows, _ = guangxi(3)
    project, _ = one(rows)
    by_line = {(figure.line, figure.measure): figure for figure in project.figures}
    total = by_line["total", "actual"]
    row = next(row for row in rows if "合计" in row)
    assert (total.printed, total.money_unit, total.precision) == (row[7], 10_000, 100)
    assert total.value == 10_000 * Decimal(row[7])
    assert total.label == "合计"
    assert by_line["total", "rate"].unit == "percent"
    assert (by_line["score", "weight"].value, by_line["execution", "weight"].value) == (100, 10)
    assert total.box.x0 < total.box.x1


def test_parts_are_said_where_all_are_printed():
    project, _ = one(central(1)[0])
    parts = {figure.line: figure.part_of for figure in project.figures if figure.measure == "adjusted"}
    assert parts == {"total": "", "fiscal": "total", "carryover": "total", "other": "total"}
    rows = [row for row in central(1)[0] if "其他资金" not in row]
    project, _ = one(rows)
    assert not [figure.line for figure in project.figures if figure.unit == "yuan" and figure.part_of]


def test_levels_of_government_are_parts_of_the_budget_that_they_give_to():
    rows, _ = guangxi(2)
    rows = changed(rows, "其中：一般公共预算拨款", "一般公共预算拨款")
    number = next(n for n, row in enumerate(rows) if "其中：上级" in row)
    above = [ABOVE, "一般公共预算拨款", LEFT, "1", "2", LEFT, "3", "4", LEFT, "5%"]
    rows[number][1], rows[number + 1][1] = "", ABOVE
    project, _ = one([*rows[:number], above, *rows[number:]])
    parts = {figure.line: figure.part_of for figure in project.figures if figure.measure == "initial"}
    assert parts == {
        "total": "", "general": "total", "superior": "general", "local": "general", "fund": "total",
        "capital": "total", "other": "total",
    }  # fmt: skip


def test_an_unknown_source_is_read_and_no_sum_is_made():
    project, issues = one(changed(central(1)[0], "上年结转资金", "捐赠"))
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.UNKNOWN_LINE, "捐赠")]
    figures = [figure for figure in project.figures if figure.unit == "yuan"]
    assert {figure.line for figure in figures if figure.label == "捐赠"} == {"source_1"}
    assert not any(figure.part_of for figure in figures)


def test_a_cell_left_blank_beside_amounts_is_zero():
    rows, _ = central(5)
    carried = next(row for row in rows if "上年结转资金" in row)
    project, _ = one(changed(rows, carried[3], "") if rows.index(carried) else rows)
    blank = [figure for figure in project.figures if figure.unit == "yuan" and not figure.printed]
    assert [(figure.value, figure.precision) for figure in blank] == [(0, 0)]


def test_what_is_no_number_is_told():
    rows, _ = central(4)
    total = next(row for row in rows if "年度资金总额：" in row)
    project, issues = one(changed(rows, total[5], "见附件"))
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.UNREADABLE_NUMBER, "见附件")]
    assert not [figure for figure in project.figures if figure.measure == "actual" and figure.part_of]
    assert [figure for figure in project.figures if figure.measure == "adjusted" and figure.part_of]


def test_numbers_under_an_unknown_heading_are_told():
    project, issues = one(changed(central(4)[0], "全年执行数", "某某数字栏目"))
    assert [issue.kind for issue in issues] == [IssueKind.UNKNOWN_HEADING]
    assert not [figure for figure in project.figures if figure.measure == "actual"]


def test_numbers_under_an_unknown_heading_of_indicators_are_told():
    project, issues = one(changed(guangxi(4)[0], "指标得分", "某某数字栏目"))
    assert [issue.kind for issue in issues] == [IssueKind.UNKNOWN_HEADING]
    assert {f.line for f in project.figures if f.measure == "score"} == {"score", "execution"}


def test_amounts_without_a_unit_are_told_and_left():
    project, issues = one(changed(central(4)[0], "项目资金（万元）", "项目资金"))
    assert [issue.kind for issue in issues] == [IssueKind.MONEY_UNIT_UNKNOWN]
    assert {figure.unit for figure in project.figures} == {"percent", "point"}


def test_scores_are_parts_only_where_the_weights_show_that_all_are_there():
    rows, _ = central(6)
    project, _ = one(rows)
    parts = {f.line for f in project.figures if f.measure == "score" and f.part_of}
    assert parts == {f.line for f in project.figures if f.measure == "score" and f.line != "score"}
    lost = next(n for n, row in enumerate(rows) if row[3] == "资料合格率")
    project, _ = one([row for n, row in enumerate(rows) if n != lost])
    assert not [f for f in project.figures if f.measure == "score" and f.part_of]


def test_execution_among_the_indicators_counts_once():
    rows, _ = central(6)
    first = next(n for n, row in enumerate(rows) if "一级指标" in row) + 1
    total = next(row for row in rows if "年度资金总额：" in row)
    again = [ABOVE, "预算执行率", LEFT, LEFT, "100%", total[7], total[6], total[8], "", LEFT]
    project, _ = one([*rows[:first], again, *rows[first:]])
    assert sum(figure.value for figure in project.figures if figure.measure == "weight" and figure.part_of) == 100


def test_headings_and_names_repeated_on_the_next_page_begin_no_other_form():
    rows, expected = central(7)
    head = next(n for n, row in enumerate(rows) if "一级指标" in row)
    cut = head + 3
    parts = [rows[:cut], [rows[0], rows[head], *[[("" if t == ABOVE else t) for t in rows[cut]], *rows[cut + 1 :]]]]
    tables = [table(part, TITLE, page=page) for page, part in enumerate(parts, 1)]
    (project,), issues = read_projects(tables)
    assert (printed(project), issues, project.pages) == (expected, (), (1, 2))


def test_a_list_of_projects_with_their_scores():
    rows = ["序号|项目名称|实施单位|预算数（万元）|执行数（万元）|自评得分|自评等级", "1|办公设备购置|甲局|100.00|98.50|96.5|优",
            "2|信息化运维|乙中心|20.00|20.00|100|优", "合计|<|<|120.00|118.50||"]  # fmt: skip
    projects, issues = read_projects([table(rows, "2024年度项目绩效自评结果汇总表")])
    assert issues == ()
    assert [(one.kind, one.name, one.unit, one.grade) for one in projects] == [
        ("清单", "办公设备购置", "甲局", "优"), ("清单", "信息化运维", "乙中心", "优"),
    ]  # fmt: skip
    assert printed(projects[0]) == {
        ("total", "adjusted", "100.00"), ("total", "actual", "98.50"), ("score", "score", "96.5"),
    }  # fmt: skip


def test_what_is_no_self_evaluation_stays_with_the_others():
    goals = table(["项目名称|办公设备购置|<|<", "年度目标|办好各项工作。|<|<", "一级指标|二级指标|三级指标|指标值",
                   "产出指标|数量指标|购置设备数|≥10台"], "项目绩效目标表")  # fmt: skip
    scores = table(
        ["一级指标|分值|得分|得分率", "决策|20|17.90|89.50%", "合计|100|85.19|85.19%"], "表2：综合评价得分情况表"
    )
    spent = table(["项目名称|预算数|执行数", "办公设备购置|100.00|98.50"], "项目支出表")
    assert read_evaluations([goals, scores, spent]) == ((), (), (goals, scores, spent))


def test_a_table_after_a_form_is_not_the_rest_of_it():
    rows, _ = central(8)
    wide = [["科目编码", "科目名称", *["合计"] * 8], ["2010301", "行政运行", *["1.00"] * 8]]
    form, other = table(rows, TITLE), table(wide, "支出决算表", page=2)
    projects, _, others = read_evaluations([form, other])
    assert (len(projects), others) == (1, (other,))


def test_an_empty_form_gives_nothing():
    rows = [[text if not any(char.isdigit() for char in text) else "" for text in row] for row in central(9)[0]]
    assert read_projects([table(rows, TITLE)]) == ((), ())


def test_a_form_that_only_its_title_names():
    rows = central(9)[0][1:]
    project, _ = one(rows, "2024年度信息化运维项目支出绩效自评表")
    assert (project.kind, project.name) == ("项目", "信息化运维")
    project, _ = one(rows, "部门整体支出绩效自评表")
    assert (project.kind, project.name) == ("部门整体", "")


def test_a_department_with_the_tasks_of_its_year():
    rows = [
        ["部门（单位）名称", "某市某局", *[LEFT] * 6],
        [
            "年度主要任务完成情况",
            "任务名称",
            "预算数（万元）",
            "其中：财政拨款",
            "执行数（万元）",
            "分值",
            "执行率",
            "得分",
        ],
        [ABOVE, "基本支出保障", "800.00", "800.00", "800.00", "", "100%", ""],
        [ABOVE, "信访信息化运维", "200.00", "150.00", "100.00", "", "50%", ""],
        [ABOVE, "金额合计", "1,000.00", "950.00", "900.00", "10", "90%", "9"],
        ["一级指标", "二级指标", "三级指标", LEFT, "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", "办理信访件", LEFT, "≥200件", "230件", "90", "90"],
        ["总分", *[LEFT] * 5, "100", "99"],
    ]
    project, issues = one(rows, "部门整体支出绩效自评表")
    assert (project.kind, project.unit) == ("部门整体", "某市某局")
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.UNKNOWN_HEADING, "800.00")]
    assert printed(project) == {
        *(("task", *pair) for pair in (("adjusted", "800.00"), ("actual", "800.00"), ("rate", "100%"))),
        *(("task_2", *pair) for pair in (("adjusted", "200.00"), ("actual", "100.00"), ("rate", "50%"))),
        *(("total", *pair) for pair in (("adjusted", "1,000.00"), ("actual", "900.00"), ("rate", "90%"))),
        ("execution", "weight", "10"), ("execution", "score", "9"), ("i1", "weight", "90"), ("i1", "score", "90"),
        ("score", "weight", "100"), ("score", "score", "99"),
    }  # fmt: skip


def test_a_rate_without_a_percent_sign_is_a_share():
    rows, _ = central(3)
    total = next(row for row in rows if "年度资金总额：" in row)
    for text, value in (("0.8875", "88.75"), ("1", "100"), ("88.75", "88.75"), ("1%", "1")):
        project, _ = one(changed(rows, total[7], text))
        (rate,) = [f for f in project.figures if (f.line, f.measure) == ("total", "rate")]
        assert (rate.value, rate.unit) == (Decimal(value), "percent")


def test_a_project_without_a_name_is_no_department():
    project, _ = one(changed(central(3)[0], "第3号专项工作经费", ""), "绩效自评表")
    assert (project.kind, project.name) == ("项目", "")
