"""大汉 jcms: `/col/col282/index.html` with its first items as records inside a script, the others asked for.

The items are `<record><![CDATA[<li><a href="/art/2025/9/10/art_282_456.html">…]]></record>`. More of them are the answer
to a form sent to `/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15`, whose fields (col, appid, webid,
path, columnid, sourceContentType, unitid, webname, permissiontype) stand in the page's script. Some servers ignore
startrecord, cut long answers or send an empty one: the list's own count shows it. Attachments are
`/module/download/downfile.jsp?…filename=….pdf` or lie under `/attach/`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlencode, urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, is_file_url, link, parse, text_of
from pipeline.portals.pages import detail_of, distinct

if TYPE_CHECKING:
    from pipeline.portals.html import Anchor

_PROXY = "/module/web/jpage/dataproxy.jsp"
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_TOTAL = re.compile(r"\btotalrecord\b[\"']?\s*[:=>]\s*[\"']?(\d{1,6})", re.IGNORECASE)
_PER_PAGE = re.compile(r"\bper_?page\b[\"']?\s*[:=]\s*[\"']?(\d{1,3})", re.IGNORECASE)
_FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_FIELD = re.compile(rf"\b({'|'.join(_FIELDS)})\b[\"']?\s*[:=]\s*[\"']?([^\"'&,;}}\s<>\]]*)")
_DOCUMENT = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+\.html$|/art/\d{4}/art_\w+\.html$")
_DOWNLOAD = re.compile(r"/downfile\.jsp$|/attach/")
_PAGES_AT_ONCE = 3
_MOST_PAGES = 1000


def listing(html: str, url: str) -> Listing:
    """The documents listed on a page, or in one answer of the data proxy, and the requests for the others."""
    records = _RECORD.findall(html)
    tree = parse("\n".join(records) if records else html)
    items = distinct(link(a) for a in anchors(tree, url) if a.name and (_is_document(a) or _is_file(a)))
    total = max((int(number) for number in _TOTAL.findall(html)), default=0)
    if _PROXY in urlsplit(url).path:
        return Listing(tuple(items), count=total or None)
    page = parse(html)
    pages, issues = _pages(html, url, total)
    return Listing(
        items=tuple(items),
        pages=tuple(pages),
        columns=tuple(distinct(Link(a.name, a.url) for a in anchors(page, url) if a.name and _is_column(a, url))),
        column=text_of(page, "title"),
        count=total or None,
        issues=issues,
    )


def _pages(html: str, url: str, total: int) -> tuple[list[Link], tuple[str, ...]]:
    """The forms to be sent for all items after the first page."""
    per_page = next((int(number) for number in _PER_PAGE.findall(html) if int(number)), 15)
    if total <= per_page:
        return [], ()
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(html):
        fields.setdefault(name, unquote(value))
    if not {"columnid", "unitid"} <= fields.keys():
        return [], (f"列表有 {total} 条，但没有找到翻页所需的参数",)
    if total > _MOST_PAGES * per_page:
        return [], (f"列表声称有 {total} 条，未采信",)
    step = _PAGES_AT_ONCE * per_page
    posted = urlencode({name: fields[name] for name in _FIELDS if name in fields})
    return [
        Link("", urljoin(url, f"{_PROXY}?startrecord={first}&endrecord={min(first + step - 1, total)}&perpage={per_page}"),
             posted=posted)
        for first in range(1, total + 1, step)
    ], ()  # fmt: skip


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document, _is_file)


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_file(anchor: Anchor) -> bool:
    """Downloads name their file in the query; other downloads are programs and forms of the portal."""
    parts = urlsplit(anchor.url)
    named = "".join(parse_qs(parts.query).get("filename", [""]))
    return is_file_url(anchor.url) or (bool(_DOWNLOAD.search(parts.path)) and (is_file_url(named) or not named))


def _is_column(anchor: Anchor, url: str) -> bool:
    """Another column of this host: 决算 of a year, or of a unit; which of them are wanted their names say."""
    here, there = urlsplit(url), urlsplit(anchor.url)
    return there.netloc == here.netloc and bool(re.search(r"/col/col\d+/", there.path)) and "决算" in anchor.name


FAMILY = Family("jcms", "大汉 jcms", listing, detail)
