"""Great Expectations' Data Docs of a warehouse file, as pages that need nothing from anywhere.

Its own pages fetch styles, scripts, fonts and pictures from ten hosts, and without them show neither layout nor index.
Here its renderers say what stands on a page; of that the sections are kept, put on a page of ours, with plain HTML
where theirs needs scripts. Nothing else of their HTML gets through, least of all an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml import html
from lxml.etree import Comment
from markupsafe import Markup

from expectations.run import rules, validations
from expectations.suites.model import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.html import HtmlElement

    from expectations.suites.model import Rule

_DROPPED = (
    *("script", "style", "link", "img", "button", "input", "form"),
    *("iframe", "object", "embed", "svg", "nav", "footer"),
)
_KEPT = {"class", "colspan", "rowspan", "hidden"}
_MARKS = {"text-success": ("passed", "✓"), "text-danger": ("failed", "✗"), "text-warning": ("doubted", "!")}
_WORDS = {
    "Overview": "概况",
    "Expectation Suite": "规则集",
    "Data asset": "数据",
    "Failed": "未通过",
    "Succeeded": "通过",
    "Statistics": "统计",
    "Evaluated Expectations": "规则",
    "Successful Expectations": "通过",
    "Unsuccessful Expectations": "未通过",
    "Success Percent": "通过率",
    "Show more info...": "运行信息",
    "Info": "运行信息",
    "Great Expectations Version": "Great Expectations 版本",
    "Run Name": "运行名称",
    "Run Time": "运行时间",
    "Batch Markers": "批次标记",
    "Batch Spec": "批次",
    "Table-Level Expectations": "规则及结果",
    "Status": "结果",
    "Expectation": "规则",
    "Observed Value": "不符合的行数",
}


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The page of one suite on one table."""

    file: str
    suite: str
    table: str
    rules: int
    failed: int
    sections: Markup


def write_docs(path: Path, folder: Path) -> list[Path]:
    """Run all suites on a warehouse file and write index.html and a page for each suite and table into `folder`."""
    from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415 - takes three seconds

    view = DefaultJinjaPageView()  # one for all: each new one compiles its templates anew
    pages = [_page(view, f"{n:02}.html", *found) for n, found in enumerate(validations(path, rules()), 1)]
    environment = Environment(loader=PackageLoader("expectations.suites"), autoescape=True, undefined=StrictUndefined)
    folder.mkdir(parents=True, exist_ok=True)
    index = environment.get_template("index.html").render(pages=pages, warehouse=path.name)
    contents = {"index.html": index}
    template = environment.get_template("page.html")
    contents |= {page.file: template.render(page=page, warehouse=path.name) for page in pages}
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in contents]


def _page(view: Any, file: str, group: tuple[Rule, ...], validated: Any) -> DocsPage:
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415 - takes three seconds
    from great_expectations.render.renderer import ValidationResultsPageRenderer  # noqa: PLC0415

    validated.meta["run_id"] = RunIdentifier(run_time=datetime.now(UTC))
    rendered = view.render(ValidationResultsPageRenderer().render(validated))
    suite, table = group[0].suite, group[0].table
    failed = sum(not result.success for result in validated.results)
    title = "数据结构" if suite == STRUCTURE else suite
    return DocsPage(file, title, table, len(group), failed, sections(str(rendered)))


def sections(page: str) -> Markup:
    """What a page of Great Expectations says, as HTML without scripts, styles, addresses and anything active."""
    root = html.document_fromstring(page)
    for element in [*root.iter(*_DROPPED, Comment)]:
        element.drop_tree()
    _fold(root)
    for element in [*root.iter("i")]:
        _mark(element)
    for element in [*root.iter("a")]:
        element.drop_tag()
    found = root.find_class("ge-section")
    for element in (inner for section in found for inner in section.iter("*")):
        for name in set(element.attrib) - _KEPT:
            del element.attrib[name]
        element.text, element.tail = _translated(element.text), _translated(element.tail)
    return Markup("\n").join(Markup(html.tostring(section, encoding="unicode")) for section in found)  # noqa: S704


def _fold(root: HtmlElement) -> None:
    """What a script would open becomes something that opens by itself."""
    by_id: dict[str | None, HtmlElement] = {element.get("id"): element for element in root.xpath("//*[@id]")}
    for link in root.xpath('//a[@data-toggle="collapse"]'):
        body = by_id.get((link.get("href") or "").removeprefix("#"))
        if body is None:
            continue
        details, summary = html.Element("details"), html.Element("summary")
        summary.text = "".join(link.itertext()).strip()
        body.addprevious(details)
        body.set("class", "folded")
        details.extend([summary, body])
        link.drop_tree()


def _mark(icon: HtmlElement) -> None:
    """A sign in place of one out of a font for icons."""
    classes: Iterable[str] = (icon.get("class") or "").split()
    kind, sign = next((_MARKS[name] for name in classes if name in _MARKS), ("", ""))
    icon.tag, icon.text = "span", sign
    icon.set("class", kind)


def _translated(text: str | None) -> str | None:
    stripped = (text or "").strip()
    name, colon, value = stripped.partition(":")
    if colon and name in _WORDS:
        return f"{_WORDS[name]}：{value}"
    return text.replace(stripped, _WORDS[stripped]) if text and stripped in _WORDS else text
