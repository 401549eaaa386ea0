"""The reader of web pages: a report that a portal shows as a page, or that Word or Excel saved as one.

A page is a report only if it has tables of data with amounts in them. Menus, lists of links and layout are tables too:
those that hold other tables, or links in most of their rows, are read as text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.issues import Issue, IssueKind
from pipeline.read.formats.encoding import decode
from pipeline.read.formats.flow import Flow
from pipeline.read.formats.html_tables import Rules, data_cells
from pipeline.read.formats.parting import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.read.page import Pages

_UNSEEN = (
    "script, style, noscript, template, head, select, button, textarea, iframe, object, svg, "
    '[hidden], [style*="display:none" i], [style*="display: none" i]'
)
_HIDDEN_CELLS = ':is([hidden], [style*="display:none" i], [style*="display: none" i])'
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
     "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
     "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)  # fmt: skip
_AMOUNT = re.compile(r"[-(（]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d{1,6}|\d{5,})[)）]?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_GAP = "  "
_AMOUNTS = 2  # fewer may be a date or a version anywhere


def read_html(data: bytes, source_name: str) -> Pages:
    """One page with everything that a web page shows, if it shows tables of data."""
    html = decode(data)
    if _is_cut_off(html.lower()):
        return (), (Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”不完整（缺少结尾），请重新下载。"),)
    try:
        tree = LexborHTMLParser(html)
    except SelectolaxError:
        return (), (Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”过大或已损坏，无法解析，请重新下载。"),)
    hidden, ruled = _figures_hidden(tree), Rules.of(tree)
    for node in tree.css(_UNSEEN):
        if node.tag not in {"html", "body"}:
            node.decompose()
    tables = {table.mem_id: cells for table in tree.css("table") if (cells := data_cells(table, ruled, _text))}
    amounts = sum(_AMOUNT.fullmatch(cell.text) is not None for cells in tables.values() for cell in cells)
    if amounts < _AMOUNTS or tree.body is None:
        text = (
            f"文件“{source_name}”看上去是HTML 网页，其中没有数据表格，无法读取；"
            "链接可能指向网页或下载已失效，请核对下载地址。"
        )
        return (), (Issue(IssueKind.UNSUPPORTED_FORMAT, text),)
    flow = Flow("html")
    line: list[str] = []
    for item in _shown(tree.body, tables):
        if isinstance(item, str):
            line.append(item)
        else:
            flow.add_text(_lines(line))
            line.clear()
            if item is not None:
                for block in blocks_of(tables[item.mem_id]):
                    flow.add(block)
    flow.add_text(_lines(line))
    return flow.closed(), hidden


def _is_cut_off(html: str) -> bool:
    """True for a page that ends within a table: browsers forgive that, a report may not."""
    return html.rfind("<table") > html.rfind("</table") and "</html" not in html


def _shown(body: LexborNode, tables: Mapping[int, object]) -> Iterator[str | LexborNode | None]:
    """The page in order: texts, tables of data, and None where a line ends."""
    stack: list[LexborNode | str | None] = [body]
    while stack:
        node = stack.pop()
        if node is None or isinstance(node, str) or node.mem_id in tables:
            yield node
        elif node.is_text_node:
            yield _SPACE.sub(" ", node.text_content or "")
        elif node.is_element_node:
            yield from ([None] if node.tag in _BLOCKS else ["\n"] if node.tag == "br" else [])
            behind = [None] if node.tag in _BLOCKS else [_GAP] if node.tag in {"td", "th"} else []
            stack += [*behind, *reversed(list(node.iter(include_text=True)))]


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(line.strip(" ") for line in "".join(parts).split("\n"))


def _text(cell: LexborNode) -> str:
    parts = [part if part is not None else "\n" for part in _shown(cell, {}) if not isinstance(part, LexborNode)]
    return "\n".join(line for line in _lines(parts).split("\n") if line)


def _figures_hidden(tree: LexborHTMLParser) -> tuple[Issue, ...]:
    """An issue if rows or cells of tables that are not shown hold amounts."""
    cells = tree.css(f"{_HIDDEN_CELLS} td, td{_HIDDEN_CELLS}")
    count = sum(
        bool(_AMOUNT.fullmatch(text)) and text.strip("0.,-") != "" for cell in cells if (text := cell.text().strip())
    )
    if not count:
        return ()
    text = f"网页中有隐藏的表格内容，其中的{count}个数字没有读取，请打开原网页核对。"
    return (Issue(IssueKind.HIDDEN_CONTENT, text, page=1),)
