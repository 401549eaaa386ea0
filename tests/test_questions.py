"""The cookbook: every question runs on the sample city, and gives what its reports print."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.lake import Lake
from tests.readings import VERSION, batch, document, fact, form_reading, frames, publication
from warehouse.ask.model import Limits
from warehouse.ask.run import ask
from warehouse.build import build
from warehouse.publish import publish
from warehouse.query import QueryError, opened
from warehouse.questions.book import book
from warehouse.questions.load import Parameter, parsed, question, questions

COOKBOOK = Path(__file__).parents[1] / "docs" / "cookbook.zh-CN.md"
FARM, OFFICE, HALL = "澄川市农业技术推广站", "澄川市文化和旅游局", "澄川市群众文化馆"

# What the reports of the city print: agriculture 2023 and 2024, bureau (the office alone) 2024, hall 2024.
KNOWN = {
    "reception_per_guest": (
        "单位 接待费（元） 接待人次 人均（元）",
        [(OFFICE, "5200", 36, "144.44"), (FARM, "8100", 70, "115.71")],
    ),
    "cost_per_vehicle": ("单位 车辆保有量 运行决算", [(HALL, 1, "2.32"), (FARM, 2, "4.60"), (OFFICE, 3, "6.34")]),
    "vehicles_per_head": ("单位 人数 车辆保有量", [(OFFICE, 46, 3), (FARM, 37, 2), (HALL, 28, 1)]),
    "public_rising": ("单位 上年公用经费 公用经费 公用增长率", [(FARM, "95.33", "100.42", "5.34")]),
    "per_head": ("单位 人数 人均支出", [(OFFICE, 46, "34.45"), (FARM, 37, "32.83"), (HALL, 28, "26.89")]),
    "staff_over_authorised": ("单位", []),
    "execution_above": (
        "单位 科目编码 年初预算 决算数 计算的完成率 原因",
        [(OFFICE, "2070113", "130.11", "162.64", "125.00", "执行中追加了经费")],
    ),
    "not_budgeted": ("单位 科目编码 决算数", [(HALL, "2070111", "36.01")]),
    "carry_over": (
        "单位 年初结转结余 年末结转结余 年末占比",
        [(FARM, "75.77", "103.98", "7.86"), (OFFICE, "95.96", "125.36", "7.33")],
    ),
    "project_share": (
        "单位 本年支出 项目支出 项目支出占比",
        [(OFFICE, "1584.79", "603.60", "38.09"), (FARM, "1214.84", "419.41", "34.52")],
    ),
    "unit_over_years": ("单位 年度 本年收入 本年支出", [(OFFICE, 2024, "1614.20", "1584.79")]),
    "expenditure_growth": (
        "单位 上年支出 本年支出 增减额 支出增长率",
        [(FARM, "1383.69", "1214.84", "-168.85", "-12.20")],
    ),
    "largest_subjects": (
        "科目编码 科目名称 支出 报告数",
        [("2070101", "行政运行", "699.99", 1), ("2130104", "事业运行", "587.27", 1)],
    ),
    "who_spends": (
        "单位 科目编码 支出",
        [(OFFICE, "2080505", "65.44"), (FARM, "2080505", "60.24"), (HALL, "2080505", "46.15")],
    ),
    "subject_by_department": ("部门 报告数 支出 占比", [(OFFICE, 1, "65.44", "38.08"), (FARM, 1, "60.24", "35.06")]),
    "class_share_by_year": (
        "年度 支出 全部支出 占比",
        [(2023, "118.23", "1383.69", "8.54"), (2024, "318.00", "3552.42", "8.95")],
    ),
    "economic_items": ("科目编码 支出 报告数", [("30101", "529.51", 3), ("30107", "364.99", 2)]),
    "procurement": (
        "单位 采购总额 货物 工程 服务 中小企业占比",
        [(OFFICE, "200.36", "55.72", "52.80", "91.84", "43.86")],
    ),
    "reason_missing": ("单位 事项 增减额", [(FARM, "本年收入合计", "-189.02"), (FARM, "本年支出合计", "-168.85")]),
    "reason_word": ("单位 事项 增减额 原因", [(FARM, "一般公共预算财政拨款收入", "-185.04", "年度工作安排有变化")]),
    "open_findings": ("单位 年度 严重程度 勾稽关系 所列 应为", [(FARM, 2024, "错误", "H-01", "862800", "682800")]),
    "findings_by_identity": ("勾稽关系 问题数 单位数", [("H-01", 1, 1)]),
    "worst_grades": ("单位 等级 错误级不成立", [(FARM, "B", 3)]),
    "missing_by_department": ("部门 年度 应公开数 已公开 未公开", [(FARM, 2024, 1, 1, 0)]),
}


def answered(home, key, columns, **words):
    one = question(key)
    answer = ask(home, one.sql, Limits(), one.bind(words))
    names = [column.name for column in answer.columns]
    return [tuple(row[names.index(name)] for name in columns.split()) for row in answer.rows]


@pytest.mark.parametrize("key", questions())
def test_a_question_is_answered_with_a_page_to_look_at(key, city_home):
    one = question(key)
    answer = ask(city_home / "warehouse", one.sql, Limits(), one.bind({}))
    names = [column.name for column in answer.columns]
    assert len(set(names)) == len(names)
    assert ("原页" in names) == ("页码" in names), "a number that stands on a page has a link to it"
    assert not answer.truncated


@pytest.mark.parametrize("key", KNOWN)
def test_the_answer_is_what_the_reports_print(key, city_home):
    columns, expected = KNOWN[key]
    words = {"年度": "2024"} if "年度" in question(key).names and key != "open_findings" else {}
    found = answered(city_home / "warehouse", key, columns, **words)
    numbers = [
        tuple(Decimal(v) if isinstance(v, str) and re.fullmatch(r"-?\d+\.?\d*", v) and not _code(v) else v for v in row)
        for row in expected
    ]
    assert [tuple(_number(v) for v in row) for row in found[: len(numbers)]] == numbers
    assert bool(found) == bool(expected)


def _code(text: str) -> bool:
    return text.isdecimal() and len(text) in (5, 7)


def _number(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, float) else value


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A unit over two years: a new subject, a budget that was exceeded, a file that was replaced."""
    home = tmp_path_factory.mktemp("made")
    lake = Lake(home / "lake")
    documents = [document("a", fiscal_year=2023), document("b"), document("c")]
    facts = [
        fact("a", "expenditure", "2010301", "total", "100000"),
        fact("b", "expenditure", "2010301", "total", "100000"),
        fact("c", "expenditure", "2010301", "total", "120000"),
        fact("c", "expenditure", "2080505", "total", "30000", row_no=2),
        *(fact("c", "three_public", line, "budget", "10000") for line in ("total", "reception")),
        *(fact("c", "three_public", line, "final", "15000") for line in ("total", "reception")),
        *(fact("a", "three_public", line, "final", "9000") for line in ("total", "reception")),
    ]
    forms = [form_reading(key, form) for key in "ac" for form in ("expenditure", "three_public")]
    days = {"a": date(2024, 8, 1), "b": date(2025, 8, 1), "c": date(2025, 9, 1)}
    seen = [
        publication(key, published_on=day, fetched_at=datetime(2025, 10, 1, tzinfo=UTC)) for key, day in days.items()
    ]
    lake.append(batch(document=documents, fact=facts, form_reading=forms))
    lake.add_publications(frames(publication=seen)["publication"])
    publish(build(lake, home / "candidate.duckdb", VERSION), home, "1")
    return home


