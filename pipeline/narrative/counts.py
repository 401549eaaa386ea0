"""Which line a count is about: declared by its counter and the words around it.

A count is a claim only where a rule says of what. `NOT_OURS` counts things that no topic speaks of (people in a
purpose, subordinate units), which are no amounts of the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_OURS = "-"


@dataclass(frozen=True, slots=True)
class CountRule:
    """`line` is counted with one of `counters` where `before` is found since the last full stop or semicolon.

    `near` must be found since the last punctuation or number, `after` begins behind the number; all are regular
    expressions, empty for no condition. `subjects` are lines of which one must be the subject in force.
    """

    line: str
    counters: tuple[str, ...]
    near: str = ""
    before: str = ""
    after: str = ""
    subjects: tuple[str, ...] = ()
    measure: str = "count"


_PEOPLE = ("人次", "人", "名", "次")
_BATCHES = ("批次", "批", "个", "次")
_GROUPS = ("个", "个团组", "批", "批次", "次", "组")
_HOSTS = (
    ("abroad", r"国\(境\)外(?:公务)?接待"),
    ("affairs", r"外事|外宾|国外来访"),
    ("domestic", r"国内"),
)
_NOBODY = r"单位|部门|机构"


def _reception() -> tuple[CountRule, ...]:
    rules: list[CountRule] = []
    lines = {"abroad": "reception_foreign", "affairs": "reception_affairs", "domestic": "reception_domestic"}
    others = "国\\(境\\)外|外事|外宾|国外|国内"
    for key, word in _HOSTS:
        here = rf"(?:{word})(?!.*(?:{others}))"
        rules += [
            CountRule(f"{lines[key]}_people", _PEOPLE, near=r"人次|人数|外宾", before=here),
            CountRule(f"{lines[key]}_people", ("人次", "人", "名"), before=here),
            CountRule(f"{lines[key]}_batches", (*_BATCHES, "组"), before=here),
        ]
    return (
        *rules,
        CountRule("reception_people", ("人次", "人", "名"), before="接待", subjects=()),
        CountRule("reception_people", _PEOPLE, near="人次|人数", before="接待"),
        CountRule("reception_people", ("人次", "人"), subjects=("reception",)),
        CountRule("reception_batches", _BATCHES, before="接待"),
        CountRule("reception_batches", _BATCHES, near="批次", subjects=("reception",)),
        CountRule("reception_batches", ("批次", "批"), subjects=("reception",)),
    )


_ACTIVITIES = (
    ("projects_target", r"编报绩效目标|编制绩效目标|申报绩效目标|设定绩效目标"),
    ("projects_tracked", r"绩效跟踪|绩效监控|运行监控|跟踪评价"),
    ("projects_reviewed", r"部门评价|重点(?:绩效)?评价|重点项目评价|第三方"),
)

RULES: Mapping[str, tuple[CountRule, ...]] = {
    "told_three_public": (
        CountRule(NOT_OURS, ("个", "家"), after=_NOBODY),
        CountRule("abroad_groups_joined", _GROUPS, near=r"参加.*团组"),
        CountRule("abroad_groups", _GROUPS, near=r"团组(?:数|个数)?(?:共计|合计|总计|累计)"),
        CountRule("abroad_groups_own", _GROUPS, near=r"(?:安排|组织).*团组", after=r".*团组(?:共计|合计|总计|累计)"),
        CountRule("abroad_groups", _GROUPS, near=r"(?<!来访)团组", before=r"出国|出境|团组"),
        CountRule("abroad_groups", ("个", "批", "个团组"), before=r"出国|出境", after=r"(?:出国)?\(?境?\)?团组|团"),
        CountRule("abroad_groups", ("个团组",)),
        CountRule("abroad_people", _PEOPLE, before=r"出国|出境|团组(?!.*接待)"),
        CountRule("abroad_people", _PEOPLE, subjects=("abroad",)),
        CountRule("vehicles_bought", ("辆", "台"), near=r"购置|购入|新购|更新|购买"),
        CountRule("vehicles_held", ("辆", "台"), near=r"保有|拥有|共有|实有"),
        CountRule("vehicles_bought", ("辆", "台"), subjects=("vehicle_purchase",)),
        CountRule("vehicles_held", ("辆", "台"), before="保有"),
        *_reception(),
    ),
    "told_assets": (
        CountRule("vehicles", ("辆", "台"), near=r"(?:共有|拥有|保有|实有|共|有)(?:公务|机动)?(?:用车|车辆)(?:保有量|数量?)?(?:合计|共计|共|总计|为|:)?$"),
        CountRule("vehicles", ("辆", "台"), near=r"(?:公务用车|车辆)(?:保有量|总数|数量?)?(?:合计|共计|总计|共有|共|有)(?:为|:)?$"),
        CountRule("vehicles", ("辆", "台"), near=r"(?:车辆|公务用车)(?:数量|保有量|总数)(?:为|是)?$"),
        CountRule("vehicles", ("辆",), near=r"(?:共有|拥有|保有|共计)$", after="(?:公务|机动)?(?:用车|车辆)"),
    ),
    "told_performance": (
        CountRule(NOT_OURS, ("个", "家"), after=rf"{_NOBODY}|第三方|省|市|县|区"),
        CountRule("projects_first", ("个", "项"), near="一级项目"),
        CountRule("projects_second", ("个", "项"), near="二级项目"),
        CountRule("projects_first", ("个", "项"), after="一级项目"),
        CountRule("projects_second", ("个", "项"), after="二级项目"),
        CountRule("problems_open", ("个", "项"), near="正在整改|尚未整改|未完成整改"),
        CountRule("problems_fixed", ("个", "项"), near="完成整改|已整改"),
        CountRule("problems", ("个", "项"), near="发现问题|发现的问题"),
        *(
            CountRule(line, ("个", "项"), near=rf"(?:{word}).*项目")
            for line, word in _ACTIVITIES
        ),
        *(
            CountRule(line, ("个", "项"), after=rf"[^，。;]{{0,30}}项目[^，。;]{{0,20}}(?:{word})")
            for line, word in _ACTIVITIES
        ),
        CountRule(
            "projects_general", ("个", "项"), near="(?:组织)?对$", before="绩效|预算",
            after=r"一般公共预算(?:财政拨款)?项目",
        ),
        CountRule("projects_fund", ("个", "项"), after=r"政府性基金(?:预算)?(?:财政拨款)?项目"),
        CountRule("projects_capital", ("个", "项"), after=r"国有资本经营预算(?:财政拨款)?项目"),
        CountRule("projects_shown", ("个", "项"), before="反映", after=r"项目[^，。;]{0,8}(?:绩效)?(?:自评|评价)?结果"),
        CountRule("projects", ("个", "项"), near="自评.*项目"),
        CountRule("projects", ("个", "项"), after=r"(?:[^，。;:]{0,24}?)项目[^，。;]{0,20}自评"),
    ),
}  # fmt: skip


def line_of(
    topic: str, counter: str, near: str, before: str, after: str, subject: str
) -> tuple[str, str]:
    """Line and measure of a count by the rules of its topic, ("", "") if none fits."""
    for rule in RULES.get(topic, ()):
        if (
            counter in rule.counters
            and (not rule.near or re.search(rule.near, near))
            and (not rule.before or re.search(rule.before, before))
            and (not rule.after or re.match(rule.after, after))
            and (not rule.subjects or subject in rule.subjects)
        ):
            return rule.line, rule.measure
    return "", ""
