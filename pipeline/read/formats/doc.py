"""The reader of .doc and .wps: LibreOffice, where it is installed, makes .docx of them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.read.formats.docx import read_docx

if TYPE_CHECKING:
    from pipeline.read.page import Pages

SECONDS = 90
"""For one conversion, the start of LibreOffice included; below what a document may take as a whole."""

MAX_BYTES = 100_000_000
"""Of the result; more is not read."""

_LEASH = '("$@" </dev/null; kill -9 0) & read -r _; kill -9 0'
"""A command, and all that it starts, ends when it is done or when who holds the other end of standard input lets go."""


def read_doc(data: bytes, source_name: str) -> Pages:
    """Pages of an old Word document."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        text = (
            f"文件“{source_name}”是旧版Word/WPS文档（.doc、.wps），需要LibreOffice才能读取；"
            "请在本机安装LibreOffice，或将文件另存为.docx或PDF后重新收录。"
        )
        return (), (Issue(IssueKind.UNSUPPORTED_FORMAT, text),)
    converted = _as_docx(program, data)
    if converted is None:
        text = (
            f"文件“{source_name}”是旧版Word/WPS文档，LibreOffice未能打开，文件可能已损坏；"
            "请另存为.docx或PDF后重新收录。"
        )
        return (), (Issue(IssueKind.DAMAGED_FILE, text),)
    return read_docx(converted, source_name, "doc")


def _as_docx(program: str, data: bytes) -> bytes | None:
    """The document as .docx, None if LibreOffice makes none of it in time. Nothing of it outlives the call."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.doc", Path(folder) / "out" / "source.docx"
        source.write_bytes(data)
        command = [
            program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "docx", "--outdir", str(target.parent), str(source),
        ]  # fmt: skip
        # what reads may be killed at any moment, and soffice starts others, which must not go on alone
        with subprocess.Popen(  # noqa: S603 - the program is LibreOffice, the arguments are ours
            ["/bin/sh", "-c", _LEASH, "sh", *command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        ) as group:  # fmt: skip
            try:
                group.wait(SECONDS)
            except subprocess.TimeoutExpired:
                return None
        if not target.is_file() or target.stat().st_size > MAX_BYTES:
            return None
        return target.read_bytes()
