"""Short nights for tests: of documents read once, without Dagster's record of runs on the disk, without suites."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from assets import definitions
from assets.collect import from_paths
from assets.nightly import findings
from assets.settings import Settings
from pipeline.document import read_document
from pipeline.frames import frames
from pipeline.lake import Lake
from pipeline.model import Source

if TYPE_CHECKING:
    import pytest

CITY = Path(__file__).parent / "city" / "reports" / "2024"


def inbox(root: Path, *names: str) -> Settings:
    """The settings of an installation below `root` whose folder has these reports of the sample city."""
    folder = root / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(CITY / name, folder)
    return Settings(home=root / "var", folders=(folder,), workers=2)


def read_already(settings: Settings) -> None:
    """Collect the folders, and put into the lake what reading them gave in this process: the night has nothing to read."""
    lake = Lake(settings.lake)
    from_paths(lake, settings.folders)
    rows = lake.publications().select("document", "name", "url", "title", "site", "region", "published_on")
    readings = [_reading(lake.get(document), Source(*known)) for document, *known in rows.iter_rows()]
    lake.append({table: pl.concat(reading[table] for reading in readings) for table in readings[0]})


def copied(settings: Settings, root: Path) -> Settings:
    """Another installation that has come as far as this one."""
    shutil.copytree(settings.home.parent, root, symlinks=True, dirs_exist_ok=True)
    return inbox(root)


def forget_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Dagster's record in memory: on the disk, an event at a time, it takes longer than all the rest of a night."""
    monkeypatch.setattr(dg.DagsterInstance, "from_config", lambda _: dg.DagsterInstance.ephemeral())


def leave_out_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a night that is about something else publish unchecked: the suites take three quarters of a short one."""
    unchecked = dg.AssetSelection.all() - dg.AssetSelection.checks_for_assets(findings)
    job = dg.define_asset_job(
        "nightly", unchecked, executor_def=dg.in_process_executor, hooks=definitions.nightly.hooks
    )
    monkeypatch.setattr(definitions, "nightly", job)
    monkeypatch.setattr(definitions, "schedule", dg.ScheduleDefinition(job=job, cron_schedule="0 2 * * *"))


@cache
def _reading(data: bytes, source: Source) -> dict[str, pl.DataFrame]:
    return frames([read_document(data, source)])
