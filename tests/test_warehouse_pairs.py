"""A report in two files is one report; what only lies near each other is not."""

from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from tests.readings import document, fact, form_reading, frames, issue, publication
from warehouse.load import load_frames
from warehouse.marts.create import create_marts
from warehouse.structure import KEYS, REFERENCES, duplicate_keys, missing

PAGE = "https://example.gov.cn/t1.html"


def narrative(key: str, **known: Any) -> dict[str, Any]:
    return document(key, **{"parts": [1, 3, 4], **known})


def tables(key: str, **known: Any) -> dict[str, Any]:
    return document(key, **{"parts": [], "unit": "", "fiscal_year": None, "level": "", **known})


def loaded(documents: list[dict[str, Any]], publications: Any = (), **rows: Any) -> duckdb.DuckDBPyConnection:
    """Files called n… are narratives, files called t… have tables."""
    keys = [row["document"] for row in documents if row["document"].startswith("t")]
    con = duckdb.connect()
    load_frames(
        con,
        frames(
            document=documents,
            publication=publications,
            form_reading=[form_reading(key, "income") for key in keys],
            fact=[fact(key, "income", "2010301", "total", "1", label="行政运行") for key in keys],
            **rows,
        ),
    )
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def paired(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return rows(con, "SELECT document, narrative FROM core.version WHERE narrative IS NOT NULL ORDER BY ALL")


def on(page: str, *keys: str, **names: str) -> list[dict[str, Any]]:
    return [publication(key, page_url=page, name=names.get(key, f"{key}.pdf")) for key in keys]


def inside(archive: str, **paths: str) -> list[dict[str, Any]]:
    return [
        publication(key, url=f"{archive}!/{path}", name=path.rpartition("/")[2], page_url="")
        for key, path in paths.items()
    ]


def test_two_files_on_one_page_are_one_report() -> None:
    con = loaded(
        [narrative("n", department="柳州市大局"), tables("t")],
        on(PAGE, "n", "t"),
        issue=[issue("n", "no_tables"), issue("t", "unit_unknown"), issue("t", "year_unknown"), issue("t", "no_text")],
    )
    assert rows(con, "SELECT document, narrative, version_no, is_current FROM core.version") == [("t", "n", 1, True)]
    assert rows(con, "SELECT document, unit, fiscal_year, level, department, versions, parts FROM core.report") == [
        ("t", "柳州市甲局", 2024, "单位", "柳州市大局", 1, [1, 3, 4])
    ]
    assert rows(con, "SELECT document, status, other_half, unit FROM core.document ORDER BY ALL") == [
        ("n", "current", "t", "柳州市甲局"),
        ("t", "current", "n", "柳州市甲局"),
    ]
    assert rows(con, "SELECT document, kind, report_id IS NOT NULL FROM core.issue") == [("t", "no_text", True)]
    assert rows(con, "SELECT subject, fiscal_year, level FROM core.cell") == [("行政运行", 2024, 3)]
    create_marts(con)
    assert {table: duplicate_keys(con, table) for table in KEYS} == dict.fromkeys(KEYS, 0)
    assert {reference: missing(con, reference) for reference in REFERENCES} == dict.fromkeys(REFERENCES, 0)


def test_both_files_are_seen_in_the_views() -> None:
    con = loaded([narrative("n"), tables("t")], on(PAGE, "n", "t"), issue=[issue("n", "no_text", page=2)])
    create_marts(con)
    assert rows(con, "SELECT 文件, 说明文件, 版本数, 未读懂 FROM 决算.报告") == [("t.pdf", "n.pdf", 1, 1)]
    assert rows(con, "SELECT 文件, 状态, 另一半, 单位, 版本号 FROM 决算.文件 ORDER BY 文件") == [
        ("n.pdf", "现行版本", "t.pdf", "柳州市甲局", 1),
        ("t.pdf", "现行版本", "n.pdf", "柳州市甲局", 1),
    ]
    assert rows(con, "SELECT 单位, 文件, 现行版本 FROM 决算.未读懂") == [("柳州市甲局", "n.pdf", True)]


def test_the_narrative_may_be_the_one_that_says_too_little() -> None:
    con = loaded(
        [narrative("n", unit="", fiscal_year=None), tables("t", unit="柳州市甲局", fiscal_year=2024)],
        on(PAGE, "n", "t"),
    )
    assert paired(con) == [("t", "n")]


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "柳州市乙局"},
        {"fiscal_year": 2023},
        {"level": "部门"},
        {"scope": "汇总", "unit": "柳州市甲局", "fiscal_year": 2024},
    ],
)
def test_never_across_units_years_levels_or_scopes(other: dict[str, Any]) -> None:
    con = loaded([narrative("n", scope="本级"), tables("t", **other)], on(PAGE, "n", "t"))
    assert paired(con) == []


def test_two_files_with_tables_are_versions() -> None:
    con = loaded(
        [tables("t1", unit="柳州市甲局", fiscal_year=2024), tables("t2", unit="柳州市甲局", fiscal_year=2024)],
        on(PAGE, "t1", "t2"),
    )
    assert paired(con) == []
    assert rows(con, "SELECT versions FROM core.report") == [(2,)]


def test_a_whole_report_is_no_half() -> None:
    con = loaded(
        [narrative("n"), tables("t", unit="柳州市甲局", fiscal_year=2024, parts=[1, 2, 3, 4])], on(PAGE, "n", "t")
    )
    assert paired(con) == []


