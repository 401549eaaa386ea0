"""T6 一般公共预算财政拨款基本支出决算（明细）表: basic expenditure by economic code, in one to three blocks."""

from pipeline.forms.base import Column, Form, Line
from pipeline.forms.shared import AMOUNT, PERSONNEL, PUBLIC, TOTAL

BASIC_EXPENDITURE = Form(
    key="basic_expenditure",
    short="T6",
    title="一般公共预算财政拨款基本支出决算明细表",
    titles=(
        "一般公共预算财政拨款基本支出表", "一般公共预算基本支出表", "一般公共预算拨款基本支出表",
        "一般公共预算财政拨款基本支出明细表", "一般公共预算基本支出明细表",
        "一般公共预算财政拨款基本支出经济分类表", "一般公共预算财政拨款支出经济分类表",
    ),
    weak_titles=("财政拨款基本支出表", "基本支出表"),
    codes="economic",
    sides=(("personnel", ("人员经费",)), ("public", ("公用经费", "日常公用经费"))),
    synonyms=(AMOUNT, TOTAL, PERSONNEL, PUBLIC),
    neutral=("决算数", "基本支出", "一般公共预算财政拨款基本支出", "项目", "本年支出"),
    columns=(
        Column(measure="amount", title="金额", paths=(("决算数",), ("合计",), ("基本支出",), ("本年支出",))),
        Column(measure="personnel", title="人员经费", paths=(("人员经费",),), memo=True),
        Column(measure="public", title="公用经费", paths=(("公用经费",),), memo=True),
    ),
    required=("amount",),
    marks=("经济分类", "人员经费"),
    lines=(
        Line(
            key="personnel_total", title="人员经费合计",
            names=("人员经费", "人员支出合计", "人员经费小计"),
            total_of="personnel",
        ),
        Line(
            key="public_total", title="公用经费合计", total_of="public",
            names=("公用经费", "日常公用经费合计", "日常公用经费", "公用支出合计", "公用经费小计"),
        ),
        Line(key="total", title="合计", names=("总计", "基本支出合计", "基本支出", "基本支出总计", "支出合计", "小计")),
    ),
)  # fmt: skip
