"""What the steps of the night share with Dagster: its home, retrying, what is told while it runs and when it fails."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click
import dagster as dg

from assets.settings import environment_with
from pipeline.staging import commit, staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assets.settings import Settings

RETRIES, SECONDS_BETWEEN = 2, 30

_FORMER = "telemetry:\n  enabled: false\n"
_SETTINGS = """\
telemetry:
  enabled: false
# one night at a time
concurrency:
  runs:
    max_concurrent_runs: 1
# the daemon looks every half minute whether a run has failed
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 2
      failure: 30
      success: 90
"""


@contextmanager
def infrastructure() -> Iterator[None]:
    """Ask Dagster to try again later when the machine fails us (disk, network, a locked file).

    A fault in a document is an Issue and a fault in our code an exception: neither is retried.
    """
    import duckdb

    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=SECONDS_BETWEEN) from error


def prepare_home(settings: Settings) -> Path:
    """Dagster's own directory under ours, with its settings; returned, and named to what is started from here.

    Settings that somebody has changed stay as they are.
    """
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists() or config.read_text(encoding="utf-8") == _FORMER:
        with staged(home) as directory:
            (directory / config.name).write_text(_SETTINGS, encoding="utf-8")
            commit(directory / config.name, config)
    return home


def become(settings: Settings, module: str, *arguments: str) -> NoReturn:
    """Turn this process into a program of Dagster's, which gets the signals that are sent to this one."""
    environment = environment_with(DAGSTER_HOME=str(prepare_home(settings)))
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606 - no shell is wanted


class _Progress(logging.Handler):
    """Prints what our own code says, and errors; Dagster's events stay in its event log."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        if not meta.get("dagster_event") or record.levelno >= logging.ERROR:
            said = meta.get("orig_message") or record.getMessage()
            click.echo(f"  {said}", err=True)


@dg.logger({"log_level": dg.Field(str, is_required=False, default_value="INFO")})
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A console that a person can follow."""
    log = logging.getLogger("juesuan")
    log.setLevel(context.logger_config["log_level"])
    log.handlers = [_Progress()]
    log.propagate = False
    return log


@dg.failure_hook(required_resource_keys={"settings"})
def record_failure(context: dg.HookContext) -> None:
    """Record the failed step in `failures.jsonl` and tell it on the channels of the alerts, once a run."""
    from assets.alerts import tell_failure
    from assets.failures import kind_of, record

    settings: Settings = context.resources.settings
    step, error = context.op.name, context.op_exception
    record(settings.home, context.run_id, step, kind_of(error), repr(error))
    context.log.error("夜间任务在“%s”失败：%r", step, error)
    for channel, reason in tell_failure(settings, context.run_id).failed.items():
        context.log.warning("通知渠道 %s：%s，下次发布时补发", channel, reason)
