"""TRS WCM: static list and detail pages, the most common family (柳州 and its counties, 重庆, 长沙, MOF).

A document is `…/202510/t20251015_3678717.shtml`, an attachment `P0…pdf` in the same directory or on an image
host. Addresses made without a date say `t19700101`. The count of a list's pages stands in a script:
`createPageHTML(count, current, "index", "html")` counts from 0, so page 2 is `index_1.html`;
`createPageHTML('page_div', count, current, 'list', 'shtml', rows)` counts from 1, so page 2 is `list_2.shtml`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import Anchor, anchors, is_file_url, meta, parse, text_of
from pipeline.portals.pages import believed, detail_of, distinct, listed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_DOCUMENT = re.compile(r"/t\d{8}_\d+\.s?html?$")
_APPENDIX = ("appendix", "data-appendix")
_PAGER = re.compile(r"createPageHTML\s*\(([^()]*)\)")
_COUNT = re.compile(r"\b(?:m_n|_n)?(?:countPage|PageCount)\s*=\s*[\"']?(\d{1,6})\b", re.IGNORECASE)
_EXTENSION = re.compile(r"[\"'.](s?html?)[\"']")
_PAGE_NUMBER = re.compile(r"_(\d+)$")
_MOST_PAGES = 1000


def listing(html: str, url: str) -> Listing:
    """The documents and files listed on a page, the list's other pages, and the columns below it."""
    tree = parse(html)
    found = list(anchors(tree, url))
    items = listed(tree, url, _is_document, _is_file, lists=lambda a: _is_below(a.url, url) or _same_list(a.url, url))
    pages, issues = _pages(tree, url)
    numbered = [a for a in found if a.url in pages or _same_list(a.url, url)]
    titles = dict.fromkeys(pages, "") | {a.url: a.name for a in numbered}
    return Listing(
        items=items,
        pages=tuple(Link(title, page) for page, title in titles.items()),
        columns=tuple(distinct(Link(a.name, a.url) for a in found if a.name and _is_below(a.url, url))),
        column=meta(tree, "ColumnName") or text_of(tree, "title"),
        issues=issues,
    )


def detail(html: str, url: str) -> Detail:
    """A document's title, date, publisher and attachments."""
    return detail_of(html, url, _is_document, _is_file)


def _is_document(anchor: Anchor) -> bool:
    return bool(_DOCUMENT.search(urlsplit(anchor.url).path))


def _is_file(anchor: Anchor) -> bool:
    return is_file_url(anchor.url) or any(anchor.node.attributes.get(name) == "true" for name in _APPENDIX)


def _is_below(target: str, url: str) -> bool:
    """Whether the target is a directory inside the list's own: a column of a unit or a year."""
    here, there = urlsplit(url), urlsplit(target)
    folder = here.path.rpartition("/")[0] + "/"
    path = re.sub(r"index\.s?html?$", "", there.path)
    return there.netloc == here.netloc and path.endswith("/") and path.startswith(folder) and path != folder


def _same_list(target: str, url: str) -> bool:
    """Whether the target is a numbered page of this list (`index_3.shtml`), linked without a script."""
    (here, _), (there, extension) = _stem(url), _stem(target)
    return bool(extension and _PAGE_NUMBER.search(there)) and _PAGE_NUMBER.sub("", there) == _PAGE_NUMBER.sub("", here)


def _stem(url: str) -> tuple[str, str]:
    """An address without its extension, and the extension; a directory is its `index`."""
    stem, dot, extension = url.rpartition(".")
    if dot and re.fullmatch(r"s?html?", extension):
        return stem, extension
    return (f"{url}index", "") if url.endswith("/") else (url, "")


def _pages(tree: LexborHTMLParser, url: str) -> tuple[list[str], tuple[str, ...]]:
    """The addresses of all pages of the list after the first, as its script counts them."""
    script = "\n".join(node.text() for node in tree.css("script"))
    named = _COUNT.search(script)
    stem, extension = _stem(url)
    name = _PAGE_NUMBER.sub("", stem.rpartition("/")[2])
    count, first = (int(named[1]) if named else 1), 1
    if not extension:
        guess = _EXTENSION.search(script)
        extension = guess[1] if guess else "html"
    for call in _PAGER.findall(script):
        arguments = [part.strip().strip("\"'") for part in call.split(",")]
        counts_from_one = not arguments[0].isdecimal() and len(arguments) >= 5
        if counts_from_one:
            arguments.pop(0)
        if len(arguments) < 4 or not re.fullmatch(r"\d{1,6}", arguments[0]):
            continue  # the function's definition, or a call with variables
        count, first = int(arguments[0]), 2 if counts_from_one else 1
        name, extension = arguments[2], arguments[3].lstrip(".")
    count, issues = believed(count)
    return [urljoin(url, f"{name}_{number}.{extension}") for number in range(first, first + count - 1)], issues


FAMILY = Family("trs", "TRS WCM 静态页面", listing, detail)
