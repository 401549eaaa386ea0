"""The pages of the city's portal, as a static TRS WCM site lays them out: what stands at which address.

The list holds all reports and some items that are none; a page of it holds 15. A report's attachment has a
meaningless name; only its anchor tells what it is. Three detail pages are special on purpose: one list item links
its PDF directly, one page is in GBK, one address carries the epoch date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tests.city.plan import CORRECTED, reports

if TYPE_CHECKING:
    from tests.city.report import Report

FOLDER = "/czj/yjsgkpt/bmjs/"
"""The list's directory."""
CLOSED = f"{FOLDER}nb/"
"""A directory that robots.txt closes."""
PER_PAGE = 15
_REPORTS = Path(__file__).parent / "reports"
_SITE = "澄川市预决算公开平台（样例）"
_COLUMN = "部门决算"
_LINKED_DIRECTLY = "2024/theatre.pdf"
_IN_GBK = "2023/petition.pdf"
_WITHOUT_DATE = "2022/rescue.pdf"
_OTHERS = (
    ("2025-09-05", "关于做好2024年度部门决算公开工作的通知"),
    ("2025-03-14", "澄川市文化和旅游局2025年部门预算公开"),
    ("2025-03-12", "澄川市城市管理巡查支队2025年单位预算公开"),
    ("2024-10-18", "关于澄川市2023年财政总决算的报告"),
    ("2024-03-08", "澄川市公路养护管理处2024年单位预算公开"),
    ("2023-12-01", "澄川市青石桥维修工程竣工财务决算批复"),
    ("2023-07-03", "澄川市财政局召开预算绩效管理培训会"),
)
"""Items that are no final accounts of a unit."""
_NO_REPORT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at one address."""

    content: bytes
    content_type: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class _Item:
    title: str
    day: str
    number: int
    report: Report | None

    @property
    def page(self) -> str:
        day = "19700101" if self.report and self.report.file == _WITHOUT_DATE else self.day.replace("-", "")
        return f"{self.month}/t{day}_{self.number}.html"

    @property
    def month(self) -> str:
        return self.day[:7].replace("-", "")

    @property
    def attachment(self) -> str:
        return f"P0{self.day.replace('-', '')}{self.number * 7919 % 10**9:09}.pdf"

    @property
    def target(self) -> str:
        direct = self.report is not None and self.report.file == _LINKED_DIRECTLY
        return f"{self.month}/{self.attachment}" if direct else self.page


def _items() -> tuple[_Item, ...]:
    """Reports and other items, the newest first; the numbers grow with the date, as in a real system."""
    found: list[tuple[str, str, Report | None]] = [
        (report.published_on, report.list_title, report)
        for report in reports()
        if not report.file.startswith(CORRECTED)
    ]
    found += [(day, title, None) for day, title in _OTHERS]
    found.sort(key=lambda item: (item[0], item[1]))
    return tuple(_Item(title, day, 3_500_000 + 137 * n, report) for n, (day, title, report) in enumerate(found))[::-1]


def attachment_path(file: str) -> str:
    """Where the portal serves a report, e.g. file "2024/hotline.pdf"; a corrected version has the same address."""
    plain = file.removeprefix(CORRECTED)
    item = next(item for item in _items() if item.report and item.report.file == plain)
    return f"{FOLDER}{item.month}/{item.attachment}"


def detail_path(file: str) -> str:
    """The address of a report's detail page."""
    item = next(item for item in _items() if item.report and item.report.file == file.removeprefix(CORRECTED))
    return FOLDER + item.page


def site(*, corrected: bool = False) -> dict[str, Resource]:
    """Everything that the portal serves, by path. `corrected` puts the corrected versions in place."""
    items = _items()
    built = _moment(items[0].day)
    pages = {
        "/robots.txt": Resource(f"User-agent: *\nDisallow: {CLOSED}\n".encode(), "text/plain", built),
        "/": _html(f'<a href=".{FOLDER}">{_COLUMN}</a>', built),
        CLOSED: _html('<li><a href="./t20250901_1.html">内部2024年度单位决算</a></li>', built),
    }
    count = -(-len(items) // PER_PAGE)
    for number in range(count):
        name = f"index_{number}.html" if number else "index.html"
        page = _list_page(items[number * PER_PAGE : (number + 1) * PER_PAGE], count, number)
        pages[FOLDER + name] = _html(page, built, title=_COLUMN)
    pages[FOLDER] = pages[f"{FOLDER}index.html"]
    replaced = {
        report.file.removeprefix(CORRECTED): report for report in reports() if report.file.startswith(CORRECTED)
    }
    for item in items:
        encoding = "gbk" if item.report and item.report.file == _IN_GBK else "utf-8"
        head = _metas(item)
        pages[FOLDER + item.page] = _html(_detail_page(item), _moment(item.day), head=head, encoding=encoding)
        report, content = item.report, _NO_REPORT
        if report:
            report = replaced.get(report.file, report) if corrected else report
            content = (_REPORTS / report.file).read_bytes()
        day = report.published_on if report else item.day
        pages[f"{FOLDER}{item.month}/{item.attachment}"] = Resource(content, "application/pdf", _moment(day))
    return pages


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:30:00").replace(tzinfo=UTC)


def _html(body: str, modified: datetime, *, title: str = _SITE, head: str = "", encoding: str = "utf-8") -> Resource:
    head = head or f'<meta name="SiteName" content="{_SITE}"><meta name="ColumnName" content="{title}">'
    text = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{encoding}"><title>{title}</title>{head}</head>'
        f"<body>{body}<footer>{_SITE}，本机演示用；除柳州一家外，城市和单位均为虚构。</footer></body></html>"
    )
    return Resource(text.encode(encoding), "text/html", modified)


def _list_page(items: tuple[_Item, ...], count: int, number: int) -> str:
    rows = "".join(
        f'<li><a href="./{item.target}" title="{escape(item.title)}" target="_blank">{escape(_shortened(item.title))}'
        f"</a><span>{item.day}</span></li>\n"
        for item in items
    )
    return (
        f'<h1>{_COLUMN}</h1><a href="./nb/">内部资料</a><ul class="list">\n{rows}</ul><div class="pages"><script>\n'
        f'createPageHTML({count}, {number}, "index", "html");\n</script></div>'
    )


def _shortened(title: str) -> str:
    return title if len(title) <= 24 else title[:23] + "…"


def _metas(item: _Item) -> str:
    metas = {"SiteName": _SITE, "ColumnName": _COLUMN, "ArticleTitle": item.title, "PubDate": f"{item.day} 09:30"}
    return "".join(f'<meta name="{name}" content="{escape(content)}">' for name, content in metas.items())


def _detail_page(item: _Item) -> str:
    name = escape(item.title.removesuffix("公开"))
    return (
        f"<h1>{escape(item.title)}</h1><p>发布时间：{item.day}　来源：澄川市财政局</p>"
        f'<div class="view"><p>现将{name}予以公开，详见附件。</p>'
        f'<p>附件：<a href="./{item.attachment}" appendix="true" title="{name}.pdf">{name}.pdf</a></p></div>'
    )
