"""The web application as a process of its own, attacked: everything is refused, the file stays, others are answered."""

import re
import socket
import sys
import threading
import time
from hashlib import sha256
from urllib.parse import quote, urlencode

import pytest

from tests.web_server import Server
from warehouse.publish import published

BOUND = 5
"""Seconds in which an ordinary page must be there, whatever others do; on a machine that does nothing else it is 0.1."""


@pytest.fixture(scope="module")
def server(city_home, tmp_path_factory):
    with Server(city_home, tmp_path_factory.mktemp("log") / "log", OF_THE_MACHINE="hush-hush") as server:
        yield server


@pytest.fixture(autouse=True)
def unharmed(server):
    """After every attack: alive, the same file, nothing new beside it, nothing of the machine told."""
    before = _state(server.home)
    yield
    assert server.get("/")[0] == 200
    assert server.process.poll() is None
    assert _state(server.home) == before
    assert "Traceback" not in (log := server.log.read_text()), log[-3000:]


def _state(home):
    file = published(home / "warehouse")
    names = sorted(path.name for path in (home / "warehouse").iterdir())
    return sha256(file.read_bytes()).hexdigest(), names


WRITING = [
    "INSERT INTO core.unit SELECT * FROM core.unit",
    "UPDATE core.unit SET unit = 'x'",
    "DELETE FROM core.unit",
    "CREATE TABLE core.mine AS SELECT 1",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "CREATE OR REPLACE VIEW 决算.报告 AS SELECT 1",
    "CREATE MACRO mine() AS 1",
    "CREATE SECRET mine (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "DROP TABLE core.unit",
    "ALTER TABLE core.unit RENAME TO other",
    "TRUNCATE core.unit",
    "COMMENT ON TABLE core.unit IS 'x'",
    "VACUUM",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "ANALYZE",
    "BEGIN",
    "MERGE INTO core.unit USING core.unit u ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM core.unit RETURNING *) SELECT * FROM gone",
    "SELECT 1; DROP TABLE core.unit",
    "SELECT 1;;DELETE FROM core.unit",
    "EXPLAIN ANALYZE DELETE FROM core.unit",
    "PREPARE p AS DELETE FROM core.unit",
    "EXECUTE p",
]

REACHING = [
    "COPY core.unit TO '{home}/stolen.csv'",
    "COPY (SELECT 1) TO '{home}/stolen.parquet' (FORMAT parquet)",
    "COPY core.unit FROM '/etc/passwd'",
    "EXPORT DATABASE '{home}/stolen'",
    "IMPORT DATABASE '{home}/stolen'",
    "ATTACH '{home}/stolen.duckdb' AS stolen",
    "ATTACH ':memory:' AS m",
    "DETACH warehouse",
    "USE memory",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd', sep = ':')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd.csv"',
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('{web}/a.parquet')",
    "SELECT * FROM '{web}/a.csv'",
    "SELECT * FROM read_json('{web}/a.json')",
    "SELECT * FROM read_csv(['{web}/a.csv', '/etc/passwd'])",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM query_table('/etc/passwd')",
    "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/passwd')",
    "SUMMARIZE SELECT * FROM read_text('/etc/passwd')",
    "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL '{web}/a.duckdb_extension'",
    "LOAD '/tmp/a.duckdb_extension'",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "PRAGMA memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "SET GLOBAL threads = 64",
    "RESET lock_configuration",
    "CALL enable_logging()",
    "CALL pragma_database_size()",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM pragma_database_list",
    "SELECT current_setting('temp_directory')",
    "SELECT getenv('OF_THE_MACHINE')",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_logs",
    "SELECT write_log('x')",
]


