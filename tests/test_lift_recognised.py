"""Tables recognised from pictures: what digits, codes and rules misread there must not become, a sure number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.evaluate import CONFIDENT
from pipeline.document import read_forms
from pipeline.issues import IssueKind
from pipeline.model import Box, RawTable, ReportHead, Table
from tests.drawn_tables import lines, raw_table

HEAD = ReportHead("某市财政局", "", "某市财政局", 2024, "市级", "单位", "决算")
TITLE = "一般公共预算财政拨款支出决算表"
UNIT = "部门：某市财政局 金额单位：万元"
HEADINGS = ["项目|<|本年支出|<|<", "功能分类科目编码|科目名称|小计|基本支出|项目支出"]
READ_TWICE = 0.97


def recognised(*rows, title=TITLE, headings=HEADINGS, confidence=READ_TWICE):
    part = raw_table([*headings, *rows])
    part = replace(part, cells=tuple(replace(cell, confidence=confidence) for cell in part.cells))
    return Table((part,), lines(title, UNIT), ())


def read(table):
    (form,), facts, issues = read_forms([table], HEAD)
    return form, facts, issues


def doubted(facts):
    return {(fact.line, fact.printed) for fact in facts if fact.confidence < CONFIDENT and fact.printed}


@pytest.mark.parametrize("confidence", [READ_TWICE, 1.0])
def test_a_recognised_number_finer_than_all_others_is_doubtful(confidence):
    rows = [
        f"20805{n:02}|{name}|{10 + n}.25|{10 + n}.25|" for n, name in ((1, "行政单位离退休"), (2, "事业单位离退休"))
    ]
    table = recognised(
        "208|社会保障和就业支出|31.503|31.50|", "20805|行政事业单位养老支出|31.50|31.50|", *rows, confidence=confidence
    )
    _, facts, issues = read(table)
    if confidence == 1.0:
        assert (doubted(facts), issues) == (set(), ())
        return
    assert doubted(facts) == {("208", "31.503")}
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.DOUBTFUL_CELL, "31.503")]
    assert "小数点后2位" in issues[0].text


def test_two_rows_read_as_one_code_are_both_doubtful():
    _, facts, issues = read(
        recognised(
            "208|社会保障和就业支出|9.00|9.00|",
            "20805|行政事业单位养老支出|9.00|9.00|",
            "2080505|机关事业单位基本养老保险缴费支出|4.00|4.00|",
            "2080505|机关事业单位基本养老保险缴费支出|5.00|5.00|",
        )
    )
    assert doubted(facts) == {("2080505", "4.00"), ("2080505", "5.00")}
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.DOUBTFUL_CELL, "2080505")]


def test_a_rule_lost_between_two_names_leaves_the_codes_as_they_are():
    """The first row has both names, the second none: what confirms no code is doubtful, and nothing is taken over."""
    _, facts, issues = read(
        recognised(
            "208|社会保障和就业支出|16.00|16.00|",
            "20805|行政事业单位养老支出|16.00|16.00|",
            "2080502|事业单位离退休机关事业单位基本养老保险缴费支出|12.00|12.00|",
            "2080505|^|4.00|4.00|",
        )
    )
    assert {(fact.line, fact.printed) for fact in facts if fact.printed and fact.measure == "total"} == {
        ("208", "16.00"), ("20805", "16.00"), ("2080502", "12.00"), ("2080505", "4.00"),
    }  # fmt: skip
    assert doubted(facts) == {("2080505", "4.00")}
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.DOUBTFUL_CELL, "2080505")]


def test_an_amount_where_names_stand_is_a_number_that_was_not_lifted():
    headings = ["收入|<|支出|<", "项目|决算数|项目|决算数"]
    form, _, _ = read(
        recognised("一、一般公共预算财政拨款收入|7.00|1,903.26|", title="收入支出决算总表", headings=headings)
    )
    assert (form.numbers, form.lifted) == (2, 1)


@pytest.mark.parametrize("clockwise", [True, False])
def test_columns_of_a_table_lying_sideways_are_found_again_on_its_next_page(clockwise):
    """Under headings that span name and amount, each column has its own place, whichever way the page is read."""

    def turned(part):
        def turn(box):
            if clockwise:
                return Box(800 - box.bottom, box.x0, 800 - box.top, box.x1)
            return Box(box.top, 800 - box.x1, box.bottom, 800 - box.x0)

        cells = tuple(replace(cell, box=turn(cell.box)) for cell in part.cells)
        return RawTable(part.page, turn(part.box), part.rows, part.columns, cells)

    first = raw_table(
        ["收入|<|支出|<", "项目|决算数|项目|决算数", "一、一般公共预算财政拨款收入|7.00|一、国防支出|"],
        edges=[50, 200, 260, 410, 470],
    )
    second = raw_table(["本年收入合计|7.00|本年支出合计|6.00"], page=2, edges=[50, 200, 260, 410, 470])
    table = Table((turned(first), turned(second)), lines("收入支出决算总表", UNIT), ())
    form, facts, issues = read(table)
    assert issues == ()
    assert (form.numbers, form.lifted) == (3, 3)
    assert {fact.printed for fact in facts if fact.line == "current_year_expenditure_total"} == {"6.00"}
