"""Rendered pages that are kept, compressed, until newer ones need their bytes; what is in them never changes."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING

from starlette.responses import Response

from warehouse.explorer.once import Once

if TYPE_CHECKING:
    from collections.abc import Hashable
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

_LEVEL = 5
_OVERHEAD = 1_000  # bytes that an entry costs beside its body and its address


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page: `mark` is its entity tag, `packed` its HTML, compressed."""

    mark: str
    packed: bytes

    @classmethod
    def of(cls, mark: str, html: str) -> Page:
        """Pack a page."""
        return cls(mark, compressed(html))

    def response(self, request: Request) -> Response:
        """As an answer to this request, compressed if its sender takes that."""
        headers = marked(self.mark)
        if takes_gzip(request):
            return Response(self.packed, media_type="text/html", headers=headers | {"Content-Encoding": "gzip"})
        return Response(gzip.decompress(self.packed), media_type="text/html", headers=headers)


def compressed(html: str) -> bytes:
    """A page as it is sent to who takes it compressed."""
    return gzip.compress(html.encode(), _LEVEL, mtime=0)


class Kept:
    """Pages by key, the least recently used of which make place for others; at most so many bytes. Thread-safe.

    Who makes a page holds its key in `once`.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, tuple[Page, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self.once = Once()

    def get(self, key: Hashable) -> Page | None:
        """The page of a key."""
        with self._lock:
            if key not in self._pages:
                return None
            self._pages.move_to_end(key)
            return self._pages[key][0]

    def put(self, key: Hashable, page: Page) -> None:
        """Keep a page, if it is not too large to be kept at all."""
        size = len(page.packed) + len(repr(key)) + _OVERHEAD
        if size > self._most // 8:
            return
        with self._lock:
            _, before = self._pages.pop(key, (page, 0))
            self._pages[key] = page, size
            self._bytes += size - before
            while self._bytes > self._most:
                _, (_, freed) = self._pages.popitem(last=False)
                self._bytes -= freed


def takes_gzip(request: Request) -> bool:
    """Whether the sender of a request takes answers that are compressed."""
    return "gzip" in request.headers.get("accept-encoding", "")


def mark(*parts: str) -> str:
    """The entity tag of what these determine, together with the program."""
    digest = hashlib.sha256("\0".join((code_version(), *parts)).encode())
    return f'W/"{digest.hexdigest()[:20]}"'  # weak: compressed or not, it is the same page


def marked(tag: str) -> dict[str, str]:
    """The headers of a page with this tag: its sender asks every time whether it has changed."""
    return {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "private, no-cache"}


def unchanged(request: Request, tag: str) -> bool:
    """Whether the sender has the page with this tag already."""
    return tag in [known.strip() for known in request.headers.get("if-none-match", "").split(",")]


@cache
def code_version() -> str:
    """What changes when anything that draws pages does."""
    digest = hashlib.sha256()
    for path in _sources(files("warehouse")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _sources(entry)
        elif entry.name.endswith((".py", ".html", ".css", ".js", ".sql")):
            found.append(entry)
    return found
