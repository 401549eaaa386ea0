from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.lake import Lake
from tests.bench_warehouse import VERSION as SYNTHETIC
from tests.bench_warehouse import fill, synthetic
from tests.readings import VERSION, document, fact, form_reading, frames, issue, publication
from warehouse.load import load_frames, load_lake
from warehouse.marts.create import create_marts
from warehouse.structure import KEYS, READ_KEYS, REFERENCES, duplicate_keys, missing, row_counts


def loaded(**rows: Any) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    load_frames(con, frames(**rows))
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def amounts(facts: list[dict[str, Any]]) -> dict[tuple[str, str], Decimal]:
    con = loaded(document=[document("a")], fact=facts)
    return {
        (line, measure): amount for line, measure, amount in rows(con, "SELECT line, measure, amount FROM core.cell")
    }


def printed(line: str, row_no: int, **cells: str) -> list[dict[str, Any]]:
    return [fact("a", "expenditure", line, measure, amount, row_no=row_no) for measure, amount in cells.items()]


# one cell for every line and measure


def test_a_total_on_every_page_counts_once() -> None:
    cells = amounts([f for row in (1, 30, 60) for f in printed("total", row, total="9.00", basic="5.00")])
    assert cells == {("total", "total"): Decimal("9.00"), ("total", "basic"): Decimal("5.00")}


def test_equal_rows_of_a_code_count_once() -> None:
    cells = amounts(printed("2010301", 2, total="5", basic="5") + printed("2010301", 31, total="5", basic="5"))
    assert cells == {("2010301", "total"): Decimal(5), ("2010301", "basic"): Decimal(5)}


def test_rows_of_a_code_that_differ_in_any_column_are_summed_in_all() -> None:
    cells = amounts(
        printed("2010301", 2, total="5", basic="5", project="0")
        + printed("2010301", 3, total="5", basic="0", project="5")
    )
    assert cells == {
        ("2010301", "total"): Decimal(10),
        ("2010301", "basic"): Decimal(5),
        ("2010301", "project"): Decimal(5),
    }


def test_a_repeat_with_an_unread_cell_is_still_a_repeat() -> None:
    cells = amounts(printed("2010301", 2, total="5") + printed("2010301", 31, total="5", basic="4"))
    assert cells == {("2010301", "total"): Decimal(5), ("2010301", "basic"): Decimal(4)}


def test_columns_of_a_line_on_two_pages_come_together() -> None:
    cells = amounts(printed("total", 1, total="5", basic="4") + printed("total", 9, project="1"))
    assert cells == {("total", "total"): Decimal(5), ("total", "basic"): Decimal(4), ("total", "project"): Decimal(1)}


def test_a_declared_line_is_never_summed_and_a_blank_never_hides_a_number() -> None:
    facts = [
        fact("a", "expenditure", "total", "total", "0", printed="", row_no=1),
        fact("a", "expenditure", "total", "total", "7", row_no=30),
        fact("a", "expenditure", "total", "total", "8", row_no=60),
    ]
    assert amounts(facts) == {("total", "total"): Decimal(7)}


def test_a_summed_cell_says_what_was_printed_and_how_coarsely() -> None:
    facts = [
        fact("a", "income", "2010301", "total", "5.00", row_no=4, page=3, precision=Decimal(100), label="行政运行"),
        fact("a", "income", "2010301", "total", "3.00", row_no=9, page=4, precision=Decimal(100), confidence=0.5),
    ]
    con = loaded(document=[document("a")], fact=facts)
    cell = "SELECT amount, printed, precision, page, row_no, label, confidence FROM core.cell"
    assert rows(con, cell) == [(Decimal(8), "5.00 + 3.00", Decimal(200), 3, 4, "行政运行", 0.5)]
    assert rows(con, "SELECT row_no, page FROM core.printed_row ORDER BY row_no") == [(4, 3), (9, 4)]


PRINTED_ROW = st.tuples(
    st.sampled_from(["total", "201", "20103", "2010301"]),
    st.dictionaries(st.sampled_from(["total", "basic", "project"]), st.integers(-3, 3), min_size=1),
)


