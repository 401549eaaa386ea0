"""The pages over the published warehouse."""

import shutil

import pytest
from starlette.testclient import TestClient

from warehouse.explorer.app import create_app
from warehouse.explorer.base import Explorer
from warehouse.publish import published, switch


def no_pictures(document, number):
    raise AssertionError


@pytest.fixture
def client(city_home):
    with TestClient(create_app(Explorer(city_home / "warehouse", no_pictures))) as client:
        yield client


def test_the_first_page_tells_what_there_is(client):
    assert '<td>2024</td><td class="money">3</td>' in client.get("/").text


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


def test_an_address_without_a_page_says_so(client):
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "没有这个网页" in answer.text


def test_without_a_published_file_a_page_says_what_to_do(tmp_path):
    with TestClient(create_app(Explorer(tmp_path, no_pictures))) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert "juesuan run" in answer.text
