"""The units themselves, what they were called, and the nights in which their reports were collected."""

from __future__ import annotations

from warehouse.marts.view import Column, View

_KIND = (
    "CASE u.kind WHEN 'administrative' THEN '行政单位' WHEN 'institution' THEN '事业单位' "
    "WHEN 'civil_service_institution' THEN '参照公务员法管理的事业单位' ELSE '' END"
)


def unit_views() -> tuple[View, ...]:
    """The views of units and of nights."""
    return (_units(), _names(), _nights())


def _units() -> View:
    return View(
        "单位",
        "收集到决算的单位，每个单位一行：名称、主管部门、地区、性质、有决算的年度",
        (
            Column("单位", "u.unit", "单位名称，取最近年度报告所载"),
            Column("部门", "u.department", "主管部门名称：主管部门决算所列，或单位自己所写；不明的为空"),
            Column("地区", "u.region", "地区，不明的为空"),
            Column(
                "性质",
                _KIND.format(kind="u.kind"),
                "行政单位、事业单位、参照公务员法管理的事业单位；概况没有写明的为空",
            ),
            Column("单位编码", "u.unit_code", "印出的单位编码，没有的为空"),
            Column("最早年度", "u.first_year", "有决算的最早年度"),
            Column("最近年度", "u.last_year", "有决算的最近年度"),
            Column(
                "现名",
                "(SELECT n.unit FROM core.unit n WHERE n.unit_id = u.series)",
                "改名后的名称；没有改名的与单位相同。依据：同一地区的另一单位次年起用了同一单位编码",
            ),
            Column("unit_id", "u.unit_id", "单位编号"),
        ),
        "FROM core.unit u",
    )


def _names() -> View:
    return View(
        "单位名称",
        "单位先后用过的名称，含改名以前的：每一段年度一行",
        (
            Column("现名", "u.unit", "最近的名称"),
            Column("名称", "n.name", "这些年度报告所载的名称"),
            Column("起始年度", "n.first_year", "这样称呼的最早年度"),
            Column("截止年度", "n.last_year", "这样称呼的最近年度"),
            Column("序号", "n.name_no", "第几个名称，从 1 起"),
            Column("unit_id", "n.unit_id", "这样称呼时的单位编号"),
        ),
        "FROM core.unit_name n JOIN core.unit u ON u.unit_id = n.series",
    )


def _nights() -> View:
    return View(
        "收集情况",
        "每一天收集到什么：网站、网页、文件、新报告、更正的版本",
        (
            Column("日期", "n.night", "北京时间"),
            Column("网站数", "n.sites", "收集的网站数；从文件夹收入的不计"),
            Column("收集完的网站数", "n.sites_done", "其中收集完的网站数"),
            Column("网页数", "n.pages", "读过的网页数"),
            Column("故障数", "n.faults", "没有取得的网页和文件数"),
            Column("公开记录数", "n.publications", "新得到的公开记录数"),
            Column("文件数", "n.documents", "其中不同的文件数"),
            Column("新报告数", "n.new_reports", "首次收集到的报告数"),
            Column("新版本数", "n.new_versions", "已有报告新公开的版本数"),
        ),
        "FROM core.night n",
    )
