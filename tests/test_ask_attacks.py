"""What strangers may do to the warehouse with SQL: read it, and nothing else, within limits."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from types import SimpleNamespace

import duckdb
import pytest

from assets.asking import asking
from assets.settings import Settings
from warehouse.ask.model import Limits
from warehouse.ask.rules import require_reading
from warehouse.ask.run import ask
from warehouse.publish import published
from warehouse.query import BusyError, QueryError

FAST = Limits(seconds=1)
FORBIDDEN = {
    "writing": "INSERT INTO core.report SELECT * FROM core.report",
    "deleting": "DELETE FROM core.report",
    "a table for oneself": "CREATE TEMP TABLE t AS SELECT 1",
    "a function for oneself": "CREATE TEMP MACRO f() AS 1",
    "dropping": "DROP VIEW 决算.报告",
    "writing in WITH": "WITH x AS (DELETE FROM core.report RETURNING 1) SELECT * FROM x",
    "COPY": "COPY core.report TO '{folder}/out.csv'",
    "COPY in EXPLAIN ANALYZE": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    "EXPORT": "EXPORT DATABASE '{folder}/out'",
    "ATTACH": "ATTACH '{folder}/other.duckdb'",
    "INSTALL": "INSTALL httpfs",
    "LOAD": "LOAD httpfs",
    "PRAGMA": "PRAGMA database_list",
    "PRAGMA that is a SELECT": "PRAGMA database_size",
    "SET": "SET lock_configuration = false",
    "RESET": "RESET enable_external_access",
    "CALL": "CALL enable_logging()",
    "USE": "USE memory",
    "PREPARE": "PREPARE p AS SELECT 1",
    "CHECKPOINT": "CHECKPOINT",
    "a transaction": "BEGIN",
    "two statements": "SELECT 1; DELETE FROM core.report",
    "read_text": "FROM read_text('{folder}/secret.txt')",
    "read_text in other letters": """SELECT (SELECT content FROM system.main."Read_Text"('{folder}/secret.txt'))""",
    "read_csv": "FROM read_csv('{folder}/secret.txt')",
    "read_blob": "FROM read_blob('{folder}/*')",
    "read_duckdb": "FROM read_duckdb('{folder}/other.duckdb')",
    "glob": "FROM glob('{folder}/*')",
    "a file as table": "FROM '{folder}/secret.csv'",
    "a file of the web as table": "FROM 'https://example.org/x.parquet'",
    "sniff_csv": "FROM sniff_csv('{folder}/secret.txt')",
    "SQL in a text": "FROM query('FROM duckdb_settings()')",
    "a table named in a text": "FROM query_table('duckdb_databases')",
    "SQL in JSON": "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "settings": "FROM duckdb_settings()",
    "settings in a subquery": "SELECT 1 WHERE EXISTS (SELECT * FROM (SELECT * FROM DUCKDB_SETTINGS()))",
    "one setting": "SELECT current_setting('secret_directory')",
    "settings in another catalogue": "FROM pg_catalog.pg_settings",
    "where the file is": "FROM duckdb_databases()",
    "where the file is, as view": 'FROM "PRAGMA_DATABASE_LIST"',
    "secrets": "FROM duckdb_secrets()",
    "environment": "SELECT getenv('HOME')",
    "writing a log file": "FROM enable_logging(storage = 'file', storage_config = {'path': '{folder}'})",
    "writing to the log": "SELECT write_log('x')",
    "checkpoint as function": "FROM force_checkpoint()",
    "memory of the process": "FROM pandas_scan(1)",
    "engine's own functions": "SELECT __internal_decompress_string(1::UTINYINT)",
    "variables of the program": "FROM limits",
    "waiting": "SELECT sleep_ms(100000)",
    "a parameter without a value": "SELECT $1",
    "a zero byte": "SELECT '\x00",
    "half a character": "SELECT '\ud800'",
    "too long": "SELECT '" + "x" * 60_000 + "'",
    "too deep": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
}


@pytest.fixture(scope="module")
def home(city_home: Path) -> Path:
    return city_home / "warehouse"


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_does_more_than_read_is_refused(name, home, tmp_path):
    (tmp_path / "secret.txt").write_text("cleartext")
    (tmp_path / "secret.csv").write_text("cleartext")
    before = published(home).read_bytes()
    with pytest.raises(QueryError) as refused:
        ask(home, FORBIDDEN[name].replace("{folder}", str(tmp_path)), FAST)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(refused.value))
    assert "cleartext" not in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "secret.txt"]
    assert published(home).read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 单位 FROM 决算.报告;",
        "-- 说明\n/* explain */ SELECT 1",
        "EXPLAIN SELECT 1",
        "/* x */ explain analyze FROM core.report",
        "DESCRIBE 决算.报告",
        "SHOW ALL TABLES",
        "SUMMARIZE core.report",
        "FROM core.report",
        "VALUES (1)",
        "WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x WHERE a < 5) FROM x",
        "PIVOT core.report ON fiscal_year IN (2023, 2024) USING count(*) GROUP BY unit",
        "FROM duckdb_views() SELECT view_name, comment WHERE schema_name = '决算'",
        """SELECT '"function_name":"read_text"', 'DELETE', 'duckdb_settings()'""",
        "SELECT unnest(range(3)), list_transform([1], lambda x: x + 1)",
    ],
)
def test_what_only_reads_is_answered(sql, home):
    assert ask(home, sql, Limits()).rows


def test_rows_and_bytes_are_limited(home):
    answer = ask(home, "FROM range(1000000000000000)", Limits(rows=5))
    assert (answer.rows, answer.truncated) == (tuple((i,) for i in range(5)), True)
    assert ask(home, "FROM range(5)", Limits(rows=5)).truncated is False
    wide = ask(home, "SELECT repeat('x', 1000) FROM range(100000)", Limits(rows=100_000, bytes=2**20))
    assert wide.truncated
    assert 500 < len(wide.rows) < 1050
    with pytest.raises(QueryError, match="超过 1 MB"):
        ask(home, "SELECT repeat('x', 2000000)", Limits(bytes=2**20))


def test_values_keep_their_types(home):
    answer = ask(home, "SELECT 1.50::DECIMAL(18,2) AS 金额, DATE '2025-01-31' AS 日期, [1] AS 表", Limits())
    assert [tuple(column) for column in answer.columns] == [
        ("金额", "DECIMAL(18,2)"),
        ("日期", "DATE"),
        ("表", "INTEGER[]"),
    ]
    assert str(answer.rows[0][0]) == "1.50"


def test_times_are_of_beijing(home):
    ((moment,),) = ask(home, "SELECT TIMESTAMPTZ '2025-01-31 20:00:00+00'", Limits()).rows
    assert moment.isoformat() == "2025-02-01T04:00:00+08:00"


def test_parameters_are_values_and_never_sql(home):
    assert ask(home, "SELECT $word AS a", Limits(), {"word": "x'; DROP TABLE t --"}).rows == (("x'; DROP TABLE t --",),)


ENDLESS = {
    "a recursion": "WITH RECURSIVE x AS (SELECT 1 a UNION ALL SELECT a + 1 FROM x) SELECT count(*) FROM x",
    "a product": "SELECT max(a.range * b.range) FROM range(1000000000) a, range(100000) b",
    "what hears no interrupt": "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
}
HUGE = {
    "a text": "SELECT repeat('x', 3000000000)",
    "a sum of texts": "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
    "a list": "SELECT list(range) FROM range(1000000000)",
    "a sorted list": "SELECT list_sort(range(200000000))",
    "a padded text": "SELECT lpad('x', 600000000, 'y')",
    "columns without end": "SELECT " + ", ".join(["*"] * 3000) + " FROM core.cell",
    "a tower of unions": "SELECT 1 " + "UNION SELECT 1 " * 3000,
}


@pytest.fixture(scope="module")
def guarded(city_home):
    with asking(Settings(home=city_home, ask_memory=256, asked_at_once=2)) as ask:
        yield ask


@pytest.mark.parametrize("name", ENDLESS)
def test_the_endless_is_stopped(name, guarded, monkeypatch):
    deaf = name == "what hears no interrupt"
    monkeypatch.setattr("assets.asking.GRACE", 0 if deaf else 30)
    with pytest.raises(QueryError, match="超过 1 秒，已中止" if deaf else "已中止"):
        guarded(ENDLESS[name], FAST, {})


@pytest.mark.parametrize("name", HUGE)
def test_the_huge_is_stopped_and_costs_this_process_nothing(name, guarded):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(QueryError, match=r"内存|已中止"):
        guarded(HUGE[name], Limits(seconds=5), {})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes
    assert guarded("SELECT 1", FAST, {}).rows == ((1,),)


def test_a_bad_question_hurts_no_other(guarded):
    with ThreadPoolExecutor(2) as pool:
        bad = pool.submit(guarded, ENDLESS["a product"], FAST, {})
        good = [guarded("SELECT count(*) FROM core.report", FAST, {}).rows for _ in range(5)]
        assert good == [((4,),)] * 5
        with pytest.raises(QueryError, match="已中止"):
            bad.result()


def test_too_many_at_once_are_told_to_wait(city_home, monkeypatch):
    monkeypatch.setattr("assets.asking.PATIENCE", 0.2)
    with asking(Settings(home=city_home, ask_memory=256, asked_at_once=1)) as ask, ThreadPoolExecutor(6) as pool:
        together = Barrier(6)

        def one():
            together.wait()
            return ask(ENDLESS["a product"], FAST, {})

        refused = [asked.exception() for asked in [pool.submit(one) for _ in range(6)]]
    assert sum(isinstance(error, BusyError) for error in refused) == 5
    assert sum("已中止" in str(error) for error in refused) == 1


def test_without_a_published_file_it_says_what_to_do(tmp_path):
    with asking(Settings(home=tmp_path, ask_memory=128)) as ask, pytest.raises(QueryError, match="juesuan run"):
        ask("SELECT 1", FAST, {})


def test_a_page_without_a_way_to_ask_says_so():
    from warehouse.explorer.model import Explorer

    with pytest.raises(QueryError, match="没有开通"):
        Explorer(Path(), SimpleNamespace()).ask("SELECT 1", FAST, {})


def test_time_that_runs_out_between_two_statements_still_stops_the_next(home, monkeypatch):
    """An interruption is heard only by what is running: here nothing is when it comes."""

    def slow(con, sql):
        sleep(0.3)

    monkeypatch.setattr("warehouse.ask.run.require_reading", slow)
    with pytest.raises(QueryError, match="已中止"):
        ask(home, "SELECT count(*) FROM range(1000000000000)", Limits(seconds=0.1))


def test_comments_before_a_question_cost_nothing():
    """A pattern that could part them in many ways would never come to an end."""
    with duckdb.connect() as con:
        require_reading(con, "/**/" * 300 + "EXPLAIN SELECT 1")
        require_reading(con, "/**/" * 300 + "SELECT 1 AS explain")
