from __future__ import annotations

import pytest

from pipeline.head import other_unit, read_head, unit_in
from pipeline.issues import IssueKind
from pipeline.model import Page, Source
from tests.drawn_tables import lines, table

HOTLINE = "柳州市12345政务服务热线管理中心"


def page(*texts, number=1, tables=()):
    return Page(number, 595, 842, 0, lines(*texts, page=number), tables, "pdfium")


def head_of(*pages, tables=(), **source):
    head, issues = read_head(pages, tables, Source(source.pop("name", "a.pdf"), **source))
    return head, [issue.kind for issue in issues]


def statutory(*captions):
    return table(["项目|决算数", "合计|1"], *captions)


def test_a_report_without_a_cover():
    head, issues = head_of(
        page(f"第一部分：{HOTLINE[:19]}", "中心概况", "一、主要职能"),
        page(f"第二部分：{HOTLINE}2024年度单位决算报", "表", "公开01表", number=2),
        page("第三部分：2024年度单位决算情况说明", number=3),
        page("第四部分：名词解释", number=4),
        tables=[statutory(f"金额单位：万元单位名称：{HOTLINE}", "公开01表", "收入支出决算总表")],
    )
    assert (head.unit, head.fiscal_year, head.level, head.kind) == (HOTLINE, 2024, "单位", "决算")
    assert head.parts == (1, 2, 3, 4)
    assert issues == []


@pytest.mark.parametrize(
    ("cover", "unit", "year", "level", "scope"),
    [
        (["国家信访局", "2024 年度部门决算", "二〇二五年七月"], "国家信访局", 2024, "部门", ""),
        (["2019 年佛山市轨道交通局", "部门决算"], "佛山市轨道交通局", 2019, "部门", ""),
        (["二〇二三年度", "某市教育局（本级）", "单位决算公开"], "某市教育局", 2023, "单位", "本级"),
        (["某市教育局（汇总）2022年度部门决算"], "某市教育局", 2022, "部门", "汇总"),
        (["某市教育局本级", "2022年度决算"], "某市教育局", 2022, "", "本级"),
        (["附件2", "某市教育局2022年度部门决算"], "某市教育局", 2022, "部门", ""),
        (["2022年度", "部门决算公开", "某市教育局", "2023年8月"], "某市教育局", 2022, "部门", ""),
    ],
)
def test_covers(cover, unit, year, level, scope):
    head, issues = head_of(page(*cover), tables=[statutory("收入支出决算总表")])
    assert (head.unit, head.fiscal_year, head.level, head.scope, head.kind) == (unit, year, level, scope, "决算")
    assert issues == []


@pytest.mark.parametrize(
    ("caption", "unit", "code"),
    [
        ("编制部门：某市审计局          单位：万元", "某市审计局", ""),
        ("单位：某市审计局", "某市审计局", ""),
        ("部门：341-某市审计局  2024年度  金额单位：元", "某市审计局", "341"),
        ("单位名称：103007-柳州市审计中心单位：元", "柳州市审计中心", "103007"),
        ("填报单位：（盖章）某市审计局", "某市审计局", ""),
        ("公开01表 部门：某市审计局 单位：万元", "某市审计局", ""),
        ("单位：元谋县财政局 单位：元", "元谋县财政局", ""),
    ],
)
def test_unit_lines_over_tables(caption, unit, code):
    head, _ = head_of(tables=[statutory("2024年度收入支出决算总表", caption)])
    assert (head.unit, head.unit_code, head.fiscal_year, head.kind) == (unit, code, 2024, "决算")


def test_the_majority_wins():
    head, _ = head_of(
        page("某市文化局", "2024年度部门决算"),
        page("第二部分 某市文化局2024年度部门决算表", number=2),
        tables=[statutory("收入支出决算总表", "部门：某市文旅局"), statutory("收入决算表", "部门：某市文化局")],
    )
    assert head.unit == "某市文化局"


def test_department_and_code_stand_in_the_performance_forms():
    form = table(
        ["项目名称|热线运行|项目编码|450200", f"项目实施单位|103007-{HOTLINE}|主管部门|103-柳州市人民政府办公室"]
    )
    head, _ = head_of(tables=[statutory("2024年度收入支出决算总表", f"单位名称：{HOTLINE}"), form])
    assert (head.unit, head.unit_code, head.department) == (HOTLINE, "103007", "柳州市人民政府办公室")


def test_a_list_of_contents_is_no_part():
    contents = page("目录", "第一部分 概况", "第二部分 决算表", "第三部分 说明", "第四部分 名词解释")
    head, _ = head_of(contents, page("第二部分 2024年度部门决算表", number=2))
    assert head.parts == (2,)


def test_a_report_that_says_nothing_takes_the_title_and_says_so():
    head, issues = head_of(tables=[statutory("收入支出决算总表")], title="某市审计局2023年度部门决算公开")
    assert (head.unit, head.fiscal_year, head.level) == ("某市审计局", 2023, "部门")
    assert issues == [IssueKind.UNIT_UNKNOWN, IssueKind.YEAR_UNKNOWN]


