"""上海 cmsres: static lists of nested `ul`, attachments under `/cmsres/ea/<hex>/<hex>.pdf`.

The number of pages stands in `$(".pagination").pagination({totalPage: N})`; page 2 is `index_2.html`. Documents are
`/<column>/20250910/<hex>.html`. Commented-out duplicates are no elements of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, is_file_url, link, parse, text_of
from pipeline.portals.pages import detail_of, distinct, is_file

if TYPE_CHECKING:
    from pipeline.portals.html import Anchor

_DOCUMENT = re.compile(r"/(?:20\d{6}/)?[0-9a-f]{16,}\.html$|/20\d{6}/\w+\.html$")
_TOTAL = re.compile(r"\btotalPage\s*:\s*[\"']?(\d{1,6})")
_INDEX = re.compile(r"index(?:_\d+)?\.html$")
_MOST_PAGES = 1000


def listing(html: str, url: str) -> Listing:
    """The documents and files listed on a page, the list's other pages, and the columns below it."""
    tree = parse(html)
    found = [a for a in anchors(tree, url) if a.name]
    script = "\n".join(node.text() for node in tree.css("script"))
    total = max((int(number) for number in _TOTAL.findall(script)), default=1)
    folder = url.rpartition("/")[0] + "/"
    pages = [urljoin(folder, f"index_{number}.html") for number in range(2, total + 1)]
    return Listing(
        items=tuple(distinct(link(a) for a in found if _is_document(a) or is_file(a))),
        pages=tuple(Link("", page) for page in pages[:_MOST_PAGES]),
        columns=tuple(distinct(Link(a.name, a.url) for a in found if _is_below(a.url, folder))),
        column=text_of(tree, "title"),
        issues=(f"列表声称有 {total} 页，未采信",) if total > _MOST_PAGES else (),
    )


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document)


def _is_document(anchor: Anchor) -> bool:
    path = urlsplit(anchor.url).path
    return bool(_DOCUMENT.search(path)) and not is_file_url(anchor.url)


def _is_below(target: str, folder: str) -> bool:
    """Whether the target is the index of a directory inside the list's own: a column of a unit or a year."""
    bare = _INDEX.sub("", target)
    return bare.endswith("/") and bare.startswith(folder) and bare != folder


FAMILY = Family("cmsres", "上海 cmsres", listing, detail)
