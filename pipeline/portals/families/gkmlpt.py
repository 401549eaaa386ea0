"""gkmlpt (广东省政府信息公开目录平台): the list is JSON, `/gkmlpt/api/all/<column>?page=1&sid=<site>`.

The start page of a site is `/gkmlpt/index` or the API itself: the index holds `window._CONFIG` with the site (SID) and
the tree of all columns of the government (TREE), of which those about money are entered. An answer holds a hundred articles with title, date, address, publisher and often
their attachments; page 0 is page 1, and pages behind the last may be missing.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import first_date
from pipeline.portals.pages import detail_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.portals.html import Anchor

_API = "/gkmlpt/api/all/"
_CONFIG = re.compile(r"window\._CONFIG\s*=\s*(?=\{)")
_DOCUMENT = re.compile(r"/content/(?:\d+/)*post_\d+\.html$|/gkmlpt/content/.+\.html$")
_AN_ANSWER = 100  # articles
_MOST_PAGES = 1000
_MONEY = ("决算", "预算", "财政")
_BEIJING = 8 * 3600  # seconds ahead of UTC


def listing(html: str, url: str) -> Listing:
    """The columns of the index, or the articles of one answer and the list's other pages."""
    return _answer(html, url) if _API in urlsplit(url).path else _index(html, url)


def _index(html: str, url: str) -> Listing:
    """The columns by their names in the tree; a tree that says no names gives none."""
    found = _CONFIG.search(html)
    if not found:
        return Listing((), issues=("首页没有栏目目录（window._CONFIG）",))
    try:
        config, _ = json.JSONDecoder().raw_decode(html, found.end())
    except ValueError:
        return Listing((), issues=("栏目目录（window._CONFIG）不是有效的 JSON",))
    site = str(config.get("SID") or "")
    return Listing(
        (), columns=tuple(Link(name, _page(url, key, 1, site)) for name, key in _columns(config.get("TREE")))
    )


def _columns(tree: Any, *, inside: bool = False) -> Iterator[tuple[str, str]]:
    """Names and numbers of the columns that are about money, or stand below such a one."""
    for node in tree if isinstance(tree, list) else [tree]:
        if not isinstance(node, dict):
            continue
        name, key = str(node.get("name") or node.get("title") or ""), node.get("id")
        wanted = inside or any(word in name for word in _MONEY)
        if wanted and name and key is not None:
            yield name, str(key)
        yield from _columns(node.get("children") or node.get("child") or [], inside=wanted)


def _answer(text: str, url: str) -> Listing:
    try:
        found = json.loads(text)
        articles = found["articles"]
    except (ValueError, KeyError, TypeError):
        return Listing((), issues=("目录接口的回答不是有效的 JSON",))
    column = found.get("classify") or {}
    count = int(column.get("post_count") or len(articles))
    pages = ceil(count / _AN_ANSWER)
    site, key = parse_qs(urlsplit(url).query).get("sid", [""])[0], urlsplit(url).path.rpartition("/")[2]
    return Listing(
        items=tuple(link for article in articles for link in _links(article, url)),
        pages=tuple(Link("", _page(url, key, number, site)) for number in range(2, min(pages, _MOST_PAGES) + 1)),
        column=str(column.get("name") or ""),
        count=count if all(article.get("url") for article in articles) else None,
        issues=(f"列表声称有 {pages} 页，未采信",) if pages > _MOST_PAGES else (),
    )


def _links(article: dict[str, Any], url: str) -> Iterator[Link]:
    """An article's page; where it has none, its attachments."""
    title, published_on = str(article.get("title") or ""), _date(article.get("date") or article.get("created_at"))
    if article.get("url"):
        yield Link(title, urljoin(url, str(article["url"])), published_on)
        return
    for attached in article.get("attachment") or []:
        if attached.get("url"):
            name = str(attached.get("name") or title)
            yield Link(name if "算" in name else f"{title} {name}", urljoin(url, str(attached["url"])), published_on)


def _page(url: str, column: str, number: int, site: str) -> str:
    query = {"page": number, "sid": site} if site else {"page": number}
    return urljoin(url, f"{_API}{column}?{urlencode(query)}")


def _date(value: Any) -> date | None:
    if isinstance(value, int | float) or str(value or "").isdecimal():
        return datetime.fromtimestamp(float(value) + _BEIJING, UTC).date()
    return first_date(str(value or ""))


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document)


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


FAMILY = Family("gkmlpt", "广东政府信息公开目录平台", listing, detail)
