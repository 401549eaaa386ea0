"""Converts office files to PDF with LibreOffice, and takes the moment of conversion out of the result."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.city.finish import without_moment


def to_pdf(source: Path, target: Path) -> None:
    """Convert one file. LibreOffice names its result after the source, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        content = (Path(folder) / f"{source.stem}.pdf").read_bytes()
    target.write_bytes(without_moment(content))
