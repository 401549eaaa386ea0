"""What Dagster's daemon watches: runs that fail without a step that could tell it.

No postponed annotations here: Dagster reads the annotations of resources.
"""

import dagster as dg

from assets.settings import Settings


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="运行失败而没有一步来得及报告（进程被终止、机器重启）时，也通知一次",
)
def failed_runs(context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]) -> None:
    """Tell a failed run on the channels of the alerts; what the hook has told is not told again."""
    from assets import failures
    from assets.alerts import tell_failure

    run = context.dagster_run.run_id
    if not any(known.key == f"run:{run}" for known in failures.failed_runs(settings.home)):
        failures.record(settings.home, run, "", failures.kind_of(None))
    for channel, reason in tell_failure(settings, run).failed.items():
        context.log.warning("通知渠道 %s：%s，下次发布时补发", channel, reason)
