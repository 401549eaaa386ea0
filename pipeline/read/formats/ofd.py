"""The reader of OFD (GB/T 33190), the national format for documents of fixed layout: a zip of XML.

    OFD.xml → Document.xml → pages (Content.xml), the templates under them, and the resources that they use

Seals and other annotations lie in parts of their own and are no content.
"""

from __future__ import annotations

import logging
import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits
from pipeline.read.formats.ofd_ink import Resources, Sheet, numbers, read_ink
from pipeline.read.formats.package import Package, UnreadableError, attribute, child, children, damaged, local
from pipeline.read.page import recognise
from pipeline.read.pdf import no_tables
from pipeline.read.scanned import doubt_of, unread, why_unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Page
    from pipeline.read.page import Pages

READER = "ofd"
_SCANNED = "OFD 中的图片不作文字识别，请取得 PDF 版，或人工查看"
_A4 = (0.0, 0.0, 210.0, 297.0)

_log = logging.getLogger(__name__)


def read_ofd(data: bytes, source_name: str) -> Pages:
    """Pages of an OFD file. Raises OverLimitError for one of too many."""
    try:
        package = Package(data)
        documents = [_Document(package, name) for name in _roots(package)]
    except UnreadableError as error:
        return (), (error.issue(source_name),)
    pages: list[Page] = []
    issues: list[Issue] = []
    places = [(document, place) for document in documents for place in document.pages]
    limits.check("页面", len(places), limits.PAGES)
    for number, (document, place) in enumerate(places, start=1):
        page, page_issues = _read_page(document, place, number, pages[-1] if pages else None)
        pages += [page] if page is not None else []
        issues += page_issues
    if not places:
        issues.append(Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”没有任何页面，请重新下载。"))
    elif not any(page.tables for page in pages):
        issues.append(no_tables(source_name))
    return tuple(pages), tuple(issues)


def _read_page(
    document: _Document, place: str, number: int, before: Page | None
) -> tuple[Page | None, tuple[Issue, ...]]:
    try:
        ink = read_ink(*document.sheet(place, number))
        page, issues = recognise(ink, READER, before)
    except MemoryError:  # the document's whole worker is in want
        raise
    except limits.OverLimitError as error:
        text = f"第{number}页{error}，没有读取，请打开原文件核对。"
        return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
    except Exception:  # noqa: BLE001 - the net of a page: damage may lead anywhere, and other pages go on
        _log.warning("page %d could not be read", number, exc_info=True)
        text = f"第{number}页无法读取，请打开原文件核对；如原文件正常，请重新下载。"
        return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
    reason = why_unread(doubt_of(ink), ink, page)
    return unread(page, reason, _SCANNED) if reason else (page, issues)


def _roots(package: Package) -> Iterator[str]:
    """The documents of the file; nearly always one."""
    for body in children(package.tree("OFD.xml"), "DocBody"):
        root = child(body, "DocRoot")
        if root is None or not root.text:
            raise damaged("OFD.xml")
        yield _part(package, "OFD.xml", root.text)


class _Template(NamedTuple):
    place: str
    in_front: bool


class _Document:
    """One document of the file: its pages in order, and what they share."""

    def __init__(self, package: Package, name: str) -> None:
        self.package, self.name = package, name
        root = package.tree(name)
        common = child(root, "CommonData")
        pages = child(root, "Pages")
        if common is None or pages is None:
            raise damaged(name)
        self.pages = [_part(package, name, attribute(page, "BaseLoc")) for page in children(pages, "Page")]
        self.box = _box(child(common, "PageArea")) or _A4
        self.templates = {
            attribute(item, "ID"): _Template(
                _part(package, name, attribute(item, "BaseLoc")), attribute(item, "ZOrder") == "Foreground"
            )
            for item in children(common, "TemplatePage")
        }
        shared = [item for kind in ("PublicRes", "DocumentRes") for item in children(common, kind)]
        self.resources = self._resources(name, shared)
        self._trees: dict[str, Any] = {}

    def sheet(self, place: str, number: int) -> tuple[Sheet, Resources]:
        """A page, with its templates, and the resources that its objects may use."""
        root = self.package.tree(place)
        own = self._resources(place, list(children(root, "PageRes")))
        resources = Resources(
            {**self.resources.parameters, **own.parameters}, {**self.resources.composites, **own.composites}
        )
        behind: list[Any] = []
        in_front: list[Any] = []
        for item in children(root, "Template"):
            template = self.templates.get(attribute(item, "TemplateID"))
            if template is not None:
                above = (attribute(item, "ZOrder") or ("Foreground" if template.in_front else "")) == "Foreground"
                (in_front if above else behind).append(self._template(template.place))
        contents = [content for tree in (*behind, root, *in_front) for content in children(tree, "Content")]
        box = _box(child(root, "Area")) or next(filter(None, (_box(child(tree, "Area")) for tree in behind)), self.box)
        return Sheet(number, box, contents), resources

    def _template(self, place: str) -> Any:
        if place not in self._trees:
            self._trees[place] = self.package.tree(place)
        return self._trees[place]

    def _resources(self, name: str, lists: list[Any]) -> Resources:
        found = Resources({}, {})
        parameters: dict[str, Any] = {}
        composites: dict[str, Any] = {}
        for item in lists:
            place = _part(self.package, name, item.text or "")
            if place not in self.package:
                continue  # fonts and pictures alone are no loss; a missing parameter leaves its default
            for element in self.package.tree(place).iter("{*}DrawParam", "{*}CompositeGraphicUnit"):
                target = parameters if local(element) == "DrawParam" else composites
                target[attribute(element, "ID")] = element
        return found._replace(parameters=parameters, composites=composites)


def _box(area: Any) -> tuple[float, float, float, float] | None:
    """The paper's x, y, width and height in millimetres; None if it is not said."""
    physical = child(area, "PhysicalBox") if area is not None else None
    values = numbers(physical.text or "") if physical is not None else []
    if len(values) != len(_A4) or min(values[2:]) <= 0:
        return None
    return values[0], values[1], values[2], values[3]


def _part(package: Package, base: str, place: str) -> str:
    """The part at a place that is given from the root, with a slash, or from the part that names it.

    Some producers leave out the slash.
    """
    place = place.strip().replace("\\", "/")
    part = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), place)).lstrip("/")
    return place if part not in package and place in package else part
