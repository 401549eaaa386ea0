"""The eight assets of the night. Each takes its settings, calls one room, and says what it did.

No postponed annotations here: Dagster reads the annotations of configuration and resources.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.clock import now, today
from assets.infrastructure import infrastructure
from assets.settings import Settings

if TYPE_CHECKING:
    import polars as pl


class Sources(dg.Config):
    """Where a run collects from: `paths`, or, if there are none, the sites and folders of the settings."""

    paths: list[str] = []  # noqa: RUF012 - Dagster copies the default for every run


@dg.asset(group_name="nightly")
def published_files(
    context: dg.AssetExecutionContext, config: Sources, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult[None]:
    """从各网站和文件夹收集新发布的决算文件；每次访问留有记录，每个版本都保留。"""
    from assets.collect import collect

    with infrastructure():
        summary = collect(settings, [Path(path) for path in config.paths], progress=context.log.info)
    for text in summary.issues:
        context.log.warning(text)
    for site, trace in summary.broken.items():
        context.log.error("站点 %s 的收集程序出错：\n%s", site, trace)
    told = {"collect_issues": summary.issues, "broken_sites": sorted(summary.broken)}
    return dg.MaterializeResult(metadata={**_counted(summary.counts), **told})


@dg.asset(group_name="nightly", deps=[published_files])
def readings(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """新文件读成事实：每个数字带页码和位置；已由同一版本读过的不再读。"""
    from assets.parse import parse

    with infrastructure():
        summary = parse(settings, progress=context.log.info)
    return dg.MaterializeResult(metadata=summary.as_metadata())


@dg.asset(group_name="nightly", deps=[readings])
def candidate(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """由数据湖新建数据仓库文件（尚未发布）：单位、报告、版本、事实。"""
    import duckdb

    from assets.ducklake import source
    from pipeline.version import READER_VERSION
    from warehouse.build import build

    with infrastructure():
        settings.warehouse.mkdir(parents=True, exist_ok=True)
        build(source(settings, context.log.info), settings.candidate, READER_VERSION, marts=False)
    with duckdb.connect(str(settings.candidate), read_only=True) as con:
        return dg.MaterializeResult(metadata=dict(con.execute(_COUNTS).fetchall()))


@dg.asset(group_name="nightly", deps=[candidate])
def findings(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """对全部报告核对勾稽关系；与上一次发布相比，区分新发现、有变化、仍存在、已消除；豁免、评级。"""
    import duckdb

    from expectations.evaluate import evaluate
    from expectations.findings import judge
    from expectations.register import enrol, read_register
    from expectations.standing import stand
    from expectations.waivers import read_waivers, waive
    from warehouse.marts.create import create_marts

    day = today()
    with infrastructure(), duckdb.connect(str(settings.candidate)) as con:
        idle_entries = enrol(con, read_register(settings.register.read_bytes()))
        evaluate(con)
        judge(con, past_events(settings, context.log.warning), day)
        idle = waive(con, read_waivers(settings.waivers.read_bytes(), day), day)
        stand(con, settings.deadline, day, approval_days=settings.approval_days)
        create_marts(con)
        con.execute("CHECKPOINT")
        counts = dict(con.execute(_OUTCOMES).fetchall()) | dict(con.execute(_STATUSES).fetchall())
    for text in idle:
        context.log.warning("豁免清单：%s", text)
    for text in idle_entries:
        context.log.warning("名录：%s", text)
    return dg.MaterializeResult(metadata={**counts, "idle_waivers": idle, "idle_entries": idle_entries})


@dg.asset(group_name="nightly", deps=[findings])
def published_warehouse(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult[None]:
    """结构检查通过后，一次切换为现行数据仓库；旧文件保留若干份，读者不受影响。"""
    from expectations.history import events_of
    from pipeline.lake import Lake
    from warehouse.publish import publish

    run = f"{now():%Y%m%d-%H%M%S}-{context.run.run_id[:8]}"
    with infrastructure():
        target = publish(settings.candidate, settings.warehouse, run, settings.keep)
        Lake(settings.lake).add_finding_events(events_of(target))
    return dg.MaterializeResult(metadata={"file": target.name, "bytes": target.stat().st_size})


@dg.asset(group_name="nightly", deps=[published_warehouse])
def alerts(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """发布后，把各渠道尚未得知的新情况各通知一次；没有新情况不发，没有送达的下次补发。"""
    from assets.alerts import deliver

    with infrastructure():
        return dg.MaterializeResult(metadata=deliver(settings, context.log.info).as_metadata())


@dg.asset(group_name="nightly", deps=[alerts])
def shared_readings(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult[None]:
    """设置了 JUESUAN_DUCKLAKE 时，把本机读出的结果加入各机共享的 DuckLake。"""
    from dataclasses import asdict

    from assets.ducklake import share

    if settings.ducklake is None:
        return dg.MaterializeResult(metadata={"shared": "没有设置 JUESUAN_DUCKLAKE"})
    with infrastructure():
        done = share(settings, context.log.info)
    return dg.MaterializeResult(metadata={f"shared_{name}": number for name, number in asdict(done).items()})


@dg.asset(group_name="nightly", deps=[alerts])
def upkeep(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """清理超过保存期限而不再需要的内容；公开文件的任何版本、现行程序读出的结果都不会删除。"""
    from assets.tidy import tidy

    with infrastructure():
        found = tidy(settings, context.instance, dry=False)
    for one in found:
        if one.left:
            context.log.warning("%s：%s", one.sort, one.left)
    counts = {
        "tidied": sum(one.count for one in found if not one.left),
        "tidied_bytes": sum(one.bytes for one in found),
    }
    return dg.MaterializeResult(metadata={**counts, "tidied_sorts": {one.sort: one.count for one in found}})


def past_events(settings: Settings, warn: Callable[[str], None]) -> "pl.DataFrame":
    """What happened to findings up to the last publication, as the lake keeps it.

    Events are added to the lake after they were published; a night that was stopped in between is made good here.
    """
    from expectations.history import events_of
    from pipeline.lake import Lake

    lake = Lake(settings.lake)
    if previous := previous_publication(settings, warn):
        lake.add_finding_events(events_of(previous))
    return lake.finding_events()


def previous_publication(settings: Settings, warn: Callable[[str], None]) -> Path | None:
    """The published file to compare with, or None: before the first publication, or if it cannot be opened any more.

    The warehouse can be derived anew at any time, so a file that another version of DuckDB wrote stops no night.
    """
    import duckdb

    from warehouse.publish import NotPublishedError, published

    try:
        path = published(settings.warehouse)
        duckdb.connect(str(path), read_only=True).close()
    except NotPublishedError:
        return None
    except duckdb.IOException as error:
        warn(f"上一次发布的文件无法打开，本次不与它比较：{error}")
        return None
    return path


def _counted(counts: Counter[str]) -> dict[str, int]:
    return {f"collected_{key}": number for key, number in sorted(counts.items())}


_COUNTS = """
    SELECT 'reports', count(*) FROM core.report UNION ALL SELECT 'units', count(*) FROM core.unit
    UNION ALL SELECT 'facts', count(*) FROM core.fact UNION ALL SELECT 'issues', count(*) FROM core.issue
"""
_OUTCOMES = "SELECT outcome, count(*) FROM quality.identity_result GROUP BY outcome"
_STATUSES = """
    SELECT 'findings_' || if(waived_until IS NULL, status, 'waived'), count(*) FROM quality.finding GROUP BY ALL
"""
