"""Several machines share their readings in a DuckLake whose catalog is a PostgreSQL and whose files are on S3."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import count

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from assets.cli import main
from assets.ducklake import ducklake, source
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.schema import CRAWL
from pipeline.version import READER_VERSION
from tests import postgres
from tests.bench_warehouse import synthetic
from warehouse.build import build
from warehouse.ducklake import DuckLake, DuckLakeError, load_ducklake, share

pytest.importorskip("duckdb_extension_ducklake", reason="the extension wheels of DuckDB are not installed")
NUMBERS, BEGAN = count(), datetime(2026, 1, 5, 2, tzinfo=UTC)
VERSION, LATER = "one version", "another version"


@pytest.fixture(scope="module")
def postgresql():
    folder = postgres.programs()
    if folder is None:
        pytest.skip("there is no PostgreSQL on this machine (initdb is neither on PATH nor in /usr/lib/postgresql)")
    with postgres.running(folder) as connection:
        yield connection


@pytest.fixture(scope="module")
def s3():
    """An imitation of S3 with one bucket; its endpoint."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    boto3 = pytest.importorskip("boto3")
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="k",
        aws_secret_access_key="s",  # noqa: S106 - of the imitation
    )
    client.create_bucket(Bucket="juesuan")
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def shared(postgresql, s3):
    """A DuckLake of its own for every test."""
    name = f"juesuan{next(NUMBERS)}"
    catalog = postgres.create_database(postgres.programs(), postgresql, name)
    return DuckLake(f"postgres:{catalog}", f"s3://juesuan/{name}/", "an-access-key", "a-secret", s3, tls=False)


@cache
def known():
    return synthetic(0, 40, facts=60)


def machine(root, first, count, version=VERSION, batch=5):
    """A machine's lake that has read some documents."""
    lake = Lake(root)
    for start in range(first, first + count, batch):
        documents = known()["document"]["document"][start : min(start + batch, first + count)]
        frames = {
            table: frame.filter(pl.col("document").is_in(documents.implode())) for table, frame in known().items()
        }
        frames["document"] = frames["document"].with_columns(reader_version=pl.lit(version))
        lake.add_publications(frames.pop("publication"))
        lake.append(frames)
    lake.add_crawls(crawl("liuzhou", None))
    lake.add_crawls(crawl("liuzhou", "done"))
    return lake


def crawl(site, end):
    """The row of a crawl that has begun, or ended."""
    row = {"site": site, "started_at": BEGAN, "ended_at": end and BEGAN, "end": end or ""}
    return pl.DataFrame([dict.fromkeys(CRAWL, 0) | {"note": ""} | row], schema=CRAWL)


def everything(path):
    """Every table of a warehouse, row by row."""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
        return {
            f"{schema}.{name}": con.execute(f'FROM "{schema}"."{name}" ORDER BY ALL').fetchall()
            for schema, name in tables
        }


def test_a_warehouse_of_several_machines_equals_that_of_one_lake(shared, tmp_path):
    machines = [
        machine(tmp_path / "south", 0, 12),
        machine(tmp_path / "north", 10, 15),
        machine(tmp_path / "east", 25, 8),
    ]
    one = machine(tmp_path / "all", 0, 33)
    share(Lake(tmp_path / "none"), shared, VERSION)  # the catalog is made by one machine

    with ThreadPoolExecutor() as pool:  # all at the same moment, two of them with documents of both
        told = list(pool.map(lambda lake: share(lake, shared, VERSION), machines))
    built = everything(build(shared, tmp_path / "shared.duckdb", VERSION))

    assert sum(one.documents for one in told) in (33, 34, 35)
    assert built == everything(build(one, tmp_path / "lake.duckdb", VERSION))
    assert len(built["core.fact"]) > 1000
    assert b"a-secret" not in (tmp_path / "shared.duckdb").read_bytes()


def test_the_next_night_adds_only_what_is_new(shared, tmp_path):
    lake = machine(tmp_path / "lake", 0, 6)
    first = share(lake, shared, VERSION)
    again = share(lake, shared, VERSION)
    machine(tmp_path / "lake", 6, 3)
    third = share(lake, shared, VERSION)

    assert [(one.documents, one.replaced, one.publications) for one in (first, again, third)] == [
        (6, 0, 6), (0, 0, 0), (3, 0, 3),
    ]  # fmt: skip
    assert again.snapshot == first.snapshot < third.snapshot


