"""What documents are alike in on all portals: a title, a date, a publisher, a text and files attached to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.portals.base import Detail, Link
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

    from pipeline.portals.html import Anchor

_TITLE_END = re.compile(r"\s*[_|]\s*|\s+-\s+")
_DATE_LABELS = ("发布日期", "发布时间", "公开日期", "发文日期", "成文日期", "日期")
_UNIT_LABELS = ("发布机构", "发布单位", "文章来源", "信息来源", "来源")


def is_file(anchor: Anchor) -> bool:
    """Whether a link is named like a document to download."""
    return is_file_url(anchor.url)


def detail_of(
    html: str, url: str, is_document: Callable[[Anchor], bool], is_file: Callable[[Anchor], bool] = is_file
) -> Detail:
    """A document's title, date, publisher, attachments and further documents, by the family's own links.

    PubDate counts before what the text says. Texts such as 日期 also stand in a template's leftovers, so the labels
    that say more are tried first.
    """
    tree = parse(html)
    title = meta(tree, "ArticleTitle") or text_of(tree, "h1") or _TITLE_END.split(text_of(tree, "title"))[0]
    dates = (first_date(text) for text in (meta(tree, "PubDate"), *labelled(tree, _DATE_LABELS)))
    units = (text for text in labelled(tree, _UNIT_LABELS) if text)
    found = list(anchors(tree, url))
    text = article(tree)
    inside = {node.mem_id for node in text.css("a[href]")} if text else set()
    linked = (a for a in found if a.url != url and is_document(a) and ("决算" in a.name or a.node.mem_id in inside))
    return Detail(
        title=title,
        published_on=next(filter(None, dates), None),
        unit=next(units, ""),
        attachments=tuple(distinct(Link(a.name, a.url) for a in found if is_file(a))),
        pages=tuple(distinct(link(a) for a in linked)),
        article=full_report(tree, title),
    )


def distinct(links: Iterable[Link]) -> list[Link]:
    """One link per request: the one whose name says most."""
    best: dict[tuple[str, str], Link] = {}
    for found in links:
        known = best.get((found.url, found.posted))
        if known is None or len(found.title) > len(known.title):
            best[found.url, found.posted] = found
    return list(best.values())
