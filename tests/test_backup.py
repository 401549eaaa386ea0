"""Backups: what they hold, what is copied again, what happens to those that are killed or damaged; and the way back."""

import dataclasses
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner

from assets import backup, backup_folder, restore
from assets.backup import back_up
from assets.backup_folder import BackupError, backups, object_path, read_manifest, verify
from assets.cli import main
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.schema import PUBLICATION
from pipeline.version import READER_VERSION
from warehouse.publish import publish, published
from warehouse.query import opened

RUNS = "dagster/history/runs.db"


@pytest.fixture
def settings(city_home, tmp_path):
    """A home as a night leaves it, with a record of runs that is being written, and letters of the bureau's."""
    home = tmp_path / "home"
    shutil.copytree(city_home, home, symlinks=True)
    (home / RUNS).parent.mkdir(parents=True)
    (home / "alerts").mkdir(mode=0o700)
    (home / "alerts" / "wecombot-1f2e3d4c.json").write_text("{}", encoding="utf-8")
    waivers = tmp_path / "豁免.csv"
    waivers.write_text("finding_id\n", encoding="utf-8")
    return Settings(home=home, waivers=waivers, alerts="wecombot://a-secret-key", office="澄川市财政局")


@pytest.fixture
def writing(settings):
    """Dagster's database, open and with what is only in its log yet."""
    con = sqlite3.connect(settings.home / RUNS)
    con.execute("PRAGMA journal_mode=WAL")
    con.execute("CREATE TABLE runs (id)")
    con.execute("INSERT INTO runs VALUES (7)")
    con.commit()
    yield con
    con.close()


def reports(home):
    with opened(home / "warehouse") as con:
        return con.execute("FROM core.report ORDER BY ALL").fetchall()


def test_there_and_back(settings, writing, tmp_path):
    copied = back_up(settings, tmp_path / "backup", keep=3)
    home = tmp_path / "new" / "home"
    name, manifest = restore.restore(tmp_path / "backup", home)

    assert (name, copied.damaged, verify(tmp_path / "backup")) == (copied.name, [], [])
    assert reports(home) == reports(settings.home)
    old, new = Lake(settings.lake), Lake(home / "lake")
    assert new.publications().equals(old.publications())
    assert (
        new.select(READER_VERSION).files("fact")[0].read_bytes()
        == old.select(READER_VERSION).files("fact")[0].read_bytes()
    )
    for document in old.publications()["document"]:
        assert new.get(document) == old.get(document)
    with sqlite3.connect(home / RUNS) as runs:
        assert runs.execute("SELECT id FROM runs").fetchall() == [(7,)]
    # the date of letters and the order of published files hang on it
    assert published(home / "warehouse").stat().st_mtime_ns == published(settings.warehouse).stat().st_mtime_ns
    assert (home / "alerts").stat().st_mode & 0o777 == 0o700
    assert (home / "outside" / "waivers.csv").read_text(encoding="utf-8") == "finding_id\n"
    assert manifest.settings["office"] == "澄川市财政局"


def test_secrets_are_not_in_it(settings, tmp_path):
    copied = back_up(settings, tmp_path / "backup", keep=3)

    manifest = read_manifest(tmp_path / "backup", copied.name)
    assert (manifest.secrets, "alerts" in manifest.settings) == (["alerts"], False)
    assert not any(b"a-secret-key" in path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())


def test_settings_that_sound_secret_are_declared_so():
    secret = ("alert", "token", "secret", "password", "key")
    for field in dataclasses.fields(Settings):
        assert not (field.repr and any(word in field.name for word in secret)), field.name


def test_the_second_copies_only_what_is_new(settings, tmp_path, monkeypatch):
    folder = tmp_path / "backup"
    first = back_up(settings, folder, keep=3)
    read = []
    monkeypatch.setattr(
        backup, "_copy", lambda source, target, copy=backup._copy: (read.append(source), copy(source, target))[1]
    )
    document = Lake(settings.lake).put(b"a new version")
    second = back_up(settings, folder, keep=3)

    assert (second.new_files, second.new_bytes, second.files) == (1, len(b"a new version"), first.files + 1)
    assert read == [Lake(settings.lake).path(document)]
    assert first.new_bytes > 1_000_000


