"""T3 支出决算表: the year's expenditure by functional code and nature."""

from pipeline.forms.base import Column, Form
from pipeline.forms.shared import BASIC, CURRENT_EXPENDITURE, PERSONNEL, PROJECT, PUBLIC, TOTAL, TOTAL_LINE

EXPENDITURE = Form(
    key="expenditure",
    short="T3",
    title="支出决算表",
    titles=("支出表",),
    weak_titles=("支出明细表",),
    codes="functional",
    synonyms=(
        TOTAL,
        CURRENT_EXPENDITURE,
        BASIC,
        PROJECT,
        ("上缴上级支出", "上缴上级", "上交上级支出", "上缴上级支出数"),
        ("经营支出", "事业单位经营支出"),
        ("对附属单位补助支出", "对附属单位补助", "对附属单位的补助支出", "附属单位补助支出", "对下级单位补助支出"),
        PERSONNEL,
        PUBLIC,
    ),
    neutral=("支出", "项目", "决算数", "金额"),
    columns=(
        Column(measure="total", title="本年支出合计", paths=(("本年支出",), ("本年支出", "合计"), ("合计",))),
        Column(
            measure="basic", title="基本支出",
            paths=(("基本支出",), ("本年支出", "基本支出"), ("基本支出", "合计"), ("本年支出", "基本支出", "合计")),
        ),
        Column(
            measure="basic_personnel", title="基本支出：人员经费", memo=True,
            paths=(("基本支出", "人员经费"), ("本年支出", "基本支出", "人员经费")),
        ),
        Column(
            measure="basic_public", title="基本支出：公用经费", memo=True,
            paths=(("基本支出", "公用经费"), ("本年支出", "基本支出", "公用经费")),
        ),
        Column(measure="project", title="项目支出", paths=(("项目支出",), ("本年支出", "项目支出"))),
        Column(
            measure="payment_to_superior", title="上缴上级支出",
            paths=(("上缴上级支出",), ("本年支出", "上缴上级支出")),
        ),
        Column(measure="operating", title="经营支出", paths=(("经营支出",), ("本年支出", "经营支出"))),
        Column(
            measure="affiliate_subsidy", title="对附属单位补助支出",
            paths=(("对附属单位补助支出",), ("本年支出", "对附属单位补助支出")),
        ),
    ),
    required=("total", "basic", "project"),
    marks=("上缴上级", "经营支出", "对附属单位"),
    lines=(TOTAL_LINE,),
)  # fmt: skip
