"""T4 财政拨款收入支出决算总表: money from the treasury on two sides, the right one by budget."""

from pipeline.forms.base import Column, Form, Line
from pipeline.forms.shared import (
    AMOUNT,
    BASIC_CARRIED,
    CAPITAL_BUDGET,
    CLASSES,
    EXPENDITURE_SIDE,
    FUND_BUDGET,
    GENERAL_BUDGET,
    INCOME_SIDE,
    PROJECT_CARRIED,
    TOTAL,
)

FISCAL_APPROPRIATION = Form(
    key="fiscal_appropriation",
    short="T4",
    title="财政拨款收入支出决算总表",
    titles=("财政拨款收入支出表",),
    sides=(INCOME_SIDE, EXPENDITURE_SIDE),
    sides_by_position=True,
    synonyms=(AMOUNT, TOTAL, GENERAL_BUDGET, FUND_BUDGET, CAPITAL_BUDGET),
    neutral=("决算数", "本年支出", "其中:", "其中"),
    columns=(
        Column(measure="amount", title="金额", side="income", paths=(("决算数",), ("合计",))),
        Column(measure="total", title="合计", side="expenditure", paths=(("合计",), ("决算数",))),
        Column(measure="general", title="一般公共预算财政拨款", side="expenditure", paths=(("一般公共预算财政拨款",),)),
        Column(
            measure="fund", title="政府性基金预算财政拨款", side="expenditure", paths=(("政府性基金预算财政拨款",),),
        ),
        Column(
            measure="capital", title="国有资本经营预算财政拨款", side="expenditure",
            paths=(("国有资本经营预算财政拨款",),),
        ),
    ),
    required=("amount", "general"),
    lines=(
        Line(key="general_public_budget", title="一般公共预算财政拨款", side="income", names=GENERAL_BUDGET),
        Line(key="government_fund_budget", title="政府性基金预算财政拨款", side="income", names=FUND_BUDGET),
        Line(key="state_capital_budget", title="国有资本经营预算财政拨款", side="income", names=CAPITAL_BUDGET),
        Line(
            key="current_year_income_total", title="本年收入合计", side="income",
            names=("本年收入", "当年收入合计", "本年收入小计", "收入合计", "合计", "小计", "本年财政拨款收入合计"),
        ),
        Line(
            key="opening_fiscal_carryover", title="年初财政拨款结转和结余", side="income",
            names=(
                "年初财政拨款结转结余", "年初结转和结余", "年初结转结余", "上年结转", "上年财政拨款结转和结余",
                "上年结转和结余",
                "年初财政拨款结转与结余", "年初财政拨款结余",
            ),
        ),
        Line(
            key="opening_carryover_general", title="年初结转：一般公共预算财政拨款", side="income",
            after="opening_fiscal_carryover",
            names=(*GENERAL_BUDGET, "其中:一般公共预算财政拨款", "一般公共预算财政拨款结转和结余"),
        ),
        Line(
            key="opening_carryover_fund", title="年初结转：政府性基金预算财政拨款", side="income",
            after="opening_fiscal_carryover",
            names=(*FUND_BUDGET, "其中:政府性基金预算财政拨款", "政府性基金预算财政拨款结转和结余"),
        ),
        Line(
            key="opening_carryover_capital", title="年初结转：国有资本经营预算财政拨款", side="income",
            after="opening_fiscal_carryover",
            names=(*CAPITAL_BUDGET, "其中:国有资本经营预算财政拨款", "国有资本经营预算财政拨款结转和结余"),
        ),
        *(
            Line(
                key=f"opening_carryover_{nature}", title=f"年初结转：{names[0]}", side="income", memo=True, names=names,
                after="opening_fiscal_carryover",
            )
            for nature, names in (("basic", BASIC_CARRIED), ("project", PROJECT_CARRIED))
        ),
        Line(
            key="income_total", title="收入总计", side="income", after="current_year_income_total",
            names=("总计", "合计", "收入合计", "总收入"),
        ),
        *CLASSES,
        Line(
            key="current_year_expenditure_total", title="本年支出合计", side="expenditure",
            names=("本年支出", "当年支出合计", "本年支出小计", "支出合计", "合计", "小计", "本年财政拨款支出合计"),
        ),
        Line(
            key="closing_fiscal_carryover", title="年末财政拨款结转和结余", side="expenditure",
            names=(
                "年末财政拨款结转结余", "年末结转和结余", "年末结转结余", "结转下年", "年终财政拨款结转和结余",
                "年终结转和结余",
                "年末财政拨款结转与结余", "年末财政拨款结余",
            ),
        ),
        Line(
            key="closing_carryover_general", title="年末结转：一般公共预算财政拨款", side="expenditure",
            after="closing_fiscal_carryover", memo=True, names=(*GENERAL_BUDGET, "其中:一般公共预算财政拨款"),
        ),
        Line(
            key="closing_carryover_fund", title="年末结转：政府性基金预算财政拨款", side="expenditure",
            after="closing_fiscal_carryover", memo=True, names=(*FUND_BUDGET, "其中:政府性基金预算财政拨款"),
        ),
        Line(
            key="closing_carryover_capital", title="年末结转：国有资本经营预算财政拨款", side="expenditure",
            after="closing_fiscal_carryover", memo=True, names=(*CAPITAL_BUDGET, "其中:国有资本经营预算财政拨款"),
        ),
        *(
            Line(
                key=f"closing_carryover_{nature}", title=f"年末结转：{names[0]}", side="expenditure", memo=True,
                names=names,
                after="closing_fiscal_carryover",
            )
            for nature, names in (("basic", BASIC_CARRIED), ("project", PROJECT_CARRIED))
        ),
        Line(
            key="expenditure_total", title="支出总计", side="expenditure", after="current_year_expenditure_total",
            names=("总计", "合计", "支出合计", "总支出"),
        ),
    ),
)  # fmt: skip
