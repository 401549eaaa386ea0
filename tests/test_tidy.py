"""Retention: what goes, what never does, and that nothing goes while somebody reads."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache

import dagster as dg
import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from assets.cli import main
from assets.infrastructure import prepare_home
from assets.nightly import upkeep
from assets.settings import Settings
from assets.tidy import tidy
from pipeline import retention
from pipeline.lake import Lake
from pipeline.portals.evidence import Kind
from pipeline.retention import merge_batches, superseded_pages, superseded_readings
from pipeline.schema import FETCH, READING_TABLES
from pipeline.version import READER_VERSION
from tests.bench_warehouse import synthetic
from warehouse.load import _readings

NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - timedelta(days=500), NOW - timedelta(days=5)
LIMIT = NOW - timedelta(days=400)


@cache
def known():
    return synthetic(0, 110, facts=20)


def readings(first, count=1, version=READER_VERSION):
    documents = known()["document"]["document"][first : first + count]
    frames = {table: frame.filter(pl.col("document").is_in(documents.implode())) for table, frame in known().items()}
    return {**frames, "document": frames["document"].with_columns(reader_version=pl.lit(version))}


def read(lake, first, count=1, version=READER_VERSION, written=LATELY):
    frames = readings(first, count, version)
    lake.add_publications(frames.pop("publication"))
    batch = lake.root / "readings" / lake.append(frames)
    os.utime(batch / "document.parquet", (written.timestamp(), written.timestamp()))
    return batch


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "home" / "lake")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def test_readings_by_an_earlier_version_go_once_all_is_read_again(lake):
    again = read(lake, 0, 3, "earlier", LONG_AGO)
    half = read(lake, 10, 2, "earlier", LONG_AGO)
    young = read(lake, 0, 2, "yesterday", LATELY)
    read(lake, 0, 3)
    read(lake, 10, 1)

    found = superseded_readings(lake, READER_VERSION, LIMIT)
    assert (found.paths, found.bytes > 1000) == ((again,), True)
    assert found.remove(lake)
    assert (again.exists(), half.exists(), young.exists()) == (False, True, True)
    assert lake.known(READER_VERSION) >= set(readings(0, 3)["document"]["document"])


def test_nothing_goes_while_somebody_reads(lake):
    old = read(lake, 0, 1, "earlier", LONG_AGO)
    read(lake, 0)
    found = superseded_readings(lake, READER_VERSION, LIMIT)

    with lake.held("readings"):
        assert not found.remove(lake)
        assert old.exists()
    assert found.remove(lake)
    assert not old.exists()


def seen(lake, data, moment, kind=Kind.LIST, *, url="https://example.gov.cn/list", fault=""):
    sha = lake.put(data)
    row = dict.fromkeys(FETCH, "") | {
        "site": "liuzhou", "kind": kind, "url": url, "fetched_at": moment, "status": 200, "content_length": 1,
        "size": 1, "sha256": sha, "attempts": 1, "fault": fault, "items": 0,
    }  # fmt: skip
    lake.add_fetches(pl.DataFrame([row], schema=FETCH))
    return sha


def test_pages_go_that_were_replaced_long_ago(lake):
    before = seen(lake, b"a list of two years ago", LONG_AGO - timedelta(days=9))
    last = seen(lake, b"a list that has stood since", LONG_AGO)
    lately = [
        seen(lake, b"one week", LATELY, url="https://example.gov.cn/b"),
        seen(lake, b"the next", NOW, url="https://example.gov.cn/b"),
    ]
    file = seen(lake, b"%PDF once published", LONG_AGO, Kind.FILE, url="https://example.gov.cn/x.pdf")
    seen(lake, b"%PDF its second version", LATELY, Kind.FILE, url="https://example.gov.cn/x.pdf")
    page = seen(lake, b"<html>a report in the page", LONG_AGO, Kind.DETAIL, url="https://example.gov.cn/art")
    seen(lake, b"<html>the page today", LATELY, Kind.DETAIL, url="https://example.gov.cn/art")
    lake.add_publications(readings(0)["publication"].with_columns(document=pl.lit(page)))

    found = superseded_pages(lake, LIMIT)

    assert [path.name for path in found.paths] == [before]
    assert found.remove(lake)
    assert all(lake.path(kept).exists() for kept in (last, *lately, file, page))
    assert lake.fetches().filter(sha256=before).height == 1  # that it was seen stays on record


def test_an_answer_that_was_of_no_use_replaces_nothing(lake):
    good = seen(lake, b"the last good list", LONG_AGO)
    seen(lake, b"<html>Internal Server Error", LATELY, fault="server_error")

    assert superseded_pages(lake, LIMIT).paths == ()
    assert lake.path(good).exists()


def contents(lake):
    """What a warehouse is loaded from."""
    selection = lake.select(READER_VERSION)
    return [duckdb.execute(f"{_readings(selection, table)} ORDER BY ALL").fetchall() for table in READING_TABLES]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(retention, "MANY_BATCHES", 5)
    monkeypatch.setattr(retention, "FULL", 3)
    monkeypatch.setattr(retention, "MERGED", 4)


def test_many_small_batches_become_few(lake, few):
    large = read(lake, 100, 3)
    for number in range(9):
        read(lake, number)
    read(lake, 3, 2)  # two nights at the same time have read document 3
    before = contents(lake)

    assert merge_batches(lake, READER_VERSION) == 7
    assert large.exists()
    assert len(list((lake.root / "readings").iterdir())) == 4
    assert contents(lake) == before
    assert merge_batches(lake, READER_VERSION) == 0


def test_a_merge_that_is_killed_changes_nothing(lake, few):
    for number in range(6):
        read(lake, number)
    before = contents(lake)
    code = f"""
