"""Archives through the lake and the command line: their files are documents, they themselves are no reports."""

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from assets.cli import main
from assets.collect import from_paths
from assets.parse import parse
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.version import READER_VERSION
from tests.archives import zipped, zipped_raw
from tests.excerpt import excerpt
from warehouse.load import load_lake
from warehouse.marts.create import create_marts

CITY = Path(__file__).parent / "city" / "reports" / "2024"
HOTLINE, FARMING = (excerpt(CITY / f"{name}.pdf", (1, 8)) for name in ("hotline", "agriculture"))
"""Covers, and tables of which one has a fault."""
BUNDLE = zipped_raw(
    [
        ("热线中心/2024年度单位决算.pdf", HOTLINE),
        ("其他.zip", zipped([("农业站/决算.pdf", FARMING), ("损坏.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60))])),
        ("热线中心/再次.pdf", HOTLINE),
    ]
)


def rows(con, sql):
    return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(home=tmp_path_factory.mktemp("home"), workers=1)


@pytest.fixture(scope="module")
def lake(settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "决算公开.zip").write_bytes(BUNDLE)
    (folder / "nothing.rar").write_bytes(zipped([]))
    lake = Lake(settings.lake)
    from_paths(lake, [folder])
    return lake


@pytest.fixture(scope="module")
def summary(lake, settings):
    return parse(settings, progress=lambda _: None)


@pytest.fixture(scope="module")
def con(lake, summary):
    with duckdb.connect() as con:
        load_lake(con, lake, READER_VERSION)
        create_marts(con)
        yield con


def test_the_files_in_an_archive_are_reports_and_it_is_none(con):
    assert rows(con, "SELECT unit, versions FROM core.report ORDER BY unit") == [
        ("柳州市12345政务服务热线管理中心", 1),
        ("澄川市农业技术推广站", 1),
    ]
    assert rows(con, "SELECT 文件, 状态, 所含文件数 FROM 决算.文件 ORDER BY 状态 = '压缩包', 文件") == [
        ("2024年度单位决算.pdf", "现行版本", 0),
        ("决算.pdf", "现行版本", 0),
        ("nothing.rar", "压缩包", 0),
        ("决算公开.zip", "压缩包", 2),
    ]


def test_they_are_published_where_and_when_it_is(con):
    found = rows(con, "SELECT url, name, title, published_on, fetched_at FROM raw.publication ORDER BY url")
    assert [row[:2] for row in found] == [
        ("nothing.rar", "nothing.rar"),
        ("决算公开.zip", "决算公开.zip"),
        ("决算公开.zip!/其他.zip!/农业站/决算.pdf", "决算.pdf"),
        ("决算公开.zip!/热线中心/2024年度单位决算.pdf", "2024年度单位决算.pdf"),
        ("决算公开.zip!/热线中心/再次.pdf", "再次.pdf"),
    ]
    assert len({row[2:] for row in found[1:]}) == 1


def test_what_was_lost_in_an_archive_is_said(con, summary):
    issues = rows(con, "SELECT d.name, i.kind, i.cell FROM core.issue i JOIN core.document d USING (document)")
    assert ("决算公开.zip", "damaged_file", "其他.zip!/损坏.7z") in issues
    assert ("nothing.rar", "empty_file", "") in issues
    assert len([text for text in summary.lost if "压缩包" in text]) == 2
    assert summary.documents == 4


def test_a_second_night_reads_nothing(settings, summary):
    assert parse(settings, progress=lambda _: None).documents == 0


def test_the_command_line_opens_archives(tmp_path):
    bundle = tmp_path / "决算公开.zip"
    bundle.write_bytes(BUNDLE)

    result = CliRunner().invoke(main, ["check", str(bundle), "--format", "json"])

    answer = json.loads(result.stdout)
    assert result.exit_code == 1  # the farming station's known faults
    checked = {report["file"]: report["checked"] for report in answer["reports"]}
    assert checked["决算公开.zip!/热线中心/2024年度单位决算.pdf"] is True
    assert checked["决算公开.zip!/其他.zip!/农业站/决算.pdf"] is True
    assert checked["决算公开.zip"] is False
    assert {finding["file"] for finding in answer["findings"] if finding["severity"] == "E"} == {
        "决算公开.zip!/其他.zip!/农业站/决算.pdf"
    }

    result = CliRunner().invoke(main, ["read", str(bundle), "--format", "json"])
    assert {row["file"] for row in json.loads(result.stdout)} == set(checked) - {"决算公开.zip"}
