"""VSB 博达: lists `czgk.htm`, documents `info/1217/105784.htm`, attachments without an extension.

Further pages are `czgk/12.htm`, numbered backwards: of thirteen pages the second is 12 and the last is 1, so that old
pages keep their addresses. Columns below a list are `czgk/bmjs.htm`. A file is
`/system/_content/download.jsp?…&wbfileid=…`: its name stands in the link's text or in the answer's
Content-Disposition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, is_file_url, meta, parse, text_of
from pipeline.portals.pages import believed, detail_of, distinct, listed, same_host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.portals.html import Anchor

_DOCUMENT = re.compile(r"/info/\d+/\d+\.s?html?$|/content\.jsp$")
_DOWNLOAD = re.compile(r"/download\.jsp$")
_LIST = re.compile(r"(?P<stem>.+?)(?:/\d+)?\.s?html?$")
_BELOW = re.compile(r"/(?:[^/]+/)*(?!\d+\.)[^/]+\.s?html?$")
_COUNT = re.compile(r"共\s*(\d{1,6})\s*条")


def listing(html: str, url: str) -> Listing:
    """The documents and files listed on a page, the list's other pages, and the columns below it."""
    tree = parse(html)
    found = list(anchors(tree, url))
    stem = _stem(url)
    pages, issues = _pages(found, url, stem)
    counted = _COUNT.search(text_of(tree, "body"))
    below = (a for a in found if a.name and same_host(a.url, url) and _is_below(a, stem))
    return Listing(
        items=listed(tree, url, _is_document, _is_file, lists=lambda a: _is_below(a, stem)),
        pages=tuple(Link("", page) for page in pages),
        columns=tuple(distinct(Link(a.name, a.url) for a in below)),
        column=meta(tree, "ColumnName") or text_of(tree, "title"),
        count=int(counted[1]) if counted else None,
        issues=issues,
    )


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document, _is_file)


def _stem(url: str) -> str:
    """The path of a list without its page number and extension: `/xxgk/czgk` for `/xxgk/czgk/12.htm`."""
    own = _LIST.match(urlsplit(url).path)
    return own["stem"] if own else ""


def _pages(found: Iterable[Anchor], url: str, stem: str) -> tuple[list[str], tuple[str, ...]]:
    """All numbered pages of the list, from the greatest number that is linked down to 1: a pager leaves some out."""
    numbered = re.compile(rf"{re.escape(stem)}/(\d{{1,6}})(\.s?html?)$")
    matches = (numbered.match(urlsplit(a.url).path) for a in found if same_host(a.url, url))
    linked = [(int(match[1]), match[2]) for match in matches if match]
    if not stem or not linked:
        return [], ()
    greatest, extension = max(linked)
    count, issues = believed(greatest + 1)
    return [urljoin(url, f"{stem}/{number}{extension}") for number in range(count - 1, 0, -1)], issues


def _is_below(anchor: Anchor, stem: str) -> bool:
    """Whether a link leads to a column of this list: a page in the directory named like it that is no numbered page."""
    path = urlsplit(anchor.url).path
    return bool(stem) and path.startswith(f"{stem}/") and bool(_BELOW.match(path.removeprefix(stem)))


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_file(anchor: Anchor) -> bool:
    return is_file_url(anchor.url) or bool(_DOWNLOAD.search(urlsplit(anchor.url).path))


FAMILY = Family("vsb", "VSB 博达", listing, detail)