def test_old_backups_go_with_what_only_they_need(settings, tmp_path):
    folder = tmp_path / "backup"
    sent = settings.alerts_home / "sent.jsonl"
    for number in range(4):
        sent.write_text(f"{number}\n", encoding="utf-8")
        last = back_up(settings, folder, keep=2)

    assert len(backups(folder)) == 2
    assert last.removed == 1
    assert verify(folder) == []
    assert len(list((folder / "objects").glob("*/*"))) == last.files + 1


def test_killed_in_the_middle(settings, tmp_path):
    folder = tmp_path / "backup"
    code = f"""
import os
from pathlib import Path
from assets import backup
from assets.settings import Settings
commit, done = backup.commit, []
def dying(part, target):
    if len(done) == 5:
        os._exit(9)
    done.append(commit(part, target))
backup.commit = dying
backup.back_up(Settings(home=Path({str(settings.home)!r})), Path({str(folder)!r}), 3)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert (backups(folder), len(list((folder / "objects").glob("*/*")))) == ([], 5)
    with pytest.raises(BackupError, match="没有备份"):
        restore.restore(folder, tmp_path / "new")

    copied = back_up(settings, folder, keep=3)
    assert copied.new_files < copied.files - 3
    assert verify(folder) == []
    assert not list((folder / ".staging").iterdir())


def test_a_restore_that_is_killed_leaves_nothing(settings, tmp_path):
    folder, home = tmp_path / "backup", tmp_path / "new"
    back_up(settings, folder, keep=3)
    code = f"""
import os
from pathlib import Path
from assets import restore
lay_out, done = restore._lay_out, []
def dying(folder, home, entry):
    if len(done) == 5:
        os._exit(9)
    done.append(lay_out(folder, home, entry))
restore._lay_out = dying
restore.restore(Path({str(folder)!r}), Path({str(home)!r}))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert [path.name for path in home.iterdir()] == [".staging"]

    restore.restore(folder, home)
    assert reports(home) == reports(settings.home)
    assert not list((home / ".staging").iterdir())


def test_a_night_at_the_same_time(settings, tmp_path, monkeypatch):
    """Files come, small ones are merged, another file is published: the backup is of one piece whatever it has met."""
    folder, lake = tmp_path / "backup", Lake(settings.lake)
    stop = threading.Event()
    many = [
        PUBLICATION.to_frame().vstack(lake.publications().head(1).with_columns(url=pl.lit(f"u{n}"))) for n in range(150)
    ]

    def night():
        number = 0
        while not stop.is_set():
            document = lake.put(f"document {number}".encode())
            lake.add_publications(many[number % 150].with_columns(document=pl.lit(document), url=pl.lit(f"u{number}")))
            if number % 40 == 39:
                monkeypatch.setattr("pipeline.lake._MANY", 10)
                lake.fold()
            number += 1

    worker = threading.Thread(target=night)
    worker.start()
    try:
        for _ in range(4):
            before = set(lake.publications()["document"])
            copied = back_up(settings, folder, keep=9)
            home = tmp_path / copied.name
            restore.restore(folder, home)
            kept = Lake(home / "lake")
            documents = set(kept.publications()["document"])
            assert documents >= before
            assert all(kept.path(document).exists() for document in documents)
    finally:
        stop.set()
        worker.join()
    assert len(documents) > 4


