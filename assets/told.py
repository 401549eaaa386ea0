"""What each channel has been told: one file a channel in `alerts/`, written after the message was accepted.

A night that is killed between the two tells the same again: better twice than never.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from pipeline.staging import commit, staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS = 100
"""Failed runs of which is remembered that they were told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one channel knows: `known` subjects (None: it never got a digest) and failed `runs`.

    `failed` says why the last digest did not arrive, `failed_since` since when; both are empty if it did.
    """

    known: dict[str, str] | None = None
    runs: tuple[str, ...] = ()
    publication: str = ""
    sent_at: str = ""
    failed: str = ""
    failed_since: str = ""

    def with_runs(self, runs: tuple[str, ...]) -> Told:
        """The same, told of these failed runs too."""
        return replace(self, runs=tuple(dict.fromkeys((*self.runs, *runs)))[-RUNS:])


@contextmanager
def exclusive(home: Path) -> Iterator[Memory]:
    """The memory, held by one process at a time: two that tell at once would tell everything twice."""
    memory = Memory(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield memory
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Memory:
    """The directory of what was told."""

    home: Path

    def read(self, channel: str) -> Told:
        """What a channel knows; nothing if it is new."""
        try:
            values = json.loads(self._path(channel).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Told()
        return Told(**{**values, "runs": tuple(values["runs"])})

    def write(self, channel: str, told: Told) -> None:
        """Replace what a channel knows, in one step."""
        with staged(self.home) as directory:
            path = directory / "told.json"
            path.write_text(json.dumps(asdict(told), ensure_ascii=False), encoding="utf-8")
            commit(path, self._path(channel))

    def log(self, **entry: object) -> None:
        """Append to the log of what was sent."""
        with (self.home / "sent.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def _path(self, channel: str) -> Path:
        return self.home / f"{channel}.json"
