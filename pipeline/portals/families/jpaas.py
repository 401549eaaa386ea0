"""jpaas: a page whose lists are filled by scripts that name a publishing service and what to ask of it.

`<script queryData="{'parseType':'bulidstatic','webId':'3516',…}" url="/api-gateway/jpaas-publish-server/front/page/build/unit">`
(single quotes inside): GET the address with these fields and `paramJson={"pageNo":2,"pageSize":"15"}`; the answer is JSON
`{success, data: {html}}`, with `<div class="pagination" rows=15 count=387>` in the html. Documents are
`/art/2025/art_<hex>.html`.
"""

from __future__ import annotations

import json
import re
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, link, parse, text_of
from pipeline.portals.pages import detail_of, distinct, is_file

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipeline.portals.html import Anchor

_SERVICE = "/jpaas-publish-server/"
_DOCUMENT = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.html$")
_PAIR = re.compile(r"'([^']*)'\s*:\s*'([^']*)'")
_ROWS = "15"
_MOST_PAGES = 1000


def listing(html: str, url: str) -> Listing:
    """The lists of a page, or the documents of one answer of the service and its other pages."""
    return _answer(html, url) if _SERVICE in urlsplit(url).path else _page(html, url)


def _page(html: str, url: str) -> Listing:
    """What the page itself lists, and the first answers that its scripts would ask for."""
    tree = parse(html)
    found = [a for a in anchors(tree, url) if a.name]
    asked = (_first(node, url) for node in tree.css("script"))
    return Listing(
        items=tuple(distinct(link(a) for a in found if _is_document(a) or is_file(a))),
        pages=tuple(dict.fromkeys(request for request in asked if request)),
        column=text_of(tree, "title"),
    )


def _first(node: LexborNode, url: str) -> Link | None:
    """The first request of a script that fills a list."""
    fields = dict(_PAIR.findall(node.attributes.get("querydata") or node.attributes.get("queryData") or ""))
    service = node.attributes.get("url") or ""
    return Link("", _request(urljoin(url, service), fields, 1, _ROWS)) if fields and _SERVICE in service else None


def _answer(text: str, url: str) -> Listing:
    try:
        html = json.loads(text)["data"]["html"]
    except (ValueError, KeyError, TypeError):
        return Listing((), issues=("发布接口的回答不是有效的 JSON",))
    tree = parse(html)
    found = (a for a in anchors(tree, url) if a.name and (_is_document(a) or is_file(a)))
    rows, count = _counted(tree)
    fields = dict(parse_qsl(urlsplit(url).query))
    page = json.loads(fields.pop("paramJson", "{}")).get("pageNo", 1)
    pages = ceil(count / rows) if page == 1 else 0
    service = url.partition("?")[0]
    return Listing(
        items=tuple(distinct(link(a) for a in found)),
        pages=tuple(
            Link("", _request(service, fields, number, str(rows))) for number in range(2, min(pages, _MOST_PAGES) + 1)
        ),
        count=count or None,
        issues=(f"列表声称有 {pages} 页，未采信",) if pages > _MOST_PAGES else (),
    )


def _counted(tree: LexborHTMLParser) -> tuple[int, int]:
    """Rows a page and rows in all, as the pager says; (15, 0) without one."""
    for node in tree.css("[count]"):
        rows, count = (node.attributes.get(name) or "" for name in ("rows", "count"))
        if rows.isdecimal() and count.isdecimal() and int(rows):
            return int(rows), int(count)
    return int(_ROWS), 0


def _request(service: str, fields: dict[str, str], number: int, rows: str) -> str:
    asked = json.dumps({"pageNo": number, "pageSize": rows}, separators=(",", ":"))
    return f"{service}?{urlencode({**fields, 'paramJson': asked})}"


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document)


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


FAMILY = Family("jpaas", "jpaas 发布平台", listing, detail)
