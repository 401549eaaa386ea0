"""What the bureau calls the figures of self-evaluation forms (see `pipeline.performance.model.Figure`)."""

from __future__ import annotations

FORM, TITLE = "performance", "绩效自评表"
"""All self-evaluation forms of a report as one form of what is checked; a line is `<number of the project>.<line>`."""

MEASURES = {
    "initial": "年初预算数",
    "adjustment": "预算调整数",
    "adjusted": "全年预算数",
    "received": "资金到位数",
    "actual": "全年执行数",
    "remaining": "结余数",
    "rate": "执行率",
    "received_rate": "资金到位率",
    "remaining_rate": "结余率",
    "weight": "分值",
    "score": "得分",
}
