"""How reports and units stand: the views of grades and of punctuality, without rows before anything is judged."""

from __future__ import annotations

from warehouse.marts.view import LINK, NOTHING, Column, View, typed


def grades(*, judged: bool) -> View:
    """One row a report, and one a unit and year."""
    return View(
        "评级",
        "每份报告、每个单位每一年度的评级及其各项依据；算法见 docs/grades.zh-CN.md",
        (
            *typed(
                "VARCHAR",
                Column("对象", "CASE g.subject WHEN 'report' THEN '报告' ELSE '单位' END", "报告、单位"),
                Column("单位", "g.unit", "单位名称"),
                judged=judged,
            ),
            *typed("INTEGER", Column("年度", "g.fiscal_year", "决算年度"), judged=judged),
            *typed(
                "VARCHAR",
                Column("范围", "g.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空"),
                Column("等级", "g.grade", "A 至 E；能够核对的不到一半的不评级，为空"),
                judged=judged,
            ),
            *typed("DECIMAL(5,1)", Column("得分", "g.score", "满分 100；不评级的为空"), judged=judged),
            *typed(
                "INTEGER",
                Column("错误级成立", "g.error_holds", "错误级勾稽关系中成立的条数（四舍五入之内算成立）"),
                Column("错误级已改正", "g.error_corrected", "错误级勾稽关系中由更正版本改正的条数"),
                Column("错误级不成立", "g.error_broken", "错误级勾稽关系中不成立的条数"),
                Column("警告级成立", "g.warning_holds", "警告级勾稽关系中成立的条数"),
                Column("警告级已改正", "g.warning_corrected", "警告级勾稽关系中由更正版本改正的条数"),
                Column("警告级不成立", "g.warning_broken", "警告级勾稽关系中不成立的条数"),
                Column("豁免", "g.waived", "已豁免、不计入的条数"),
                Column("未核对", "g.not_evaluated", "未能核对、不计入的条数"),
                Column("逾期天数", "g.days_late", "公开晚于期限的天数；公开日期不明的为空"),
                judged=judged,
            ),
            *typed("DECIMAL(4,2)", Column("逾期扣分", "g.late_points", "因逾期扣的分"), judged=judged),
            *typed(
                "INTEGER",
                Column("报告数", "g.reports", "单位这一年度的报告数；对象为报告的为空"),
                Column("评级报告数", "g.graded_reports", "其中已评级的报告数"),
                Column("未公开报告数", "g.missing_reports", "逾期仍未公开的报告数"),
                judged=judged,
            ),
            *typed(
                "VARCHAR",
                LINK,
                Column("网页", "'/reports/' || url_encode(g.report_id)", "这份报告在查询网页中的地址"),
                Column("unit_id", "g.unit_id", "单位编号"),
                Column("report_id", "g.report_id", "报告编号；对象为单位的为空"),
                judged=judged,
            ),
        ),
        "FROM quality.grade g LEFT JOIN mart.report r ON r.report_id = g.report_id" if judged else NOTHING,
    )


def punctuality(*, judged: bool) -> View:
    """One row a unit and year that ought to have published."""
    return View(
        "公开时间",
        "各单位各年度决算是否按期公开",
        (
            *typed("VARCHAR", Column("单位", "p.unit", "单位名称"), judged=judged),
            *typed("INTEGER", Column("年度", "p.fiscal_year", "决算年度"), judged=judged),
            *typed(
                "VARCHAR",
                Column("范围", "p.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空"),
                Column(
                    "状态",
                    "CASE p.state WHEN 'on_time' THEN '按期' WHEN 'late' THEN '逾期' WHEN 'missing' THEN '未公开' "
                    "WHEN 'exempt' THEN '不公开' ELSE '不明' END",
                    "按期、逾期、未公开（期限已过）、不公开（名录载明）、不明",
                ),
                judged=judged,
            ),
            *typed(
                "DATE",
                Column("公开日期", "p.published_on", "首个版本的公开日期，不明的为空"),
                Column("期限", "p.deadline", "最晚公开日期"),
                judged=judged,
            ),
            *typed("INTEGER", Column("逾期天数", "p.days_late", "逾期的天数；不明的为空"), judged=judged),
            *typed(
                "VARCHAR",
                Column("说明", "p.note", "不明、不公开的原因"),
                Column("unit_id", "p.unit_id", "单位编号"),
                Column("report_id", "r.report_id", "报告编号；没有收集到报告的为空"),
                judged=judged,
            ),
        ),
        """
        FROM quality.punctuality p
        LEFT JOIN core.report r ON r.unit_id = p.unit_id AND r.fiscal_year = p.fiscal_year AND r.scope = p.scope
        """
        if judged
        else NOTHING,
    )