import os
from pathlib import Path
from pipeline import retention
from pipeline.lake import Lake
retention.MANY_BATCHES, retention.MERGED = 5, 4
def dying(lake, paths):
    paths[0].rename(lake.root / "gone")
    os._exit(9)
retention._remove = dying
retention.merge_batches(Lake(Path({str(lake.root)!r})), {READER_VERSION!r})
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert len(list((lake.root / "readings").iterdir())) == 6  # one is merged already, one has gone
    assert contents(lake) == before


def test_a_city_of_ordinary_size_is_not_touched(lake):
    for number in range(4):
        read(lake, number)
    assert merge_batches(lake, READER_VERSION) == 0


@dg.job
def nothing():
    pass


def checks(home, *runs):
    """The runs whose results of checks are on record, with some more."""
    with closing(sqlite3.connect(home / "history" / "runs" / "index.db")) as con, con:
        con.executemany("INSERT INTO asset_check_executions (run_id) VALUES (?)", runs)
        return con.execute("SELECT run_id FROM asset_check_executions").fetchall()


def test_old_runs_go_with_their_logs(settings, monkeypatch):
    monkeypatch.setattr("assets.tidy.RUNS_KEPT", 1)
    home = prepare_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = [nothing.execute_in_process(instance=instance).run_id for _ in range(3)]
        assert (home / "storage" / runs[0]).exists()
        assert list((home / "history" / "runs").glob(f"{runs[0]}*"))

        checks(home, *((run,) for run in runs))
        assert [one.count for one in tidy(settings, instance, dry=True) if one.sort == "运行记录"] == [0]
        monkeypatch.setattr("assets.tidy.now", lambda: NOW + timedelta(days=401))
        (would,) = (one for one in tidy(settings, instance, dry=True) if one.sort == "运行记录")
        assert (would.count, would.bytes > 0, len(instance.get_runs())) == (2, True, 3)
        (did,) = (one for one in tidy(settings, instance, dry=False) if one.sort == "运行记录")

        assert did.count == 2
        assert [run.run_id for run in instance.get_runs()] == [runs[2]]
    assert checks(home) == [(runs[2],)]
    assert not (home / "storage" / runs[0]).exists()
    assert not list((home / "history" / "runs").glob(f"{runs[0]}*"))


def test_the_log_of_what_was_sent_is_shortened(settings):
    sent = settings.alerts_home / "sent.jsonl"
    sent.parent.mkdir(parents=True)
    lines = [json.dumps({"at": moment.isoformat(timespec="seconds"), "n": 1}) + "\n" for moment in (LONG_AGO, LATELY)]
    sent.write_text("".join([*lines, '{"at": "2026-0']), encoding="utf-8")

    with dg.DagsterInstance.ephemeral() as instance:
        (would,) = (one for one in tidy(settings, instance, dry=True) if one.sort == "通知发送记录")
        assert (would.count, len(sent.read_text(encoding="utf-8").splitlines())) == (2, 3)
        tidy(settings, instance, dry=False)
    assert sent.read_text(encoding="utf-8") == lines[1]


def test_the_command_and_the_night(settings, lake, monkeypatch):
    old = read(lake, 0, 1, "earlier", LONG_AGO)
    read(lake, 0)
    monkeypatch.setenv("JUESUAN_HOME", str(settings.home))

    told = CliRunner().invoke(main, ["tidy", "--dry-run"])
    assert (told.exit_code, old.name in told.output, old.exists()) == (0, True, True)
    with lake.held("blobs"):
        result = dg.materialize([upkeep], resources={"settings": settings}, selection=[upkeep])
        assert (result.success, old.exists()) == (True, True)
    assert CliRunner().invoke(main, ["tidy", "--json"]).exit_code == 0
    assert not old.exists()