def test_damage_is_found_and_not_restored(settings, tmp_path):
    folder = tmp_path / "backup"
    copied = back_up(settings, folder, keep=3)
    entry = next(one for one in read_manifest(folder, copied.name).files if one.path.startswith("lake/blobs"))
    kept = object_path(folder, entry.sha256)
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)

    assert [entry.path in problem and "已损坏" in problem for problem in verify(folder)] == [True]
    with pytest.raises(BackupError, match="已损坏"):
        restore.restore(folder, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [".staging"]

    kept.unlink()
    assert ["缺失" in problem for problem in verify(folder)] == [True]
    assert back_up(settings, folder, keep=3).new_files == 1  # the home still has it
    assert verify(folder) == []


def test_damage_of_the_lake_itself_is_told(settings, tmp_path):
    document = Lake(settings.lake).put(b"as it was published")
    Lake(settings.lake).path(document).write_bytes(b"as the disk returns it")

    assert back_up(settings, tmp_path / "backup", keep=3).damaged == [f"lake/blobs/{document[:2]}/{document}"]


def test_a_home_that_holds_anything_is_left_alone(settings, tmp_path):
    back_up(settings, tmp_path / "backup", keep=3)
    home = tmp_path / "new"
    home.mkdir()
    (home / "notes.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(BackupError, match=r"不是空的（有 notes\.txt）"):
        restore.restore(tmp_path / "backup", home)
    assert [path.name for path in home.iterdir()] == ["notes.txt"]


def test_a_manifest_cannot_lead_out_of_the_home(settings, tmp_path):
    folder = tmp_path / "backup"
    copied = back_up(settings, folder, keep=3)
    path = folder / "backups" / f"{copied.name}.json"
    manifest = json.loads(path.read_bytes())
    manifest["files"][0]["path"] = "../../elsewhere"
    path.write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(BackupError, match="不在数据目录之内"):
        restore.restore(folder, tmp_path / "new")
    assert not (tmp_path / "elsewhere").exists()


def test_an_older_backup_by_its_name(settings, tmp_path):
    folder = tmp_path / "backup"
    first = back_up(settings, folder, keep=3)
    (settings.alerts_home / "more.json").write_text("{}", encoding="utf-8")
    back_up(settings, folder, keep=3)

    restore.restore(folder, tmp_path / "new", first.name)
    assert not (tmp_path / "new" / "alerts" / "more.json").exists()
    with pytest.raises(BackupError, match="没有名为"):
        restore.restore(folder, tmp_path / "other", "20200101")


def test_a_disk_that_is_too_small(settings, tmp_path, monkeypatch):
    back_up(settings, tmp_path / "backup", keep=3)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))

    with pytest.raises(BackupError, match="磁盘空间不足"):
        restore.restore(tmp_path / "backup", tmp_path / "new")


def test_what_cannot_be_backed_up(settings, tmp_path):
    for folder in (settings.home, settings.home / "backup", settings.home.parent):
        with pytest.raises(BackupError, match="不能互相包含"):
            back_up(settings, folder, keep=3)
    with pytest.raises(BackupError, match="不存在"):
        back_up(replace(settings, home=tmp_path / "none"), tmp_path / "backup", keep=3)
    (tmp_path / "backup").mkdir()
    with backup_folder.held(tmp_path / "backup", 2), pytest.raises(BackupError, match="另一个备份"):
        back_up(settings, tmp_path / "backup", keep=3)


def test_back_to_the_file_of_an_earlier_night(settings, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(settings.home))
    first = published(settings.warehouse)
    publish(Path(shutil.copy(first, settings.warehouse / "candidate.duckdb")), settings.warehouse, "2")

    assert "← 现行" in CliRunner().invoke(main, ["switch"]).output.splitlines()[1]
    assert CliRunner().invoke(main, ["switch", "warehouse-3.duckdb"]).exit_code == 1
    told = json.loads(CliRunner().invoke(main, ["switch", first.name, "--json"]).stdout)
    assert told == {"current": "warehouse-1.duckdb", "files": ["warehouse-1.duckdb", "warehouse-2.duckdb"]}
    assert published(settings.warehouse) == first


def test_the_commands(settings, tmp_path, monkeypatch):
    folder, home = str(tmp_path / "backup"), tmp_path / "new"
    monkeypatch.setenv("JUESUAN_HOME", str(settings.home))
    monkeypatch.setenv("JUESUAN_ALERTS", "wecombot://a-secret-key")

    def juesuan(*arguments):
        return CliRunner().invoke(main, arguments)

    told = juesuan("backup", folder)
    assert (told.exit_code, "新复制" in told.output) == (0, True)
    assert json.loads(juesuan("backup", folder, "--json").stdout)["new_files"] == 0
    proved = juesuan("backup", folder, "--verify")
    assert (proved.exit_code, "2 份备份完好" in proved.output) == (0, True)

    assert "不是空的" in juesuan("restore", folder).output
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    told = juesuan("restore", folder)
    assert (told.exit_code, "JUESUAN_ALERTS" in told.output, "a-secret-key" in told.output) == (0, True, False)
    assert juesuan("sql", "SELECT count(*) FROM core.report").exit_code == 0

    next(Path(folder).glob("objects/*/*")).write_bytes(b"rot")
    assert juesuan("backup", folder, "--verify").exit_code == 1
