"""What Dagster loads: the assets of the night, their checks, the job, its schedule, hook and sensor for failed runs."""

import dagster as dg

from assets.checks import alerts_delivered, second_reading, sites, suites
from assets.infrastructure import progress_logger, record_failure
from assets.nightly import (
    alerts,
    candidate,
    findings,
    published_files,
    published_warehouse,
    readings,
    shared_readings,
    upkeep,
)
from assets.settings import Settings
from assets.watch import failed_runs

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    hooks={record_failure},
    description="夜间任务：收集、读取、建库、核对、发布、通知、共享、清理",
)

schedule = dg.ScheduleDefinition(
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def define(settings: dg.ResourceDefinition) -> dg.Definitions:
    """All definitions, with the resource that gives the `Settings`."""
    return dg.Definitions(
        assets=[published_files, readings, candidate, findings, published_warehouse, alerts, shared_readings, upkeep],
        asset_checks=[suites, sites, second_reading, alerts_delivered],
        jobs=[nightly],
        schedules=[schedule],
        sensors=[failed_runs],
        loggers={"console": progress_logger},
        resources={"settings": settings},
    )


defs = define(dg.ResourceDefinition(lambda _: Settings.from_environment()))
