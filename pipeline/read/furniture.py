"""Page furniture: what stands on pages whatever they are about."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.read.grid import is_page_mark
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page, TextLine

MARGIN = 0.08
"""Share of the page, at each edge, in which running headers and footers stand; titles stand further in."""

NUMBER_MARGIN = 0.12
"""The same for a bare page number, which is nothing else wherever it stands alone near an edge."""

RUNNING_SHARE = 0.5
"""A line that stands in the margin of so many of the pages, and of three at least, is a running header or footer."""

_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxIVX]{1,6}")
_TITLE = re.compile(r".*表([（(].*[）)])?[:：]?")


class Furniture:
    """Page numbers, running headers and footers of a document, told from what its pages say."""

    def __init__(self, pages: Sequence[Page], share: float = RUNNING_SHARE) -> None:
        self.pages = {page.number: page for page in pages}
        counts = Counter(
            text for page in pages for text in {_without_digits(line) for line in page.lines if self._in_margin(line)}
        )
        enough = max(3, share * len(pages))
        self.running = {text for text, count in counts.items() if count >= enough and not _TITLE.fullmatch(text)}

    def is_page_number(self, line: TextLine) -> bool:
        """True for a page number, dressed or bare; bare ones are believed only near the page's edge."""
        return is_page_mark(line.text) or (
            bool(_BARE_NUMBER.fullmatch(squeeze(line.text))) and self._in_margin(line, NUMBER_MARGIN)
        )

    def is_running(self, line: TextLine) -> bool:
        """True for a header or footer that runs through the document."""
        return self._in_margin(line) and _without_digits(line) in self.running

    def _in_margin(self, line: TextLine, margin: float = MARGIN) -> bool:
        page, box = self.pages[line.page], line.box
        return (
            box.bottom <= margin * page.height
            or box.top >= (1 - margin) * page.height
            or box.x1 <= margin * page.width
            or box.x0 >= (1 - margin) * page.width
        )


def _without_digits(line: TextLine) -> str:
    return re.sub(r"\d+", "", squeeze(line.text))