def test_files_that_name_the_same_report_need_no_place() -> None:
    con = loaded([narrative("n"), tables("t", unit="柳州市甲局", fiscal_year=2024)])
    assert paired(con) == [("t", "n")]


def test_several_units_on_one_page_are_paired_by_their_names_only() -> None:
    names = {
        "n1": "甲局2024年部门决算情况说明.pdf",
        "t1": "甲局决算公开表.xls",
        "n2": "乙局2024年部门决算情况说明.pdf",
        "t2": "乙局决算公开表.xls",
        "n3": "2024年度决算说明.pdf",
        "t3": "决算表.xls",
    }
    documents = [narrative(f"n{i}", unit=f"柳州市{unit}局") for i, unit in enumerate("甲乙丙", 1)]
    con = loaded([*documents, tables("t1"), tables("t2"), tables("t3")], on(PAGE, *names, **names))
    assert paired(con) == [("t1", "n1"), ("t2", "n2")]
    assert rows(con, "SELECT status FROM core.document WHERE document = 't3'") == [("unit_unknown",)]


def test_two_candidates_are_none() -> None:
    con = loaded([narrative("n"), tables("t1"), tables("t2")], on(PAGE, "n", "t1", "t2"))
    assert paired(con) == []


def test_a_narrative_of_unknown_scope_beside_two_scopes() -> None:
    known = {"unit": "柳州市甲局", "fiscal_year": 2024}
    con = loaded([narrative("n"), tables("t1", scope="本级", **known), tables("t2", scope="汇总", **known)])
    assert paired(con) == []
    con = loaded(
        [narrative("n", scope="汇总"), tables("t1", scope="本级", **known), tables("t2", scope="汇总", **known)]
    )
    assert paired(con) == [("t2", "n")]


def test_folders_in_an_archive_part_the_units() -> None:
    con = loaded(
        [narrative("n1"), narrative("n2", unit="柳州市乙局"), tables("t1"), tables("t2"), tables("t3")],
        inside(
            "https://example.gov.cn/a.zip", n1="甲/说明.pdf", t1="甲/表.xls", n2="乙/文字/说明.pdf", t2="乙/表/表.xls",
            t3="表.xls",
        ),
    )  # fmt: skip
    assert paired(con) == [("t1", "n1"), ("t2", "n2")]


def test_the_newest_halves_come_together_and_the_older_ones_too() -> None:
    known = {"unit": "柳州市甲局", "fiscal_year": 2024}
    con = loaded(
        [narrative("n"), tables("t1", **known), tables("t2", **known)],
        [publication("n", 1), publication("t1", 1), publication("t2", 9)],
    )
    assert rows(con, "SELECT document, narrative, is_current FROM core.version ORDER BY version_no") == [
        ("t1", None, False),
        ("t2", "n", True),
    ]
    con = loaded(
        [narrative("n1"), narrative("n2"), tables("t1", **known), tables("t2", **known)],
        [
            publication("n1", 1, page_url=PAGE), publication("t1", 1, page_url=PAGE),
            publication("n2", 9, page_url="https://example.gov.cn/t2.html"),
            publication("t2", 9, page_url="https://example.gov.cn/t2.html"),
        ],
    )  # fmt: skip
    assert rows(con, "SELECT document, narrative, is_current FROM core.version ORDER BY version_no") == [
        ("t1", "n1", False),
        ("t2", "n2", True),
    ]


def test_a_paper_beside_the_narrative_does_not_take_its_place() -> None:
    for evaluation in ("n0", "n9"):
        con = loaded(
            [narrative("n5"), document(evaluation, parts=[]), tables("t", unit="柳州市甲局", fiscal_year=2024)],
            on(PAGE, "n5", evaluation, "t"),
        )
        assert paired(con) == [("t", "n5")]


def test_tables_of_no_year_beside_the_reports_of_two_years() -> None:
    con = loaded([narrative("n"), tables("t"), document("whole", fiscal_year=2023)], on(PAGE, "n", "t", "whole"))
    assert paired(con) == []


def test_tables_may_leave_out_the_place_before_the_name() -> None:
    known = {"unit": "市甲局", "fiscal_year": 2024}
    con = loaded([narrative("n", unit="柳州市甲局"), tables("t", **known)], on(PAGE, "n", "t"))
    assert paired(con) == [("t", "n")]
    assert rows(con, "SELECT unit FROM core.report") == [("柳州市甲局",)]
    con = loaded([narrative("n", unit="柳州市甲局"), tables("t", **known)])
    assert paired(con) == []


def test_files_given_together_are_a_place_and_those_of_two_nights_are_none() -> None:
    one, other = (datetime(2025, 9, day, tzinfo=UTC) for day in (1, 2))
    for fetched_at, pairs in ((one, [("t", "n")]), (other, [])):
        given = [
            publication("n", url="说明.pdf", page_url="", fetched_at=one),
            publication("t", url="表.xls", page_url="", fetched_at=fetched_at),
        ]
        assert paired(loaded([narrative("n"), tables("t")], given)) == pairs


def test_a_server_folder_is_no_place() -> None:
    con = loaded([narrative("n"), tables("t")], on("", "n", "t"))
    assert paired(con) == []
