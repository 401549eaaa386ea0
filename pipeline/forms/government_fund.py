"""TF 政府性基金预算财政拨款收入支出决算表: the fund budget's flow by functional code."""

from pipeline.forms.base import Column, Form
from pipeline.forms.shared import (
    BASIC,
    BASIC_CARRIED,
    CLOSING,
    CURRENT_EXPENDITURE,
    CURRENT_INCOME,
    OPENING,
    PROJECT,
    PROJECT_CARRIED,
    TOTAL,
    TOTAL_LINE,
)

GOVERNMENT_FUND = Form(
    key="government_fund",
    short="TF",
    title="政府性基金预算财政拨款收入支出决算表",
    titles=(
        "政府性基金预算财政拨款收入支出表", "政府性基金预算收入支出表", "政府性基金收入支出表",
        "政府性基金财政拨款收入支出表",
        "政府性基金预算财政拨款支出表", "政府性基金预算支出表", "政府性基金支出表", "政府性基金预算拨款收入支出表",
        "政府性基金预算收入支出及结转结余表", "政府性基金预算财政拨款收入支出及结转结余表", "政府性基金收入支出结转表",
        "政府性基金预算拨款支出表",
    ),
    codes="functional",
    title_needed=True,
    synonyms=(
        TOTAL, CURRENT_INCOME, CURRENT_EXPENDITURE, OPENING, CLOSING,
        (*BASIC, *BASIC_CARRIED), (*PROJECT, *PROJECT_CARRIED),
    ),
    neutral=("支出", "收入", "项目", "决算数", "金额", "政府性基金预算财政拨款"),
    columns=(
        Column(measure="opening", title="年初结转和结余", paths=(("年初结转和结余",), ("年初结转和结余", "合计"))),
        Column(
            measure="opening_basic", title="年初结转：基本支出", paths=(("年初结转和结余", "基本支出"),), memo=True,
        ),
        Column(
            measure="opening_project", title="年初结转：项目支出", paths=(("年初结转和结余", "项目支出"),), memo=True,
        ),
        Column(measure="income", title="本年收入", paths=(("本年收入",), ("本年收入", "合计"))),
        Column(measure="income_basic", title="本年收入：基本支出", paths=(("本年收入", "基本支出"),), memo=True),
        Column(measure="income_project", title="本年收入：项目支出", paths=(("本年收入", "项目支出"),), memo=True),
        Column(measure="total", title="本年支出小计", paths=(("本年支出", "合计"), ("本年支出",), ("合计",))),
        Column(measure="basic", title="基本支出", paths=(("本年支出", "基本支出"), ("基本支出",))),
        Column(measure="project", title="项目支出", paths=(("本年支出", "项目支出"), ("项目支出",))),
        Column(measure="closing", title="年末结转和结余", paths=(("年末结转和结余",), ("年末结转和结余", "合计"))),
        Column(
            measure="closing_basic", title="年末结转：基本支出", paths=(("年末结转和结余", "基本支出"),), memo=True,
        ),
        Column(
            measure="closing_project", title="年末结转：项目支出", paths=(("年末结转和结余", "项目支出"),), memo=True,
        ),
    ),
    required=("total", "basic", "project"),
    lines=(TOTAL_LINE,),
)  # fmt: skip
