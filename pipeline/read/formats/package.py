"""The XML parts of zipped office documents, parsed without entities, networks or documents beyond their size.

Names of elements and attributes are compared without their namespace: the strict and the transitional kind of a format
differ in nothing else, and producers are free with prefixes.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.issues import Issue, IssueKind
from pipeline.read.ziplimits import FAILURES, BoundedZip, ZipRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TREE = 60_000_000
"""Bytes of a part that is parsed as a whole: a tree takes some ten times its text."""


class UnreadableError(Exception):
    """The document cannot be read: the kind of issue and why, a Chinese clause on the file."""

    def __init__(self, kind: IssueKind, why: str) -> None:
        super().__init__(why)
        self.kind, self.why = kind, why

    def issue(self, source_name: str) -> Issue:
        """The same for the bureau."""
        return Issue(self.kind, f"文件“{source_name}”{self.why}")


def damaged(what: str = "") -> UnreadableError:
    """A document whose inside is not as its format demands; `what` is the part."""
    part = f"（{what}）" if what else ""
    return UnreadableError(IssueKind.DAMAGED_FILE, f"的内容已损坏{part}，无法读取，请重新下载或用Office另存后再收录。")


class Package:
    """The parts of one zipped document."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = BoundedZip(data)
        except ZipRefusedError as error:
            raise UnreadableError(error.kind, error.why) from error

    def __contains__(self, name: str) -> bool:
        return name in self._zip

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableError if it is missing or damaged."""
        if name not in self._zip:
            raise damaged(name)
        try:
            return self._zip.read(name)
        except ZipRefusedError as error:
            raise damaged(name) from error

    def tree(self, name: str) -> Any:
        """The root element of a part."""
        data = self.read(name)
        if len(data) > MAX_TREE:
            why = f"过大（{name}有{len(data) / 1e6:.0f}MB），没有读取，请拆分后重新收录。"
            raise UnreadableError(IssueKind.DAMAGED_FILE, why)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise damaged(name) from error
        if root.getroottree().docinfo.doctype:
            raise damaged(name)  # office documents have none; it would only define entities
        return root

    def stream(self, name: str, tags: Sequence[str]) -> Iterator[Any]:
        """Elements of these local names at their end, in order; each is emptied after use."""
        if name not in self._zip:
            raise damaged(name)
        try:
            events = etree.iterparse(
                self._zip.open(name), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False,
                no_network=True, load_dtd=False, remove_comments=True,
            )  # fmt: skip
            for index, (_, element) in enumerate(events):
                if not index and element.getroottree().docinfo.doctype:
                    raise damaged(name)
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ZipRefusedError, *FAILURES) as error:
            raise damaged(name) from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """(kind, part) of what a part refers to, by relation id; `name` "" is the package itself."""
        folder, _, file = name.rpartition("/")
        part = posixpath.join(folder, "_rels", f"{file}.rels")
        if part not in self._zip:
            return {}
        found = {}
        for element in self.tree(part):
            if attribute(element, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attribute(element, "Target"))).lstrip("/")
                kind = attribute(element, "Type").rpartition("/")[2]
                found[attribute(element, "Id")] = kind, target
        return found

    def main_part(self, usual: str) -> str:
        """The part with which the document begins; `usual` is where most files have it."""
        return next((part for kind, part in self.relations("").values() if kind == "officeDocument"), usual)


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name, "" if there is none."""
    value = element.get(name)
    if value is None:
        value = next((text for key, text in element.items() if key.rpartition("}")[2] == name), "")
    return str(value)


def children(element: Any, name: str) -> Iterator[Any]:
    """The child elements of a local name."""
    return (child for child in element if local(child) == name)


def child(element: Any, name: str) -> Any:
    """The first child element of a local name, None if there is none."""
    return next(children(element, name), None)


def is_true(text: str) -> bool:
    """An XML boolean."""
    return text in {"1", "true", "on"}


def whole(text: str, default: int, most: int = 1_048_576) -> int:
    """A count or an index from an attribute, within what its format allows; `default` if it is absent or no number."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else default
