import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from expectations.findings import FINDING
from pipeline.lake import Lake
from tests.readings import VERSION, batch, document, fact
from tests.tables import insert
from warehouse.build import build
from warehouse.publish import NotPublishedError, open_published, publish, published, switch

ROOT = Path(__file__).parents[1]


def lake_with(root: Path, amount: str) -> Lake:
    lake = Lake(root)
    lake.append(batch(document=[document("a")], fact=[fact("a", "income", "total", "total", amount)]))
    return lake


def small(path: Path, number: int) -> Path:
    """A file with the number in two tables: a reader must never see two different ones."""
    with duckdb.connect(str(path)) as con:
        con.execute(f"CREATE TABLE one AS SELECT {number} AS n; CREATE TABLE two AS SELECT {number} AS n; CHECKPOINT")
    return path


def number(home: Path) -> tuple[int, int]:
    with open_published(home) as con:
        ((one, two),) = con.execute("SELECT one.n, two.n FROM one, two").fetchall()
    return one, two


def test_a_built_file_is_complete_and_alone(tmp_path: Path) -> None:
    path = build(lake_with(tmp_path / "lake", "12.3456"), tmp_path / "home" / "candidate.duckdb", VERSION)
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == ["candidate.duckdb"]
    published_file = publish(path, path.parent, "2026-01-01")
    assert published(path.parent) == published_file
    with open_published(path.parent) as con:
        assert con.execute("SELECT amount FROM core.cell").fetchall() == [(Decimal("12.3456"),)]
        assert con.execute('SELECT "本年收入合计" FROM "决算"."收入决算表"').fetchall() == [(Decimal("12.3456"),)]


def test_steps_of_a_build_come_before_the_views(tmp_path: Path) -> None:
    def judge(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("CREATE SCHEMA quality; CREATE TABLE quality.identity (identity VARCHAR, title VARCHAR)")
        ((report_id,),) = con.execute("SELECT report_id FROM core.report").fetchall()
        found = [{"report_id": report_id, "status": status} for status in ("new", "resolved")]
        insert(con, "TABLE quality.finding", FINDING, found)

    path = build(lake_with(tmp_path / "lake", "1"), tmp_path / "w.duckdb", VERSION, judge)
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute('SELECT "存疑" FROM "决算"."报告"').fetchall() == [(1,)]


def test_a_step_that_fails_leaves_the_older_file(tmp_path: Path) -> None:
    def fail(con: duckdb.DuckDBPyConnection) -> None:
        raise RuntimeError("stop")

    path = tmp_path / "w.duckdb"
    path.write_text("older")
    with pytest.raises(RuntimeError, match="stop"):
        build(Lake(tmp_path / "lake"), path, VERSION, fail)
    assert path.read_text() == "older"


def test_the_log_of_a_killed_writer_is_not_played_into_a_new_file(tmp_path: Path) -> None:
    path = build(lake_with(tmp_path / "lake", "1"), tmp_path / "w.duckdb", VERSION)
    program = f"""
import duckdb, os, signal
con = duckdb.connect({str(path)!r})
con.execute("CREATE SCHEMA quality; CREATE TABLE quality.half AS SELECT 1")
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    assert Path(f"{path}.wal").exists()
    build(Lake(tmp_path / "lake"), path, VERSION)
    assert not Path(f"{path}.wal").exists()
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute("FROM duckdb_schemas() WHERE schema_name = 'quality'").fetchall() == []


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(NotPublishedError):
        published(tmp_path / "nowhere")


def test_a_file_that_was_not_closed_is_refused(tmp_path: Path) -> None:
    built = small(tmp_path / "candidate.duckdb", 1)
    Path(f"{built}.wal").touch()
    with pytest.raises(ValueError, match=r"\.wal"):
        publish(built, tmp_path, "1")
    assert built.exists()


def test_a_run_is_published_once(tmp_path: Path) -> None:
    publish(small(tmp_path / "c.duckdb", 1), tmp_path, "1")
    with pytest.raises(ValueError, match="before"):
        publish(small(tmp_path / "c.duckdb", 2), tmp_path, "1")
    assert number(tmp_path) == (1, 1)


def test_the_last_files_stay_and_the_published_one_always(tmp_path: Path) -> None:
    for run in range(4):
        publish(small(tmp_path / "c.duckdb", run), tmp_path, str(run), keep=2)
    assert sorted(path.name for path in tmp_path.glob("warehouse-*")) == ["warehouse-2.duckdb", "warehouse-3.duckdb"]
    switch(tmp_path / "warehouse-2.duckdb", tmp_path)
    assert number(tmp_path) == (2, 2)


def test_readers_cannot_write_reach_files_or_unlock(tmp_path: Path) -> None:
    publish(small(tmp_path / "c.duckdb", 1), tmp_path, "1")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with open_published(tmp_path) as con:
        for sql in (
            "INSERT INTO one VALUES (2)",
            f"FROM '{tmp_path}/secret.csv'",
            f"COPY one TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/other.duckdb'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(sql)
    assert not (tmp_path / "out.csv").exists()


READER = """
import sys
from pathlib import Path
from tests.test_warehouse_publish import number
home, reads = Path(sys.argv[1]), 0
while not (home / "stop").exists():
    one, two = number(home)
    assert one == two, (one, two)
    reads += 1
    if reads == 1:
        print("reading", flush=True)
print(reads)
"""


def test_readers_see_one_version_each_while_files_are_switched(tmp_path: Path) -> None:
    publish(small(tmp_path / "c.duckdb", 0), tmp_path, "0", keep=2)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "reading\n"
    stop = threading.Event()

    def read() -> set[int]:
        seen = set()
        while not stop.is_set():
            one, two = number(tmp_path)
            assert one == two
            seen.add(one)
        return seen

    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        for run in range(1, 6):
            publish(small(tmp_path / "c.duckdb", run), tmp_path, str(run), keep=2)
            time.sleep(0.05)
        stop.set()
        seen = set().union(*(task.result() for task in reading))
    (tmp_path / "stop").touch()
    for process in processes:
        output, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")
        assert int(output) > 5
    assert number(tmp_path) == (5, 5)
    assert len(seen) > 1


def test_killed_in_the_middle_of_a_build(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lake = lake_with(tmp_path / "lake", "1")
    publish(build(lake, home / "candidate.duckdb", VERSION), home, "1")
    program = f"""
import os, signal
from pathlib import Path
from expectations.findings import FINDING
from pipeline.lake import Lake
from warehouse.build import build
def die(con):
    con.execute("CREATE TABLE big AS FROM range(1000000)")
    os.kill(os.getpid(), signal.SIGKILL)
build(Lake(Path({str(lake.root)!r})), Path({str(home / "candidate.duckdb")!r}), {VERSION!r}, die)
"""
    killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (home / "candidate.duckdb").exists()
    assert list((home / ".staging").iterdir())
    with open_published(home) as con:
        assert con.execute("SELECT count(*) FROM core.report").fetchall() == [(1,)]
    publish(build(lake, home / "candidate.duckdb", VERSION), home, "2")
    assert published(home).name == "warehouse-2.duckdb"
    assert not list((home / ".staging").iterdir())
