"""What all families need of a web page: its links, its dates, its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.portals.base import Link, host_of
from pipeline.portals.titles import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_EXTENSIONS = ("pdf", "doc", "docx", "xls", "xlsx", "wps", "et", "ofd", "ods", "odt", "rtf", "zip", "rar", "7z")

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_URL_DATE = re.compile(r"/t(20\d\d)(\d\d)(\d\d)_\d+\.")
_ENTRY = "li, tr, dd, p"
_FURNITURE = "header, footer, nav, [class*=foot i], [id*=foot i]"
_ARTICLES = (
    ".trs_editor_view, .TRS_Editor, .TRS_UEDITOR, .trs_paper_default, #zoom, #Zoom, #UCAP-CONTENT, "
    ".article-content, .article_content, .Article_content, .article-con, .content-text, #vsb_content, "
    ".v_news_content, #ivs_content, .news_cont_d_wrap, article"
)
_UNSEEN = "script, style, noscript, template"
_LONG_ARTICLE = 1000
"""Characters; a contents list or a note to "see the attachment" has fewer, a report tens of thousands."""
_TITLES_OF_A_REPORT = 3
_NEXT_LABEL = re.compile(r"\s*[\]】]?\s+[\[【(（]?\w{2,6}\s*[:：]")
_NAME_EDGES = "·•●■◆▪ \u3000\t\r\n"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of the page's own text: its element, full address and best name."""

    node: LexborNode
    url: str
    name: str


def parse(html: str) -> LexborHTMLParser:
    """The page as a tree. Commented-out links are no elements of it."""
    return LexborHTMLParser(html)


def meta(tree: LexborHTMLParser, name: str) -> str:
    """The content of a meta element, its name compared without case and white space; "" if absent."""
    for node in tree.css("meta[name]"):
        if (node.attributes.get("name") or "").strip().lower() == name.lower():
            return (node.attributes.get("content") or "").strip()
    return ""


def text_of(tree: LexborHTMLParser | LexborNode, selector: str) -> str:
    """The text of the first element by a selector that has any, on one line; "" if there is none."""
    texts = (" ".join(node.text(separator=" ").split()) for node in tree.css(selector))
    return next((text for text in texts if text), "")


def anchors(tree: LexborHTMLParser, url: str) -> Iterator[Anchor]:
    """All links of a page but those of its header, footer and navigation, in order, with full http(s) addresses."""
    base = tree.css_first("base[href]")
    start = urljoin(url, (base.attributes.get("href") or "").strip()) if base else url
    furniture = {node.mem_id for node in tree.css(f":is({_FURNITURE}) a[href]")}
    for node in tree.css("a[href]"):
        if node.mem_id in furniture:
            continue
        if target := full(start, node.attributes.get("href") or ""):
            yield Anchor(node, target, _name(node))


def full(url: str, address: str) -> str:
    """The full http(s) address that a page at `url` means; "" for any other, and for none such as "http://[附件]"."""
    try:
        target = urldefrag(urljoin(url, address.strip())).url
    except ValueError:
        return ""
    return target if address.strip() and host_of(target) else ""


def is_file_url(url: str) -> bool:
    """Whether an address is named like a document to download."""
    return urlsplit(url).path.lower().endswith(tuple(f".{extension}" for extension in FILE_EXTENSIONS))


def link(anchor: Anchor) -> Link:
    """The anchor with the date printed beside it, else the one in its address (`…/t20251015_3678717.shtml`)."""
    return Link(anchor.name, anchor.url, _date_beside(anchor.node) or url_date(anchor.url))


def first_date(text: str) -> date | None:
    """The first real date in a text. Dates before 2000 are what systems print for "none" (1970-01-01)."""
    return next(filter(None, (_date(*match) for match in _DATE.findall(text))), None)


def url_date(url: str) -> date | None:
    """The date in a TRS address, None for the epoch (`t19700101_…`)."""
    found = _URL_DATE.search(url)
    return _date(*found.groups()) if found else None


def labelled(tree: LexborHTMLParser, labels: tuple[str, ...]) -> Iterator[str]:
    """What stands after each label in the page's text, on its line or else on the next; best label first.

    Several labels may share a line (`发布日期：2025-09-12 来源：某局 点击：5`): each value ends where the next begins.
    """
    body = tree.body
    lines = [] if body is None else [" ".join(s.split()) for s in body.text(separator="\n").splitlines()]
    lines = [line for line in lines if line]
    for label in labels:
        leading = re.compile(rf"^[\[【(（]?\s*{label}\s*[\]】)）]?\s*[:：]?\s*(.*)$")
        inside = re.compile(rf"(?<=\s)[\[【(（]?{label}\s*[:：]\s*(.+)$")
        for line, following in zip(lines, [*lines[1:], ""], strict=False):
            if found := leading.match(line) or inside.search(line):
                yield _NEXT_LABEL.split(found[1])[0] if found[1] else following


def article(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the page's own text, the longest of those that editors are known to write; or None."""
    return max(tree.css(_ARTICLES), key=lambda node: len(node.text()), default=None)


def full_report(tree: LexborHTMLParser, title: str) -> str:
    """The article as a page of its own if it is the report itself (long, naming the statutory tables), else "".

    Only the article: menus and visit counters around it change daily, and every change would be a new version.
    Takes scripts and styles out of the tree.
    """
    for node in tree.css(_UNSEEN):
        node.decompose()
    found = article(tree) or tree.body
    if found is None:
        return ""
    text = squeeze(found.text())
    tables = text.count("决算表") + text.count("决算总表") + text.count("决算明细表")
    if len(text) < _LONG_ARTICLE or tables < _TITLES_OF_A_REPORT:
        return ""
    head = f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return f"{head}<body>{found.html}</body></html>"


def _name(node: LexborNode) -> str:
    """The link's text or its `title`: lists shorten the text, attachments have it shorter than the title."""
    text = " ".join(node.text(separator=" ").split())
    names = [name.strip(_NAME_EDGES) for name in (node.attributes.get("title") or "", text)]
    return max((_without_date(name) for name in names), key=lambda name: ("算" in name, len(name)))


def _without_date(name: str) -> str:
    return re.sub(r"[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?$", "", name).rstrip()


def _date_beside(node: LexborNode) -> date | None:
    entry = node.parent
    while entry is not None and not entry.css_matches(_ENTRY):
        entry = entry.parent
    if entry is None or len(entry.css("a[href]")) > 1:
        return None
    own = node.text()
    return first_date(entry.text(separator=" ").replace(own, " ")) or first_date(own)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 2000 else None
