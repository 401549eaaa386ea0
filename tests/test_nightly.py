"""The whole night through Dagster: from files to a published warehouse, its findings and its failures."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import dagster as dg
import duckdb
import pytest

from assets import nightly
from assets.checks import second_reading
from assets.clock import today
from assets.collect import from_paths
from assets.definitions import defs, schedule
from assets.headless import night
from assets.infrastructure import RETRIES
from assets.parse import parse
from assets.settings import NO_WAIVERS
from expectations.outcomes import causes, outcomes
from pipeline.lake import Lake
from tests.nights import copied, forget_runs, inbox, leave_out_suites
from warehouse.publish import published

TWO = ("hotline.pdf", "agriculture.pdf")
UNRECORDED = "import dagster as dg; dg.DagsterInstance.from_config = lambda _: dg.DagsterInstance.ephemeral()"


@pytest.fixture(autouse=True)
def _unrecorded(monkeypatch):
    """These nights leave no record of their runs; `test_alerts` has one that does."""
    forget_runs(monkeypatch)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory):
    """A first night in full, from two files to a publication; and what it told."""
    settings = inbox(tmp_path_factory.mktemp("first"), *TWO)
    with pytest.MonkeyPatch.context() as patched:
        forget_runs(patched)
        return settings, night(settings, quiet=True)


@pytest.fixture
def after_first(first_night, tmp_path):
    """The morning after: an installation that has come so far."""
    return copied(first_night[0], tmp_path)


@pytest.fixture
def settings(tmp_path):
    """An installation before its first night."""
    return inbox(tmp_path, *TWO)


def rows(settings, sql):
    with duckdb.connect(str(published(settings.warehouse)), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_first_night(first_night):
    settings, first = first_night

    assert first["ok"]
    assert (first["collected_files"], first["read_documents"], first["reports"]) == (2, 2, 2)
    assert first["lifted_numbers"] == first["printed_numbers"] > 700
    assert (first["doubt_pages"] > 0, first["doubt_disagreements"]) == (True, 0)
    broken = rows(settings, "SELECT unit, line, kind, symptoms FROM quality.finding WHERE severity = 'E'")
    assert broken == [("澄川市农业技术推广站", "2130106", "transposed", 3)]
    assert "identity_R5" in first["checks"]["ERROR"]
    (behind,) = causes(published(settings.warehouse))["R5"]
    assert "应为68.28万元" in behind["sentence"]
    assert outcomes(published(settings.warehouse))["R5"]["fail"] == 1
    assert rows(settings, "SELECT DISTINCT 等级 FROM 决算.评级 ORDER BY ALL") == [("A",), ("B",)]


def test_a_second_night_has_nothing_new_but_a_waiver(first_night, after_first, tmp_path, monkeypatch):
    leave_out_suites(monkeypatch)
    settings, first = after_first, first_night[1]
    line = ",澄川市农业技术推广站,2024,,H-01,,张三,口径不同,{}\n"
    file = tmp_path / "waivers.csv"
    good, bad = line.format(today() + timedelta(days=30)), line.format("长期")
    file.write_text(NO_WAIVERS.read_text(encoding="utf-8") + good + bad, encoding="utf-8")

    second = night(replace(settings, waivers=file), quiet=True)

    assert second["ok"]
    assert second.get("collected_files", 0) == second["read_documents"] == second.get("findings_new", 0) == 0
    assert second.get("findings_persisting", 0) + second["findings_waived"] == first["findings_new"]
    assert (second["findings_waived"], second["idle_waivers"]) == (
        1,
        ["第3行的截止日期“长期”不是日期，请写成 2027-06-30 的样子。这一行没有生效。"],
    )
    events = rows(settings, "SELECT event, count(*) FROM quality.finding_event GROUP BY ALL ORDER BY ALL")
    assert events == [("new", first["findings_new"]), ("waived", 1)]
    assert Lake(settings.lake).finding_events().height == first["findings_new"] + 1


def test_workers_of_another_version_end_the_run(settings, monkeypatch):
    """The code may be updated while a night runs: what its workers read then must not be published as nothing."""
    from_paths(Lake(settings.lake), settings.folders)
    monkeypatch.setattr("pipeline.version.READER_VERSION", "the one before")
    with pytest.raises(RuntimeError, match="更新"):
        parse(settings, progress=lambda _: None)


def test_a_broken_structure_is_not_published(after_first, monkeypatch):
    settings = after_first
    before = published(settings.warehouse)

    from expectations import findings as judging

    def double(con, previous, today, judge=judging.judge):
        judge(con, previous, today)
        con.execute("INSERT INTO core.report FROM core.report LIMIT 1")

    monkeypatch.setattr(judging, "judge", double)
    outcome = night(settings, quiet=True)

    assert not outcome["ok"]
    assert outcome["failed_step"].startswith("suites")
    assert published(settings.warehouse) == before
    assert json.loads((settings.home / "failures.jsonl").read_text(encoding="utf-8"))["step"] == "suites"


def test_an_unreadable_publication_is_replaced(first_night, after_first, monkeypatch):
    leave_out_suites(monkeypatch)
    settings, before = after_first, first_night[1]
    published(settings.warehouse).write_bytes(b"not a database" * 1000)

    outcome = night(settings, quiet=True)

    assert outcome["ok"]
    assert (outcome.get("findings_new", 0), outcome["findings_persisting"]) == (0, before["findings_new"])
    assert rows(settings, "SELECT count(*) FROM core.report") == [(2,)]


def test_a_failing_disk_is_tried_again_and_then_said(after_first, monkeypatch):
    from warehouse import build

    settings, tries = after_first, []
    before = published(settings.warehouse)

    def full(*_, **__):
        tries.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "build", full)
    monkeypatch.setattr("assets.infrastructure.SECONDS_BETWEEN", 0)
    outcome = night(settings, quiet=True)

    assert not outcome["ok"]
    assert outcome["failed_step"].startswith("candidate")
    assert len(tries) == 1 + RETRIES
    assert published(settings.warehouse) == before


@pytest.mark.parametrize(("disagreements", "passed"), [(0, True), (2, False)])
def test_disagreements_of_the_second_reading_are_a_warning(disagreements, passed):
    with dg.DagsterInstance.ephemeral() as instance:
        counts = {"doubt_pages": 9, "doubt_disagreements": disagreements}
        instance.report_runless_asset_event(dg.AssetMaterialization(nightly.readings.key, metadata=counts))
        result = second_reading(dg.build_asset_check_context(instance=instance))

    assert (result.passed, result.severity) == (passed, dg.AssetCheckSeverity.WARN)
    assert result.metadata["doubt_pages"].value == 9


def test_the_definitions():
    assert {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()} == {
        "published_files", "readings", "candidate", "findings", "published_warehouse", "alerts", "shared_readings", "upkeep",
    }  # fmt: skip
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert nightly.findings.key in {check.asset_key for check in defs.resolve_asset_graph().asset_check_keys}


def run_until(settings, moment):
    """Let the nightly command run, and kill it and its processes as soon as something new is there; whether it ran."""
    seen = set(settings.home.glob(moment))
    code = f"{UNRECORDED}; import sys; from assets.cli import main; sys.argv[0] = 'juesuan'; main()"
    command = [sys.executable, "-c", code, "run"]
    environment = {**os.environ, "JUESUAN_HOME": str(settings.home), "JUESUAN_FOLDERS": str(settings.folders[0])}
    process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not set(settings.home.glob(moment)) - seen and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    running = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running and bool(set(settings.home.glob(moment)) - seen)


def test_nights_killed_harm_nothing(after_first, monkeypatch):
    names = ("library.pdf", "road.pdf", "school.pdf")
    settings = inbox(after_first.home.parent, *names)
    before = published(settings.warehouse)

    for moment in (
        "lake/readings/*",  # what has just been read arrives in the lake
        "warehouse/.staging/*",  # a publication is under way
    ):
        assert run_until(settings, moment)
        assert published(settings.warehouse) == before
        assert rows(settings, "SELECT count(*) FROM core.report") == [(2,)]

    leave_out_suites(monkeypatch)
    assert night(settings, quiet=True)["ok"]
    assert rows(settings, "SELECT count(*) FROM core.report") == [(len({*TWO, *names}),)]
