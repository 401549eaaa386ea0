"""TS 国有资本经营预算财政拨款（收入）支出决算表: three columns, in some places the six of the fund budget."""

from pipeline.forms.base import Form
from pipeline.forms.government_fund import GOVERNMENT_FUND as _FUND
from pipeline.forms.shared import TOTAL_LINE

STATE_CAPITAL = Form(
    key="state_capital",
    short="TS",
    title="国有资本经营预算财政拨款支出决算表",
    titles=(
        "国有资本经营预算财政拨款支出表", "国有资本经营预算财政拨款收入支出表", "国有资本经营预算支出表",
        "国有资本经营预算收入支出表", "国有资本经营财政拨款支出表", "国有资本经营支出表", "国有资本经营收入支出表",
        "国有资本经营财政拨款收入支出表", "国有资本经营预算拨款支出表", "国有资本经营预算财政拨款收入支出及结转结余表",
        "国有资本经营预算拨款收入支出表",
    ),
    codes="functional",
    title_needed=True,
    synonyms=_FUND.synonyms,
    neutral=("支出", "收入", "项目", "决算数", "金额", "国有资本经营预算财政拨款", "国有资本经营预算支出"),
    columns=_FUND.columns,
    required=("basic", "project"),
    since=2020,
    lines=(TOTAL_LINE,),
)  # fmt: skip
