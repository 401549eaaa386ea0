"""From joined tables to facts: the layouts that places print, small."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.document import read_forms
from pipeline.issues import IssueKind
from pipeline.model import ReportHead, Table
from tests.drawn_tables import lines, raw_table, table

HEAD = ReportHead("某市财政局", "", "", 2024, "部门", "", "决算")


def read(*tables):
    return read_forms(tables, HEAD)


def facts_of(*tables):
    """{(line, measure): printed} of one form, and that nothing was left over."""
    forms, facts, issues = read(*tables)
    assert issues == ()
    assert len(forms) == 1, forms
    assert forms[0].numbers == forms[0].lifted
    return {(fact.line, fact.measure): fact.printed for fact in facts}


def amounts(facts, measure="amount"):
    return {line: printed for (line, found), printed in facts.items() if found == measure and printed}


T1 = "收入支出决算总表"
T2 = "收入决算表"
T3 = "支出决算表"
T4 = "财政拨款收入支出决算总表"
T5 = "一般公共预算财政拨款支出决算表"
T6 = "一般公共预算财政拨款基本支出决算表"
TF = "政府性基金预算财政拨款收入支出决算表"
TS = "国有资本经营预算财政拨款支出决算表"
TG = "财政拨款“三公”经费支出决算表"
UNIT = "部门：某市财政局 金额单位：万元"

T5_HEAD = ["项目|<|本年支出|<|<", "功能分类科目编码|科目名称|小计|基本支出|项目支出"]


def code_table(*rows, head=T5_HEAD, title=T5, **more):
    return table([*head, *rows], title, UNIT, **more)


# -- T1 and T4: two sides ---------------------------------------------------------------------------------------------


def test_only_classes_that_are_not_zero_numbered_anew():
    found = facts_of(
        table(
            [
                "收入|<|支出|<",
                "项目|决算数|项目|决算数",
                "一、一般公共预算财政拨款收入|1,000.00|一、社会保障和就业支出|200.00",
                "二、其他收入|5.00|二、住房保障支出|300.00",
                "||三、其他支出|505.00",
                "本年收入合计|1,005.00|本年支出合计|1,005.00",
                "年初结转和结余|0.00|年末结转和结余|0.00",
                "总计|1,005.00|总计|1,005.00",
            ],
            "2024年度部门收支决算总表",
            UNIT,
        )
    )
    assert amounts(found) == {
        "general_public_budget": "1,000.00",
        "other_income": "5.00",
        "208": "200.00",
        "221": "300.00",
        "229": "505.00",
        "current_year_income_total": "1,005.00",
        "current_year_expenditure_total": "1,005.00",
        "opening_carryover": "0.00",
        "closing_carryover": "0.00",
        "income_total": "1,005.00",
        "expenditure_total": "1,005.00",
    }


def test_the_lines_of_an_old_vintage_by_their_old_names():
    found = facts_of(
        table(
            [
                "收    入|<|<|支    出|<|<",
                "项      目|行次|决算数|项目（按功能分类）|行次|决算数",
                "栏    次||1|栏    次||2",
                "一、财政拨款收入|1|900|一、一般公共服务支出|28|700",
                "  其中：政府性基金|2|100|七、文化体育与传媒支出|34|50.5",
                "二、上级补助收入|3||九、医疗卫生与计划生育支出|36|60",
                "三、事业收入|4||十四、资源勘探信息等支出|41|",
                "六、其他收入|7|1|十八、国土海洋气象等支出|45|90.5",
                "本年收入合计|24|901|本年支出合计|50|901",
                "用事业基金弥补收支差额|25||结余分配|51|",
                "年初结转和结余|26|10|    交纳所得税|52|",
                "  基本支出结转|27|4|年末结转和结余|53|10",
                "  项目支出结转和结余|28|6|  项目支出结转和结余|54|10",
                "总计|29|911|总计|55|911",
            ],
            T1,
            "公开01表",
            UNIT,
        )
    )
    assert amounts(found) == {
        "fiscal_appropriation_income": "900",
        "fund_within_appropriation": "100",
        "other_income": "1",
        "201": "700",
        "207": "50.5",
        "210": "60",
        "220": "90.5",
        "current_year_income_total": "901",
        "current_year_expenditure_total": "901",
        "opening_carryover": "10",
        "opening_carryover_basic": "4",
        "opening_carryover_project": "6",
        "closing_carryover": "10",
        "closing_carryover_project": "10",
        "income_total": "911",
        "expenditure_total": "911",
    }
    assert found["215", "amount"] == ""


def test_expenditure_printed_again_by_nature_is_kept_apart():
    found = facts_of(
        table(
            [
                "收入|<|支出|<|<|<",
                "项目|决算数|项目（按功能分类）|决算数|项目（按支出性质和经济分类）|决算数",
                "一、财政拨款收入|10|一、其他支出|10|一、基本支出|4",
                "二、事业收入||||人员经费|3",
                "||||日常公用经费|1",
                "||||二、项目支出|6",
                "||||工资福利支出|3",
                "||||其他支出|7",
                "本年收入合计|10|本年支出合计|<|<|10",
                "总计|10|总计|<|<|10",
            ],
            T1,
            UNIT,
        )
    )
    assert amounts(found) == {
        "fiscal_appropriation_income": "10",
        "229": "10",
        "nature_basic": "4",
        "nature_personnel": "3",
        "nature_public": "1",
        "nature_project": "6",
        "nature_301": "3",
        "nature_399": "7",
        "current_year_income_total": "10",
        "current_year_expenditure_total": "10",
        "income_total": "10",
        "expenditure_total": "10",
    }


def test_headings_alone_are_enough_for_the_total_table():
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收入|8|一、国防支出|8"]
    assert amounts(facts_of(table(rows, "单位：万元"))) == {"general_public_budget": "8", "203": "8"}


T4_ROWS = [
    "收入|<|<|支出|<|<|<|<|<",
    "项目|行次|金额|项目|行次|合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款",
    "栏次||1|栏次||2|3|4|5",
    "一、一般公共预算财政拨款|1|90.00|一、一般公共服务支出|33|60.00|60.00||",
    "二、政府性基金预算财政拨款|2|10.00|十一、城乡社区支出|43|10.00||10.00|",
    "三、国有资本经营预算财政拨款|3||||||||",
    "本年收入合计|27|100.00|本年支出合计|59|70.00|60.00|10.00|",
    "年初财政拨款结转和结余|28|5.00|年末财政拨款结转和结余|60|35.00|35.00||",
    "一般公共预算财政拨款|29|5.00|||||||",
    "政府性基金预算财政拨款|30||||||||",
    "国有资本经营预算财政拨款|31||||||||",
    "合计|32|105.00|合计|64|105.00|95.00|10.00|",
]


def row(text, columns=9):
    cells = text.split("|")
    return cells[:columns] + [""] * (columns - len(cells))


def test_the_same_name_is_income_first_and_carryover_after_it():
    rows = [row(text) for text in T4_ROWS]
    found = facts_of(table(rows, T4, "金额单位：万元单位名称：某市财政局"))
    assert amounts(found) == {
        "general_public_budget": "90.00",
        "government_fund_budget": "10.00",
        "current_year_income_total": "100.00",
        "opening_fiscal_carryover": "5.00",
        "opening_carryover_general": "5.00",
        "income_total": "105.00",
    }
    assert amounts(found, "total") == {
        "201": "60.00",
        "212": "10.00",
        "current_year_expenditure_total": "70.00",
        "closing_fiscal_carryover": "35.00",
        "expenditure_total": "105.00",
    }
    assert amounts(found, "fund") == {
        "212": "10.00",
        "current_year_expenditure_total": "10.00",
        "expenditure_total": "10.00",
    }
    assert found["opening_carryover_capital", "amount"] == ""
    assert ("state_capital_budget", "amount") in found


def test_headings_drawn_without_merging_are_filled_from_the_left():
    found = facts_of(
        table(
            [
                "收入|||支出|||||",
                "项目|行次|金额|项目|行次|金额|||",
                "|||||合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款",
                "一、一般公共预算财政拨款|1|90|二、外交支出|33|60|60||",
            ],
            T4,
            UNIT,
        )
    )
    assert amounts(found) == {"general_public_budget": "90"}
    assert (amounts(found, "total"), amounts(found, "general")) == ({"202": "60"}, {"202": "60"})


# -- codes ------------------------------------------------------------------------------------------------------------

TREE = {"total": "9.00", "208": "9.00", "20805": "9.00", "2080501": "4.00", "2080505": "5.00"}


@pytest.mark.parametrize(
    "rows",
    [
        ["208|社会保障和就业支出|9.00|9.00|", "20805|行政事业单位养老支出|9.00|9.00|", "2080501|行政单位离退休|4.00|4.00|",
         "2080505|机关事业单位基本\n养老保险缴费支出|5.00|5.00|", "合  计|<|9.00|9.00|"],
        ["|合计|9.00|9.00|", "208|社会保障和就业支出|9.00|9.00|", "208 05|行政事业单位养老支出|9.00|9.00|",
         "　　208 05 01|　　行政单位离退休|4.00|4.00|", "２０８０５０５|机关事业单位基本养老保险缴费支出|5.00|5.00|"],
        ["合计||9.00|9.00|", "208|社会保障和就业支出|9.00|9.00|", "05|行政事业单位养老支出|9.00|9.00|",
         "2080501|行政单位离退休|4.00|4.00|", "05|机关事业单位基本养老保险缴费支出|5.00|5.00|"],
    ],
    ids=["total last", "spaces and widths", "short codes in one column"],
)  # fmt: skip
def test_codes_in_one_column(rows):
    assert amounts(facts_of(code_table(*rows)), "total") == TREE


def test_code_and_name_in_one_cell():
    head = ["项目|本年支出合计|基本支出|项目支出", "栏次|1|2|3"]
    rows = ["合计|9.00|9.00|", "208-社会保障和就业支出|9.00|9.00|", "20805行政事业单位养老支出|9.00|9.00|",
            "[2080501]行政单位离退休|4.00|4.00|", "2080505 机关事业单位基本养老保险缴费支出|5.00|5.00|"]  # fmt: skip
    assert amounts(facts_of(code_table(*rows, head=head)), "total") == TREE


SPLIT_HEAD = ["项目|<|<|<|本年支出|<|<", "科目编码|<|<|科目名称|合计|基本支出|项目支出", "类|款|项|^|^|^|^"]


@pytest.mark.parametrize(
    "codes",
    [
        ["208||", "208|05|", "208|05|01", "208|05|05"],
        ["208||", "|05|", "||01", "||05"],
        ["208||", "|5|", "||1", "||5"],
        ["208||", "|20805|", "||2080501", "||2080505"],
    ],
    ids=["every level", "own level", "leading zero lost", "whole codes by level"],
)
def test_codes_in_three_columns(codes):
    names = ["社会保障和就业支出|9.00|9.00|", "养老支出|9.00|9.00|", "行政单位离退休|4.00|4.00|", "养老保险|5.00|5.00|"]
    rows = [f"{code}|{name}" for code, name in zip(codes, names, strict=True)]
    found = facts_of(code_table(*rows, "合计|<|<|<|9.00|9.00|", head=SPLIT_HEAD))
    assert amounts(found, "total") == TREE


def test_the_lowest_headings_stand_beside_the_total():
    head = ["项目|<|<|<|本年支出合计|基本支出|项目支出", "支出功能分类|<|<|科目名称|^|^|^", "科目编码|<|<|^|^|^|^"]
    found = facts_of(code_table("类|款|项|合计|9.00|9.00|", "208|||社会保障和就业支出|9.00|9.00|", head=head))
    assert amounts(found, "total") == {"total": "9.00", "208": "9.00"}


def test_a_name_without_code_is_found_among_the_children_of_its_parent():
    rows = ["合计|<|9.00|9.00|", "208|社会保障和就业支出|9.00|9.00|", "|行政事业单位养老支出|9.00|9.00|",
            "|行政单位离退休|4.00|4.00|", "|机关事业单位基本养老保险缴费支出|5.00|5.00|"]  # fmt: skip
    assert amounts(facts_of(code_table(*rows)), "total") == TREE


def test_a_name_that_no_parent_decides_is_an_issue():
    forms, facts, issues = read(code_table("合计|<|9.00|9.00|", "|行政运行|9.00|9.00|"))
    assert {fact.line for fact in facts} == {"total"}
    assert [(issue.kind, issue.cell, issue.page) for issue in issues if issue.kind is IssueKind.UNKNOWN_LINE] == [
        (IssueKind.UNKNOWN_LINE, "行政运行", 1)
    ]
    assert (forms[0].numbers, forms[0].lifted) == (4, 2)


def test_a_broken_code_is_an_issue():
    _, facts, issues = read(code_table("201|一般公共服务支出|1.00||1.00", "20103O1|行政运行|1.00||1.00"))
    assert {fact.line for fact in facts} == {"201"}
    assert [issue.cell for issue in issues if issue.kind is IssueKind.UNKNOWN_LINE] == ["20103O1行政运行"]


@pytest.mark.parametrize(
    "rows",
    [
        ["2080505|机关事业单位基本养|5.00|5.00|", "|老保险缴费支出|||"],
        ["|机关事业单位基本养|||", "2080505|老保险缴费支出|5.00|5.00|"],
        ["|机关事业单位|||", "2080505|基本养老保险|5.00|5.00|", "|缴费支出|||"],
    ],
    ids=["first", "last", "middle"],
)
def test_names_wrapped_over_rows_of_a_grid_without_lines(rows):
    _, facts, issues = read(code_table(*rows))
    assert issues == ()
    assert {fact.label for fact in facts} == {"机关事业单位基本养老保险缴费支出"}
    assert {fact.line for fact in facts} == {"2080505"}


# -- pages ------------------------------------------------------------------------------------------------------------


def test_a_total_repeated_on_every_page_is_a_fact_each_time():
    one = [*T5_HEAD, "合计|<|9.00|9.00|", "208|社会保障和就业支出|9.00|9.00|"]
    two = [*T5_HEAD, "合计|<|9.00|9.00|", "20805|行政事业单位养老支出|9.00|9.00|"]
    forms, facts, issues = read(table(one, T5, UNIT, page=3), table(two, T5, UNIT, page=4))
    assert issues == ()
    assert len(forms) == 1
    assert forms[0].pages == (3, 4)
    assert [(fact.row_no, fact.page) for fact in facts if fact.line == "total" and fact.measure == "total"] == [
        (1, 3),
        (3, 4),
    ]


def test_a_repeated_total_that_differs_is_an_issue():
    one = [*T5_HEAD, "合计|<|9.00|9.00|", "208|社会保障和就业支出|9.00|9.00|"]
    two = [*T5_HEAD, "合计|<|8.00|9.00|", "20805|行政事业单位养老支出|9.00|9.00|"]
    _, _, issues = read(table(one, T5, UNIT, page=3), table(two, T5, UNIT, page=4))
    assert [(issue.kind, issue.page, issue.cell) for issue in issues] == [(IssueKind.DUPLICATE_DIFFERS, 4, "8.00")]


@pytest.mark.parametrize("second", [
    ["2080501|行政单位离退休|4.00|4.00|"],
    [*T5_HEAD, "2080501|行政单位离退休|4.00|4.00|"],
    ["栏次|<|1|2|3", "2080501|行政单位离退休|4.00|4.00|"],
], ids=["nothing repeated", "heading repeated", "numbering repeated"])  # fmt: skip
def test_joined_parts(second):
    first = raw_table([*T5_HEAD, "208|社会保障和就业支出|9.00|9.00|"], page=1)
    joined = Table((first, raw_table(second, page=2)), lines(T5, UNIT), ())
    assert amounts(facts_of(joined), "total") == {"208": "9.00", "2080501": "4.00"}


def test_a_page_that_was_not_joined_continues_the_form_before_it():
    first = code_table("208|社会保障和就业支出|9.00|9.00|")
    second = table(["2080501|行政单位离退休|4.00|4.00|"], page=2)
    assert amounts(facts_of(first, second), "total") == {"208": "9.00", "2080501": "4.00"}


def test_a_continuation_on_a_coarser_grid_keeps_its_columns_by_place():
    edges = [50, 80, 110, 140, 240, 300, 360, 420]
    first = raw_table([*SPLIT_HEAD, "208|||社会保障和就业支出|9.00|9.00|"], page=1, edges=edges)
    second = raw_table(["合计|9.00|9.00|"], page=2, edges=[50, 240, 300, 360, 420])
    joined = Table((first, second), lines(T5, UNIT), ())
    assert amounts(facts_of(joined), "basic") == {"208": "9.00", "total": "9.00"}


def test_a_form_that_comes_again_after_others_is_another_units():
    one, other = (
        code_table("208|社会保障和就业支出|9.00|9.00|"),
        table(["支出|<", "项目|决算数", "x|1"], "名单", page=2),
    )
    two = table(["项目|<|本年支出|<|<", "科目编码|科目名称|合计|基本支出|项目支出", "合计|<|1|1|"], TS, UNIT, page=3)
    again = code_table("201|一般公共服务支出|1.00|1.00|", page=4)
    forms, _, issues = read(one, other, two, again)
    assert [form.form for form in forms] == ["general_budget", "state_capital"]
    assert [(issue.kind, issue.page, issue.form) for issue in issues] == [
        (IssueKind.UNKNOWN_TABLE, 4, "general_budget")
    ]


def test_a_table_without_title_that_may_be_two_forms_is_an_issue():
    _, facts, issues = read(table([*T5_HEAD, "合计|<|9.00|9.00|"], "单位：万元"))
    assert (facts, [issue.kind for issue in issues]) == ((), [IssueKind.UNKNOWN_TABLE])


# -- T6 ---------------------------------------------------------------------------------------------------------------


def test_three_blocks_and_a_total_over_two_of_them():
    found = facts_of(
        table(
            [
                "人员经费|<|<|公用经费|<|<|<|<|<",
                "科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数",
                "301|工资福利支出|8.00|302|商品和服务支出|1.00|310|资本性支出|0.50",
                "30101|基本工资|8.00|30201|办公费|1.00|31002|办公设备购置|0.50",
                "人员经费合计|<|8.00|公用经费合计|<|<|<|<|1.50",
            ],
            "一般公共预算财政拨款基本支出决算明细表",
            UNIT,
        )
    )
    assert amounts(found) == {
        "301": "8.00",
        "30101": "8.00",
        "302": "1.00",
        "30201": "1.00",
        "310": "0.50",
        "31002": "0.50",
        "personnel_total": "8.00",
        "public_total": "1.50",
    }


def test_a_total_whose_amount_stands_in_a_later_block_without_merged_cells():
    found = facts_of(
        table(
            [
                "人员经费|||公用经费|||||",
                "科目编码|科目名称|金额|科目编码|科目名称|金额|科目编码|科目名称|金额",
                "301|工资福利支出|8|302|商品和服务支出|1|310|资本性支出|0.5",
                "人员经费合计||8|公用经费合计|||||1.5",
            ],
            T6,
            UNIT,
        )
    )
    assert (found["personnel_total", "amount"], found["public_total", "amount"]) == ("8", "1.5")


def test_a_bare_total_under_each_side():
    rows = ["人员经费|<|<|公用经费|<|<", "科目编码|科目名称|金额|科目编码|科目名称|金额",
            "301|工资福利支出|8|302|商品和服务支出|1", "|合计|8||合计|1"]  # fmt: skip
    found = facts_of(table(rows, T6, UNIT))
    assert (found["personnel_total", "amount"], found["public_total", "amount"]) == ("8", "1")


def test_one_block_with_split_economic_codes_and_a_total():
    rows = ["经济分类科目编码|<|科目名称|决算数", "类|款|^|^", "合计|<|<|9", "301||工资福利支出|8", "|01|基本工资|8",
            "302||商品和服务支出|1", "人员经费合计|<|<|8", "公用经费合计|<|<|1"]  # fmt: skip
    assert amounts(facts_of(table(rows, T6, UNIT))) == {
        "total": "9",
        "301": "8",
        "30101": "8",
        "302": "1",
        "personnel_total": "8",
        "public_total": "1",
    }


def test_economic_subjects_without_codes():
    rows = ["科目名称|金额|科目名称|金额", "工资福利支出|8|商品和服务支出|3", "基本工资|8|办公费|1", "||其他商品和服务支出|2",
            "对个人和家庭的补助|1|其他支出|5", "退休费|1|其他支出|5"]  # fmt: skip
    assert amounts(facts_of(table(rows, T6, UNIT))) == {
        "301": "8",
        "30101": "8",
        "302": "3",
        "30201": "1",
        "30299": "2",
        "303": "1",
        "30302": "1",
        "399": "5",
        "39999": "5",
    }


def test_one_block_with_personnel_and_public_money_in_columns():
    rows = [
        "经济分类科目|<|本年支出|<|<",
        "科目编码|科目名称|合计|人员经费|公用经费",
        "合计|<|9|8|1",
        "301|工资福利支出|8|8|",
    ]
    found = facts_of(table(rows, T6, UNIT))
    assert amounts(found) == {"total": "9", "301": "8"}
    assert (amounts(found, "personnel"), amounts(found, "public")) == ({"total": "8", "301": "8"}, {"total": "1"})


# -- TF, TS -----------------------------------------------------------------------------------------------------------

SIX = ["项目|<|年初结转和结余|本年收入|本年支出|<|<|年末结转和结余", "科目编码|科目名称|^|^|小计|基本支出|项目支出|^"]


@pytest.mark.parametrize("title", [TF, "国有资本经营预算财政拨款收入支出决算表"])
def test_six_columns(title):
    head = [SIX[0], "科目编码|科目名称|^|^|小计|基本支出|项目支出|^"]
    found = facts_of(table([*head, "栏次|<|1|2|3|4|5|6", "合计|<|1|2|3||3|"], title, UNIT))
    assert {measure: printed for (_, measure), printed in found.items()} == {
        "opening": "1",
        "income": "2",
        "total": "3",
        "basic": "",
        "project": "3",
        "closing": "",
    }


def test_carryovers_split_by_nature_are_not_the_years_expenditure():
    rows = [
        "项目|<|年初结转和结余|<|<|本年收入|本年支出|<|<|年末结转和结余",
        "科目编码|科目名称|合计|基本支出结转|项目支出结转和结余|^|合计|基本支出|项目支出|^",
        "212|城乡社区支出|1|0.5|0.5|2|3||3|",
    ]
    found = facts_of(table(rows, TF, UNIT))
    assert found["212", "opening"] == "1"
    assert found["212", "opening_basic"] == "0.5"
    assert (found["212", "basic"], found["212", "project"], found["212", "total"]) == ("", "3", "3")


# -- TG ---------------------------------------------------------------------------------------------------------------

TG_VALUES = {
    ("total", "budget"): "10.00",
    ("abroad", "budget"): "1.00",
    ("vehicle", "budget"): "5.00",
    ("vehicle_purchase", "budget"): "2.00",
    ("vehicle_operation", "budget"): "3.00",
    ("reception", "budget"): "4.00",
    ("total", "final"): "9.00",
    ("abroad", "final"): "0.00",
    ("vehicle", "final"): "5.00",
    ("vehicle_purchase", "final"): "2.00",
    ("vehicle_operation", "final"): "3.00",
    ("reception", "final"): "4.00",
}


@pytest.mark.parametrize(
    "rows",
    [
        [
            "预算数|<|<|<|<|<|决算数|<|<|<|<|<",
            "合计|因公出国（境）费|公务用车购置及运行维护费|<|<|公务接待费|合计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费",
            "^|^|小计|公务用车\n购置费|公务用车\n运行费|^|^|^|小计|公务用车购置费|公务用车运行维护费|^",
            "1|2|3|4|5|6|7|8|9|10|11|12",
            "10.00|1.00|5.00|2.00|3.00|4.00|9.00|0.00|5.00|2.00|3.00|4.00",
        ],
        [
            "财政拨款“三公”经费|<|<|<|<|<|<|<|<|<|<|<",
            "合计|<|因公出国（境）费|<|公务用车购置及运行费|<|<|<|<|<|公务接待费|<",
            "^|^|^|^|小计|<|公务用车购置费|<|公务用车运行费|<|^|^",
            "2024年预算数|2024年决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数",
            "10.00|9.00|1.00|0.00|5.00|5.00|2.00|2.00|3.00|3.00|4.00|4.00",
        ],
        [
            "2024年度预算数||||||2024年度决算数|||||",
            "合计|因公出国(境)费|公务用车购置及运行费|||公务接待费|合计|因公出国(境)费|公务用车购置及运行费|||公务接待费",
            "||小计|购置费|运行费||||小计|购置费|运行费|",
            "10.00|1.00|5.00|2.00|3.00|4.00|9.00|0.00|5.00|2.00|3.00|4.00",
        ],
        [
            "合计|预算数|<|<|<|公务接待费|合计|决算数|<|<|<|公务接待费",
            "^|因公出国（境）费|公务用车购置及运行费|<|<|^|^|因公出国（境）费|公务用车购置及运行费|<|<|^",
            "^|^|小计|公务用车购置费|公务用车运行费|^|^|^|小计|公务用车购置费|公务用车运行费|^",
            "10.00|1.00|5.00|2.00|3.00|4.00|9.00|0.00|5.00|2.00|3.00|4.00",
        ],
    ],
    ids=["budgets then finals", "interleaved", "not merged", "groups that seem to reach too few"],
)
def test_three_public_in_one_row(rows):
    assert facts_of(table(rows, TG, UNIT)) == TG_VALUES


def test_three_public_one_row_an_item():
    rows = [
        "项目|行次|预算数|决算数",
        "栏次||1|2",
        "一、“三公”经费支出|1|10.00|9.00",
        "（一）因公出国（境）费|2|1.00|0.00",
        "（二）公务用车购置及运行维护费|3|5.00|5.00",
        "1．公务用车购置费|4|2.00|2.00",
        "2．公务用车运行维护费|5|3.00|3.00",
        "（三）公务接待费|6|4.00|4.00",
        "1.因公出国（境）团组数（个）|7|—|2",
        "2.公务用车保有量（辆）|8|—|3",
    ]
    assert facts_of(table(rows, "一般公共预算财政拨款“三公”经费支出决算表", UNIT)) == TG_VALUES


def test_three_public_with_the_units_name_before_the_amounts():
    head = ["单位名称|预算数|<|<|<|<|<|决算数|<|<|<|<|<",
            "^|合计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费|合计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费",
            "^|^|^|小计|公务用车购置费|公务用车运行费|^|^|^|小计|公务用车购置费|公务用车运行费|^"]  # fmt: skip
    row_of = "某市财政局|10.00|1.00|5.00|2.00|3.00|4.00|9.00|0.00|5.00|2.00|3.00|4.00"
    assert facts_of(table([*head, row_of], TG, UNIT)) == TG_VALUES


@pytest.mark.parametrize("names", [["预算数", "决算数"], ["2024年度预算数", "2024年度决算数"]])
def test_three_public_with_the_measure_in_the_row(names):
    head = ["项目|“三公”经费|<|<|<|<|<|会议费|培训费",
            "^|小计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费|^|^",
            "^|^|^|小计|公务用车购置费|公务用车运行费|^|^|^"]  # fmt: skip
    rows = [
        f"{names[0]}|10.00|1.00|5.00|2.00|3.00|4.00|7.00|8.00",
        f"{names[1]}|9.00|0.00|5.00|2.00|3.00|4.00|6.00|7.00",
    ]
    title = "一般公共预算“三公”经费、会议费、培训费支出决算表"
    assert facts_of(table([*head, *rows], title, UNIT)) == TG_VALUES | {
        ("meeting", "budget"): "7.00",
        ("training", "budget"): "8.00",
        ("meeting", "final"): "6.00",
        ("training", "final"): "7.00",
    }


def test_an_overall_total_beside_the_three_public_total_is_not_it():
    rows = [
        "决算数|<|<|<|<|<|<|<",
        "合计|“三公”经费|<|<|<|<|<|会议费",
        "^|小计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费|^",
        "^|^|^|小计|公务用车购置费|公务用车运行费|^|^",
        "15.00|9.00|0.00|5.00|2.00|3.00|4.00|6.00",
    ]
    _, facts, issues = read(table(rows, TG, UNIT))
    assert {fact.printed for fact in facts if fact.line == "total"} == {"9.00"}
    assert [(issue.kind, issue.cell) for issue in issues] == [
        (IssueKind.UNKNOWN_HEADING, "决算数／合计"),
        (IssueKind.LOW_COVERAGE, ""),
    ]


# -- units, precision, emptiness --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("单位：元", 1),
        ("金额单位：万元单位名称：某市财政局", 10_000),
        ("部门：某市财政局 单位：元", 1),
        ("编制单位：某市财政局单位：万元", 10_000),
        ("单位:人民币元", 1),
        ("部门：某市财政局      万元", 10_000),
        ("（元）", 1),
        ("单位：元谋县财政局    金额单位：万元", 10_000),
    ],
)
def test_the_money_unit_is_read_for_each_table(caption, unit):
    forms, facts, _ = read(table([*T5_HEAD, "合计|<|12.30|12.30|"], T5, caption))
    assert forms[0].money_unit == unit
    assert {fact.amount for fact in facts if fact.printed} == {Decimal("12.30") * unit}
    assert forms[0].precision == Decimal("0.01") * unit


def test_a_table_without_unit_takes_the_documents():
    forms, _, issues = read(code_table("合计|<|9.00|9.00|"), table([*T5_HEAD, "合计|<|1|1|"], TS, page=2))
    assert issues == ()
    assert [form.money_unit for form in forms] == [10_000, 10_000]


def test_without_any_money_unit_no_amount_is_trusted():
    forms, facts, issues = read(table([*T5_HEAD, "合计|<|9.00|9.00|"], T5))
    assert facts == ()
    assert IssueKind.MONEY_UNIT_UNKNOWN in {issue.kind for issue in issues}
    assert forms[0].money_unit == 0


def test_two_units_in_one_file():
    forms, facts, issues = read(
        code_table("合计|<|9.00|9.00|"), table([*T5_HEAD, "合计|<|90000|90000|"], TS, "单位：元", page=2)
    )
    assert issues == ()
    assert [(form.money_unit, form.precision) for form in forms] == [(10_000, Decimal(100)), (1, Decimal(1))]
    assert {fact.amount for fact in facts if fact.printed} == {Decimal(90000)}


def test_a_table_of_zeros_is_as_fine_as_the_others():
    forms, _, _ = read(code_table("合计|<|9.00|9.00|"), table([*T5_HEAD, "合计|<|0|0|"], TS, UNIT, page=2))
    assert [form.precision for form in forms] == [Decimal(100), Decimal(100)]


def test_six_decimals():
    forms, facts, _ = read(code_table("合计|<|2,559.323508|2,559.323508|"))
    assert forms[0].precision == Decimal("0.01")
    assert facts[0].amount == Decimal("25593235.08")


@pytest.mark.parametrize("note", [
    "注：本单位2024年度没有政府性基金预算财政拨款收入，也没有政府性基金预算财政拨款安排的支出，故本表无数据。",
    "注：无。", "本表为空表。", "注：本部门无政府性基金预算财政拨款收支。", "我单位本年度未发生此项业务",
    "说明：不涉及政府性基金", "备注：本表无数据", "注：2024年无国有资本经营预算财政拨款收入支出，本表为空。", "此表无数据",
    "说明：本表数据为零", "本单位未编列政府性基金预算", "注：本表本单位无数", "注：收支均为0。", "本年度无", "收入0.00万元，支出0.00万元。",
    "注：本表反映部门收支情况。我部门没有使用政府性基金预算", "空表说明：本年度未安排", "注:我单位2024年度无政府性基金。",
])  # fmt: skip
def test_an_empty_table_with_a_note_holds_zeros(note):
    forms, facts, issues = read(table([*SIX, "合计|<||||||"], TF, UNIT, notes=[note]))
    assert issues == ()
    assert forms[0].blank
    assert forms[0].note
    assert {(fact.line, fact.amount, fact.printed, fact.precision) for fact in facts} == {("total", 0, "", 0)}


def test_a_note_may_stand_inside_the_grid():
    note = "注：本单位没有政府性基金收支，故本表无数据。"
    forms, facts, issues = read(table([*SIX, "合计|<||||||", f"{note}|<|<|<|<|<|<|<"], TF, UNIT))
    assert issues == ()
    assert forms[0].note == note
    assert len(facts) == 6


def test_a_blank_table_without_a_note_is_not_zero():
    later = "四、本单位没有政府性基金收入。"
    forms, facts, issues = read(table([*SIX, "合计|<||||||"], TF, UNIT, notes=["注：本表反映收支情况。", later]))
    assert (forms[0].blank, forms[0].note, facts, issues) == (True, "", (), ())


@pytest.mark.parametrize("dash", ["-", "—", "--", "－", "——"])
def test_dashes_are_zeros(dash):
    forms, facts, issues = read(code_table(f"合计|<|9.00|9.00|{dash}"))
    assert issues == ()
    assert (forms[0].numbers, forms[0].lifted) == (2, 2)
    assert [(fact.printed, fact.amount) for fact in facts if fact.measure == "project"] == [(dash, 0)]


def test_blank_cells_of_a_printed_row_are_facts():
    _, facts, _ = read(code_table("合计|<|9.00|9.00|"))
    blank = next(fact for fact in facts if fact.measure == "project")
    assert (blank.printed, blank.amount, blank.precision, blank.box.x0) == ("", 0, 0, 290)


# -- what is not understood -------------------------------------------------------------------------------------------


def test_an_unreadable_number_is_an_issue_and_counted():
    forms, facts, issues = read(code_table("合计|<|9.0O|9.00|", "208|社会保障和就业支出|9.00|9.00|"))
    assert (issues[0].kind, issues[0].cell) == (IssueKind.UNREADABLE_NUMBER, "9.0O")
    assert (forms[0].numbers, forms[0].lifted) == (4, 3)
    assert ("total", "total") not in {(fact.line, fact.measure) for fact in facts}


def test_an_unknown_line_is_an_issue_and_counted():
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "九、意外之财|7.00|一、国防支出|8.00"]
    forms, _, issues = read(table(rows, T1, UNIT))
    assert [(issue.kind, issue.cell) for issue in issues] == [
        (IssueKind.UNKNOWN_LINE, "九、意外之财"),
        (IssueKind.LOW_COVERAGE, ""),
    ]
    assert (forms[0].numbers, forms[0].lifted) == (2, 1)


def test_an_unknown_heading_is_an_issue_and_counted():
    head = ["科目编码|科目名称|合计|基本支出|项目支出|债务支出"]
    forms, _, issues = read(code_table("201|一般公共服务支出|9.00|9.00||1.00", head=head))
    assert (issues[0].kind, issues[0].cell) == (IssueKind.UNKNOWN_HEADING, "债务支出")
    assert (forms[0].numbers, forms[0].lifted) == (3, 2)


def test_an_unknown_column_without_numbers_is_no_issue():
    head = ["科目编码|科目名称|合计|基本支出|项目支出|备注"]
    assert amounts(facts_of(code_table("201|一般公共服务支出|9.00|9.00||见说明", head=head)), "total") == {
        "201": "9.00"
    }


def test_a_statutory_title_over_something_else_is_an_issue():
    _, facts, issues = read(table(["指标|目标值|完成值", "数量|3|4"], T3, UNIT))
    assert (facts, [issue.kind for issue in issues]) == ((), [IssueKind.UNKNOWN_TABLE])


def nothing_but_no_tables(*tables):
    forms, facts, issues = read(*tables)
    return (forms, facts, [issue.kind for issue in issues]) == ((), (), [IssueKind.NO_TABLES])


@pytest.mark.parametrize(
    "title", ["项目支出绩效自评表", "部门决算单位构成", "财政专户管理资金收入支出决算表", "政府采购支出表"]
)
def test_other_tables_are_left_alone(title):
    assert nothing_but_no_tables(table(["项目名称|金额|分值", "培训|180.03|10"], title, UNIT))


def test_a_one_character_misprint_is_understood_less_surely():
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收人|7.00|八、社会保障和就业支|8.00"]
    _, facts, issues = read(table(rows, T1, UNIT))
    assert issues == ()
    assert {(fact.line, fact.confidence) for fact in facts} == {("general_public_budget", 0.9), ("208", 0.9)}


# -- titles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("captions", "form"),
    [
        (["表5", "2024年度一般公共预算财政拨款支出决算表"], "general_budget"),
        (["一般公共预算财政拨款支出决算表（公开05表）"], "general_budget"),
        (["公开05表一般公共预算财政拨款支出决算表"], "general_budget"),
        (["表五、一 般 公 共 预 算 财 政 拨 款 支 出 决 算 表"], "general_budget"),
        (["一般公共预算财政拨款", "支出决算表"], "general_budget"),
        (["Z05", "某市财政局2024年一般公共预算支出决算明细表"], "general_budget"),
        (["国有资本经营预算财政拨款支出决算表", "公开08表"], "state_capital"),
        (["附表8：国有资本经营预算支出决算表"], "state_capital"),
        (["政府性基金预算支出决算表"], "government_fund"),
    ],
)
def test_titles(captions, form):
    forms, _, issues = read(table([*T5_HEAD, "合计|<|9.00|9.00|"], *captions, "单位：万元"))
    assert ([found.form for found in forms], issues) == ([form], ())


def test_a_title_that_other_tables_bear_gives_way_to_the_proper_one():
    rows = ["科目编码|科目名称|决算数", "301|工资福利支出|8"]
    loose = table(rows, "财政拨款基本支出决算表（经济科目）", UNIT)
    proper = table(
        ["科目编码|科目名称|决算数", "301|工资福利支出|7"],
        "一般公共预算财政拨款基本支出决算表（经济科目）",
        UNIT,
        page=2,
    )
    assert amounts(facts_of(loose)) == {"301": "8"}
    assert amounts(facts_of(loose, proper)) == {"301": "7"}
    assert amounts(facts_of(proper, loose)) == {"301": "7"}


def test_a_detailed_table_beside_the_proper_one_is_left_alone():
    detailed = ["科目编码|科目名称|合计|工资福利支出|<", "^|^|^|小计|基本工资", "201|一般公共服务支出|9|9|9"]
    tables = [code_table("合计|<|9.00|9.00|"), table(detailed, "一般公共预算财政拨款支出决算明细表", UNIT, page=2)]
    assert amounts(facts_of(*tables), "total") == {"total": "9.00"}


def test_title_and_unit_inside_the_grid():
    rows = [
        "一般公共预算财政拨款支出决算表|<|<|<|<",
        "部门：某市财政局|<|公开05表|单位：万元|<",
        *T5_HEAD,
        "合计|<|9.00|9.00|",
    ]
    forms, facts, issues = read(table(rows))
    assert [form.form for form in forms] == ["general_budget"]
    assert (len(facts), issues, forms[0].money_unit) == (3, (), 10_000)


def test_headings_decide_against_a_wrong_title():
    rows = [
        "科目编码|科目名称|本年收入合计|财政拨款收入|上级补助收入|事业收入|经营收入|附属单位上缴收入|其他收入",
        "合计|<|9|9|||||",
    ]
    forms, _, issues = read(table(rows, T3, UNIT))
    assert ([form.form for form in forms], issues) == (["income"], ())


def test_a_budgets_table_in_a_final_report_is_not_final():
    assert nothing_but_no_tables(table([*T5_HEAD, "合计|<|9.00|9.00|"], "2025年一般公共预算支出预算表", UNIT))


def test_a_budget_gives_no_facts():
    budget = ReportHead("某市财政局", "", "", 2026, "部门", "", "预算")
    forms, facts, issues = read_forms([code_table("合计|<|9.00|9.00|")], budget)
    assert (forms, facts) == ((), ())
    assert [issue.kind for issue in issues] == [IssueKind.NOT_FINAL_ACCOUNTS]


# -- columns beside this year's accounts ------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [
    ["科目编码|科目名称|上年决算数|合计|基本支出|项目支出|比上年增减%"],
    ["科目编码|科目名称|2023年决算数|2024年决算数|<|<|占比（%）", "^|^|^|合计|基本支出|项目支出|^"],
    ["科目编码|科目名称|上年支出|本年支出|<|<|增长率", "^|^|^|小计|基本支出|项目支出|^"],
])  # fmt: skip
def test_columns_that_compare_are_none_of_this_years(head):
    found = facts_of(code_table("201|一般公共服务支出|7.00|9.00|8.00|1.00|28.6", head=head))
    assert found == {("201", "total"): "9.00", ("201", "basic"): "8.00", ("201", "project"): "1.00"}


def test_last_years_figures_are_not_misread_as_this_years():
    head = ["收入|<|<|支出|<|<|<", "项目|上年决算数|本年决算数|项目|上年决算数|合计|一般公共预算财政拨款"]
    found = facts_of(table([*head, "一、一般公共预算财政拨款|7|9|一、国防支出|6|9|9"], T4, UNIT))
    assert amounts(found) == {"general_public_budget": "9"}
    assert (amounts(found, "total"), amounts(found, "general")) == ({"203": "9"}, {"203": "9"})


def test_last_years_carryover_is_no_comparison():
    head = ["项目|<|上年结转和结余|本年收入|本年支出|<|<|结转下年", "科目编码|科目名称|^|^|小计|基本支出|项目支出|^"]
    found = facts_of(table([*head, "212|城乡社区支出|1|2|3|0|3|0"], TF, UNIT))
    assert (found["212", "opening"], found["212", "closing"]) == ("1", "0")


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_column_of_words_under_an_unknown_heading_tells_the_rows():
    rows = ["收入|<|支出|<", "项目|决算数|按功能分类|决算数", "一、一般公共预算财政拨款收入|8|一、国防支出|8"]
    assert amounts(facts_of(table(rows, T1, UNIT))) == {"general_public_budget": "8", "203": "8"}


def test_words_right_of_the_amounts_are_remarks():
    head = ["科目编码|科目名称|合计|基本支出|项目支出|变动原因"]
    assert amounts(facts_of(code_table("201|一般公共服务支出|9|8|1|人员增加", head=head)), "total") == {"201": "9"}


@pytest.mark.parametrize("codes", [["20805|", "20805|01", "20805|05"], ["20805|", "|01", "|05"]])
def test_codes_in_two_columns(codes):
    head = ["项目|<|<|合计|基本支出|项目支出", "类款|项|科目名称|^|^|^"]
    names = ["养老支出|9.00|9.00|", "行政单位离退休|4.00|4.00|", "养老保险|5.00|5.00|"]
    rows = [f"{code}|{name}" for code, name in zip(codes, names, strict=True)]
    rows = ["208||社会保障和就业支出|9.00|9.00|", *rows, "合计|<|<|9.00|9.00|"]
    assert amounts(facts_of(code_table(*rows, head=head)), "total") == TREE


def test_a_total_may_begin_in_the_column_of_ordinals():
    head = ["序号|科目编码|科目名称|合计|基本支出|项目支出"]
    rows = ["合计|<|<|9|9|", "1|201|一般公共服务支出|9|9|"]
    assert amounts(facts_of(code_table(*rows, head=head)), "total") == {"total": "9", "201": "9"}


@pytest.mark.parametrize("numbers", ["栏次|<|A|B|C", "栏次|<|一|二|三", "甲|乙|1=2+3|2|3", "栏次|<|①|②|③"])
def test_columns_numbered_otherwise(numbers):
    head = [*T5_HEAD, numbers]
    assert amounts(facts_of(code_table("201|一般公共服务支出|9|9|", head=head)), "basic") == {"201": "9"}


def test_headings_of_which_some_are_names_of_lines_too():
    head = ["经济分类科目|<|<|基本支出|<|<", "类|款|科目名称|小计|人员经费|公用经费"]
    found = facts_of(table([*head, "301||工资福利支出|8|8|", "|01|基本工资|8|8|"], T6, UNIT))
    assert (amounts(found), amounts(found, "personnel")) == ({"301": "8", "30101": "8"}, {"301": "8", "30101": "8"})


def test_personnel_money_under_the_heading_of_amounts():
    head = ["项目|<|决算数|<|<", "经济分类科目编码|经济分类科目名称|合计|人员经费|公用经费"]
    found = facts_of(table([*head, "合计|<|9|8|1", "301|工资福利支出|8|8|"], T6, UNIT))
    assert (amounts(found), amounts(found, "public")) == ({"total": "9", "301": "8"}, {"total": "1"})


# -- more wordings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("merged", [True, False])
def test_a_sentence_in_place_of_the_rows_says_that_the_table_is_empty(merged):
    note = "本单位没有相关数据，本表为空表"
    row_of = note + ("|<" if merged else "|") * 7
    forms, facts, issues = read(table([*SIX, row_of], TF, UNIT))
    assert (forms[0].note, forms[0].blank, facts, issues) == (note, True, (), ())


def test_flows_of_the_general_budget_by_nature():
    flows = ("年初结转和结余", "本年收入", "本年支出", "年末结转和结余")
    head = ["项目|<|" + "|".join(f"{flow}|<|<" for flow in flows), "科目编码|科目名称" + "|合计|基本支出|项目支出" * 4]
    title = "一般公共预算财政拨款收入支出决算表"
    found = facts_of(code_table("201|一般公共服务支出|3|1|2|30|10|20|31|11|20|2||2", head=head, title=title))
    assert (found["201", "total"], found["201", "basic"], found["201", "project"]) == ("31", "11", "20")
    assert (found["201", "opening_basic"], found["201", "income_basic"], found["201", "closing_project"]) == (
        "1",
        "10",
        "2",
    )


@pytest.mark.parametrize("title", [
    "“三公”经费、行政参公单位机关运行经费情况表", "“三公”经费和机关运行经费支出决算表", "公共预算财政拨款“三公”经费支出决算表",
    "“三公”经费等财政拨款支出情况表",
])  # fmt: skip
def test_titles_that_speak_of_the_three_public_expenses(title):
    rows = ["“三公”经费项目|全年预算数|全年执行数", "合计|3|2", "其中：公务用车购置|1|0", "公务用车运行维护|2|2",
            "机要通信用车（辆）||3"]  # fmt: skip
    assert facts_of(table(rows, title, UNIT)) == {
        ("total", "budget"): "3",
        ("total", "final"): "2",
        ("vehicle_purchase", "budget"): "1",
        ("vehicle_purchase", "final"): "0",
        ("vehicle_operation", "budget"): "2",
        ("vehicle_operation", "final"): "2",
    }


@pytest.mark.parametrize("fund", ["公共预算", "公共财政预算", "一般公共财政预算", "一般公共预算"])
def test_the_general_budget_by_its_older_names(fund):
    forms, _, _ = read(table([*T5_HEAD, "合计|<|9|9|"], f"{fund}财政拨款支出决算表", UNIT))
    assert [form.form for form in forms] == ["general_budget"]


# -- what looks alike and is not --------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [
    ["科目编码|科目名称|年初预算数|<|<|决算数|<|<", "^|^|合计|基本支出|项目支出|合计|基本支出|项目支出"],
    ["科目编码|科目名称|本年预算数|<|<|本年决算数|<|<", "^|^|小计|基本支出|项目支出|小计|基本支出|项目支出"],
    ["科目编码|科目名称|2023年决算数|<|<|2024年决算数|<|<", "^|^|小计|基本支出|项目支出|小计|基本支出|项目支出"],
])  # fmt: skip
def test_a_budget_beside_the_accounts_is_not_misread_as_accounts(head):
    found = facts_of(code_table("201|一般公共服务支出|1|2|3|9|8|1", head=head))
    assert found == {("201", "total"): "9", ("201", "basic"): "8", ("201", "project"): "1"}


@pytest.mark.parametrize("budget", ["全年预算数", "本年预算数", "支出预算数", "上年决算数"])
def test_one_character_makes_a_budget_of_an_account(budget):
    found = facts_of(table([f"科目编码|科目名称|{budget}|决算数", "301|工资福利支出|7|8"], T6, UNIT))
    assert amounts(found) == {"301": "8"}


def test_columns_that_nothing_tells_apart_are_not_guessed_at():
    head = ["科目编码|科目名称|合计|基本支出|项目支出|项目支出"]
    _, facts, issues = read(code_table("201|一般公共服务支出|9|8|1|1", head=head))
    assert facts == ()
    assert {issue.kind for issue in issues} == {IssueKind.UNKNOWN_TABLE}


def test_rows_by_function_are_not_basic_expenditure_by_nature():
    _, facts, issues = read(table(["科目编码|科目名称|合计", "201|一般公共服务支出|9"], T6, UNIT))
    assert facts == ()
    assert [issue.kind for issue in issues] == [IssueKind.UNKNOWN_LINE, IssueKind.LOW_COVERAGE]


@pytest.mark.parametrize("total", ["合计|<|<|<|<|9", "合计|||||9"])
def test_a_total_over_both_sides_is_on_none_of_them(total):
    rows = ["人员经费|<|<|公用经费|<|<", "科目编码|科目名称|金额|科目编码|科目名称|金额",
            "301|工资福利支出|8|302|商品和服务支出|1", "人员经费合计|<|8|公用经费合计|<|1", total]  # fmt: skip
    found = amounts(facts_of(table(rows, T6, UNIT)))
    assert (found["personnel_total"], found["public_total"], found["total"]) == ("8", "1", "9")


def test_columns_numbered_beside_the_parts_of_codes():
    head = ["科目编码|<|<|科目名称|合计|基本支出|项目支出", "类|款|项|^|1|2|3"]
    assert amounts(facts_of(code_table("208|||社会保障和就业支出|9|9|", head=head)), "total") == {"208": "9"}


# -- whose table, and whether it is one -------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["某市纪委监委机关", "中共某市委", "某市青少年宫", "某市融媒体中心2024年度"])
def test_whoever_reports_may_stand_before_the_title(owner):
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收入|8|一、国防支出|8"]
    assert amounts(facts_of(table(rows, f"{owner}收入支出决算总表", UNIT))) == {
        "general_public_budget": "8",
        "203": "8",
    }


def test_a_table_like_a_missing_form_under_another_title_is_an_issue():
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收入|8|一、国防支出|8"]
    _, facts, issues = read(table(rows, "资金收入支出平衡表", UNIT))
    assert (facts, [issue.kind for issue in issues]) == ((), [IssueKind.UNKNOWN_TABLE])
    forms, _, issues = read(table(rows, T1, UNIT), table(rows, "资金收入支出平衡表", UNIT, page=2))
    assert (len(forms), issues) == (1, ())


def test_two_units_in_turn_are_not_one():
    one = code_table("合计|<|9|9|", "201|一般公共服务支出|9|9|")
    other = table([*T5_HEAD, "合计|<|5|5|", "201|一般公共服务支出|5|5|"], T5, "部门：某县文化馆 金额单位：万元", page=2)
    forms, facts, issues = read(one, other)
    assert [form.pages for form in forms] == [(1, 1)]
    assert {fact.printed for fact in facts} == {"9", ""}
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.UNKNOWN_TABLE, 2)]


def test_headings_whose_rows_cannot_be_found_are_no_empty_table():
    torn = table(["小计|购置费|运行费", "2|1|1"], page=2)
    head = ["预算数|<|<|<|<|<|决算数|<|<|<|<|<"]
    forms, facts, issues = read(
        table(
            [*head, "合计|因公出国（境）费|公务用车|<|<|公务接待费|合计|因公出国（境）费|公务用车|<|<|公务接待费"],
            TG,
            UNIT,
        ),
        torn,
    )
    assert (forms, facts) == ((), ())
    assert [(issue.kind, issue.form) for issue in issues] == [(IssueKind.UNKNOWN_TABLE, "three_public")]


def test_rows_of_member_units_are_not_the_departments():
    head = ["单位名称|预算数|<|决算数|<", "^|合计|公务接待费|合计|公务接待费"]
    _, facts, issues = read(table([*head, "合计|3|3|2|2", "甲单位|1|1|1|1", "乙单位|2|2|1|1"], TG, UNIT))
    assert {(fact.line, fact.measure, fact.printed) for fact in facts} == {
        ("total", "budget", "3"),
        ("reception", "budget", "3"),
        ("total", "final", "2"),
        ("reception", "final", "2"),
    }
    assert [issue.cell for issue in issues if issue.kind is IssueKind.UNKNOWN_LINE] == ["甲单位", "乙单位"]


def test_the_governments_classification_beside_the_units():
    head = ["部门经济分类科目|<|政府经济分类科目|<|合计|人员经费|公用经费", "科目编码|科目名称|科目编码|科目名称|^|^|^"]
    rows = ["301|工资福利支出|501|机关工资福利支出|8|8|", "30101|基本工资|50101|工资奖金津补贴|8|8|"]
    assert amounts(facts_of(table([*head, *rows], T6, UNIT))) == {"301": "8", "30101": "8"}


def test_carryovers_of_the_treasurys_money_by_nature():
    rows = [
        *T4_ROWS[:3],
        *T4_ROWS[6:8],
        "|||基本支出结转|61|5.00|5.00||",
        "|||项目支出结转和结余|62|30.00|30.00||",
        T4_ROWS[-1],
    ]
    found = facts_of(table([row(text) for text in rows], T4, UNIT))
    assert amounts(found, "general")["closing_carryover_project"] == "30.00"


def test_a_row_torn_by_the_page_has_its_name_on_one_and_its_amounts_on_the_other():
    head = ["收入|<|支出|<", "项目|决算数|项目|决算数"]
    first = raw_table([*head, "一、一般公共预算财政拨款收入|8|一、国防支出|8", "本年收入合计||本年支出合计|"], page=1)
    second = raw_table([*head, "|8||8", "总计|8|总计|8"], page=2)
    found = amounts(facts_of(Table((first, second), lines(T1, UNIT), ())))
    assert (found["current_year_income_total"], found["current_year_expenditure_total"]) == ("8", "8")
    assert (found["income_total"], found["expenditure_total"]) == ("8", "8")


def test_the_two_sides_may_stand_one_below_the_other():
    rows = ["项目|决算数", "收入|<", "一、一般公共预算财政拨款收入|8", "本年收入合计|8", "年初结转和结余|1", "总计|9",
            "支出|<", "一、国防支出|8", "本年支出合计|8", "年末结转和结余|1", "总计|9"]  # fmt: skip
    assert amounts(facts_of(table(rows, T1, UNIT))) == {
        "general_public_budget": "8",
        "current_year_income_total": "8",
        "opening_carryover": "1",
        "income_total": "9",
        "203": "8",
        "current_year_expenditure_total": "8",
        "closing_carryover": "1",
        "expenditure_total": "9",
    }


# -- headings that are missing ----------------------------------------------------------------------------------------


def lost_heading(rows, title):
    """Printed amounts that became facts, where a column has no heading; that this is said."""
    _, facts, issues = read(table(rows, title, UNIT))
    assert IssueKind.UNKNOWN_HEADING in {issue.kind for issue in issues}
    return {(fact.line, fact.measure, fact.printed) for fact in facts if fact.printed}


def test_a_column_under_its_groups_heading_alone_is_not_the_groups_total():
    head = ["科目编码|科目名称|本年收入合计|财政拨款收入|<|事业收入|<", "^|^|^|小计||小计|"]
    found = lost_heading([*head, "201|一般公共服务支出|9|7|5|2|1"], T2)
    assert found == {("201", "total", "9"), ("201", "fiscal_appropriation", "7"), ("201", "institution_income", "2")}


def test_the_first_column_under_its_groups_heading_alone_is_the_total():
    head = ["科目编码|科目名称|本年收入合计|财政拨款收入|<|事业收入|<", "^|^|^||其中：政府性基金||其中：教育收费"]
    found = facts_of(table([*head, "201|一般公共服务支出|9|7|5|2|1"], T2, UNIT))
    assert (found["201", "fiscal_appropriation"], found["201", "institution_income"]) == ("7", "2")
    assert (found["201", "appropriation_fund"], found["201", "education_fees"]) == ("5", "1")


def test_amounts_without_a_heading_in_a_block_are_not_its_sides_money():
    head = ["人员经费|<|<|公用经费|<|<", "科目编码|科目名称||科目编码|科目名称|金额"]
    assert lost_heading([*head, "301|工资福利支出|8.00|302|商品和服务支出|1.00"], T6) == {("302", "amount", "1.00")}


def test_an_item_without_a_heading_is_no_fact_without_a_line():
    head = ["预算数|<|决算数|<", "|公务接待费|合计|公务接待费"]
    found = lost_heading([*head, "3|2|2|1"], TG)
    assert found == {("reception", "budget", "2"), ("total", "final", "2"), ("reception", "final", "1")}


def test_amounts_without_a_heading_are_not_taken_for_names():
    found = lost_heading(["收入||支出|", "项目||项目|决算数", "一、其他收入|7.5|一、国防支出|8.5"], T1)
    assert ("203", "amount", "8.5") in found
    assert "7.5" not in {printed for _, _, printed in found}


def test_a_two_sided_table_is_not_read_against_its_title():
    rows = ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收入|8|一、国防支出|8"]
    _, facts, issues = read(table(rows, T4, UNIT))
    assert (facts, [issue.kind for issue in issues]) == ((), [IssueKind.UNKNOWN_TABLE])


def test_a_row_that_lost_a_part_of_its_code_is_not_its_parent():
    rows = ["208|||社会保障和就业支出|9|9|", "208|05||养老支出|9|9|", "208|05||行政单位离退休|9|9|"]
    _, facts, issues = read(code_table(*rows, head=SPLIT_HEAD))
    assert [fact.line for fact in facts if fact.measure == "total"] == ["208", "20805"]
    assert [issue.kind for issue in issues] == [IssueKind.UNKNOWN_LINE, IssueKind.LOW_COVERAGE]


def test_a_list_of_contents_above_a_table_is_no_title():
    from pipeline.lift.titles import below_contents

    contents = ["一、收入支出决算总表", "二、收入决算表", "三、支出决算表"]
    assert below_contents([*contents, "第一部分 概况", "本局负责审计。"]) == ["第一部分 概况", "本局负责审计。"]
    assert below_contents([*contents, "收入支出决算总表"]) == ["收入支出决算总表"]
    assert below_contents(contents[:2]) == contents[:2]