TABLE = st.lists(PRINTED_ROW, max_size=8)


@settings(max_examples=3, deadline=None)
@example([[("201", {"total": 0, "basic": 0}), ("201", {"total": 0, "project": 0})]])
@given(st.lists(TABLE, min_size=5, max_size=10))
def test_every_printed_line_and_measure_has_exactly_one_cell(
    tables: list[list[tuple[str, dict[str, int]]]],
) -> None:
    """Each table is that of another report: loading many takes as long as loading one."""
    facts = [
        fact(str(number), "expenditure", line, measure, str(amount), row_no=row_no)
        for number, table in enumerate(tables)
        for row_no, (line, cells) in enumerate(table)
        for measure, amount in cells.items()
    ]
    con = loaded(document=[document(str(n), unit=f"柳州市第{n}中学") for n in range(len(tables))], fact=facts)
    found = {tuple(key): amount for *key, amount in rows(con, "SELECT document, line, measure, amount FROM core.cell")}
    assert duplicate_keys(con, "core.cell") == 0
    assert found.keys() == {(f["document"], f["line"], f["measure"]) for f in facts}
    by_line: dict[tuple[str, str], list[dict[str, int]]] = defaultdict(list)
    for number, table in enumerate(tables):
        for line, cells in table:
            by_line[str(number), line].append(cells)
    for place, of_line in by_line.items():
        if all(cells == of_line[0] for cells in of_line):
            assert {m: a for (*at, m), a in found.items() if tuple(at) == place} == of_line[0]


# reports and versions


def test_the_newest_version_is_current_whatever_the_order_of_loading() -> None:
    con = loaded(
        document=[document("new"), document("old")],
        form_reading=[form_reading("new", "income"), form_reading("old", "income")],
        fact=[fact("old", "income", "total", "total", "1"), fact("new", "income", "total", "total", "2")],
        publication=[publication("new", 9), publication("old", 2)],
    )
    assert rows(con, "SELECT document, version_no, is_current FROM core.version ORDER BY version_no") == [
        ("old", 1, False),
        ("new", 2, True),
    ]
    assert rows(con, "SELECT document, versions, parts FROM core.report") == [("new", 2, [1, 2, 3, 4])]
    assert rows(con, "SELECT amount FROM core.cell") == [(Decimal(2),)]
    assert rows(con, "SELECT amount FROM core.fact ORDER BY amount") == [(Decimal(1),), (Decimal(2),)]
    assert rows(con, "SELECT DISTINCT document FROM core.form_reading") == [("new",)]


def test_a_file_replaced_under_the_same_date_is_newer_by_the_time_it_was_fetched() -> None:
    con = loaded(
        document=[document("a"), document("b")],
        publication=[
            publication("a", fetched_at=datetime(2025, 9, 3, tzinfo=UTC)),
            publication("b", fetched_at=datetime(2025, 9, 2, tzinfo=UTC)),
        ],
    )
    assert rows(con, "SELECT document FROM core.report") == [("a",)]


def test_a_second_link_is_another_publication_and_no_newer_version() -> None:
    con = loaded(
        document=[document("first"), document("corrected")],
        publication=[
            publication("first", 1),
            publication("corrected", 5),
            publication("first", 9, url="https://other"),
        ],
    )
    assert rows(con, "SELECT document, versions FROM core.report") == [("corrected", 2)]
    assert rows(con, "SELECT publications, published_on FROM core.document WHERE document = 'first'") == [
        (2, date(2025, 9, 1))
    ]


def test_a_file_without_date_counts_from_the_day_it_was_fetched_in_china() -> None:
    late_evening_utc = datetime(2025, 9, 4, 17, tzinfo=UTC)
    con = loaded(
        document=[document("dated"), document("from_folder")],
        publication=[
            publication("dated", 4),
            publication("from_folder", published_on=None, fetched_at=late_evening_utc),
        ],
    )
    assert rows(con, "SELECT document FROM core.report") == [("from_folder",)]


