"""How much of a file is read: bounds far above what any report holds, against files made by mistake or malice.

Time and memory are bounded by whoever runs the reading.
"""

from __future__ import annotations

PAGES = 3_000
"""Of a document. The longest real reports have some hundreds; one beyond this is refused, since half a report read
would contradict itself."""

GLYPHS = 100_000
"""Of a page, ten times the fullest real one; reading so many takes some eight seconds."""

OBJECTS = 200_000
"""Of a page, those in forms counted each time they are drawn; maps and patterns have some ten thousand."""

PLACES = 1_000_000
"""Of a table, its rows times its columns; more are cells that stand far apart."""

SPANNED_ROWS = 2_000_000
"""Of a sheet or table, over all its cells together; its largest ones have some ten thousand rows."""

COLUMNS = 1_000
"""Of a table on a web page."""

PIXELS = 85_000_000
"""Of a picture, before it is made smaller: A3 at 600 dpi has 70 million."""

ISSUES = 300
"""Of a document that are told one by one; nobody reads more of one file, and the cause is mostly the same."""


class OverLimitError(Exception):
    """A page or file holds more than is read; the message is a Chinese clause that goes on after its name."""


def check(what: str, count: int, limit: int) -> None:
    """Raise OverLimitError if `count` of something on a page exceeds its limit."""
    if count > limit:
        raise OverLimitError(f"有 {count} 个{what}，超过上限 {limit}")
