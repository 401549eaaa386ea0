"""The letter on one report, out of the published warehouse: what it says, in which order, in official Chinese.

Errors must be corrected and warnings explained. Informations contradict nothing, so a letter is never written for
them; where one is written anyway they stand in a short annex that asks for no answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.letters.evidence import Evidence
from warehouse.letters.model import Item, Letter
from warehouse.letters.select import relations, suspects
from warehouse.letters.text import KINDS, clean, column_titles, numeral, row_name
from warehouse.money import money, styles_of
from warehouse.query import rows
from warehouse.titles import is_prose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from warehouse.letters.evidence import PageSource
    from warehouse.letters.model import Office
    from warehouse.letters.select import Row
    from warehouse.money import Style, Styles

_BLANK = "　　　"
_TITLE_LINE = 20  # characters of 22 points in 156 mm
_KINDS_OF_ACCOUNTS = {"部门": "部门决算", "汇总": "汇总决算"}


def compose(
    con: duckdb.DuckDBPyConnection, findings: Sequence[Row], office: Office, today: date, source: PageSource
) -> Letter:
    """The letter on a report about these open findings of it; `today` is the date of the publication.

    One of them must be of severity E or W. `source` gives pictures of pages.
    """
    report_id = findings[0]["report_id"]
    (report,) = rows(con, _REPORT, {"report": report_id})
    dated = office.dated or today
    evidence = Evidence(con, report_id, report["document"], source)
    styles = styles_of(con, [report_id])[report_id]
    wrong, doubtful = (
        tuple(_item(con, evidence, styles, finding) for finding in findings if finding["severity"] == severity)
        for severity in ("E", "W")
    )
    hints = tuple(clean(finding["sentence"]) for finding in findings if finding["severity"] == "I")
    unit = clean(report["unit"])
    accounts = _accounts(report)
    we = _we(office.name)
    enclosures = ("需核实数据明细及原文截图", *(("供参考的提示事项",) if hints else ()))
    return Letter(
        report_id=report_id,
        title=_title(unit, accounts),
        number=office.number.replace("{year}", str(dated.year)).replace("{number}", _BLANK),
        to=unit,
        opening=_opening(report, accounts, we, len(wrong) + len(doubtful)),
        wrong=wrong,
        doubtful=doubtful,
        requests=_requests(wrong, doubtful, f"附件{1 if hints else ''}", we, dated + timedelta(days=office.days)),
        hints=hints,
        enclosures=enclosures,
        closing="特此函达。",
        office=office.name,
        dated=dated,
        contact=f"（联系人及电话：{office.contact}）" if office.contact else "",
    )


def _title(unit: str, accounts: str) -> tuple[str, ...]:
    lines = f"关于核实{unit}", f"{accounts}公开数据的函"
    return lines if sum(map(len, lines)) > _TITLE_LINE else ("".join(lines),)


def _accounts(report: Row) -> str:
    """Which accounts, after the name of the unit: （本级）2024年度部门决算."""
    own = "（本级）" if report["scope"] == "本级" else ""
    return f"{own}{report['fiscal_year']}年度{_KINDS_OF_ACCOUNTS.get(report['scope'], '决算')}"


def _we(office: str) -> str:
    """How the office speaks of itself: 我局, 我厅; 我方 where its name tells no kind."""
    return f"我{office[-1]}" if office and office[-1] in "局厅部委办处室" else "我方"


def _opening(report: Row, accounts: str, we: str, count: int) -> tuple[str, ...]:
    published = f"{day(report['published_on'])}公开的" if report["is_dated"] else "公开的"
    where = f"（{clean(report['page_url'] or report['url'])}）" if report["url"].startswith("http") else ""
    checked = f"共核对数据勾稽关系{report['checked']}项，其中{report['held']}项相符" + (
        f"；另有{report['skipped']}项因缺少有关表格、栏次或数字无法辨认等未予核对" if report["skipped"] else ""
    )
    return (
        (
            f"按照《中华人民共和国预算法》关于决算公开的有关规定，{we}对各单位公开的决算数据进行了核对。"
            f"你单位{published}{accounts}文件“{clean(report['name'])}”{where}，{checked}。"
        ),
        f"经核对，发现以下{count}处数据前后不符或者存疑，现函请你单位核实。",
    )


def _requests(wrong: Sequence[Item], doubtful: Sequence[Item], details: str, we: str, until: date) -> tuple[str, ...]:
    asked = [f"请对照决算报表、会计账簿逐项核实上述数据，各项所在的位置、相关数据和原文截图见{details}。"]
    if wrong:
        asked.append(
            "公开数据确有差错的，请更正后在原公开渠道重新公开，并对更正事项作出说明；"
            "决算报表或者账簿数据有差错的，请一并按规定程序处理。"
        )
    if doubtful:
        asked.append("对存疑的数据，请说明情况；确需更正的，按前述要求办理。" if wrong else
                     "数据无误的，请说明情况；确有差错的，请更正后在原公开渠道重新公开，并作出说明。")  # fmt: skip
    if wrong:
        asked.append("认为公开数据无误的，请逐项说明理由，并附有关依据。")
    asked.append(f"请于{day(until)}前将核实和更正情况书面反馈{we}。")
    return tuple(asked)


def _item(con: duckdb.DuckDBPyConnection, evidence: Evidence, styles: Styles, finding: Row) -> Item:
    cells = suspects(con, finding)
    shown, note = evidence.of(cells)
    found = tuple(dict.fromkeys(map(clean, relations(con, finding))))
    values = _values(con, styles.of(finding["form"], finding["measure"]), finding, cells)
    return Item(finding["finding_id"], clean(finding["sentence"]), values, found, shown, note)


def _values(
    con: duckdb.DuckDBPyConnection, style: Style, finding: Row, cells: Sequence[Row]
) -> tuple[tuple[str, str], ...]:
    """The particulars of a finding by name; what it has not is left out."""
    form = con.execute("SELECT title FROM ref.form WHERE form = $1", [finding["form"]]).fetchall()
    label = next((cell["label"] for cell in cells if cell["line"] == finding["line"]), "")
    kind = finding.get("kind") or ""
    told = is_prose(finding["form"] or "")
    named = (
        ("文字部分" if told else "报表", clean(form[0][0]) if form else ""),
        ("页码", f"第{finding['page']}页" if finding["page"] else ""),
        ("事项" if told else "行", row_name(finding["line"] or "", label)),
        ("数" if told else "栏", clean(column_titles(con, finding["form"]).get(finding["measure"], ""))),
        ("文中所列" if told else "表列数", money(finding["stated"], style)),
        # a cause restores all relations; a relation alone does not say which of its sides is wrong
        ("推算应为" if kind else "比较数", money(finding["expected"], style)),
        ("相差", money(None if finding["difference"] is None else abs(finding["difference"]), style)),
        ("疑似情形", KINDS.get(kind, "")),
    )
    return tuple((name, value) for name, value in named if value)


def day(date_: date) -> str:
    """A date as 2026年1月5日."""
    return f"{date_.year}年{date_.month}月{date_.day}日"


def ordinal(number: int) -> str:
    """The number of a section's item: （一）."""
    return f"（{numeral(number)}）"


_REPORT = """
    SELECT r.report_id, r.unit, r.fiscal_year, r.scope, r.document, d.name,
        coalesce(p.url, '') AS url, coalesce(p.page_url, '') AS page_url, p.published_on,
        p.published_on IS NOT NULL AND p.site <> 'folder' AS is_dated,
        count(*) FILTER (i.outcome IN ('exact', 'rounding', 'fail')) AS checked,
        count(*) FILTER (i.outcome IN ('exact', 'rounding')) AS held,
        count(*) FILTER (i.outcome = 'not_evaluated') AS skipped
    FROM core.report r
    LEFT JOIN raw.document d USING (document)
    LEFT JOIN (
        SELECT document, arg_min(url, (fetched_at, url)) AS url, arg_min(page_url, (fetched_at, url)) AS page_url,
            min(published_on) AS published_on, arg_min(site, (fetched_at, url)) AS site
        FROM raw.publication GROUP BY document
    ) p USING (document)
    LEFT JOIN quality.identity_result i USING (report_id)
    WHERE r.report_id = $report
    GROUP BY ALL
"""