def test_a_newer_file_without_tables_does_not_hide_the_tables() -> None:
    con = loaded(
        document=[document("tables"), document("narrative")],
        form_reading=[form_reading("tables", "income")],
        publication=[publication("tables", 1), publication("narrative", 2)],
    )
    assert rows(con, "SELECT document, versions FROM core.report") == [("tables", 2)]


def test_reports_differ_by_unit_year_and_scope() -> None:
    con = loaded(
        document=[
            document("a"),
            document("b", fiscal_year=2023),
            document("c", unit="柳州市乙局"),
            document("d", scope="本级"),
            document("e", scope="汇总"),
            document("f", unit="第一小学", region="柳州市"),
            document("g", unit="第一小学", region="桂林市"),
        ]
    )
    assert rows(con, "SELECT count(*), count(DISTINCT report_id) FROM core.report") == [(7, 7)]
    assert rows(con, "SELECT count(*) FROM core.unit") == [(4,)]


def test_a_department_and_its_own_office_under_one_name_are_two_reports() -> None:
    con = loaded(document=[document("office"), document("department", level="部门")])
    assert rows(con, "SELECT document, scope, level FROM core.report ORDER BY document") == [
        ("department", "部门", "部门"),
        ("office", "", "单位"),
    ]


def test_a_file_that_does_not_say_its_level_joins_the_only_report_there_is() -> None:
    con = loaded(document=[document("a", level="部门"), document("b", level="")])
    assert rows(con, "SELECT scope, versions FROM core.report") == [("部门", 2)]


def test_what_is_no_report_is_kept_and_counted() -> None:
    con = loaded(
        document=[
            document("good"),
            document("nobody", unit=""),
            document("never", fiscal_year=None),
            document("plan", kind="预算"),
            document("other", unit=None, kind=""),
            document("law"),
        ],
        fact=[fact("nobody", "income", "total", "total", "1")],
        issue=[issue("nobody", "unit_unknown"), issue("law", "not_final_accounts"), issue("good", "no_text", page=3)],
    )
    assert dict(rows(con, "SELECT document, status FROM core.document")) == {
        "good": "current",
        "nobody": "unit_unknown",
        "never": "year_unknown",
        "plan": "budget",
        "other": "unit_unknown",
        "law": "not_final_accounts",
    }
    assert rows(con, "SELECT document FROM core.report") == [("good",)]
    assert rows(con, "SELECT count(*) FROM core.fact") == [(0,)]
    issues = dict(rows(con, "SELECT document, report_id IS NOT NULL FROM core.issue"))
    assert issues == {"nobody": False, "law": False, "good": True}
    assert row_counts(con)["raw.document"] == 6


def test_a_report_without_a_name_is_its_publishers_only_where_that_publishes_for_itself_alone() -> None:
    def published(publisher: str, *units: str, **nameless: Any) -> set[tuple[str, str]]:
        keys = [f"d{n}" for n in range(len(units))]
        named = [
            document(key, unit=unit, fiscal_year=2020 + n)
            for n, (key, unit) in enumerate(zip(keys, units, strict=True))
        ]
        con = loaded(
            document=[*named, document("x", unit="", fiscal_year=2025, **nameless)],
            publication=[publication(key, unit=publisher) for key in [*keys, "x"]],
            issue=[issue("x", "unit_unknown")],
        )
        found = rows(con, "SELECT status, unit FROM core.document WHERE document = 'x'")
        ids = rows(con, "SELECT count(DISTINCT unit_id) FROM core.report")
        assert (found[0][0] == "current") == (ids == [(1,)] and len(rows(con, "FROM core.report")) == len(units) + 1)
        assert rows(con, "SELECT count(*) FROM core.issue WHERE document = 'x'") == [(1,)]
        return set(found)

    own = "柳州市甲局"
    assert published(own, own, f"{own}（本级）", own) == {("current", own)}
    unknown = {("unit_unknown", "")}
    assert published(own, own) == unknown  # once is no habit
    assert published("柳州市财政局", "柳州市财政局", "柳州市财政局", own) == unknown  # it publishes for others, too
    assert published("甲局办公室", own, own, own) == unknown  # an office of it
    assert published("", own, own, own) == unknown
    assert published(own, own, own, parts=[]) == unknown  # nothing shows that it is a report


