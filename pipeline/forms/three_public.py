"""TG 财政拨款“三公”经费支出决算表: travel abroad, official cars and receptions, budget and final.

Places print one row under twelve headings (budgets, then finals, or the two in turn), or one row an item.
"""

from pipeline.forms.base import Column, Form, Line

_ITEMS = (
    ("total", ("三公经费", "合计")),
    ("abroad", ("因公出国(境)费",)),
    ("vehicle", ("公务用车购置及运行维护费", "合计")),
    ("vehicle_purchase", ("公务用车购置及运行维护费", "公务用车购置费")),
    ("vehicle_operation", ("公务用车购置及运行维护费", "公务用车运行维护费")),
    ("reception", ("公务接待费",)),
)
_LOOSE = {  # where the heading over a group of columns was not read or not printed
    "total": (("三公经费",), ("合计",)),
    "vehicle": (("公务用车购置及运行维护费",),),
    "vehicle_purchase": (("公务用车购置费",),),
    "vehicle_operation": (("公务用车运行维护费",),),
}
_SUMS = (("budget", "预算数", ("全年预算数", "预算数", "年初预算数")), ("final", "决算数", ("决算数",)))

THREE_PUBLIC = Form(
    key="three_public",
    short="TG",
    title="财政拨款“三公”经费支出决算表",
    titles=(
        "财政拨款三公经费支出表", "一般公共预算财政拨款三公经费支出表", "三公经费支出表", "三公经费表",
        "财政拨款三公经费表",
        "一般公共预算三公经费支出表", "一般公共预算财政拨款三公经费表", "一般公共预算拨款三公经费支出表",
        "财政拨款安排的三公经费支出表", "三公经费财政拨款支出表", "一般公共预算财政拨款安排的三公经费支出表",
        "三公经费公共预算财政拨款支出表", "三公经费一般公共预算财政拨款支出表", "一般公共预算三公经费表",
        "公共财政预算财政拨款三公经费支出表", "三公经费支出统计表", "三公经费及机关运行经费支出表",
        "财政拨款三公经费及机关运行经费支出表", "机构运行信息表",
        *(
            f"{fund}三公经费{mark}会议费{other}培训费支出表"
            for fund in ("", "财政拨款", "一般公共预算", "一般公共预算财政拨款")
            for mark in ("、", "及", "和", "")
            for other in ("、", "和", "及", "")
        ),
    ),
    synonyms=(
        ("合计", "小计", "总计", "合计数", "支出合计"),
        (
            "三公经费", "三公经费合计", "三公经费支出合计", "三公经费支出", "三公经费小计", "财政拨款三公经费",
            "一般公共预算财政拨款三公经费", "三公经费财政拨款", "财政拨款三公经费支出",
            "一般公共预算财政拨款三公经费支出",
            "一般公共预算三公经费", "财政拨款三公经费合计",
        ),
        ("会议费", "会议费支出"),
        ("培训费", "培训费支出"),
        ("全年预算数", "调整预算数", "全年预算", "调整后预算数"),
        ("年初预算数", "年初预算"),
        ("预算数", "预算", "本年预算数", "预算金额", "预算安排数", "支出预算", "支出预算数", "三公经费预算数"),
        (
            "决算数", "决算", "本年决算数", "决算金额", "支出决算", "支出决算数", "实际支出数", "统计数", "全年执行数",
            "三公经费决算数", "决算支出数",
        ),
        (
            "因公出国(境)费", "因公出国(境)费用", "因公出国(境)", "出国(境)费", "因公出国(境)支出", "出国(境)费用",
            "因公出国境费", "因公出国(境)经费", "因公出国费", "因公出国(境)费支出",
        ),
        (
            "公务用车购置及运行维护费", "公务用车购置及运行费", "公务用车购置和运行维护费", "公务用车购置和运行费",
            "公务用车购置及运行维护费用", "公务用车费", "公车购置及运行维护费", "公车购置及运行费",
            "公务用车购置及运行维护",
            "公务用车购置及维护费", "公务车购置及运行费", "公务用车购置及运行费支出", "公务用车购置及运行维护费支出",
        ),
        (
            "公务用车购置费", "公务用车购置", "购置费", "公车购置费", "车辆购置费", "公务用车购置费用",
            "公务用车购置费支出",
        ),
        (
            "公务用车运行维护费", "公务用车运行费", "运行维护费", "运行费", "公务用车运行", "公车运行维护费",
            "公车运行费",
            "公务用车维护费", "公务用车运行维护", "公务用车运行维护费用", "公务用车运行维护费支出",
            "公务用车运行费支出",
            "公务用车运行及维护费",
        ),
        ("公务接待费", "接待费", "公务接待", "公务接待费用", "公务接待费支出"),
    ),
    neutral=("三公经费", "项目", "其中", "其中:"),
    columns=(
        *(
            Column(
                measure=measure, title=title, line=line,
                paths=tuple(
                    (heading, *path) for heading in headings for path in (item, *_LOOSE.get(line, ()))
                ),
            )
            for measure, title, headings in _SUMS
            for line, item in (*_ITEMS, ("meeting", ("会议费",)), ("training", ("培训费",)))
        ),
        *(
            Column(measure=measure, title=title, paths=tuple((heading,) for heading in headings))
            for measure, title, headings in _SUMS
        ),
        *(
            Column(measure="", title="", line=line, paths=(item, *_LOOSE.get(line, ())))
            for line, item in (*_ITEMS, ("meeting", ("会议费",)), ("training", ("培训费",)))
        ),
    ),
    required=("final",),
    row_measures=(
        ("budget", ("预算数", "全年预算数", "年初预算数", "预算")),
        ("final", ("决算数", "支出决算数", "决算", "")),
    ),
    marks=("公务接待", "因公出国"),
    lines=(
        Line(
            key="total", title="合计",
            names=(
                "总计", "三公经费合计", "三公经费支出合计", "三公经费支出", "三公经费", "支出合计",
                "财政拨款三公经费支出",
            ),
        ),
        Line(
            key="abroad", title="因公出国（境）费",
            names=(
                "因公出国(境)费", "因公出国(境)费用", "因公出国(境)", "出国(境)费", "因公出国(境)支出",
                "因公出国(境)经费",
            ),
        ),
        Line(
            key="vehicle", title="公务用车购置及运行维护费",
            names=(
                "公务用车购置及运行费", "公务用车购置和运行维护费", "公务用车购置和运行费", "公务用车费",
                "公务用车购置及运行维护费小计",
                "公务用车购置及运行费小计", "公车购置及运行维护费", "公务用车购置及运行维护费支出",
                "公务用车购置及运行费支出",
            ),
        ),
        Line(
            key="vehicle_purchase", title="公务用车购置费",
            names=("公务用车购置", "购置费", "公车购置费", "其中:公务用车购置费", "公务用车购置费支出"),
        ),
        Line(
            key="vehicle_operation", title="公务用车运行维护费",
            names=(
                "公务用车运行费", "公务用车运行", "运行维护费", "公车运行维护费", "其中:公务用车运行维护费",
                "其中:公务用车运行费",
                "公务用车运行维护费支出", "公务用车运行费支出",
            ),
        ),
        Line(key="reception", title="公务接待费", names=("接待费", "公务接待", "公务接待费支出", "公务接待费用")),
        Line(
            key="reception_domestic", title="其中：国内接待费", memo=True,
            names=("国内接待费", "国内公务接待费", "其中:国内接待费", "国内公务接待支出"),
        ),
        Line(
            key="reception_foreign_affairs", title="其中：外事接待费", memo=True,
            names=("其中:外事接待费", "外事接待费", "外事接待支出", "其中:外事接待支出"),
        ),
        Line(
            key="reception_abroad", title="其中：国（境）外接待费", memo=True,
            names=("国(境)外接待费", "国(境)外公务接待费", "其中:国(境)外接待费", "国(境)外公务接待支出"),
        ),
        Line(
            key="agency_operation", title="机关运行经费", memo=True,
            names=("机关运行经费支出", "机关运行经费合计"),
        ),
        Line(key="agency_operation_administrative", title="行政单位机关运行经费", memo=True, names=("行政单位",)),
        Line(
            key="agency_operation_institution", title="参照公务员法管理事业单位机关运行经费", memo=True,
            names=("参照公务员法管理事业单位", "参照公务员法管理的事业单位"),
        ),
        Line(key="meeting", title="会议费", memo=True),
        Line(key="training", title="培训费", memo=True),
    ),
    beside=(
        "相关统计数", "团组数", "团组个数", "人次数", "购置数", "保有量", "批次", "人次", "辆", "人数", "台",
        "国有资产占用情况",
        "车辆数", "用车", "价值", "中小企业", "小微企业", "政府采购",
    ),
)  # fmt: skip
