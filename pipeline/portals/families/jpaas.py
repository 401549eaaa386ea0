"""jpaas: a page whose lists are filled by scripts that name a publishing service and what to ask of it.

`<script queryData="{'parseType':'bulidstatic','webId':'3516',…}"
url="/api-gateway/jpaas-publish-server/front/page/build/unit">`
(single quotes inside): GET the address with these fields; for further pages also with
`paramJson={"pageNo":2,"pageSize":"15"}`. The answer is JSON `{success, data: {html}}`, in whose html a
`<div class="pagination" rows=15 count=387>` counts the list. Documents are `/art/2025/art_<hex>.html`, on newer sites
`/col/col<number>/art/2025/art_<hex>.html`.
"""

from __future__ import annotations

import json
import re
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pipeline.portals.answers import read_json
from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, full, meta, parse, text_of
from pipeline.portals.pages import believed, detail_of, distinct, is_file, listed, names_a_column, same_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipeline.portals.html import Anchor

_SERVICE = "/jpaas-publish-server/"
_DOCUMENT = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.html$")
_COLUMN = re.compile(r"/col/col\d+/(?:index\.html)?$")
_PAIR = re.compile(r"'([^']*)'\s*:\s*'([^']*)'")


def listing(html: str, url: str) -> Listing:
    """The lists of a page, or the documents of one answer of the service and its other pages."""
    return _answer(html, url) if _SERVICE in urlsplit(url).path else _page(html, url)


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document)


def _page(html: str, url: str) -> Listing:
    """What the page itself lists, and as columns the lists that its scripts would ask for and those it links to."""
    tree = parse(html)
    column = meta(tree, "ColumnName") or text_of(tree, "title")
    asked = [link for node in tree.css("script") for link in _first(node, url, column)]
    linked = (Link(a.name, a.url) for a in anchors(tree, url) if _is_column(a, url))
    return Listing(
        items=listed(tree, url, _is_document, is_file, lists=_is_list),
        columns=tuple(distinct((*asked, *linked))),
        column=column,
    )


def _first(node: LexborNode, url: str, column: str) -> Iterator[Link]:
    """The first request of a script that fills a list. The page's name travels in the fragment, which is never sent."""
    fields = _fields(node)
    service = full(url, node.attributes.get("url") or "")
    if fields and _SERVICE in service:
        yield Link("", f"{service.partition('?')[0]}?{urlencode(fields)}#{quote(column)}")


def _fields(node: LexborNode) -> dict[str, str]:
    """The pairs of an element's queryData: attributes have lower-case names in a tree."""
    return dict(_PAIR.findall(node.attributes.get("querydata") or ""))


def _answer(text: str, url: str) -> Listing:
    """The documents of an answer; the first one, asked for without a page number, names all others."""
    try:
        html = str(read_json(text)["data"]["html"])
    except (ValueError, KeyError, TypeError):
        return Listing((), issues=("发布接口的回答不是有效的 JSON",))
    tree = parse(html)
    parts = urlsplit(url)
    fields = dict(parse_qsl(parts.query, keep_blank_values=True))
    rows, count = _counted(tree)
    pages, issues = believed(ceil(count / rows) if rows and "paramJson" not in fields else 1)
    return Listing(
        items=listed(tree, url, _is_document, is_file, lists=_is_list),
        pages=tuple(Link("", _request(url, fields, number, rows)) for number in range(2, pages + 1)),
        column=unquote(parts.fragment),
        count=count or None,
        issues=issues,
    )


def _counted(tree: LexborHTMLParser) -> tuple[int, int]:
    """Items a page and items in all, as the pager says in attributes or in its queryData; 0 if there is none."""
    for node in tree.css("[count], [querydata]"):
        said = {**node.attributes, **_fields(node)}
        rows, count = said.get("rows") or "", said.get("count") or ""
        if rows.isdecimal() and count.isdecimal():
            return int(rows), int(count)
    return 0, 0


def _request(url: str, fields: dict[str, str], number: int, rows: int) -> str:
    asked = json.dumps({"pageNo": number, "pageSize": str(rows)}, separators=(",", ":"))
    return urlsplit(url)._replace(query=urlencode({**fields, "paramJson": asked})).geturl()


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_list(anchor: Anchor) -> bool:
    return bool(_COLUMN.search(urlsplit(anchor.url).path))


def _is_column(anchor: Anchor, url: str) -> bool:
    return _is_list(anchor) and same_host(anchor.url, url) and names_a_column(anchor)


FAMILY = Family("jpaas", "jpaas 发布平台", listing, detail)