def test_a_unit_is_named_as_in_its_newest_report() -> None:
    con = loaded(
        document=[
            document("a", fiscal_year=2023, unit_code="341", department="柳州市大局"),
            document("b", fiscal_year=2024, unit_code="", department=None),
        ]
    )
    assert rows(con, "SELECT unit, department, region, unit_code FROM core.unit") == [
        ("柳州市甲局", "柳州市大局", "柳州市", "341")
    ]


def test_the_region_may_come_from_the_publication() -> None:
    con = loaded(document=[document("a", region="")], publication=[publication("a", region="桂林市")])
    assert rows(con, "SELECT region FROM core.report") == [("桂林市",)]


def test_amounts_are_exact() -> None:
    amount = "99999999999999.9999"
    con = loaded(document=[document("a")], fact=[fact("a", "income", "total", "total", amount)])
    assert rows(con, "SELECT amount, typeof(amount) FROM core.cell") == [(Decimal(amount), "DECIMAL(18,4)")]


# lines


def test_lines_get_their_level_and_parent() -> None:
    con = loaded(
        document=[document("a")],
        fact=[
            fact("a", "income", "2010301", "total", "1", label="行政运行"),
            fact("a", "income", "total", "total", "1", label="合计"),
        ],
    )
    assert rows(con, "SELECT level, parent, subject FROM core.cell WHERE line = '2010301'") == [
        (3, "20103", "行政运行")
    ]
    assert rows(con, "SELECT name_status FROM core.fact WHERE line = 'total'") == [("line",)]


# both ways in


REPORTS = 16
"""One of each kind, in four batches."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    fill(lake, REPORTS, batch=5)
    return lake


def dump(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(con, f"FROM {table} ORDER BY ALL") for table in row_counts(con)}


def test_memory_and_lake_give_the_same_warehouse(filled: Lake) -> None:
    with duckdb.connect() as by_lake, duckdb.connect() as by_frames:
        load_lake(by_lake, filled, SYNTHETIC)
        load_frames(by_frames, synthetic(0, REPORTS))
        assert row_counts(by_lake)["core.fact"] == 1000 * REPORTS
        assert dump(by_lake) == dump(by_frames)


def test_keys_and_references_hold(filled: Lake) -> None:
    with duckdb.connect() as con:
        load_lake(con, filled, SYNTHETIC)
        create_marts(con)
        keys = {**KEYS, **READ_KEYS}
        assert {table: duplicate_keys(con, table) for table in keys} == dict.fromkeys(keys, 0)
        assert {reference: missing(con, reference) for reference in REFERENCES} == dict.fromkeys(REFERENCES, 0)


def test_a_duplicate_key_is_counted() -> None:
    con = loaded(document=[document("a")])
    con.execute("INSERT INTO core.report FROM core.report")
    assert duplicate_keys(con, "core.report") == 1


def test_other_reader_versions_stay_in_the_lake(filled: Lake) -> None:
    with duckdb.connect() as con:
        load_lake(con, filled, "another version")
        counts = row_counts(con)
        assert counts["core.document"] == 0
        assert counts["raw.publication"] == REPORTS


def test_a_document_in_two_batches_is_loaded_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "it's a lake")
    twice = [fact("b", "income", "total", "total", "1"), fact("b", "income", "201", "total", "1", row_no=2)]
    for other in ("a", "c"):
        batch = frames(document=[document(other), document("b")], fact=twice)
        batch.pop("publication")
        lake.append(batch)
    with duckdb.connect() as con:
        load_lake(con, lake, VERSION)
        assert rows(con, "SELECT document FROM raw.document ORDER BY ALL") == [("a",), ("b",), ("c",)]
        assert rows(con, "SELECT count(*) FROM core.fact") == [(2,)]


def test_frames_with_more_columns_or_fewer_tables_are_loaded(tmp_path: Path) -> None:
    only = {"document": frames(document=[document("a")])["document"].with_columns(extra=pl.lit(1))}
    with duckdb.connect() as con:
        load_frames(con, only)
        assert row_counts(con)["core.report"] == 1
