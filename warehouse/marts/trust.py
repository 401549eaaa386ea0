"""What does not add up, and who has not published: the views of findings and of units that are missing or late."""

from __future__ import annotations

from warehouse.marts.view import LINK, NOTHING, Column, View, typed

_SEVERITIES = {"E": "错误", "W": "警告", "I": "提示"}
_STATUSES = {
    "new": "新发现",
    "persisting": "依然存在",
    "changed": "内容有变",
    "resolved": "已改正",
    "unverified": "这次未能检查",
}


def trust_views(*, judged: bool, registered: bool) -> tuple[View, ...]:
    """The view of findings, of those that quality.finding has, and that of the missing of quality.register."""
    return (_findings(judged=judged), _missing(registered=registered))


def _words(column: str, words: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{key}' THEN '{word}'" for key, word in words.items())
    return f"CASE {column} {cases} END"


def _findings(*, judged: bool) -> View:
    return View(
        "问题",
        "发现的问题，每个一行：数字之间对不上的地方，附说明、所在的页和链接；已改正、已豁免的也在内",
        (
            *typed("VARCHAR", Column("单位", "q.unit", "单位名称"), judged=judged),
            *typed("INTEGER", Column("年度", "q.fiscal_year", "决算年度"), judged=judged),
            *typed(
                "VARCHAR",
                Column("范围", "q.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空"),
                Column("部门", "r.department", "主管部门名称，不明的为空"),
                Column("地区", "r.region", "地区，不明的为空"),
                Column("严重程度", _words("q.severity", _SEVERITIES), "、".join(_SEVERITIES.values())),
                Column("状态", _words("q.status", _STATUSES), "、".join(_STATUSES.values())),
                judged=judged,
            ),
            *typed(
                "BOOLEAN",
                Column("待处理", "q.status <> 'resolved' AND q.waived_until IS NULL", "没有改正、没有豁免，仍要处理"),
                judged=judged,
            ),
            *typed(
                "VARCHAR",
                Column("勾稽关系", "q.identity", "勾稽关系代号"),
                Column("名称", "i.title", "勾稽关系名称"),
                Column("说明", "q.sentence", "哪几个数字对不上、差多少"),
                judged=judged,
            ),
            *typed(
                "DECIMAL(18,4)",
                Column("所列", "q.stated", "报告所列的数：金额为元，比例为百分点"),
                Column("应为", "q.expected", "按其他数字计算应为的数，计量同上"),
                Column("差额", "q.difference", "所列减应为，计量同上"),
                judged=judged,
            ),
            *typed("VARCHAR", Column("报表", "t.title", "所在的报表或情况说明的部分"), judged=judged),
            *typed(
                "DATE",
                Column("首次发现", "q.first_seen", "首次发现的日期"),
                Column("改正日期", "q.resolved_on", "何时起不再出现，没有改正的为空"),
                Column("豁免至", "q.waived_until", "豁免至何日（含），未豁免的为空"),
                judged=judged,
            ),
            *typed("INTEGER", Column("页码", "q.page", "疑有误的数所在的页"), judged=judged),
            *typed(
                "VARCHAR",
                LINK,
                Column("原页", "'/documents/' || r.document || '/pages/' || q.page", "这一页在查询网页中的地址"),
                Column("网页", "'/findings/' || q.finding_id", "这个问题在查询网页中的地址"),
                Column("finding_id", "q.finding_id", "问题编号"),
                Column("report_id", "q.report_id", "报告编号"),
                judged=judged,
            ),
        ),
        """
        FROM quality.finding q
        LEFT JOIN mart.report r ON r.report_id = q.report_id
        LEFT JOIN quality.identity i ON i.identity = q.identity
        LEFT JOIN ref.form t ON t.form = q.form
        """
        if judged
        else NOTHING,
    )


def _missing(*, registered: bool) -> View:
    return View(
        "未公开与逾期",
        "期限已过仍未公开、逾期公开、是否公开不能断定的单位，每个单位每一年度一行",
        (
            *typed(
                "VARCHAR",
                Column(
                    "状态",
                    _words("q.state", {"missing": "未公开", "late": "逾期公开", "unknown": "不明"}),
                    "未公开、逾期公开、不明",
                ),
                Column("地区", "q.region", "地区，不明的为空"),
                Column("部门", "q.department", "主管部门名称，不明的为空"),
                Column("单位", "q.unit", "单位名称"),
                judged=registered,
            ),
            *typed("INTEGER", Column("年度", "q.fiscal_year", "决算年度"), judged=registered),
            *typed(
                "DATE",
                Column("期限", "q.deadline", "最晚公开日期"),
                Column("公开日期", "q.published_on", "最早的公开日期，没有公开、不明的为空"),
                judged=registered,
            ),
            *typed("INTEGER", Column("逾期天数", "q.days_late", "逾期的天数，不明的为空"), judged=registered),
            *typed(
                "VARCHAR",
                Column("说明", "q.note", "尚缺哪一份报告；不能断定的原因"),
                Column("从何得知", "q.known_from", "为什么应公开"),
                Column("unit_id", "q.unit_id", "单位编号"),
                judged=registered,
            ),
        ),
        "FROM quality.register q WHERE q.state IN ('missing', 'late', 'unknown')" if registered else NOTHING,
    )
