"""The night's warehouse file: built anew from the lake, judged, and, if its structure holds, published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg

from assets.infrastructure import infrastructure
from assets.settings import Settings

if TYPE_CHECKING:
    from datetime import date

BUREAU_TIME = ZoneInfo("Asia/Shanghai")


@dg.asset(group_name="nightly", deps=["readings"])
def candidate(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """由数据湖新建数据仓库文件（尚未发布）：单位、报告、版本、事实。"""
    import duckdb

    from pipeline.document import READER_VERSION
    from pipeline.lake import Lake
    from warehouse.build import build

    with infrastructure():
        settings.warehouse.mkdir(parents=True, exist_ok=True)
        build(Lake(settings.lake), settings.candidate, READER_VERSION)
    with duckdb.connect(str(settings.candidate), read_only=True) as con:
        counts = dict(con.execute(_COUNTS).fetchall())
    return dg.MaterializeResult(metadata={**counts, "bytes": settings.candidate.stat().st_size})


@dg.asset(group_name="nightly", deps=[candidate])
def findings(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """对全部报告核对勾稽关系；与上一次发布相比，区分新发现、仍存在、已消除。"""
    import duckdb

    from expectations.evaluate import evaluate
    from expectations.findings import judge
    from warehouse.marts import create_marts

    with infrastructure(), duckdb.connect(str(settings.candidate)) as con:
        evaluate(con)
        judge(con, previous_publication(settings), today())
        create_marts(con)
        con.execute("CHECKPOINT")
        outcomes = dict(con.execute(_OUTCOMES).fetchall())
        statuses = dict(con.execute(_STATUSES).fetchall())
    return dg.MaterializeResult(metadata={**outcomes, **statuses})


@dg.asset(group_name="nightly", deps=[findings])
def published_warehouse(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """结构检查通过后，一次切换为现行数据仓库；旧文件保留若干份，读者不受影响。"""
    from warehouse.publish import publish

    run = f"{datetime.now(BUREAU_TIME):%Y%m%d-%H%M%S}-{context.run.run_id[:8]}"
    with infrastructure():
        target = publish(settings.candidate, settings.warehouse, run, settings.keep)
    return dg.MaterializeResult(metadata={"file": target.name})


def previous_publication(settings: Settings) -> Path | None:
    """The published file, or None before the first publication."""
    from warehouse.publish import NotPublishedError, published

    try:
        return published(settings.warehouse)
    except NotPublishedError:
        return None


def today() -> date:
    """The date at the bureau."""
    return datetime.now(BUREAU_TIME).date()


_COUNTS = """
    SELECT 'reports', count(*) FROM core.report UNION ALL SELECT 'units', count(*) FROM core.unit
    UNION ALL SELECT 'facts', count(*) FROM core.fact UNION ALL SELECT 'issues', count(*) FROM core.issue
"""
_OUTCOMES = "SELECT outcome, count(*) FROM quality.identity_result GROUP BY outcome"
_STATUSES = "SELECT 'findings_' || status, count(*) FROM quality.finding GROUP BY status"
