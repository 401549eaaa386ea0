"""SQL over the wire: what a client may, what it may not, and what it notices of a new publication."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Thread

import duckdb
import pytest

from assets.quack import require_usable
from assets.settings import Settings
from tests.ports import free_port
from warehouse import remote
from warehouse.publish import published, switch
from warehouse.remote import RemoteError, closed_off, extension

pytest.importorskip("duckdb_extension_quack")
TOKEN = "a-token-of-the-bureau"  # noqa: S105 - of this test


@pytest.fixture(scope="module")
def home(city_home, tmp_path_factory):
    """A home whose published file can be switched."""
    home = tmp_path_factory.mktemp("remote")
    (home / "warehouse").mkdir()
    for run in ("1", "2"):
        shutil.copy(published(city_home / "warehouse"), home / "warehouse" / f"warehouse-{run}.duckdb")
    switch(home / "warehouse" / "warehouse-1.duckdb", home / "warehouse")
    return home


@contextmanager
def server(home, **more):
    port = free_port()
    environment = {**os.environ, "JUESUAN_HOME": str(home), "JUESUAN_QUACK_TOKEN": TOKEN, **more}
    command = [sys.executable, "-c", "from assets.cli import main; main()", "quack", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            assert "远程查询在" in line, line + process.stderr.read()
            yield f"quack:127.0.0.1:{port}", process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def address(home):
    with server(home) as (address, _):
        yield address


@pytest.fixture(scope="module")
def client():
    with duckdb.connect() as con:
        for name in ("httpfs", "quack"):
            con.execute(f"LOAD '{extension(name)}'")
        yield con


def asked(client, address, sql, token=TOKEN):
    return client.execute("FROM quack_query($1, $2, token := $3)", [address, sql, token]).fetchall()


def test_a_question_in_the_words_of_the_bureau(client, address):
    sql = "SELECT 单位, 本年支出 FROM 决算.收支总额 WHERE 年度 = 2023"
    ((unit, amount),) = asked(client, address, sql)
    assert (unit, str(amount)) == ("澄川市农业技术推广站", "13836900.0000")
    client.execute(f"ATTACH '{address}' AS r (TOKEN '{TOKEN}')")
    assert client.execute("FROM r.query('SELECT count(*) FROM core.report')").fetchall() == [(4,)]
    assert asked(client, address, "SELECT ';';") == [(";",)]
    assert len(client.execute('SELECT 单位 FROM r."决算"."报告"').fetchall()) == 4
    client.execute("DETACH r")


@pytest.mark.parametrize("token", ["wrong-token-of-some", f"{TOKEN}x", TOKEN[:-1], "' OR true --"])
def test_without_the_token_nothing_is_answered(client, address, token):
    with pytest.raises(duckdb.Error, match="Authentication failed"):
        asked(client, address, "SELECT 1", token)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO core.report SELECT * FROM core.report",
        "DELETE FROM core.report",
        "CREATE TABLE gate.main.t AS SELECT 1",
        "CREATE TEMP TABLE t AS SELECT 1",
        "CREATE OR REPLACE MACRO gate.main.may_ask(a, b) AS true",
        "COPY core.report TO '/tmp/juesuan-stolen.csv'",
        "EXPLAIN ANALYZE COPY core.report TO '/tmp/juesuan-stolen.csv'",
        "ATTACH '/tmp/x.duckdb'",
        "DETACH gate",
        "LOAD httpfs",
        "SET GLOBAL quack_authorization_function = 'quack_nop_authorization'",
        "RESET GLOBAL quack_authorization_function",
        "CALL quack_stop('quack:127.0.0.1')",
        "FROM quack_server_list()",
        "FROM quack_active_connections()",
        "FROM quack_query('quack:127.0.0.1:1', 'SELECT 1', token := 'abcd')",
        "FROM whoami()",
        "FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd.csv'",
        "FROM 'https://example.org/x.parquet'",
        "FROM duckdb_settings()",
        "SELECT current_setting('quack_authentication_function')",
        "FROM duckdb_databases()",
        "FROM enable_logging(storage = 'file', storage_config = {'path': '/tmp/juesuan-log'})",
        "FROM query('FROM duckdb_settings()')",
        "PRAGMA database_list",
        "BEGIN TRANSACTION",
        "SELECT 1; DELETE FROM core.report",
        "SELECT 7; SELECT 8",
        "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    ],
)
def test_what_does_more_than_read_is_refused(client, address, sql):
    with pytest.raises(duckdb.Error, match=r"Authorization failed|disabled by configuration|Permission"):
        asked(client, address, sql)
    assert asked(client, address, "SELECT 1") == [(1,)]


def test_a_client_cannot_write_by_other_messages_either(client, address, home):
    before = published(home / "warehouse").read_bytes()
    client.execute(f"ATTACH '{address}' AS r (TOKEN '{TOKEN}')")
    for sql in (
        "INSERT INTO r.core.crawl BY NAME SELECT 'x' AS site",
        "CREATE TABLE r.core.t (a INT)",
        "DROP TABLE r.core.report",
    ):
        with pytest.raises(duckdb.Error):
            client.execute(sql)
    client.execute("DETACH r")
    assert published(home / "warehouse").read_bytes() == before


def broken_off(client, address, sql):
    with pytest.raises(duckdb.Error):
        asked(client, address, sql)


def gone(client, address):
    """Whether the server goes within some seconds."""
    for _ in range(100):
        try:
            asked(client, address, "SELECT 1")
        except duckdb.Error:
            return True
        time.sleep(0.1)
    return False


def test_a_new_publication_is_served_and_a_runaway_ends_alone(home):
    def edition(address):
        with duckdb.connect() as con:
            for name in ("httpfs", "quack"):
                con.execute(f"LOAD '{extension(name)}'")
            for _ in range(300):
                try:
                    return asked(con, address, "SELECT current_database()")[0][0]
                except duckdb.Error:  # between two servers
                    time.sleep(0.1)
        return None

    endless = "SELECT max(a.range * b.range) FROM range(1000000000) a, range(100000) b"
    with server(home, JUESUAN_QUACK_SECONDS="1") as (address, process), duckdb.connect() as bad:
        assert edition(address) == "warehouse-1"
        switch(home / "warehouse" / "warehouse-2.duckdb", home / "warehouse")
        assert "换成新发布的数据" in process.stderr.readline()
        assert edition(address) == "warehouse-2"
        assert "远程查询在" in process.stderr.readline()
        for name in ("httpfs", "quack"):
            bad.execute(f"LOAD '{extension(name)}'")
        runaway = Thread(target=broken_off, args=(bad, address, endless))
        runaway.start()
        assert "超过时限" in process.stderr.readline()
        runaway.join()
        assert edition(address) == "warehouse-2"
        process.kill()
        process.wait()
        assert gone(bad, address)


def test_it_is_not_opened_to_everybody(home):
    def settings(token):
        return Settings(home=home, quack_token=token)

    for token in ("", "short", "x" * 15, "with a space in it", "quote'quote'quote"):
        with pytest.raises(RemoteError, match="JUESUAN_QUACK_TOKEN"):
            require_usable(settings(token), "127.0.0.1", plain=False)
    with pytest.raises(RemoteError, match="不加密"):
        require_usable(settings(TOKEN), "0.0.0.0", plain=False)  # noqa: S104
    require_usable(settings(TOKEN), "0.0.0.0", plain=True)  # noqa: S104
    with pytest.raises(RemoteError, match="juesuan run"):
        require_usable(Settings(home=home / "none", quack_token=TOKEN), "localhost", plain=False)


def test_it_does_not_start_when_the_rules_do_not_hold(home, monkeypatch):
    monkeypatch.setattr(remote, "forbidden", lambda sql, functions: "[]")
    with pytest.raises(RemoteError, match="规则不对"), closed_off(published(home / "warehouse"), {}):
        pass
