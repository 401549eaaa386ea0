"""gkmlpt (广东省政府信息公开目录平台): the list is JSON, `…/gkmlpt/api/all/<column>?page=1&sid=<site>`.

The start page of a site is `…/gkmlpt/index` (behind the department's own path, if it has one). It holds
`window._CONFIG`, an object of JavaScript, no JSON, with the site (SID) and the tree of the government's columns (TREE,
which is JSON), of which those about money are entered. An answer holds a hundred articles with title, date, address,
publisher and often their attachments. Page 0 is page 1, and pages behind the last that is kept are missing although
the column claims more, so every page leads to its next one only. A document holds its text and attachments as JSON,
too (`DETAIL` of its own `_CONFIG`).
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pipeline.portals.answers import read_json, stated_date
from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import full, is_file_url
from pipeline.portals.pages import detail_of, distinct
from pipeline.portals.titles import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.portals.html import Anchor

_API = re.compile(r"/gkmlpt/api/all/(\d+)$")
_SID = re.compile(r"\bSID\b[\"']?\s*:\s*[\"']?(\w+)")
_DOCUMENT = re.compile(r"/post_\d+\.html$|/gkmlpt/content/.+\.html$")
_AN_ANSWER = 100  # articles
_MONEY = ("决算", "财政")
_DATES = ("date", "display_publish_time", "first_publish_time", "create_time", "created_at")


def listing(html: str, url: str) -> Listing:
    """The columns of the index, or the articles of one answer and the list's next page."""
    return _answer(html, url) if _API.search(urlsplit(url).path) else _index(html, url)


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments, as its JSON says or else as the page shows."""
    try:
        said = _json_after("DETAIL", html)
    except ValueError:
        return detail_of(html, url, _is_document)
    return _said(said, url) if isinstance(said, dict) else detail_of(html, url, _is_document)


def _index(html: str, url: str) -> Listing:
    """The columns by their names in the tree."""
    site = _SID.search(html)
    try:
        tree = _json_after("TREE", html)
    except ValueError:
        tree = None
    if site is None or not isinstance(tree, list):
        return Listing((), issues=("首页没有可读的栏目目录（window._CONFIG）",))
    service = urljoin(url, f"{urlsplit(url).path.partition('/gkmlpt/')[0]}/gkmlpt/api/all/")
    return Listing((), columns=tuple(Link(name, _page(f"{service}{key}", 1, site[1])) for name, key in _columns(tree)))


def _columns(tree: Any, *, inside: bool = False) -> Iterator[tuple[str, str]]:
    """Names and numbers of the columns that are about money, or stand below such a one; those of budgets are left."""
    for node in tree if isinstance(tree, list) else []:
        if not isinstance(node, dict) or node.get("jump_url"):
            continue
        name, key = str(node.get("name") or ""), node.get("id")
        if judge(name) is Verdict.BUDGET:
            continue
        wanted = inside or any(word in name for word in _MONEY)
        if wanted and name and key is not None:
            yield name, str(key)
        yield from _columns(node.get("children"), inside=wanted)


def _answer(text: str, url: str) -> Listing:
    try:
        found = read_json(text)
        articles = [article for article in found["articles"] if isinstance(article, dict)]
        column = found.get("classify") or {}
        count = int(column.get("post_count") or found.get("total") or 0)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return Listing((), issues=("目录接口的回答不是所约定的 JSON",))
    asked = dict(parse_qsl(urlsplit(url).query))
    number = max(1, int(asked.get("page", "1")))
    more = bool(articles) and number * _AN_ANSWER < count
    return Listing(
        items=tuple(distinct(link for article in articles for link in _links(article, url))),
        pages=(Link("", _page(url.partition("?")[0], number + 1, asked.get("sid", ""))),) if more else (),
        column=str(column.get("name") or ""),
        count=count if all(_address(article) for article in articles) else None,
    )


def _links(article: dict[str, Any], url: str) -> Iterator[Link]:
    """An article's page; where it has none, its attachments."""
    title, published_on = str(article.get("title") or ""), stated_date(*map(article.get, _DATES))
    if address := full(url, _address(article)):
        yield Link(title, address, published_on)
        return
    unit = str(article.get("publisher") or "")
    for name, target in _attached(article, url):
        yield Link(name if "算" in name else f"{title} {name}", target, published_on, unit=unit)


def _said(said: dict[str, Any], url: str) -> Detail:
    """A document as its own JSON has it; the links in its text are attachments, too."""
    title = escape(str(said.get("title") or ""))
    head = f"<h1>{title}</h1><div class='article-content'>{said.get('content') or ''}</div>"
    shown = detail_of(head, url, _is_document)
    attached = (Link(name, target) for name, target in _attached(said, url))
    return Detail(
        title=str(said.get("title") or ""),
        published_on=stated_date(*map(said.get, _DATES)) or shown.published_on,
        unit=str(said.get("publisher") or "") or shown.unit,
        attachments=tuple(distinct((*attached, *shown.attachments))),
        pages=shown.pages,
        article=shown.article,
    )


def _attached(article: dict[str, Any], url: str) -> Iterator[tuple[str, str]]:
    """Names and addresses of what is attached, told as a list or as the text of one."""
    attached = article.get("attachment") or []
    try:
        files = read_json(attached) if isinstance(attached, str) else attached
    except ValueError:
        return
    for file in files if isinstance(files, list) else []:
        if isinstance(file, dict) and (address := full(url, str(file.get("url") or ""))):
            yield str(file.get("name") or article.get("title") or ""), address


def _address(article: dict[str, Any]) -> str:
    return str(article.get("url") or article.get("post_url") or "").strip()


def _page(service: str, number: int, site: str) -> str:
    return f"{service}?{urlencode({'page': number, 'sid': site} if site else {'page': number})}"


def _json_after(name: str, html: str) -> Any:
    """The JSON value of a field of the page's `_CONFIG`; raises ValueError if there is none."""
    found = re.search(rf"\b{name}\b[\"']?\s*:\s*(?=[\[{{])", html.partition("_CONFIG")[2])
    if not found:
        raise ValueError(name)
    return read_json(found.string, found.end())


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path)) and not is_file_url(anchor.url)


FAMILY = Family("gkmlpt", "广东政府信息公开目录平台", listing, detail)
