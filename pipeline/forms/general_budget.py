"""T5 一般公共预算财政拨款支出决算表: expenditure of the general public budget by functional code."""

from pipeline.forms.base import Column, Form
from pipeline.forms.shared import (
    AMOUNT,
    BASIC,
    BASIC_CARRIED,
    CLOSING,
    CURRENT_EXPENDITURE,
    CURRENT_INCOME,
    OPENING,
    PERSONNEL,
    PROJECT,
    PROJECT_CARRIED,
    PUBLIC,
    TOTAL,
    TOTAL_LINE,
)

GENERAL_BUDGET = Form(
    key="general_budget",
    short="T5",
    title="一般公共预算财政拨款支出决算表",
    titles=(
        "一般公共预算财政拨款支出表", "一般公共预算支出表", "一般公共预算财政拨款收入支出表", "一般公共预算拨款支出表",
        "一般公共预算财政拨款支出功能分类表", "一般公共预算收入支出表",
    ),
    weak_titles=("一般公共预算财政拨款支出明细表", "一般公共预算支出明细表"),
    codes="functional",
    title_needed=True,
    synonyms=(
        TOTAL, (*CURRENT_EXPENDITURE, "一般公共预算财政拨款支出", "一般公共预算支出", "本年一般公共预算财政拨款支出"),
        (*BASIC, *BASIC_CARRIED), (*PROJECT, *PROJECT_CARRIED),
        AMOUNT, OPENING, CURRENT_INCOME, CLOSING, PERSONNEL, PUBLIC,
    ),
    neutral=("本年支出", "支出", "项目", "决算数", "一般公共预算财政拨款"),
    columns=(
        Column(measure="total", title="小计", paths=(("合计",), ("本年支出",), ("决算数",))),
        Column(measure="basic", title="基本支出", paths=(("基本支出",), ("基本支出", "合计"))),
        Column(measure="basic_personnel", title="基本支出：人员经费", paths=(("基本支出", "人员经费"),), memo=True),
        Column(measure="basic_public", title="基本支出：公用经费", paths=(("基本支出", "公用经费"),), memo=True),
        Column(measure="project", title="项目支出", paths=(("项目支出",),)),
        # printed where the budget's flow is shown like that of the fund budget
        Column(
            measure="opening", title="年初结转和结余", paths=(("年初结转和结余",), ("年初结转和结余", "合计")),
            memo=True,
        ),
        Column(measure="income", title="本年收入", paths=(("本年收入",), ("本年收入", "合计")), memo=True),
        Column(
            measure="closing", title="年末结转和结余", paths=(("年末结转和结余",), ("年末结转和结余", "合计")),
            memo=True,
        ),
        *(
            Column(measure=f"{flow}_{nature}", title=f"{heading}：{part}", paths=((heading, part),), memo=True)
            for flow, heading in (("opening", "年初结转和结余"), ("income", "本年收入"), ("closing", "年末结转和结余"))
            for nature, part in (("basic", "基本支出"), ("project", "项目支出"))
        ),
    ),
    required=("basic", "project"),
    lines=(TOTAL_LINE,),
)  # fmt: skip
