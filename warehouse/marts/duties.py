"""Who must publish and who has: by unit, and counted by department; without rows before anything is judged."""

from __future__ import annotations

from warehouse.marts.view import NOTHING, Column, View, typed

_STATES = {
    "published": "已公开",
    "late": "逾期公开",
    "missing": "未公开",
    "pending": "期限未到",
    "exempt": "不公开",
    "unknown": "不明",
}
_SOURCES = {"bureau": "财政部门名录", "department": "主管部门所列", "previous": "以前公开过", "published": "已公开"}


def duties(*, judged: bool) -> tuple[View, ...]:
    """The view of units and the one of counts."""
    return (_units(judged=judged), _counts(judged=judged))


def _units(*, judged: bool) -> View:
    state = " ".join(f"WHEN '{state}' THEN '{word}'" for state, word in _STATES.items())
    sources = " ".join(f"WHEN '{source}' THEN '{word}'" for source, word in _SOURCES.items())
    return View(
        "应公开单位",
        "应公开决算的单位名录：每个单位每一年度一行，为什么应公开、公开了没有；见 docs/register.zh-CN.md",
        (
            *typed(
                "VARCHAR",
                Column("地区", "q.region", "地区，不明的为空"),
                Column("部门", "q.department", "主管部门名称，不明的为空"),
                Column("单位", "q.unit", "单位名称"),
                judged=judged,
            ),
            *typed("INTEGER", Column("年度", "q.fiscal_year", "决算年度"), judged=judged),
            *typed(
                "VARCHAR",
                Column(
                    "依据",
                    f"list_aggregate(list_transform(q.sources, x -> CASE x {sources} END), 'string_agg', '、')",
                    f"为什么应公开：{'、'.join(_SOURCES.values())}",
                ),
                Column("从何得知", "q.known_from", "依据出自哪里"),
                Column("状态", f"CASE q.state {state} END", f"{'、'.join(_STATES.values())}"),
                judged=judged,
            ),
            *typed(
                "DATE",
                Column("公开日期", "q.published_on", "最早的公开日期，不明的为空"),
                Column("期限", "q.deadline", "最晚公开日期"),
                judged=judged,
            ),
            *typed("INTEGER", Column("逾期天数", "q.days_late", "逾期的天数；没有逾期的为空"), judged=judged),
            *typed(
                "VARCHAR",
                Column("说明", "q.note", "不明、不公开的原因；尚缺哪一份报告"),
                Column("unit_id", "q.unit_id", "单位编号"),
                judged=judged,
            ),
        ),
        "FROM quality.register q" if judged else NOTHING,
    )


def _counts(*, judged: bool) -> View:
    def count(name: str, states: str, comment: str) -> Column:
        return Column(name, f"count(*) FILTER (q.state IN ({states}))", comment)

    return View(
        "公开情况",
        "各地区、各部门每一年度应公开、已公开的单位数：应公开数 = 已公开 + 未公开 + 期限未到 + 不明",
        (
            *typed("VARCHAR", Column("地区", "q.region", "地区，不明的为空"), judged=judged),
            *typed(
                "VARCHAR", Column("部门", "q.whole", "主管部门；部门自身及主管部门不明的，为单位名称"), judged=judged
            ),
            *typed("INTEGER", Column("年度", "q.fiscal_year", "决算年度"), judged=judged),
            *typed(
                "BIGINT",
                Column("应公开数", "count(*) FILTER (q.state <> 'exempt')", "应公开的单位数"),
                count("已公开", "'published', 'late'", "已公开的单位数，含逾期公开的"),
                count("逾期", "'late'", "其中逾期公开的单位数"),
                count("未公开", "'missing'", "期限已过仍未公开，或尚缺一份报告的单位数"),
                count("期限未到", "'pending'", "尚未公开，期限未到的单位数"),
                count("不明", "'unknown'", "是否公开不能断定的单位数，原因见 决算.应公开单位"),
                count("不公开", "'exempt'", "名录载明不公开的单位数，不计入应公开数"),
                judged=judged,
            ),
            *typed("VARCHAR", Column("unit_id", "min(q.whole_id)", "部门的单位编号"), judged=judged),
        ),
        """
        FROM (
            SELECT *, coalesce(nullif(department, ''), unit) AS whole,
                if(department = '', unit_id, department_id) AS whole_id
            FROM quality.register
        ) q
        GROUP BY q.region, q.whole, q.fiscal_year
        """
        if judged
        else NOTHING,
    )
