"""What the steps of the night share with Dagster: retrying, and saying when a run has failed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.settings import Settings

RETRIES, SECONDS_BETWEEN = 2, 30


@contextmanager
def infrastructure() -> Iterator[None]:
    """Ask Dagster to try again later when the machine fails us (disk, network, a locked file).

    A fault in a document is an Issue and a fault in our code an exception: neither is retried.
    """
    try:
        yield
    except OSError as error:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=SECONDS_BETWEEN) from error


@dg.failure_hook(required_resource_keys={"settings"})
def record_failure(context: dg.HookContext) -> None:
    """Append the failed step to `failures.jsonl`, where the alerts find it even if no UI is open."""
    settings: Settings = context.resources.settings
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": context.run_id,
        "step": context.op.name,
        "error": repr(context.op_exception),
    }
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "failures.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry, ensure_ascii=False) + "\n")
    context.log.error(f"夜间任务在“{entry['step']}”失败：{entry['error']}")
