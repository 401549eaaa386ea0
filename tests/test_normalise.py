from __future__ import annotations

import polars as pl
import pytest

from pipeline.normalise import normalise_facts, unit_id
from pipeline.normalise.subjects import standing
from pipeline.normalise.units import split_scope


@pytest.mark.parametrize(
    ("line", "label", "year", "expected"),
    [
        ("20805", "行政事业单位离退休", 2019, ("行政事业单位离退休", "same")),
        ("20805", "行政事业单位离退休", 2024, ("行政事业单位养老支出", "renamed")),
        ("20805", "行政事业单位养老支出", 2019, ("行政事业单位养老支出", "same")),
        ("2080505", "机关事业单位基本养老保险缴费支出", 2024, ("机关事业单位基本养老保险缴费支出", "same")),
        ("2080505", "机关事业单位基本养老", 2022, ("机关事业单位基本养老保险缴费支出", "alias")),
        ("2010301", "行政运行（政府办公厅）", 2024, ("行政运行", "alias")),
        ("20103", "政府办公厅(室)及相关机构事务", 2024, ("政府办公厅（室）及相关机构事务", "same")),
        ("2010301", "机关服务", 2024, ("行政运行", "different")),
        ("2999901", "行政运行", 2024, ("行政运行", "generic")),
        ("2999988", "从未见过的科目", 2024, ("从未见过的科目", "unknown_code")),
        ("total", "合  计", 2024, ("合计", "line")),
    ],
)
def test_names_of_functional_codes(line, label, year, expected):
    assert standing("expenditure", line, label, year) == expected


def test_economic_codes_and_classes_of_the_total_tables():
    assert standing("basic_expenditure", "30213", "维修(护)费", 2024) == ("维修（护）费", "same")
    assert standing("income_expenditure", "208", "八、社会保障和就业支出", 2024) == ("社会保障和就业支出", "same")
    assert standing("income_expenditure", "210", "九、医疗卫生与计划生育支出", 2018).name_status == "same"
    assert standing("three_public", "abroad", "因公出国\n（境）费", 2024) == ("因公出国（境）费", "line")


def test_the_frame_keeps_its_rows_and_gains_four_columns():
    facts = pl.DataFrame(
        {
            "document": ["a", "b", "a", "c"],
            "form": ["expenditure"] * 4,
            "line": ["20805", "20805", "total", "2080505"],
            "label": ["行政事业单位离退休", "行政事业单位离退休", "合计", "机关事业单位基本养老保险缴费支出"],
            "n": [1, 2, 3, 4],
        }
    )
    named = normalise_facts(facts, {"a": 2024, "b": 2019})
    assert named.columns == [*facts.columns, "level", "parent", "subject", "name_status"]
    assert named.select(facts.columns).equals(facts)
    assert named["name_status"].to_list() == ["renamed", "same", "line", "same"]
    assert named["level"].to_list() == [2, 2, 0, 3]
    assert named["parent"].to_list() == ["208", "208", "", "20805"]


def test_an_empty_frame():
    facts = pl.DataFrame(schema=dict.fromkeys(["document", "form", "line", "label"], pl.String))
    assert normalise_facts(facts, {}).columns == [*facts.columns, "level", "parent", "subject", "name_status"]


def test_one_unit_in_every_spelling():
    same = ["柳州市财政局", "柳 州 市财政局 ", "柳州市财政局（本级）", "柳州市财政局(汇总)", "柳州市财政局本级"]
    assert len({unit_id(name, region) for name in same for region in ("柳州", "广西")}) == 1
    assert unit_id("柳州市财政局") != unit_id("柳州市审计局")
    assert unit_id("某中心（一）") == unit_id("某中心(一)")
    assert unit_id("") == ""


def test_a_name_without_a_place_is_told_apart_by_its_region():
    for name in ("市财政局", "第一小学", "区教育局", "县人民医院"):
        assert unit_id(name, "柳州") != unit_id(name, "佛山")
    for name in ("国家信访局", "上海市普陀区财政局", "中共柳州市委员会办公室"):
        assert unit_id(name, "a") == unit_id(name, "b")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("某市财政局（部门）", ("某市财政局", "")),
        ("某市财政局（本级）（单位）", ("某市财政局", "本级")),
        ("某市教育局（本级）", ("某市教育局", "本级")),
        ("某市教育局(机关本级)", ("某市教育局", "本级")),
        ("某市教育局（汇总）", ("某市教育局", "汇总")),
        ("某市教育局", ("某市教育局", "")),
        ("某中学（南校区）", ("某中学（南校区）", "")),
    ],
)
def test_scopes(name, expected):
    assert split_scope(name) == expected
