"""T2 收入决算表: the year's income by functional code and source."""

from pipeline.forms.base import Column, Form
from pipeline.forms.shared import CAPITAL_BUDGET, CURRENT_INCOME, FUND_BUDGET, GENERAL_BUDGET, TOTAL, TOTAL_LINE

INCOME = Form(
    key="income",
    short="T2",
    title="收入决算表",
    titles=("收入表",),
    weak_titles=("收入明细表",),
    codes="functional",
    synonyms=(
        TOTAL,
        CURRENT_INCOME,
        ("财政拨款收入", "财政拨款", "财政补助收入", "本级财政拨款收入", "财政拨款收入小计"),
        GENERAL_BUDGET,
        FUND_BUDGET,
        CAPITAL_BUDGET,
        ("上级补助收入", "上级补助"),
        ("事业收入",),
        ("经营收入", "事业单位经营收入"),
        (
            "附属单位上缴收入", "附属单位缴款", "下级单位上缴收入", "附属单位上交收入", "附属单位缴款收入",
            "附属单位上缴",
        ),
        ("其他收入", "其它收入"),
        ("教育收费", "其中:教育收费", "其中:财政专户管理的教育收费", "其中:教育收费收入"),
    ),
    neutral=("收入", "项目", "决算数", "金额"),
    columns=(
        Column(measure="total", title="本年收入合计", paths=(("本年收入",), ("本年收入", "合计"), ("合计",))),
        Column(
            measure="fiscal_appropriation", title="财政拨款收入",
            paths=(("财政拨款收入",), ("财政拨款收入", "合计"), ("本年收入", "财政拨款收入")),
        ),
        *(
            Column(
                measure=measure, title=f"其中：{budget[0]}", memo=True,
                paths=(("财政拨款收入", budget[0]), (budget[0],)),
            )
            for measure, budget in (
                ("appropriation_general", GENERAL_BUDGET),
                ("appropriation_fund", FUND_BUDGET),
                ("appropriation_capital", CAPITAL_BUDGET),
            )
        ),
        Column(
            measure="superior_subsidy", title="上级补助收入",
            paths=(("上级补助收入",), ("本年收入", "上级补助收入")),
        ),
        Column(
            measure="institution_income", title="事业收入",
            paths=(("事业收入",), ("事业收入", "合计"), ("本年收入", "事业收入"), ("本年收入", "事业收入", "合计")),
        ),
        Column(
            measure="education_fees", title="其中：教育收费", memo=True,
            paths=(
                ("事业收入", "教育收费"), ("教育收费",), ("本年收入", "事业收入", "教育收费"),
                ("本年收入", "教育收费"),
            ),
        ),
        Column(measure="operating_income", title="经营收入", paths=(("经营收入",), ("本年收入", "经营收入"))),
        Column(
            measure="affiliate_remittance", title="附属单位上缴收入",
            paths=(("附属单位上缴收入",), ("本年收入", "附属单位上缴收入")),
        ),
        Column(measure="other_income", title="其他收入", paths=(("其他收入",), ("本年收入", "其他收入"))),
    ),
    required=("total", "fiscal_appropriation"),
    lines=(TOTAL_LINE,),
)  # fmt: skip
