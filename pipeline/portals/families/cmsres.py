"""上海 cmsres: static lists of nested `ul`, attachments under `/cmsres/ea/<hex>/<hex>.pdf`.

The number of pages stands in `$(".pagination").pagination({totalPage: N})`; page 2 is `index_2.html`. Documents are
`/<column>/20250910/<hex>.html`. Columns of a year may lie anywhere on the host, so that their names must tell.
Commented-out duplicates are no elements of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, is_file_url, meta, parse, text_of
from pipeline.portals.pages import believed, detail_of, distinct, is_file, listed, names_a_column, same_host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from pipeline.portals.html import Anchor

_DOCUMENT = re.compile(r"/20\d{6}/[\w-]+\.html$|/[0-9a-f]{16,}\.html$")
_TOTAL = re.compile(r"\btotalPage\s*:\s*[\"']?(\d{1,6})")
_INDEX = re.compile(r"index(?:_\d+)?\.html$")


def listing(html: str, url: str) -> Listing:
    """The documents and files listed on a page, the list's other pages, and the columns below it."""
    tree = parse(html)
    pages, issues = _pages(tree, url)
    columns = (a for a in anchors(tree, url) if a.name and same_host(a.url, url) and _is_column(a, url))
    return Listing(
        items=listed(tree, url, _is_document, is_file, lists=lambda a: _is_column(a, url)),
        pages=tuple(Link("", page) for page in pages),
        columns=tuple(distinct(Link(a.name, a.url) for a in columns)),
        column=meta(tree, "ColumnName") or text_of(tree, "title"),
        issues=issues,
    )


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document)


def _pages(tree: LexborHTMLParser, url: str) -> tuple[list[str], tuple[str, ...]]:
    """The addresses of all pages of the list after the first, as its script counts them."""
    script = "\n".join(node.text() for node in tree.css("script"))
    total, issues = believed(max((int(number) for number in _TOTAL.findall(script)), default=1))
    return [urljoin(_folder(url), f"index_{number}.html") for number in range(2, total + 1)], issues


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path)) and not is_file_url(anchor.url)


def _is_column(anchor: Anchor, url: str) -> bool:
    """Whether a link leads to another list: one in a directory below this one, or one called like a column."""
    target, folder = _folder(anchor.url), _folder(url)
    is_list = anchor.url == target or bool(_INDEX.search(anchor.url))
    return is_list and target != folder and (target.startswith(folder) or names_a_column(anchor))


def _folder(url: str) -> str:
    return urljoin(url, ".") if urlsplit(url).path else f"{url}/"


FAMILY = Family("cmsres", "上海 cmsres", listing, detail)
