"""T1 收入支出决算总表: the unit's whole year on two sides."""

from pipeline.forms.base import Column, Form, Line
from pipeline.forms.shared import (
    AMOUNT,
    CAPITAL_BUDGET,
    CLASSES,
    EXPENDITURE_SIDE,
    FUND_BUDGET,
    GENERAL_BUDGET,
    INCOME_SIDE,
    NATURE_SIDE,
)

INCOME_EXPENDITURE = Form(
    key="income_expenditure",
    short="T1",
    title="收入支出决算总表",
    titles=("收入支出表",),
    sides=(INCOME_SIDE, EXPENDITURE_SIDE, NATURE_SIDE),
    sides_by_position=True,
    synonyms=(AMOUNT, ("年初预算数", "年初预算"), ("全年预算数", "调整预算数", "预算数", "全年预算", "调整后预算数")),
    columns=(
        Column(measure="amount", title="决算数", paths=(("决算数",),)),
        Column(measure="initial_budget", title="年初预算数", paths=(("年初预算数",),), memo=True),
        Column(measure="final_budget", title="全年预算数", paths=(("全年预算数",),), memo=True),
    ),
    required=("amount",),
    lines=(
        Line(
            key="fiscal_appropriation_income", title="财政拨款收入", side="income",
            names=("财政拨款", "本级财政拨款收入", "财政补助收入"),
        ),
        Line(
            key="general_public_budget", title="一般公共预算财政拨款收入", side="income",
            names=(
                *GENERAL_BUDGET, "公共财政预算财政拨款收入", "一般公共预算拨款收入",
                "其中:一般公共预算财政拨款", "其中:一般公共预算财政拨款收入", "其中:一般公共预算",
            ),
        ),
        Line(
            key="government_fund_budget", title="政府性基金预算财政拨款收入", side="income",
            names=(*FUND_BUDGET, "政府性基金预算拨款收入"),
        ),
        Line(
            key="state_capital_budget", title="国有资本经营预算财政拨款收入", side="income",
            names=(*CAPITAL_BUDGET, "国有资本经营预算拨款收入"),
        ),
        # until 2018 the fund budget stood under 财政拨款收入, of which it is a part
        Line(
            key="fund_within_appropriation", title="其中：政府性基金预算财政拨款", side="income", memo=True,
            names=(
                "其中:政府性基金预算财政拨款", "其中:政府性基金预算财政拨款收入", "其中:政府性基金",
                "其中:政府性基金收入",
            ),
        ),
        Line(key="superior_subsidy_income", title="上级补助收入", side="income", names=("上级补助",)),
        Line(
            key="institution_income", title="事业收入", side="income",
            names=("事业收入(含教育收费)", "事业收入(含财政专户管理资金)"),
        ),
        Line(
            key="education_fees", title="其中：教育收费", side="income", memo=True,
            names=("其中:教育收费", "其中:教育收费收入", "其中:财政专户管理的教育收费", "教育收费",
                   "其中:财政专户管理资金", "其中:专户资金", "财政专户管理资金", "其中:财政专户管理资金收入"),
        ),
        Line(
            key="operating_income", title="经营收入", side="income",
            names=("事业单位经营收入", "经营性收入"),
        ),
        Line(
            key="affiliate_remittance_income", title="附属单位上缴收入", side="income",
            names=("下级单位上缴收入", "附属单位缴款", "附属单位上交收入", "附属单位缴款收入"),
        ),
        Line(key="other_income", title="其他收入", side="income", names=("其它收入",)),
        Line(
            key="current_year_income_total", title="本年收入合计", side="income",
            names=("本年收入", "当年收入合计", "本年收入小计", "当年收入", "收入合计", "合计", "小计"),
        ),
        Line(
            key="use_of_nonfiscal_surplus", title="使用非财政拨款结余（含专用结余）", side="income",
            names=(
                "使用非财政拨款结余(含专用结余)", "使用非财政拨款结余", "用事业基金弥补收支差额",
                "使用非财政拨款结余和专用结余",
                "使用非财政拨款结余及专用结余", "使用事业基金弥补收支差额", "事业基金弥补收支差额",
                "用事业基金弥补收支差",
                "使用非财政拨款结余(含使用专用结余)", "使用非财政拨款结余弥补收支差额", "使用专用结余和非财政拨款结余",
            ),
        ),
        Line(
            key="opening_carryover", title="年初结转和结余", side="income",
            names=(
                "年初结转结余", "上年结转和结余", "上年结转", "上年结转结余", "年初结余", "年初结转",
                "年初结转与结余",
            ),
        ),
        Line(
            key="opening_carryover_basic", title="年初基本支出结转", side="income", after="opening_carryover",
            memo=True,
            names=("基本支出结转", "其中:基本支出结转", "基本支出结转和结余"),
        ),
        Line(
            key="opening_carryover_project", title="年初项目支出结转和结余", side="income", after="opening_carryover",
            names=("项目支出结转和结余", "其中:项目支出结转和结余", "项目支出结转", "其中:项目支出结转"), memo=True,
        ),
        Line(
            key="opening_carryover_operating", title="年初经营结余", side="income", after="opening_carryover",
            memo=True,
            names=("经营结余", "其中:经营结余"),
        ),
        Line(
            key="income_total", title="收入总计", side="income", after="current_year_income_total",
            names=("总计", "合计", "收入合计", "总收入"),
        ),
        *CLASSES,
        Line(
            key="current_year_expenditure_total", title="本年支出合计", side="expenditure",
            names=("本年支出", "当年支出合计", "本年支出小计", "当年支出", "支出合计", "合计", "小计"),
        ),
        Line(
            key="surplus_distribution", title="结余分配", side="expenditure",
            names=("结余分配支出", "本年结余分配"),
        ),
        Line(
            key="distribution_income_tax", title="其中：交纳所得税", side="expenditure", after="surplus_distribution",
            names=("其中:交纳所得税", "交纳所得税", "其中:缴纳所得税", "缴纳所得税"), memo=True,
        ),
        Line(
            key="distribution_welfare_fund", title="其中：提取职工福利基金", side="expenditure",
            after="surplus_distribution", memo=True,
            names=("其中:提取职工福利基金", "提取职工福利基金", "其中:提取专用结余", "提取专用结余", "提取专用基金"),
        ),
        Line(
            key="distribution_institution_fund", title="其中：转入事业基金", side="expenditure",
            after="surplus_distribution", memo=True,
            names=(
                "转入事业基金", "其中:转入事业基金", "事业单位转入非财政拨款结余", "其中:事业单位转入非财政拨款结余",
            ),
        ),
        Line(
            key="distribution_other", title="其中：其他", side="expenditure", after="surplus_distribution", memo=True,
            names=("其他", "其中:其他"),
        ),
        Line(
            key="closing_carryover", title="年末结转和结余", side="expenditure",
            names=(
                "年末结转结余", "结转下年", "年末结余", "年末结转", "年终结转和结余", "年终结转结余",
                "年末结转与结余",
            ),
        ),
        Line(
            key="closing_carryover_basic", title="年末基本支出结转", side="expenditure", after="closing_carryover",
            names=("基本支出结转", "其中:基本支出结转", "基本支出结转和结余"), memo=True,
        ),
        Line(
            key="closing_carryover_project", title="年末项目支出结转和结余", side="expenditure", memo=True,
            names=("项目支出结转和结余", "其中:项目支出结转和结余", "项目支出结转", "其中:项目支出结转"),
            after="closing_carryover",
        ),
        Line(
            key="closing_carryover_operating", title="年末经营结余", side="expenditure", after="closing_carryover",
            names=("经营结余", "其中:经营结余"), memo=True,
        ),
        Line(
            key="expenditure_total", title="支出总计", side="expenditure", after="current_year_expenditure_total",
            names=("总计", "合计", "支出合计", "总支出"),
        ),
        # older vintages print the expenditure a second time, by its nature, in a third block
        *(
            Line(key=f"nature_{key}", title=names[0], names=names[1:], side="nature", memo=True)
            for key, names in (
                ("basic", ("基本支出",)),
                ("personnel", ("人员经费", "其中:人员经费")),
                ("public", ("日常公用经费", "公用经费")),
                ("project", ("项目支出",)),
                ("construction", ("基本建设类项目", "基本建设类项目支出")),
                ("administrative", ("行政事业类项目",)),
                ("payment_to_superior", ("上缴上级支出",)),
                ("operating", ("经营支出",)),
                ("affiliate_subsidy", ("对附属单位补助支出", "对附属单位补助", "对附属单位的补助支出")),
                ("total", ("支出经济分类合计", "经济分类支出合计", "支出合计", "本年支出合计", "合计")),
                ("301", ("工资福利支出", "基本支出和项目支出:工资福利支出")),
                ("302", ("商品和服务支出",)),
                ("303", ("对个人和家庭的补助", "对个人和家庭补助")),
                ("307", ("债务利息及费用支出", "债务利息支出")),
                ("309", ("资本性支出(基本建设)", "基本建设支出")),
                ("310", ("资本性支出", "其他资本性支出")),
                ("311", ("对企业补助(基本建设)", "贷款转贷及产权参股")),
                ("312", ("对企业补助", "对企事业单位的补贴", "对企事业单位补贴")),
                ("313", ("对社会保障基金补助",)),
                ("399", ("其他支出",)),
            )
        ),
    ),
)  # fmt: skip