def test_a_replaced_file_is_told_with_what_was_changed(made):
    assert answered(made, "replaced_versions", "版本号 状态 文件") == [(1, "旧版本", "b.pdf"), (2, "现行版本", "c.pdf")]
    changed = answered(made, "changed_cells", "版本号 报表 栏 原数 现数 改动 原页")
    assert changed == [
        (2, "支出决算表", "本年支出合计", Decimal(100000), Decimal(120000), Decimal(20000), "/documents/c/pages/1")
    ]


def test_a_subject_without_spending_the_year_before_is_new(made):
    assert answered(made, "new_subjects", "年度 科目编码 支出") == [(2024, "2080505", Decimal(3))]
    assert answered(made, "new_subjects", "科目编码", 单位="乙局") == []


def test_a_subject_is_new_only_where_the_table_of_the_year_before_was_read(tmp_path):
    lake = Lake(tmp_path / "lake")
    years = [("甲局", "a", "b"), ("乙局", "c", "d"), ("丙局", "e", "f")]
    documents = [
        document(key, unit=f"柳州市{unit}", fiscal_year=year)
        for unit, *keys in years
        for key, year in zip(keys, (2023, 2024), strict=True)
    ]
    # of 甲局 2023 only the class was read, of 乙局 nothing, and 丙局 says that it had none
    facts = [fact("a", "expenditure", "208", "total", "10000")]
    facts += [fact(key, "expenditure", "2080505", "total", "30000") for key in "bdf"]
    facts.append(fact("b", "expenditure", "208", "total", "10000", row_no=2))
    forms = [
        form_reading(key, "expenditure", blank=key in "ce", note="本年无支出" if key == "e" else "") for key in "abcdef"
    ]
    lake.append(batch(document=documents, fact=facts, form_reading=forms))
    publish(build(lake, tmp_path / "candidate.duckdb", VERSION), tmp_path, "1")
    assert answered(tmp_path, "new_subjects", "单位 科目编码") == [("柳州市丙局", "2080505")]
    with opened(tmp_path) as con:
        had = con.execute("SELECT 单位, 科目编码, 上年有 FROM 决算.科目支出 WHERE 年度 = 2024 ORDER BY ALL").fetchall()
    assert had == [
        ("柳州市丙局", "2080505", False),
        ("柳州市乙局", "2080505", None),
        ("柳州市甲局", "208", True),
        ("柳州市甲局", "2080505", None),
    ]