@pytest.mark.parametrize(
    "title",
    [
        f"{HOTLINE}2024年度单位决算公开.pdf",
        "市政务热线中心2024年度单位决算",
        "2024年度决算公开",
        "P020250822345678901.pdf",
        "103007_柳州市12345政务服务热线管理中心_2024年单位决算（定稿）.pdf",
        "关于公布柳州市12345政务服务热线管理中心2024年度单位决算的公告",
        "柳州市人民政府办公室所属柳州市12345政务服务热线管理中心2024年度决算",
        "附件：2024年度部门决算公开表.xls",
    ],
)
def test_shortened_and_decorated_titles_are_no_disagreement(title):
    cover = page(HOTLINE, "2024年度单位决算")
    assert head_of(cover, tables=[statutory("收入支出决算总表")], title=title)[1] == []
    assert head_of(cover, tables=[statutory("收入支出决算总表")], name=title)[1] == []


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("柳州市文化馆2024年度单位决算公开", IssueKind.UNIT_DISAGREES),
        (f"{HOTLINE}2023年度单位决算", IssueKind.YEAR_DISAGREES),
    ],
)
def test_another_unit_or_year_outside_is_said(title, kind):
    head, issues = head_of(page(HOTLINE, "2024年度单位决算"), tables=[statutory("收入支出决算总表")], title=title)
    assert issues == [kind]
    assert (head.unit, head.fiscal_year) == (HOTLINE, 2024)


@pytest.mark.parametrize(
    ("unit", "title", "other"),
    [
        ("某市住房和城乡建设局", "市住建局2024年度部门决算", ""),
        ("中共某市委员会老干部局", "市委老干部局2024年部门决算", ""),
        ("某市公安局交通警察支队", "某市公安局交警支队2024年度单位决算公开", ""),
        ("某市财政局", "某市教育局2024年度部门决算", "某市教育局"),
        ("某市财政局", "某市财政局国库支付中心2024年度单位决算", ""),
    ],
)
def test_names_in_titles(unit, title, other):
    assert other_unit(unit, title) == other


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["2026年某市审计局部门预算"], "预算"),
        (["某市审计局", "2024年度部门决算"], "决算"),
        (["某市审计局工作总结"], ""),
    ],
)
def test_kinds(texts, kind):
    assert head_of(page(*texts))[0].kind == kind


def test_a_budget_speaks_of_last_years_final_accounts_in_its_columns():
    rows = ["项目|2025年决算数|2026年预算数", "合计|1|2"]
    assert head_of(tables=[table(rows, "2026年一般公共预算支出预算表")])[0].kind == "预算"


def test_bare_tables_of_final_accounts():
    rows = ["科目编码|科目名称|决算数", "201|一般公共服务支出|1"]
    assert head_of(tables=[table(rows)])[0].kind == "决算"


def test_parts_of_a_report_without_pages():
    from dataclasses import replace

    found = page("目录", "第一部分 概况", "第二部分 决算表", "第三部分 说明", "第一部分 概况", "本局负责审计。", "第二部分 决算表", "收入决算表", "第三部分 说明", "本年收入增加。")  # fmt: skip
    below = replace(statutory().parts[0], box=found.lines[7].box._replace(top=found.lines[7].box.bottom))
    assert head_of(replace(found, tables=(below,)))[0].parts == (1, 2, 3)


def test_a_unit_line_whose_money_unit_stands_in_brackets():
    head, _ = head_of(tables=[statutory("收入支出决算总表", "单位：某市第一小学  （金额单位：元）")])
    assert head.unit == "某市第一小学"


def test_bare_tables_are_final_accounts_by_their_titles():
    rows = ["项目|金额", "合计|1"]
    assert head_of(tables=[table(rows, "收入支出决算总表（公开01表）")])[0].kind == "决算"
    assert head_of(tables=[table(["收入支出决算总表|<", *rows])])[0].kind == "决算"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2024年部门决算公开表.xls", "决算"),
        ("2024年一般公共预算财政拨款支出决算表.xls", "决算"),
        ("2024年部门预算公开表.xls", "预算"),
        ("附件1.xls", ""),
    ],
)
def test_tables_that_do_not_say_what_they_are_take_it_from_their_name(name, kind):
    rows = ["项目|金额", "合计|1"]
    assert head_of(tables=[table(rows, "收入支出总表")], name=name)[0].kind == kind
    assert head_of(tables=[table(rows, "收入支出预算总表")], name=name)[0].kind == "预算"


def test_a_bracket_behind_a_unit_is_not_its_name():
    assert unit_in("单位名称：某市审计局（2024年度） 单位：万元") == "某市审计局"
    assert unit_in("单位名称：某市审计局（本级） 单位：万元") == "某市审计局(本级)"
