"""What documents are alike in on all portals: a title, a date, a publisher, a text and files attached to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.portals.base import Detail, Link, host_of
from pipeline.portals.html import (
    anchors,
    article,
    first_date,
    full_report,
    is_file_url,
    labelled,
    link,
    meta,
    parse,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from selectolax.lexbor import LexborHTMLParser

    from pipeline.portals.html import Anchor

_TITLE_END = re.compile(r"\s*[_|]\s*|\s+-\s+")
_DATE_LABELS = ("发布日期", "发布时间", "公开日期", "发文日期", "成文日期", "日期")
_UNIT_LABELS = ("发布机构", "发布单位", "公开单位")
_SOURCE_LABELS = ("文章来源", "信息来源", "来源")
_MOST_PAGES = 1000
_YEAR = re.compile(r"^20\d\d(年度?)?$")


def is_file(anchor: Anchor) -> bool:
    """Whether a link is named like a document to download."""
    return is_file_url(anchor.url)


def detail_of(
    html: str, url: str, is_document: Callable[[Anchor], bool], is_file: Callable[[Anchor], bool] = is_file
) -> Detail:
    """A document's title, date, publisher, attachments and further documents, by the family's own links.

    PubDate counts before what the text says. Texts such as 日期 also stand in a template's leftovers, so the labels
    that say more are tried first. Who published counts before where the text comes from, which may be an office.
    """
    tree = parse(html)
    named = meta(tree, "ArticleTitle") or meta(tree, "pageTitle") or text_of(tree, "h1")
    title = named or _TITLE_END.split(text_of(tree, "title"))[0]
    dates = (first_date(text) for text in (meta(tree, "PubDate"), *labelled(tree, _DATE_LABELS)))
    units = (*labelled(tree, _UNIT_LABELS), meta(tree, "ContentSource"), *labelled(tree, _SOURCE_LABELS))
    found = list(anchors(tree, url))
    text = article(tree)
    inside = {node.mem_id for node in text.css("a[href]")} if text else set()
    linked = (a for a in found if a.url != url and is_document(a) and ("决算" in a.name or a.node.mem_id in inside))
    return Detail(
        title=title,
        published_on=next(filter(None, dates), None),
        unit=next(filter(None, units), ""),
        attachments=tuple(distinct(Link(a.name, a.url) for a in found if is_file(a))),
        pages=tuple(distinct(link(a) for a in linked)),
        article=full_report(tree, title),
    )


def listed(
    tree: LexborHTMLParser, url: str, *items: Callable[[Anchor], bool], lists: Callable[[Anchor], bool]
) -> tuple[Link, ...]:
    """What a list holds: the named links that one of the family's own tests takes, and those with a date beside them.

    The latter are documents that lie elsewhere: navigation has no dates. `lists` tells what leads to another list.
    """
    named = ((a, link(a)) for a in anchors(tree, url) if a.name and not lists(a))
    return tuple(distinct(found for a, found in named if found.published_on or any(test(a) for test in items)))


def believed(pages: int) -> tuple[int, tuple[str, ...]]:
    """How many pages of a list to ask for, and what to say of a number that no list has."""
    return (pages, ()) if pages <= _MOST_PAGES else (1, (f"列表声称有 {pages} 页，未采信",))


def names_a_column(anchor: Anchor) -> bool:
    """Whether a link is called like a column of reports: it says 决算, or is a bare year.

    For portals where an address does not show what lies below a list.
    """
    return "决算" in anchor.name or bool(_YEAR.match(anchor.name))


def same_host(target: str, url: str) -> bool:
    """Whether two addresses are of one host."""
    return host_of(target) == host_of(url)


def distinct(links: Iterable[Link]) -> list[Link]:
    """One link per request: the one whose name says most."""
    best: dict[tuple[str, str], Link] = {}
    for found in links:
        known = best.get((found.url, found.posted))
        if known is None or len(found.title) > len(known.title):
            best[found.url, found.posted] = found
    return list(best.values())
