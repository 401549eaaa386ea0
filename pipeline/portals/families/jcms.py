"""大汉 jcms: `/col/col282/index.html` with its first items as records inside a script, the others asked for.

The items are `<record><![CDATA[<li><a href="/art/2025/9/10/art_282_456.html">…]]></record>`. Older pages name where
their next group is (`<nextgroup>` with an address of the data proxy). Others send a form to
`/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15`, whose fields (col, appid, webid, path,
columnid, sourceContentType, unitid, webname, permissiontype) stand in the page's script. Some servers ignore
startrecord, cut long answers or send an empty one. So as much as possible is asked for at once, what an answer lacks is
asked for again in smaller pieces, and what is still missing shows by the list's own count. Attachments are
`/module/download/downfile.jsp?…filename=….pdf` or lie under `/attach/`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, full, is_file_url, meta, parse, text_of
from pipeline.portals.pages import believed, detail_of, distinct, listed, names_a_column, same_host

if TYPE_CHECKING:
    from pipeline.portals.html import Anchor

_PROXY = re.compile(r"/module/(?:web/)?jpage/dataproxy\.jsp")
_CALL = re.compile(r"\.jpage\s*\(")
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[[^\]]*?href=[\"']([^\"']*dataproxy[^\"']+)[\"']", re.DOTALL)
_TOTAL = re.compile(r"\btotalrecord\b[\"']?\s*[:=>]\s*[\"']?(\d{1,6})", re.IGNORECASE)
_FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_FIELD = re.compile(rf"\b({'|'.join(_FIELDS)})\b[\"']?\s*[:=]\s*[\"']?([^\"'&,;}}\s<>\]]*)")
_DOCUMENT = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.html$")
_COLUMN = re.compile(r"/col/col\d+/(?:index\.html)?$")
_DOWNLOAD = re.compile(r"/downfile\.jsp$|/attach/")
_AT_ONCE = 300
"""Records: servers that cut answers cut longer ones."""
_IN_PIECES = 45
"""Records: what the portal's own script asks for, three pages of fifteen."""


def listing(html: str, url: str) -> Listing:
    """The documents listed on a page, or in one answer of the data proxy, and the requests for the others."""
    return _answer(html, url) if _PROXY.search(urlsplit(url).path) else _page(html, url)


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document, _is_file)


def _page(html: str, url: str) -> Listing:
    """A page's own items and the records in its scripts; a page may hold several lists, one call of `jpage` each."""
    tree = parse(html)
    outside = listed(tree, url, _is_document, _is_file, lists=_is_list)
    first = _records(html, url)
    totals = [max(map(int, _TOTAL.findall(call)), default=0) for call in _calls(html)]
    asked: list[Link] = []
    issues: tuple[str, ...] = ()
    if sum(totals) > len(first):
        asked, issues = _next(html, url), ()
    if sum(totals) > len(first) and not asked:
        found = [_forms(call, html, url, total) for call, total in zip(_calls(html), totals, strict=True) if total]
        asked = [link for links, _ in found for link in links]
        issues = tuple(issue for _, told in found for issue in told)
    columns = (Link(a.name, a.url) for a in anchors(tree, url) if _is_column(a, url))
    return Listing(
        items=tuple(distinct((*first, *outside))),
        pages=tuple(asked),
        columns=tuple(distinct(columns)),
        column=meta(tree, "ColumnName") or text_of(tree, "title"),
        count=sum(totals) or None,
        issues=issues,
    )


def _answer(text: str, url: str) -> Listing:
    """The records of an answer, and requests for those of them that it lacks."""
    records = _records(text, url)
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    pages = _next(text, url)
    if not pages and all(asked.get(name, "").isdecimal() for name in ("startrecord", "endrecord")):
        pages = _lacking(asked, url, len(records))
    totals = [int(total) for total in _TOTAL.findall(text)]
    empty = not records and not pages
    return Listing(
        items=records,
        pages=tuple(pages),
        count=max(totals, default=0) or None,
        issues=("翻页接口的回答没有任何条目",) if empty else (),
    )


def _lacking(asked: dict[str, str], url: str, given: int) -> list[Link]:
    """Requests for the records that an answer should have held: those behind an answer cut short, or all in pieces."""
    first, last = int(asked["startrecord"]), int(asked["endrecord"])
    missing = first + given
    if missing > last or (not given and last - first < _IN_PIECES):
        return []
    form = {name: value for name, value in asked.items() if name in _FIELDS}
    return _groups(url, form, missing, last, given or _IN_PIECES)


def _groups(url: str, form: dict[str, str], first: int, last: int, step: int) -> list[Link]:
    service, posted = url.partition("?")[0], urlencode(form)
    return [
        Link("", f"{service}?startrecord={n}&endrecord={min(n + step - 1, last)}&perpage={step}", posted=posted)
        for n in range(first, last + 1, step)
    ]


def _forms(call: str, html: str, url: str, total: int) -> tuple[list[Link], tuple[str, ...]]:
    """The forms to be sent for all items of one list, and what is wrong with it."""
    form: dict[str, str] = {}
    for name, value in (*_FIELD.findall(call), *_FIELD.findall(html)):
        form.setdefault(name, unquote(value))
    pages, issues = believed(-(-total // _IN_PIECES))
    if issues:
        return [], issues
    if not {"columnid", "unitid"} <= form.keys() or not pages:
        return [], (f"列表有 {total} 条，但没有找到翻页所需的参数",)
    proxy = _PROXY.search(call) or _PROXY.search(html)
    service = urljoin(url, proxy[0] if proxy else "/module/web/jpage/dataproxy.jsp")
    return _groups(service, {name: form[name] for name in _FIELDS if name in form}, 1, total, _AT_ONCE), ()


def _calls(html: str) -> list[str]:
    """The text of each list's script, from its call of `jpage` to the next; the whole page if there is none."""
    return _CALL.split(html)[1:] or [html]


def _records(text: str, url: str) -> tuple[Link, ...]:
    """Every link of the records is an item, wherever it leads."""
    found = "\n".join(_RECORD.findall(text))
    return listed(parse(found), url, lambda _: True, lists=_is_list) if found else ()


def _next(text: str, url: str) -> list[Link]:
    found = (full(url, address.replace("&amp;", "&")) for address in _NEXT.findall(text))
    return [Link("", address) for address in found if address]


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_file(anchor: Anchor) -> bool:
    """Downloads name their file in the query; other downloads are programs and forms of the portal."""
    parts = urlsplit(anchor.url)
    named = dict(parse_qsl(parts.query)).get("filename", "")
    return is_file_url(anchor.url) or (bool(_DOWNLOAD.search(parts.path)) and (is_file_url(named) or not named))


def _is_list(anchor: Anchor) -> bool:
    return bool(_COLUMN.search(urlsplit(anchor.url).path))


def _is_column(anchor: Anchor, url: str) -> bool:
    return _is_list(anchor) and same_host(anchor.url, url) and names_a_column(anchor)


FAMILY = Family("jcms", "大汉 jcms", listing, detail)
