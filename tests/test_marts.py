"""The tables of schema mart on small warehouses made by hand: who counts, what is compared, what is added up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb

from pipeline.normalise import unit_id
from tests.readings import document, fact, form_reading, frames, publication
from warehouse.load import load_frames
from warehouse.marts.create import create_marts
from warehouse.marts.tables import build_tables

BUREAU, HALL, LIBRARY = "柳州市文化局", "柳州市文化馆", "柳州市图书馆"
PLACE = {"page": 3, "x0": 1.0, "top": 2.0, "x1": 3.0, "bottom": 4.0}


def built(*reports: dict[str, Any], **rows: Any) -> duckdb.DuckDBPyConnection:
    """A warehouse with these documents, each with an expenditure of 10 but for what `rows` say."""
    con = duckdb.connect()
    facts = rows.pop("fact", None)
    if facts is None:
        facts = [fact(report["document"], "expenditure", "total", "total", "10") for report in reports]
    published = [publication(report["document"]) for report in reports]
    load_frames(con, frames(document=reports, fact=facts, publication=published, **rows))
    build_tables(con, judged=False, registered=False)
    return con


def covered(key: str, *names: str) -> list[dict[str, Any]]:
    """The list of units in a department's report."""
    return [{"document": key, "unit_no": n, "name": name, "remark": "", **PLACE} for n, name in enumerate(names, 1)]


def whole(key: str, **known: Any) -> dict[str, Any]:
    """The report of a department."""
    return document(key, **{"unit": BUREAU, "level": "部门", **known})


