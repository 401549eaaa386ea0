"""Script in what units and reports call things: it is shown as text, on every page that can be reached."""

import re
import shutil
from collections import Counter, deque
from functools import partial
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from pipeline.read.picture import NoPictureError
from warehouse.ask.run import ask_on
from warehouse.explorer.app import create_app
from warehouse.explorer.base import Explorer
from warehouse.publish import published, switch
from warehouse.query import opened

SCRIPT = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)><svg/onload=alert(7)>{{ 7 * 7 }}"
TEXTS = {
    *("unit", "department", "whole", "region", "name", "file_name", "label", "subject", "printed", "cell", "text"),
    *("sentence", "reason", "goals", "results", "note", "target", "actual", "deviation", "first", "second", "title"),
    *("direction", "known_from", "said", "what"),
}
STARTS = [
    "/",
    "/units",
    "/findings",
    "/missing",
    "/subjects",
    "/compare",
    "/questions",
    "/dictionary",
    "/search?q=script",
    "/search?q=" + quote(SCRIPT),
    "/units?q=" + quote(SCRIPT) + "&department=" + quote(SCRIPT),
    "/findings?identity=" + quote(SCRIPT),
    "/units/" + quote(SCRIPT, safe=""),
    "/reports/" + quote(SCRIPT, safe=""),
    "/findings/" + quote(SCRIPT, safe=""),
    "/subjects/functional/" + quote(SCRIPT, safe=""),
    "/questions/" + quote(SCRIPT, safe=""),
    "/download/view/" + quote(SCRIPT, safe="") + ".csv",
    "/" + quote(SCRIPT, safe=""),
    "/sql?q="
    + quote(
        "SELECT unit, printed, label, url AS 链接 FROM core.cell JOIN core.unit USING (unit_id), raw.publication LIMIT 3"
    ),
    "/sql?q=" + quote(f"SELECT '{SCRIPT.replace(chr(39), chr(39) * 2)}' AS \"{SCRIPT.replace(chr(34), chr(34) * 2)}\""),
    "/sql?q=" + quote(f"SELECT {SCRIPT}"),
    "/sql?q=" + quote("SELECT 'javascript:alert(7)' AS 链接, '<b>' AS report_id, '\"onclick=alert(7)' AS unit_id"),
    "/sql?q=" + quote("</textarea><script>alert(7)</script>"),
]
PAGES = 150
OF_A_KIND = 5


def no_pictures(document, number):
    raise NoPictureError(SCRIPT)


@pytest.fixture(scope="module")
def client(city_home, tmp_path_factory):
    home = tmp_path_factory.mktemp("script")
    target = home / "warehouse-1.duckdb"
    shutil.copy(published(city_home / "warehouse"), target)
    with duckdb.connect(str(target)) as con:
        columns = con.execute("""
            SELECT schema_name, table_name, column_name FROM duckdb_columns() JOIN duckdb_tables()
            USING (schema_name, table_name) WHERE data_type = 'VARCHAR' AND NOT duckdb_columns.internal
        """).fetchall()
        for schema, table, column in columns:
            name = f'"{schema}"."{table}"'
            if column in TEXTS:
                con.execute(f'UPDATE {name} SET "{column}" = "{column}" || $1', [SCRIPT])
            if column == "url":
                con.execute(f"UPDATE {name} SET url = 'javascript:alert(7)'")
    switch(target, home)
    with opened(home) as con:
        app = create_app(Explorer(home, no_pictures, ask=partial(ask_on, con)))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


def test_no_page_runs_what_a_report_says(client):
    waiting, seen, kinds, shown = deque(STARTS), set(STARTS), Counter(), 0
    while waiting and len(seen) < 3000 and sum(kinds.values()) < PAGES:
        address = waiting.popleft()
        answer = client.get(address)
        kinds[kind(address)] += 1
        assert answer.status_code < 500, address
        if not answer.headers["content-type"].startswith(("text/html", "image/svg")):
            continue
        shown += "alert(7)" in answer.text
        tree = LexborHTMLParser(answer.text)
        assert not list(dangers(tree)), address
        for link in tree.css("a[href], img[src]"):
            href = link.attributes.get("href") or link.attributes.get("src")
            to = urldefrag(urljoin(address, href)).url
            if to.startswith("/") and to not in seen and kinds[kind(to)] < OF_A_KIND and not to.startswith("/download"):
                seen.add(to)
                waiting.append(to)
    assert shown >= 10, kinds


def kind(address):
    path = urlsplit(address).path.strip("/").split("/")
    return tuple(part if re.fullmatch(r"[a-z]+", part) else "*" for part in path)


def dangers(tree):
    """What would run, or load, what a report says."""
    for node in tree.css("*"):
        if node.tag == "script" and not (node.attributes.get("src") or "").startswith("/static/"):
            yield node.html
        for name, value in node.attributes.items():
            if name.startswith("on") or (name in {"href", "src", "action", "formaction"} and not harmless(value or "")):
                yield node.html
        if node.tag in {"iframe", "object", "embed", "base", "style", "foreignobject"}:
            yield node.html


def harmless(address):
    return bool(re.match(r"(/(?!/)|#|\?|https?://|data:image/png;base64,)", address)) or address == ""
