"""The nightly job run from the command line: the same job, checks and hooks as under the scheduler."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.definitions import define
from assets.infrastructure import prepare_home

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assets.settings import Settings


def night(settings: Settings, paths: Sequence[Path] = (), *, quiet: bool = False) -> dict[str, Any]:
    """Run the job to its end and tell what it did.

    The result holds `ok` (published, and nothing of what was collected tonight is lost), `seconds`, the
    counts of every step, `lost` (sentences on files that gave nothing), `checks` (failed checks by severity).
    """
    start = time.monotonic()
    config = {
        "ops": {"published_files": {"config": {"paths": [str(path.absolute()) for path in paths]}}},
        "loggers": {"console": {"config": {"log_level": "ERROR" if quiet else "INFO"}}},
    }
    with dg.DagsterInstance.from_config(str(prepare_home(settings))) as instance:
        job = define(dg.ResourceDefinition.hardcoded_resource(settings)).resolve_job_def("nightly")
        outcome = job.execute_in_process(run_config=config, instance=instance, raise_on_error=False)
    facts = _metadata(outcome)
    return {
        "ok": outcome.success and not facts.get("lost"),
        "published": facts.get("file"),
        "seconds": round(time.monotonic() - start, 1),
        "run": outcome.run_id,
        "failed_step": _failed_step(outcome),
        **facts,
        "checks": _failed_checks(outcome),
    }


def _metadata(outcome: dg.ExecuteInProcessResult) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for event in outcome.all_node_events:
        if event.is_step_materialization:
            found |= {key: value.value for key, value in event.materialization.metadata.items()}
    return found


def _failed_step(outcome: dg.ExecuteInProcessResult) -> str | None:
    for event in outcome.all_node_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            return f"{event.step_key}：{error.cause.message if error and error.cause else error and error.message}"
    return None


def _failed_checks(outcome: dg.ExecuteInProcessResult) -> dict[str, list[str]]:
    failed: dict[str, list[str]] = {}
    for evaluation in outcome.get_asset_check_evaluations():
        if not evaluation.passed:
            failed.setdefault(evaluation.severity.value, []).append(evaluation.check_name)
    return failed
