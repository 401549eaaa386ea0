"""Prints a report with Chromium from HTML: named pages, nothing repeated on continuation pages."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.city.finish import without_moment
from tests.city.html_pages import document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.city.report import Block

_FONT = '"Liberation Serif", "Droid Sans Fallback"'


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    html = document(blocks, title, font=_FONT, repeat_header=False, padding="5pt 3pt", margin="25mm 14mm")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.html"
        source.write_text(html, encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer", "--disable-pdf-tagging", f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    target.write_bytes(without_moment(target.read_bytes()))
