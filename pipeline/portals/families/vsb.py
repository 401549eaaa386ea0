"""VSB 博达: lists `czgk.htm`, documents `info/1217/105784.htm`, attachments without an extension.

Further pages are `czgk/12.htm`, numbered backwards: of thirteen pages the second is 12 and the last is 1, so that old
pages keep their addresses. A file is `/system/_content/download.jsp?…&wbfileid=…`: its name stands in the link's text
or in the answer's Content-Disposition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import anchors, is_file_url, link, parse, text_of
from pipeline.portals.pages import detail_of, distinct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.portals.html import Anchor

_DOCUMENT = re.compile(r"/info/\d+/\d+\.s?html?$|/content\.jsp$")
_DOWNLOAD = re.compile(r"/system/_content/download\.jsp$|/download\.jsp$")
_LIST = re.compile(r"(?P<stem>.*?)(?:/\d+)?\.s?html?$")
_COUNT = re.compile(r"共\s*(\d{1,6})\s*条")
_MOST_PAGES = 1000


def listing(html: str, url: str) -> Listing:
    """The documents and files listed on a page, and the list's other pages."""
    tree = parse(html)
    found = list(anchors(tree, url))
    pages = _pages(found, url)
    counted = _COUNT.search(text_of(tree, "body"))
    return Listing(
        items=tuple(distinct(link(a) for a in found if a.name and (_is_document(a) or _is_file(a)))),
        pages=tuple(Link("", page) for page in pages[:_MOST_PAGES]),
        column=text_of(tree, "title"),
        count=int(counted[1]) if counted else None,
        issues=(f"列表有 {len(pages)} 页，未采信",) if len(pages) > _MOST_PAGES else (),
    )


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document, _is_file)


def _pages(found: Iterable[Anchor], url: str) -> list[str]:
    """All numbered pages of the list, from the greatest number that is linked down to 1: gaps in the pager are filled."""
    own = _LIST.match(urlsplit(url).path)
    if not own:
        return []
    numbered = re.compile(rf"{re.escape(own['stem'])}/(\d+)(\.s?html?)$")
    linked = [(int(match[1]), match[2]) for a in found if (match := numbered.match(urlsplit(a.url).path))]
    if not linked:
        return []
    greatest, extension = max(linked)
    return [urljoin(url, f"{own['stem']}/{number}{extension}") for number in range(greatest, 0, -1)]


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_file(anchor: Anchor) -> bool:
    parts = urlsplit(anchor.url)
    return is_file_url(anchor.url) or (bool(_DOWNLOAD.search(parts.path)) and "fileid=" in parts.query)


FAMILY = Family("vsb", "VSB 博达", listing, detail)
