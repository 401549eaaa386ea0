"""Some pages of a report as a file of their own: all of a report takes the reader many times as long."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def excerpt(file: Path, pages: Iterable[int]) -> bytes:
    """These pages (from 1) of a PDF."""
    source, target = pypdfium2.PdfDocument(file.read_bytes()), pypdfium2.PdfDocument.new()
    target.import_pages(source, [page - 1 for page in pages])
    data = io.BytesIO()
    target.save(data)
    source.close()
    target.close()
    return data.getvalue()
