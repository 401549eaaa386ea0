"""The pages over the published warehouse: what they tell, and that they hold whatever reports say and whenever asked."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from threading import Event
from urllib.parse import urljoin, urlsplit

import duckdb
import pytest
from lxml import html
from starlette.routing import Match
from starlette.testclient import TestClient

from pipeline.lake import Lake
from pipeline.read.picture import picture_page
from warehouse.ask.run import ask as answered
from warehouse.explorer.app import create_app
from warehouse.explorer.kept import Kept, Page
from warehouse.explorer.model import Explorer
from warehouse.explorer.text import plain
from warehouse.packing import packed
from warehouse.publish import open_published, publish, published, switch

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}\u202e\u2066\x07&amp;"


def no_pictures(document, number):
    raise AssertionError


def pictures(home):
    lake = Lake(home / "lake")
    return lambda document, number: packed(picture_page(lake.get(document), number))


@pytest.fixture
def client(city_home):
    with TestClient(create_app(Explorer(city_home / "warehouse", no_pictures))) as client:
        yield client


def ask(home, sql):
    with open_published(home / "warehouse") as con:
        return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def error(city_home):
    """The finding on the report with a fault: its id, unit and sentence."""
    return ask(city_home, "SELECT finding_id, unit, sentence FROM quality.finding WHERE severity = 'E'")[0]


def text_of(answer):
    return " ".join(html.fromstring(answer.text).find("body/main").text_content().split())


# what the pages tell


def test_the_first_page_tells_what_there_is(client, city_home, error):
    page = client.get("/")
    (numbers,) = ask(city_home, "SELECT sum(numbers)::INTEGER FROM core.form_reading")[0]
    assert '<th scope="row">2024</th><td class="number">3</td>' in page.text
    assert f"读成的数字 {numbers:,}" in text_of(page).replace("读成的数字", "读成的数字 ")
    assert error[2] in text_of(page)
    assert "夜间任务正常" in page.text


def test_findings_are_chosen_by_the_address(client, city_home, error):
    (counted,) = ask(city_home, "SELECT count(*) FROM quality.finding WHERE severity = 'E'")[0]
    assert f"共 {counted} 个问题" in text_of(client.get("/findings?severity=E"))
    assert error[2] in text_of(client.get("/findings", params={"unit": error[1], "severity": "E"}))
    assert "没有这样的问题" in text_of(client.get("/findings?severity=E&year=2001"))
    assert "没有这样的问题" in text_of(client.get("/findings?status=resolved"))


def test_a_finding_shows_its_numbers_with_the_page_they_stand_on(client, city_home, error):
    page = client.get(f"/findings/{error[0]}")
    cells = ask(
        city_home,
        f"SELECT printed, page, x0, top, x1, bottom FROM quality.finding_cell WHERE finding_id = '{error[0]}'",
    )
    assert error[2] in text_of(page)
    assert cells
    for printed, number, *box in cells:
        assert printed in text_of(page)
        assert f"/pages/{number}?mark={','.join(f'{side:.1f}' for side in box)}" in page.text
    (told,) = ask(city_home, f"SELECT count(*) FROM quality.finding_symptom WHERE finding_id = '{error[0]}'")[0]
    assert f"由此引起的 {told} 项不成立的勾稽关系" in text_of(page)


def test_who_is_missing_is_told_by_year(client):
    assert "2024年度决算公开情况" in text_of(client.get("/missing"))
    assert "没有2001年度应公开单位的资料" in text_of(client.get("/missing?year=2001"))


def test_search_finds_units_by_parts_of_their_names_and_subjects_by_code(client, error):
    found = client.get("/search", params={"q": f"{error[1][:2]} {error[1][-3:]}"})
    assert f">{error[1]}</a>" in found.text
    assert "/subjects/functional/2080505" in client.get("/search?q=20805").text
    assert "没有名称含有这些文字的单位" in text_of(client.get("/search?q=没有这个"))


def test_search_leads_from_the_number_of_a_finding_to_it(client, error):
    assert client.get(f"/search?q={error[0]}").url.path == f"/findings/{error[0]}"


def test_former_names_of_units_are_found(city_home, tmp_path):
    def rename(con):
        con.execute(
            "INSERT INTO core.unit_name SELECT series, 0, unit_id, '旧名称办公室', 2020, 2021 FROM core.unit LIMIT 1"
        )

    with spoiled(city_home, tmp_path, rename) as client:
        assert "原名 旧名称办公室" in text_of(client.get("/search?q=旧名称"))
        assert "一般公共服务支出 原名 基本公共管理与服务" in text_of(client.get("/search?q=基本公共管理"))


@pytest.mark.parametrize(
    "address",
    ["/findings/0000000000000000", "/findings/x/letter", "/documents/" + "0" * 64 + "/pages/1", "/nothing", "/findings?year=二〇二四", "/findings?page=x"],
)  # fmt: skip
def test_what_is_not_there_is_said_in_chinese(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert re.search("没有|应为", text_of(answer))


def test_a_page_beyond_the_last_is_the_last(client):
    assert client.get("/findings?status=all&page=99").status_code == 200


def test_without_a_published_file_a_page_says_what_to_do(tmp_path):
    with TestClient(create_app(Explorer(tmp_path, no_pictures))) as client:
        answer = client.get("/")
        assert client.get("/health").json()["status"] == "none"
    assert answer.status_code == 503
    assert "juesuan run" in answer.text


def test_a_file_of_another_version_costs_a_page_not_the_server(city_home, tmp_path):
    with spoiled(
        city_home, tmp_path, lambda con: con.execute("ALTER TABLE quality.finding DROP waived_until")
    ) as client:
        assert client.get("/health").json()["status"] == "ok"
        answer = client.get("/findings")
        assert answer.status_code == 503
        assert "另一版本" in answer.text
        assert client.get("/missing").status_code == 200
        told = client.get("/health")
        assert (told.status_code, told.json()["status"]) == (503, "other_version")


# whatever reports say


def spoiled(city_home, folder, change):
    """The pages over a copy of the published file with a change in it."""
    target = folder / "warehouse-1.duckdb"
    shutil.copy(published(city_home / "warehouse"), target)
    with duckdb.connect(str(target)) as con:
        change(con)
    switch(target, folder)
    originals = Lake(city_home / "lake").path
    return TestClient(
        create_app(Explorer(folder, pictures(city_home), originals=originals, ask=partial(answered, folder)))
    )


def test_no_text_of_a_report_becomes_part_of_a_page(city_home, tmp_path):
    """Every text that a report can set is made hostile; then all pages that can be reached are asked for."""

    def poison(con):
        told = {"unit", "department", "name", "title", "sentence", "label", "printed", "note", "region", "text", "known_from",
                "person", "waived_by", "waived_for", "url", "page_url", "cell", "remark", "reason", "goals", "results", "subject"}  # fmt: skip
        for schema, table, column in con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() "
            "USING (database_name, schema_name, table_name) WHERE data_type = 'VARCHAR'"
        ).fetchall():
            if column in told and schema != "ref" and (table, column) != ("grade", "subject"):
                con.execute(f'UPDATE {schema}."{table}" SET "{column}" = concat("{column}", $1)', [HOSTILE])

    with spoiled(city_home, tmp_path, poison) as client:
        pages = [*crawl(client, ["/", "/findings?status=all", "/search?q=script", f"/search?q={HOSTILE[:60]}"])]
    assert {"home", "findings", "finding", "document_page", "missing", "search"} <= {name for name, _ in pages}
    assert sum("&lt;script&gt;" in answer.text for _, answer in pages) > 5
    for _, answer in pages:
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", answer.text)
        tree = html.fromstring(answer.text)
        assert not tree.xpath("//script[not(@src)] | //img[@src='x'] | //@onerror | //style | //@style")
        assert "49" not in tree.xpath("string(//title)")


def crawl(client, addresses, of_each=2):
    """The pages that can be reached from these by links, so many of each kind, as (name of the route, answer)."""
    seen, waiting, counts = set(), list(addresses), {}
    while waiting:
        address = waiting.pop(0)
        name = route_of(client.app, address)
        if not name or address in seen or counts.get(name, 0) >= of_each:
            continue
        seen.add(address)
        counts[name] = counts.get(name, 0) + 1
        answer = client.get(address)
        assert answer.status_code == 200, (address, text_of(answer)[:500])
        if answer.headers["content-type"].startswith("text/html") and name != "letter":
            yield name, answer
            links = html.fromstring(answer.text).xpath("//a/@href")
            waiting += [urljoin(address, link) for link in links if not link.startswith(("http", "#"))]


def route_of(app, address):
    """The name of the route of an address, "" if no page has it (yet)."""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "root_path": ""}
    return next((route.name for route in app.routes if route.matches(scope)[0] is Match.FULL), "")


def test_only_what_would_turn_writing_about_is_taken_from_a_text():
    assert plain("单位\u202e（a）\tb\x00") == "单位（a）\tb"


# kept pages, and the next edition


def test_a_page_that_the_reader_has_is_not_sent_again(client):
    first = client.get("/findings")
    again = client.get("/findings", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/findings?severity=E", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_page_is_the_same_compressed_or_not(client):
    packed, plain_ = (client.get("/missing", headers={"Accept-Encoding": kind}) for kind in ("gzip", "identity"))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain_.headers
    assert packed.text == plain_.text


def test_a_kept_page_needs_no_warehouse(client):
    def unreadable():
        raise AssertionError

    first = client.get("/missing").text
    client.app.state.store.edition = unreadable
    assert client.get("/missing").text == first


def test_a_page_that_many_ask_for_at_once_is_made_once(city_home, monkeypatch):
    from warehouse.explorer import routes

    made = []

    def rendered(*asked):
        made.append(asked)
        time.sleep(0.05)
        return "<p>"

    monkeypatch.setattr(routes, "rendered", rendered)
    client = TestClient(create_app(Explorer(city_home / "warehouse", no_pictures)))
    with client, ThreadPoolExecutor(10) as readers:
        assert {answer.text for answer in readers.map(lambda _: client.get("/missing"), range(10))} == {"<p>"}
    assert len(made) == 1


def test_long_lists_are_shown_a_page_at_a_time(city_home, tmp_path):
    def multiply(con):
        con.execute(
            "INSERT INTO quality.finding SELECT f.* REPLACE (printf('%016x', n) AS finding_id, n AS difference) "
            "FROM (FROM quality.finding WHERE severity = 'E' LIMIT 1) f, range(1, 500) _(n)"
        )

    with spoiled(city_home, tmp_path, multiply) as client:
        first, third = client.get("/findings?severity=E"), client.get("/findings?severity=E&page=3")
        assert "共 500 个问题 ，第 1 页，共 10 页" in text_of(first).replace("问题，", "问题 ，")
        assert [link.text for link in html.fromstring(third.text).xpath("//nav[@class='pager']/*")] == [
            "上一页", "1", "2", "3", "4", "5", "…", "10", "下一页"]  # fmt: skip
        assert "/findings?severity=E&amp;page=4" in third.text or "?severity=E&amp;page=4" in third.text
        numbers = [set(re.findall('"/findings/([0-9a-f]{16})"', answer.text)) for answer in (first, third)]
        assert [len(found) for found in numbers] == [50, 50]
        assert not numbers[0] & numbers[1]


def test_pages_are_kept_in_so_many_bytes():
    kept = Kept(50_000)
    page = Page("", bytes(2_000))
    for number in range(100):
        kept.put(number, page)
    held = [number for number in range(100) if kept.get(number)]
    assert held == [*range(100 - len(held), 100)]
    assert 10 < len(held) < 25
    kept.put("large", Page("", bytes(10_000)))
    assert kept.get("large") is None


@pytest.mark.parametrize("order", ["severity", "amount", "date", "unit"])
def test_the_pages_of_the_list_hold_every_finding_once(city_home, tmp_path, order):
    def multiply(con):
        con.execute(
            "INSERT INTO quality.finding SELECT f.* REPLACE (printf('%016x', n) AS finding_id, n % 7 AS difference) "
            "FROM (FROM quality.finding LIMIT 1) f, range(1, 120) _(n)"
        )

    with spoiled(city_home, tmp_path, multiply) as client:
        pages = [client.get(f"/findings?status=all&order={order}&page={number}").text for number in (1, 2, 3)]
    shown = [re.findall('class="sentence" href="/findings/([0-9a-f]{16})"', page) for page in pages]
    assert [len(found) for found in shown] == [50, 50, 20]
    assert len({finding for found in shown for finding in found}) == 120


def test_an_edition_keeps_so_many_answers_and_no_more(city_home, monkeypatch):
    monkeypatch.setattr("warehouse.explorer.asked._KNOWN", 3)
    app = create_app(Explorer(city_home / "warehouse", no_pictures))
    with TestClient(app) as client:
        for year in range(2010, 2030):
            assert "勾稽问题" in client.get(f"/findings?year={year}").text
            assert len(app.state.store._current.known) <= 3


def test_what_is_published_next_is_shown_next(city_home, tmp_path):
    first = published(city_home / "warehouse")
    for run in ("1", "2"):
        shutil.copy(first, tmp_path / f"warehouse-{run}.duckdb")
    switch(tmp_path / "warehouse-1.duckdb", tmp_path)
    app = create_app(Explorer(tmp_path, no_pictures))
    with TestClient(app), app.state.store.edition() as before:
        switch(tmp_path / "warehouse-2.duckdb", tmp_path)
        with app.state.store.edition() as after:
            assert (before.name, after.name) == ("warehouse-1.duckdb", "warehouse-2.duckdb")
        assert before.con.execute("SELECT count(*) FROM core.report").fetchone() == (4,)


def test_readers_see_one_edition_each_while_editions_change(city_home, tmp_path):
    """Twenty readers while a new file is published every 50 ms: no error, no answer out of two files."""
    sources = []
    for letter in "甲乙":
        source = tmp_path / f"{letter}.duckdb"
        shutil.copy(published(city_home / "warehouse"), source)
        with duckdb.connect(str(source)) as con:
            for table in ("core.report", "core.unit", "quality.finding", "quality.register"):
                con.execute(f"UPDATE {table} SET unit = $1", [f"单位{letter}"])
        sources.append(source)

    def put(number, source):
        shutil.copy(source, tmp_path / "new.duckdb")
        publish(tmp_path / "new.duckdb", tmp_path, f"{number:04}{source.stem}", keep=3)

    put(0, sources[0])
    client = TestClient(create_app(Explorer(tmp_path, no_pictures)))
    done = Event()

    def read(address):
        seen = set()
        while not done.is_set():
            answer = client.get(address)
            assert answer.status_code == 200, answer.text
            (letter,) = set(re.findall("单位([甲乙])", answer.text))
            if address == "/":  # it names its edition
                assert re.search("发布编号 [0-9]+(.)", answer.text)[1] == letter
            seen.add((letter, answer.headers["etag"]))
        return seen

    with client, ThreadPoolExecutor(20) as readers:
        seen = [readers.submit(read, address) for _, address in zip(range(20), cycle(("/", "/findings", "/missing")))]
        end = time.monotonic() + 1.5
        for number, source in zip(range(1, 1000), cycle(sources[::-1])):
            time.sleep(0.05)
            put(number, source)
            if time.monotonic() > end and number > 8:
                break
        done.set()
        letters = {tag: letter for one in seen for letter, tag in one.result()}
    assert {*letters.values()} == {"甲", "乙"}


def test_a_night_that_failed_is_told_until_the_next_publication(city_home):
    from datetime import UTC, datetime, timedelta

    from warehouse.explorer.model import Failure

    failed = []
    explorer = Explorer(city_home / "warehouse", no_pictures, failed=lambda: failed[0] if failed else None)
    with TestClient(create_app(explorer)) as client:
        assert client.get("/health").json()["status"] == "ok"
        before = client.get("/").headers["etag"]
        failed.append(Failure(datetime.now(UTC), "夜间任务在“读取”一步失败。"))
        assert "夜间任务在“读取”一步失败" in client.get("/", headers={"If-None-Match": before}).text
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "failed")
        failed[0] = Failure(datetime.now(UTC) - timedelta(days=1), "早已过去。")
        assert "夜间任务正常" in client.get("/").text
        assert client.get("/health").status_code == 200


def test_a_publication_that_is_old_is_told(city_home):
    from datetime import timedelta

    with TestClient(create_app(Explorer(city_home / "warehouse", no_pictures, stale_after=timedelta(0)))) as client:
        assert (client.get("/health").status_code, client.get("/health").json()["status"]) == (503, "stale")