def test_three_public_grows_and_exceeds_its_budget(made):
    assert answered(made, "three_public_growth", "上年决算数 决算数 增加额") == [
        (Decimal("0.9"), Decimal("1.5"), Decimal("0.6"))
    ]
    assert answered(made, "three_public_over_budget", "项目 预算 决算 超出") == [
        ("公务接待费", 1, Decimal("1.5"), Decimal("0.5")),
        ("合计", 1, Decimal("1.5"), Decimal("0.5")),
    ]


def test_a_limit_is_a_limit(city_home):
    assert len(answered(city_home / "warehouse", "project_share", "单位", 行数="1")) == 1
    assert answered(city_home / "warehouse", "carry_over", "单位", 百分点="7.5") == [(FARM,)]
    assert answered(city_home / "warehouse", "who_spends", "年度", 年度="2023") == [(2023,)]


def test_the_cookbook_is_whole():
    every = list(questions().values())
    assert len(every) >= 24
    assert [one.number for one in every] == list(range(1, len(every) + 1))
    assert len({one.title for one in every}) == len(every)
    for one in every:
        assert set(re.findall(r"\$(\w+)", one.sql)) == set(one.names), one.key
        assert one.text.endswith("。"), one.key


def test_the_written_cookbook_is_up_to_date():
    assert COOKBOOK.read_text(encoding="utf-8") == book(), (
        "run: python -m warehouse.questions.book > docs/cookbook.zh-CN.md"
    )


def test_a_value_has_the_type_of_its_parameter():
    carry_over = question("carry_over")
    assert carry_over.bind({}) == {"年度": None, "百分点": Decimal(5)}
    assert carry_over.bind({"年度": " 2024 ", "百分点": ""}) == {"年度": 2024, "百分点": Decimal(5)}
    for words, message in (
        ({"年度": "去年"}, "“年度”应为整数，现为“去年”"),
        ({"百分点": "NaN"}, "“百分点”应为数"),
        ({"百分点": "1" * 200}, "应为数"),
        ({"单位": "x"}, "没有参数“单位”"),
    ):
        with pytest.raises(QueryError, match=message):
            carry_over.bind(words)
    with pytest.raises(QueryError, match="没有代号"):
        question("nothing")


def test_a_head_is_read_and_a_wrong_one_refused():
    one = parsed(
        "07_x_y.sql", "-- 标题\n-- 主题：科目\n-- 说明。\n-- $a: 数 = 1.5; 意义\n-- $b: 文字 = ; 空\nSELECT $a, $b\n"
    )
    assert (one.key, one.number, one.title, one.theme, one.text, one.sql) == (
        "x_y",
        7,
        "标题",
        "科目",
        "说明。",
        "SELECT $a, $b",
    )
    assert one.parameters == (Parameter("a", "数", "1.5", "意义"), Parameter("b", "文字", "", "空"))
    for name, content in (
        ("x.sql", "-- a\n-- 主题：b\nSELECT 1"),
        ("01_x.sql", "-- a\n-- 主题：b\n-- $a 数\nSELECT 1"),
        ("01_x.sql", "SELECT 1"),
    ):
        with pytest.raises(ValueError, match="首行"):
            parsed(name, content)
