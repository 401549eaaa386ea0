"""Who asked what: one JSON object a line, in files that are begun anew when they are large, the oldest given up."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from warehouse.explorer.text import BUREAU_TIME

if TYPE_CHECKING:
    from pathlib import Path

_FILE_BYTES, _FILES = 16_000_000, 30
_LONGEST = 10_000  # characters of one particular


class Audit:
    """The log in a folder, for its owner's eyes only; without a folder nothing is written. Thread-safe."""

    def __init__(self, folder: Path | None) -> None:
        self._handler: RotatingFileHandler | None = None
        if folder:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handler = _Private(
                folder / "audit.jsonl", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8", delay=True
            )

    def record(self, user: str, address: str, what: str, **particulars: object) -> None:
        """Write one line; particulars that are no JSON become text, long ones are cut."""
        if not self._handler:
            return
        at = datetime.now(BUREAU_TIME).isoformat(timespec="milliseconds")
        entry = {"at": at, "user": user, "address": address, "what": what, **particulars}
        line = json.dumps({key: _bounded(value) for key, value in entry.items()}, ensure_ascii=False, default=str)
        self._handler.handle(logging.makeLogRecord({"msg": line}))

    def close(self) -> None:
        """Close the file."""
        if self._handler:
            self._handler.close()


class _Private(RotatingFileHandler):
    """Files that only their owner may read."""

    def _open(self):  # type: ignore[no-untyped-def] # noqa: ANN202 - as the library declares it
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        return super()._open()


def _bounded(value: object) -> object:
    return f"{value[:_LONGEST]}…（共{len(value)}字）" if isinstance(value, str) and len(value) > _LONGEST else value