@pytest.fixture
def facts(monkeypatch):
    """What a warehouse would be loaded from: the number and the sum of the facts of each document."""

    def asked(shared, version, snapshot=None):
        found = {}

        def load(con, queries):
            found.update(
                {
                    row[0]: row
                    for row in con.execute(
                        f"SELECT document, count(*), sum(amount) FROM ({queries['fact']}) GROUP BY ALL"
                    ).fetchall()
                }
            )

        monkeypatch.setattr("warehouse.ducklake.load_queries", load)
        with duckdb.connect() as con:
            load_ducklake(con, shared, version, snapshot)
        return found

    return asked


def test_a_document_read_anew_replaces_its_rows_and_the_past_stays(shared, tmp_path, facts):
    lake = machine(tmp_path / "lake", 0, 4)
    before = share(lake, shared, VERSION)
    as_it_was = facts(shared, VERSION)
    machine(tmp_path / "lake", 0, 2, LATER)
    after = share(lake, shared, LATER)

    anew = lake.known(LATER)
    assert (after.documents, after.replaced, len(as_it_was)) == (2, 2, 4)
    assert facts(shared, LATER) == {document: row for document, row in as_it_was.items() if document in anew}
    assert facts(shared, VERSION) == {document: row for document, row in as_it_was.items() if document not in anew}
    assert facts(shared, VERSION, before.snapshot) == as_it_was


def test_without_servers_a_file_and_a_folder_will_do(tmp_path, facts):
    lake = machine(tmp_path / "lake", 0, 3)
    shared = DuckLake(str(tmp_path / "catalog.ducklake"), str(tmp_path / "data") + "/")
    share(lake, shared, VERSION)

    assert facts(shared, VERSION).keys() == lake.known(VERSION)


def test_what_cannot_be_reached_is_said_without_the_password(tmp_path):
    catalog = f"postgres:host={tmp_path} dbname=x user=y password=a-secret"
    with pytest.raises(DuckLakeError, match="DuckLake 无法使用") as caught:
        share(machine(tmp_path / "lake", 0, 1), DuckLake(catalog, str(tmp_path / "data")), VERSION)
    assert "a-secret" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert "a-secret" not in repr(DuckLake(catalog, "s3://x/", "key", "a-secret"))


def settings_with(tmp_path, text, mode=0o600):
    file = tmp_path / "ducklake.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return Settings(home=tmp_path / "home", ducklake=file)


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ('catalog = "x"\ndata = "y"', 0o644, "chmod 600"),
        ('catalog = "x"', 0o600, "缺少 data"),
        ('catalog = "x"\ndata = "y"\npasword = "a-secret"', 0o600, "pasword 无效"),
        ('catalog = "x"\ndata = "y"\ntls = "no"', 0o600, "tls 无效"),
        ("catalog = a-secret", 0o600, "不是 TOML"),
    ],
)
def test_a_file_of_settings_that_is_wrong_is_said(tmp_path, text, mode, told):
    with pytest.raises(DuckLakeError, match=told) as caught:
        ducklake(settings_with(tmp_path, text, mode))
    assert "a-secret" not in str(caught.value)


def test_the_settings_and_the_command(tmp_path, monkeypatch):
    text = f'catalog = "{tmp_path}/catalog.ducklake"\ndata = "{tmp_path}/data/"\n'
    settings = settings_with(tmp_path, text)
    machine(settings.lake, 0, 2, READER_VERSION)
    monkeypatch.setenv("JUESUAN_HOME", str(settings.home))
    assert "没有设置 JUESUAN_DUCKLAKE" in CliRunner().invoke(main, ["share"]).output
    monkeypatch.setenv("JUESUAN_DUCKLAKE", str(settings.ducklake))

    assert json.loads(CliRunner().invoke(main, ["share", "--json"]).stdout)["documents"] == 2
    assert source(settings, print) == Lake(settings.lake)
    machine(settings.lake, 2, 1, READER_VERSION)
    assert source(replace(settings, build_from_ducklake=True), print) == ducklake(settings)
    assert (
        "新增 0 份" in CliRunner().invoke(main, ["share"]).output
    )  # before it builds, the night has shared what is new
    monkeypatch.setenv("JUESUAN_BUILD_FROM", "elsewhere")
    assert "JUESUAN_BUILD_FROM" in CliRunner().invoke(main, ["share"]).output
