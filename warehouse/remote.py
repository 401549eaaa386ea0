"""SQL from other machines: DuckDB's own server (the extension quack) on the published file, closed off and checked.

The server asks a function about every statement before it runs it. That function is made of the rules of
`warehouse.ask.rules`, and lives in a small file of its own beside the published one; both are open for reading only.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from warehouse.ask.rules import forbidden, refused_functions
from warehouse.extensions import extension_file
from warehouse.publish import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
"""What a token must look like: nothing that an SQL text could mistake, and too long to be guessed."""

_ALLOWED = ("SELECT 1", "SHOW ALL TABLES", "WITH x AS (SELECT 1) SELECT * FROM x")
_REFUSED = (
    *("CREATE TABLE gate.main.t AS SELECT 1", "COPY (SELECT 1) TO 'x.csv'", "SET threads = 1", "ATTACH 'x.duckdb'"),
    *("LOAD httpfs", "FROM read_text('x')", "FROM duckdb_settings()", "FROM query('SELECT 1')", "PRAGMA version"),
    *("FROM quack_query('quack:localhost', 'SELECT 1')", "CALL quack_stop('quack:localhost')", "no SQL"),
    "SELECT 1; SELECT 2",
)


class RemoteError(RuntimeError):
    """The server cannot be opened, or would not be closed off; its text is a Chinese sentence."""


def extension(name: str) -> Path:
    """The file of an extension of DuckDB that is installed as a wheel; raises RemoteError if it is not."""
    path = extension_file(name)
    if path is None:
        raise RemoteError(f"没有安装 DuckDB {duckdb.__version__} 的扩展 {name}：pip install 'juesuan[remote]'")
    return path


@contextmanager
def closed_off(file: Path, limits: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file for reading only, with the server's extension, and nothing left that could be changed.

    Raises RemoteError if anything is not as closed as it must be.
    """
    config = {name: value for name, value in CLOSED.items() if name != "enable_external_access"}
    with duckdb.connect(str(file), read_only=True, config={**config, **limits}) as con:
        _load(con)
        with TemporaryDirectory(prefix="juesuan-") as folder:  # which may go: what is open stays readable
            gate = Path(folder) / "gate.duckdb"
            _make_gate(gate)
            con.execute(f"ATTACH '{gate}' AS gate (READ_ONLY)")
        con.execute("SET GLOBAL quack_authorization_function = 'gate.main.may_ask'")
        con.execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")
        con.execute("SET GLOBAL enable_external_access = false")
        con.execute("SET GLOBAL lock_configuration = true")
        _require_closed(con)
        yield con


def _make_gate(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        _load(con)
        rule = forbidden("query", refused_functions(con))
        # the server would answer the first of several statements and drop the others without a word
        single = "json_array_length(json_serialize_sql(query::VARCHAR), '$.statements') = 1"
        con.execute(f"CREATE MACRO may_ask(session, query) AS coalesce({single} AND len({rule}) = 0, false)")


def serve(con: duckdb.DuckDBPyConnection, host: str, port: int, token: str) -> None:
    """Serve a closed-off connection; raises RemoteError if it cannot, or lets in whom it must not."""
    uri = f"quack:{host}:{port}"
    try:
        con.execute(f"CALL quack_serve('{uri}', token := '{token}', allow_other_hostname := true)")
    except duckdb.Error as error:
        raise RemoteError(f"不能在 {host}:{port} 提供服务：{error}") from error
    try:
        with duckdb.connect() as client:
            _load(client)
            _require_guarded(client, uri, token)
    except RemoteError:
        con.execute(f"CALL quack_stop('{uri}')")
        raise


def running(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """The questions that are being answered, or whose answer has not been fetched whole: session, and since when."""
    found = con.execute(
        "SELECT connection_id, query_started_at::VARCHAR FROM quack_active_connections() WHERE state = 'active'"
    )
    return {(session, since) for session, since in found.fetchall()}


def _load(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("httpfs", "quack"):  # whose random numbers come out of httpfs
        con.execute(f"LOAD '{extension(name)}'")


def _require_closed(con: duckdb.DuckDBPyConnection) -> None:
    """Try what must not work."""
    for sql in (
        "SET threads = 1",
        "COPY (SELECT 1) TO 'x.csv'",
        "ATTACH 'x.duckdb'",
        "CREATE TABLE core.t AS SELECT 1",
    ):
        try:
            con.execute(sql)
        except duckdb.Error:
            continue
        raise RemoteError(f"数据仓库没有封闭，不提供服务：可以执行 {sql}")
    for expected, statements in ((True, _ALLOWED), (False, _REFUSED)):
        for sql in statements:
            if con.execute("SELECT gate.main.may_ask('', $1)", [sql]).fetchall() != [(expected,)]:
                raise RemoteError(f"查询规则不对，不提供服务：{sql}")


def _require_guarded(client: duckdb.DuckDBPyConnection, uri: str, token: str) -> None:
    """Ask over the wire what must be answered, and what must be refused."""
    if _answers(client, uri, f"{token}x", "SELECT 1"):
        raise RemoteError("口令不起作用，不提供服务。")
    if not _answers(client, uri, token, "SELECT 1"):
        raise RemoteError("服务没有应答。")
    if _answers(client, uri, token, "SELECT current_setting('threads')"):
        raise RemoteError("查询规则不起作用，不提供服务。")


def _answers(client: duckdb.DuckDBPyConnection, uri: str, token: str, sql: str) -> bool:
    try:
        client.execute("FROM quack_query($1, $2, token := $3, disable_ssl := true)", [uri, sql, token]).fetchall()
    except duckdb.Error:
        return False
    return True