@pytest.fixture(scope="module")
def web():
    """An address to which nothing may come; what came."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        done = threading.Event()

        def listen():
            while not done.is_set():
                try:
                    line, _ = listener.accept()
                except TimeoutError:
                    continue
                came.append(line.recv(200))
                line.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        done.set()
        thread.join()


def test_nothing_can_be_written(server):
    for sql in WRITING:
        status, text = server.ask(sql)
        assert (status, "没有查到" in text) == (400, True), sql


def test_nothing_outside_the_file_can_be_reached(server, web):
    address, came = web
    for sql in REACHING:
        status, text = server.ask(sql.replace("{web}", address).replace("{home}", str(server.home / "warehouse")))
        assert (status, "没有查到" in text) == (400, True), sql
        assert not re.search(r"root:|hush-hush|daemon:", text), sql
    assert not came


def test_downloads_refuse_the_same(server):
    for kind in ("csv", "xlsx", "parquet"):
        for sql in ("DELETE FROM core.unit", "SELECT * FROM read_text('/etc/passwd')"):
            status, text = server.get(f"/download/answer.{kind}?" + urlencode({"q": sql}))
            assert status == 400
            assert "root:" not in text


HEAVY = [
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT count(*) FROM core.cell a, core.cell b, core.cell c, core.cell d",
    "SELECT len(repeat('x', 2000000000))",
    "SELECT a.* FROM core.cell a, core.cell b ORDER BY random()",
    "SELECT regexp_matches(repeat('a', 100000000), '(a*)*b')",
    "SELECT repeat('长', 10000000) FROM range(1000)",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "SELECT " + ", ".join(f"{n} AS c{n}" for n in range(3000)),
]


def visit(server):
    """The seconds that an ordinary page takes."""
    started = time.monotonic()
    assert server.get("/")[0] == 200
    return time.monotonic() - started


@pytest.mark.skipif(sys.platform != "linux", reason="has one address of its own, and no /proc")
def test_endless_and_huge_questions_hurt_nobody(server):
    """All at once, of many visitors: each is refused or answered, and meanwhile an ordinary page is there at once."""
    outcomes, waits, held = {}, [], []

    def attack(number):
        body = urlencode({"q": HEAVY[number] + " --" + "x" * 5000})  # too long for an address
        outcomes[number] = server.get("/sql", method="POST", body=body, seconds=60, of=f"127.0.0.{number + 2}")[0]

    threads = [threading.Thread(target=attack, args=(number,)) for number in range(len(HEAVY))]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        waits.append(visit(server))
        held.append(server.megabytes())
        time.sleep(0.05)
    assert len(outcomes) == len(HEAVY)
    assert set(outcomes.values()) <= {200, 400, 503}
    assert max(waits) < BOUND
    assert max(held) < 2000
    assert server.ask("SELECT 1 AS 一")[0] == 200


PATHS = [
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/%252e%252e/app.py",
    "/static/..%5capp.py",
    "/static/..\\app.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/pages.css%00.html",
    "/../../../../etc/passwd",
    "//etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/documents/..%2f..%2f..%2fetc%2fpasswd/file",
    "/documents/%2e%2e/file",
    "/documents/%00/file",
    "/documents/" + "a" * 64 + "/pages/1.png",
    "/documents/..%5c..%5cetc/pages/1",
    "/documents/" + "a" * 64 + "/pages/-1",
    "/documents/" + "a" * 64 + "/pages/99999999999999999999",
    "/reports/..%2f..%2fetc%2fpasswd",
    "/reports/%27%20OR%201=1--",
    "/units/%27%3B%20DROP%20TABLE%20core.unit%3B--",
    "/units/x/tables/..%2f..",
    "/findings/%27--",
    "/subjects/functional/..%2f..?year=2024",
    "/questions/..%2f..%2fetc%2fpasswd",
    "/questions/%00",
    "/download/answer.exe?q=SELECT%201",
    "/download/answer.?q=SELECT%201",
    "/download/answer.csv%00?q=SELECT%201",
    "/download/view/..%2f..%2fetc%2fpasswd.csv",
    "/download/view/x%22;DROP%20TABLE%20core.unit;--.csv",
    "/download/report/..%2fx.xlsx",
    "/download/unit/%27%20OR%201=1--.xlsx",
    "/download/question/..%2f..%2fetc%2fpasswd.csv",
    "/units?page=-1",
    "/units?page=99999999999999999999999",
    "/findings?year=%00&severity=%27",
    "/findings?page=" + "9" * 5000,
    "/compare?" + "&".join(f"unit=u{n}" for n in range(3000)),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_nowhere_else(server, path):
    answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    status = int(answer.split(b" ", 2)[1])
    assert status in {200, 303, 307, 308, 400, 404, 414, 431}
    assert not re.search(rb"root:x:|from __future__|hush-hush|Traceback", answer)
    if "?" not in path:
        assert status != 200


def raw_get(path="/", *more):
    return b"\r\n".join(
        [b"GET " + path.encode("latin-1") + b" HTTP/1.1", b"Host: x", b"Connection: close", *more, b"", b""]
    )


FORM = b"Content-Type: application/x-www-form-urlencoded"


def posted(body, *more, path=b"/sql"):
    head = [b"POST " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *(more or (FORM,))]
    return b"\r\n".join([*head, b"Content-Length: " + str(len(body)).encode(), b"", body])


OVERSIZED = {
    "address": raw_get("/sql?q=" + "x" * 1_000_000),
    "path": raw_get("/" + "x" * 1_000_000),
    "header": raw_get("/", b"X-A: " + b"a" * 5_000_000),
    "headers": raw_get("/", *(f"X-{n}: {n}".encode() for n in range(50_000))),
    "cookie": raw_get("/", b"Cookie: " + b"a=b; " * 200_000),
    "body": posted(b"q=" + b"x" * 5_000_000),
    "fields": posted(b"&".join(b"a%d=1" % n for n in range(50_000))),
    "told length": posted(b"q=1").replace(b"Content-Length: 3", b"Content-Length: 99999999999"),
    "wrong length": posted(b"q=1").replace(b"Content-Length: 3", b"Content-Length: -3"),
    "two lengths": posted(b"q=1", FORM, b"Content-Length: 30"),
    "chunks": b"POST /sql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    + FORM
    + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 80,
    "body of a page": posted(b"x" * 5_000_000, path=b"/"),
    "multipart": posted(b"x" * 1_000_000, b"Content-Type: multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize("name", OVERSIZED)
def test_what_is_too_large_is_refused(server, name):
    answer = server.raw(OVERSIZED[name])
    assert not answer or re.match(rb"HTTP/1\.1 (400|404|405|408|411|413|414|415|431)\b", answer), answer[:300]


BAD = {
    "json": posted(b"[" * 200_000, b"Content-Type: application/json"),
    "gzip": posted(b"\x1f\x8b" * 1000, FORM, b"Content-Encoding: gzip"),
    "address not utf-8": raw_get("/sql?q=%FF%FE%80"),
    "surrogates": raw_get("/sql?q=%ED%A0%80"),
    "overlong": raw_get("/sql?q=%C0%AE%C0%AE"),
    "half an escape": raw_get("/sql?q=%E5%86%B"),
    "no escape": raw_get("/sql?q=%ZZ"),
    "nul": raw_get("/sql?q=SELECT%00%201"),
    "bytes in the address": raw_get("/sql?q=\xff\xfe"),
    "bytes in the path": raw_get("/units/\xff\xfe"),
    "path not utf-8": raw_get("/units/%FF%FE"),
    "bidi": raw_get("/sql?q=" + quote("SELECT '\u202e\u2066'")),
    "body not utf-8": posted(b"q=\xff\xfe"),
    "body escapes not utf-8": posted(b"q=%FF%FE"),
    "body in utf-16": posted("q=SELECT 1".encode("utf-16")),
    "charset": posted(b"q=1", b"Content-Type: application/x-www-form-urlencoded; charset=utf-7"),
    "header bytes": raw_get("/", b"X-A: \xff\xfe", b"Cookie: \xff"),
    "header nul": raw_get("/", b"X-A: \x00"),
    "split header": raw_get("/sql?q=a%0d%0aSet-Cookie:%20x=1"),
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    "smuggled": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "nonsense": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "http 0.9": b"GET /\r\n\r\n",
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "upgrade": raw_get(
        "/", b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Key: x", b"Sec-WebSocket-Version: 13"
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_writing_is_no_error_of_ours(server, name):
    answer = server.raw(BAD[name], 2)
    assert not answer or re.match(rb"HTTP/1\.[01] [2-4]\d\d\b", answer), answer[:300]
    assert b"set-cookie" not in answer.partition(b"\r\n\r\n")[0].lower()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "MOVE"])
@pytest.mark.parametrize("path", ["/", "/sql", "/static/pages.css", "/download/answer.csv"])
def test_other_methods_are_refused(server, method, path):
    status, text = server.get(path, method=method)
    assert status in {400, 404, 405}
    assert "hush-hush" not in text


def test_slow_visitors_keep_nobody_out(server):
    """Two hundred that never finish their request, or do not take their answer: an ordinary page is there at once."""
    lines = []
    beginnings = [
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
        posted(b"q=SELECT%201")[:-5],
        b"",
        raw_get("/download/view/" + quote("收入决算表") + ".csv"),
    ]
    for number in range(200):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.connect(("127.0.0.1", server.port))
        line.sendall(beginnings[number % len(beginnings)])
        lines.append(line)
    try:
        started = time.monotonic()
        assert server.get("/")[0] == 200
        assert time.monotonic() - started < BOUND
        assert server.ask("SELECT 1 AS 一")[0] in {200, 503}
        assert server.megabytes() < 1500
    finally:
        for line in lines:
            line.close()