def counted(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """How each document counts."""
    return dict(con.execute("SELECT document, counted_as FROM mart.report").fetchall())


# who counts when a city is added up


def test_a_departments_report_counts_and_those_of_its_units_do_not() -> None:
    con = built(
        whole("d"),
        document("own", unit=BUREAU, scope="本级"),
        document("named", unit=HALL, department=BUREAU),
        document("listed", unit=LIBRARY),
        document("other", unit="柳州市气象局"),
        covered_unit=covered("d", LIBRARY),
    )
    within = dict.fromkeys(("own", "named", "listed"), "in_department")
    assert counted(con) == {"d": "counted", **within, "other": "counted"}
    assert con.execute("SELECT DISTINCT counted_in FROM mart.report WHERE counted_in IS NOT NULL").fetchall() == [
        (f"{unit_id(BUREAU)}-2024-部门",)
    ]
    assert con.execute("SELECT reports, left_out, expenditure FROM mart.region_total").fetchall() == [
        (2, 3, Decimal(20))
    ]
    assert con.execute("SELECT whole, reports, left_out FROM mart.department_total ORDER BY ALL").fetchall() == [
        (BUREAU, 1, 3),
        ("柳州市气象局", 1, 0),
    ]


def test_units_count_themselves_where_their_department_has_no_report_of_that_year() -> None:
    con = built(
        whole("d", fiscal_year=2023),
        document("own", unit=BUREAU, scope="本级"),
        document("hall", unit=HALL, department=BUREAU),
        document("library", unit=LIBRARY),
        covered_unit=covered("d", LIBRARY),
    )
    assert counted(con) == dict.fromkeys(("d", "own", "hall", "library"), "counted")
    total = "SELECT whole, fiscal_year, reports, expenditure FROM mart.department_total ORDER BY ALL"
    assert con.execute(total).fetchall() == [(BUREAU, 2023, 1, Decimal(10)), (BUREAU, 2024, 3, Decimal(30))]


def test_the_list_of_a_later_year_tells_of_an_earlier_one_where_there_is_none_before() -> None:
    con = built(
        whole("before", fiscal_year=2023),
        whole("after"),
        document("library", unit=LIBRARY, fiscal_year=2023),
        covered_unit=covered("after", LIBRARY),
    )
    assert counted(con) == {"before": "counted", "after": "counted", "library": "in_department"}


def test_the_report_of_the_highest_department_counts() -> None:
    con = built(
        whole("top", unit="柳州市教育局"),
        whole("middle", unit="柳州市教育考试院", department="柳州市教育局"),
        document("low", unit="柳州市考试中心", department="柳州市教育考试院"),
    )
    assert counted(con) == {"top": "counted", "middle": "in_department", "low": "in_department"}
    assert con.execute("SELECT DISTINCT whole FROM mart.report").fetchall() == [("柳州市教育局",)]


def test_departments_that_name_each_other_still_count() -> None:
    con = built(whole("a", unit=HALL, department=LIBRARY), whole("b", unit=LIBRARY, department=HALL))
    assert counted(con) == {"a": "counted", "b": "counted"}


def test_one_report_of_a_unit_counts_that_of_the_whole_department_before_others() -> None:
    con = built(whole("sum", scope="汇总"), whole("whole"), document("own", unit=BUREAU, scope="本级"))
    assert counted(con) == {"sum": "counted", "whole": "same_unit", "own": "in_department"}
    assert con.execute("SELECT document FROM mart.report WHERE is_main").fetchall() in ([("sum",)], [("whole",)])


def test_a_report_of_unknown_extent_does_not_count_beside_the_units_that_it_may_cover() -> None:
    alone = built(document("a", unit=BUREAU, level=""))
    assert counted(alone) == {"a": "counted"}
    con = built(document("a", unit=BUREAU, level=""), document("hall", unit=HALL, department=BUREAU))
    assert counted(con) == {"a": "extent_unknown", "hall": "counted"}
    assert con.execute("SELECT extent_unknown, left_out FROM mart.region_total").fetchall() == [(1, 1)]


# years beside each other


def amounts(**years: str) -> list[dict[str, Any]]:
    """Expenditure by document."""
    return [fact(key, "expenditure", "total", "total", amount) for key, amount in years.items()]


def test_growth_is_that_of_the_reports_that_count_in_both_years() -> None:
    con = built(
        document("hall23", unit=HALL, fiscal_year=2023),
        document("hall24", unit=HALL),
        document("library24", unit=LIBRARY),
        fact=amounts(hall23="100", hall24="150", library24="900"),
    )
    found = con.execute("""
        SELECT expenditure, compared_reports, expenditure_compared, expenditure_prior
        FROM mart.region_total WHERE fiscal_year = 2024
    """)
    assert found.fetchall() == [(Decimal(1050), 1, Decimal(150), Decimal(100))]


def test_totals_stand_beside_those_of_the_year_before() -> None:
    con = built(
        document("a", fiscal_year=2023),
        document("b"),
        fact=amounts(a="200", b="150"),
        form_reading=[form_reading(key, "income_expenditure", first_page=4) for key in "ab"],
    )
    create_marts(con)
    totals = "SELECT 年度, 本年支出, 上年支出, 支出增长率, 本年收入, 页码 FROM 决算.收支总额 ORDER BY 年度"
    assert con.execute(totals).fetchall() == [
        (2023, Decimal(200), None, None, None, 4),
        (2024, Decimal(150), Decimal(200), Decimal(-25), None, 4),
    ]


def test_last_years_report_is_that_of_the_same_extent() -> None:
    con = built(
        whole("whole23", fiscal_year=2023, scope="汇总"),
        document("own23", unit=BUREAU, fiscal_year=2023, scope="本级"),
        whole("whole24"),
        document("own24", unit=BUREAU, scope="本级"),
    )
    pairs = "SELECT n.document, b.document FROM mart.report n JOIN mart.report b ON b.report_id = n.prior_id"
    assert sorted(con.execute(pairs).fetchall()) == [("own24", "own23"), ("whole24", "whole23")]


def test_a_unit_that_took_over_the_code_of_another_is_the_same_under_a_new_name() -> None:
    con = built(
        document("old", unit="柳州市文化馆", unit_code="341002", fiscal_year=2023),
        document("new", unit="柳州市群众艺术馆", unit_code="341002"),
    )
    assert con.execute("SELECT name, first_year, last_year FROM core.unit_name ORDER BY name_no").fetchall() == [
        ("柳州市文化馆", 2023, 2023),
        ("柳州市群众艺术馆", 2024, 2024),
    ]
    new = unit_id("柳州市群众艺术馆")
    assert con.execute("SELECT DISTINCT series FROM core.unit").fetchall() == [(new,)]
    assert con.execute("SELECT document FROM mart.report WHERE prior_id IS NOT NULL").fetchall() == [("new",)]


def test_codes_that_tell_nobody_apart_join_no_units() -> None:
    old = {
        "柳州市": {"unit_code": "341"},  # a department's, which all its units print
        "来宾市": {"unit_code": "341002", "fiscal_year": 2022},  # a year between in which nobody had it
        "桂林市": {"unit_code": "341002", "region": "南宁市"},
        "贺州市": {"unit_code": ""},
    }
    con = built(
        *(
            report
            for place, known in old.items()
            for report in (
                document(f"{place}1", **{"unit": f"{place}文化馆", "region": place, "fiscal_year": 2023, **known}),
                document(f"{place}2", unit=f"{place}艺术馆", region=place, unit_code=known["unit_code"]),
            )
        )
    )
    assert con.execute("SELECT count(*) FROM core.unit WHERE series = unit_id").fetchall() == [(8,)]


def test_two_that_have_a_code_at_once_join_nobody() -> None:
    con = built(
        document("old", unit="柳州市文化馆", unit_code="341002", fiscal_year=2023),
        document("other", unit="柳州市图书馆", unit_code="341002", fiscal_year=2023),
        document("new", unit="柳州市群众艺术馆", unit_code="341002"),
    )
    assert con.execute("SELECT count(*) FROM core.unit WHERE series = unit_id").fetchall() == [(3,)]


# what units are


def test_a_unit_is_what_it_says_of_itself() -> None:
    said = {
        "柳州市文化馆是柳州市文化局管理的公益一类事业单位，编制29人。": "institution",
        "本单位为财政全额拨款的正科级事业单位。": "institution",
        "柳州市文化馆是参照公务员法管理的事业单位。": "civil_service_institution",
        "我局是市人民政府工作部门，为正处级。": "administrative",
        "柳州市文化馆下设事业单位3个。": "",
        "指导全市事业单位改革，是一项重要工作。": "",
        "负责行政单位和事业单位的国有资产管理。": "",
    }
    head = {"section": 1, "parent": -1, "part": 1, "level": 1, "ordinal": "一", "title": "概况", "topic": ""}
    numbers = {"amounts": 0, "claimed": 0, "listed": None}
    con = built(
        *(document(str(n), unit=HALL, fiscal_year=2000 + n) for n in range(len(said))),
        section=[{"document": str(n), **head, "text": text, **numbers, **PLACE} for n, text in enumerate(said)],
    )
    kinds = con.execute("SELECT kind FROM core.unit_year ORDER BY fiscal_year").fetchall()
    assert [kind for (kind,) in kinds] == list(said.values())


# key figures


def test_numbers_of_people_are_taken_only_where_they_are_clear() -> None:
    told = (
        ((("编制数", 30), ("实有人数", 28)), (30, 28)),
        ((("行政编制", 12), ("工勤编制", 2), ("在职人员", 13), ("退休人员", 9)), (14, 13)),
        ((("实有人数", 22), ("在职人员", 13)), (None, 13)),
        ((("编制数", 30), ("在职人数", 28), ("编制数", 12), ("在职人数", 11)), (None, None)),
        ((("编制数", 30), ("编制数", 30)), (30, None)),
        ((("退休人员", 9),), (None, None)),
    )
    people = [
        {"document": str(n), "kind": kind, "value": value, **PLACE}
        for n, (kinds, _) in enumerate(told)
        for kind, value in kinds
    ]
    con = built(*(document(str(n), fiscal_year=2010 + n) for n in range(len(told))), headcount=people)
    found = con.execute("SELECT posts, staff FROM mart.figure JOIN mart.report USING (report_id) ORDER BY fiscal_year")
    assert found.fetchall() == [counts for _, counts in told]


def test_other_subjects_are_those_at_the_end_of_their_branch() -> None:
    lines = {"201": "60", "20199": "40", "2019999": "40", "20103": "20", "2010399": "5", "2010301": "15", "229": "0"}
    facts = [
        fact("a", "expenditure", line, "total", amount, row_no=n) for n, (line, amount) in enumerate(lines.items())
    ]
    found = built(document("a"), fact=facts).execute(
        "SELECT functional_other, functional_other_codes, largest_other_code, largest_other, economic_other FROM mart.figure"
    )
    assert found.fetchall() == [(Decimal(45), 2, "2019999", Decimal(40), None)]


def test_a_figure_is_taken_from_the_next_table_that_prints_it() -> None:
    facts = [
        fact("a", "income", "total", "total", "7"),
        fact("b", "income", "total", "total", "7"),
        fact("b", "income_expenditure", "current_year_income_total", "amount", "8"),
        fact("b", "basic_expenditure", "personnel_total", "amount", "3"),
        fact("b", "basic_expenditure", "public_total", "amount", "2"),
    ]
    con = built(document("a"), document("b", unit=HALL), fact=facts)
    found = con.execute(
        "SELECT income, basic_general FROM mart.figure f JOIN mart.report USING (report_id) ORDER BY document"
    )
    assert found.fetchall() == [(Decimal(7), None), (Decimal(8), Decimal(5))]


def test_a_renamed_or_recoded_subject_is_compared_with_itself() -> None:
    facts = [
        fact("a", "basic_expenditure", "30311", "amount", "100", label="住房公积金"),
        fact("b", "basic_expenditure", "30113", "amount", "150", label="住房公积金"),
        fact("b", "basic_expenditure", "30311", "amount", "5", label="代缴社会保险费", row_no=2),
    ]
    con = built(document("a", fiscal_year=2017), document("b", fiscal_year=2018), fact=facts)
    rows = con.execute("SELECT code, series, amount, amount_prior FROM mart.economic ORDER BY code, amount")
    assert rows.fetchall() == [
        ("30113", "30113", Decimal(150), Decimal(100)),
        ("30311", "30311", Decimal(5), None),
        ("30311", "30113", Decimal(100), None),
    ]


# what people read


def test_the_twin_of_a_view_is_rounded_to_two_decimals_of_ten_thousand() -> None:
    facts = [fact("a", "expenditure", "total", "total", "12345650.00")]
    con = built(document("a"), fact=facts)
    create_marts(con)
    both = 'SELECT y."本年支出合计", w."本年支出合计" FROM 决算.支出决算表 y, 决算.支出决算表_万元 w'
    assert con.execute(both).fetchall() == [(Decimal("12345650.0000"), Decimal("1234.57"))]
    assert con.execute("SELECT 万元(sum(本年支出合计)), 万元(-49.99), 万元(NULL) FROM 决算.支出决算表").fetchall() == [
        (Decimal("1234.57"), Decimal("0.00"), None)
    ]


def test_every_row_leads_to_its_page_and_a_path_in_a_folder_is_no_link() -> None:
    con = duckdb.connect()
    facts = [fact(key, "expenditure", "total", "total", "1", page=7) for key in "ab"]
    published = [publication("a"), publication("b", url="2024/甲局.pdf")]
    reports = [document("a"), document("b", unit=HALL)]
    load_frames(con, frames(document=reports, fact=facts, publication=published))
    create_marts(con)
    found = con.execute("SELECT 部门, 地区, 计入合计, 页码, 链接, 原页 FROM 决算.支出决算表 ORDER BY 原页").fetchall()
    assert found == [
        ("", "柳州市", True, 7, "https://example.gov.cn/a.pdf", "/documents/a/pages/7"),
        ("", "柳州市", True, 7, None, "/documents/b/pages/7"),
    ]
    assert con.execute("SELECT 网页 FROM 决算.报告 WHERE 链接 IS NULL").fetchall() == [
        (f"/reports/{unit_id(HALL)}-2024",)
    ]


def test_what_was_not_understood_leads_to_its_page_and_every_file_to_its_link() -> None:
    con = duckdb.connect()
    seen = {
        "kind": "number",
        "text": "没有读懂",
        "form": "",
        "cell": "",
        "x0": None,
        "top": None,
        "x1": None,
        "bottom": None,
    }
    issues = [{"document": "a", "page": 7, **seen}, {"document": "b", "page": None, **seen}]
    published = [publication("a"), publication("b", url="2024/甲局.pdf")]
    load_frames(con, frames(document=[document("a"), document("b", unit="")], issue=issues, publication=published))
    create_marts(con)
    link = "https://example.gov.cn/a.pdf"
    assert con.execute("SELECT 链接, 原页 FROM 决算.未读懂 ORDER BY 文件编号").fetchall() == [
        (link, "/documents/a/pages/7"),
        (None, None),
    ]
    assert con.execute("SELECT 链接 FROM 决算.文件 ORDER BY 文件编号").fetchall() == [(link,), (None,)]
