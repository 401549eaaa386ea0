"""The version of the reader."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def _reader_version() -> str:
    """A hash over everything that decides what is read: code, declarations and reference data of this package.

    How files are fetched from portals does not change what they say.
    """
    package = Path(__file__).parent
    files = sorted(
        path
        for path in package.rglob("*")
        if path.suffix in {".py", ".csv"} and path.relative_to(package).parts[0] != "portals"
    )
    content = b"".join(path.relative_to(package).as_posix().encode() + path.read_bytes() for path in files)
    return sha256(content).hexdigest()[:16]


READER_VERSION = _reader_version()
"""Changes whenever the package changes: (sha256 of a document, reader version) decides what is read again."""
