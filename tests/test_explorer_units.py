"""The pages of units, their tables, reports, subjects and the comparison, on the sample city."""

import re
import shutil
from html import unescape
from urllib.parse import quote

import duckdb
import pytest
from starlette.testclient import TestClient

from pipeline.issues import IssueKind
from warehouse.explorer.app import create_app
from warehouse.explorer.model import Explorer
from warehouse.publish import published
from warehouse.query import opened

KEYS = {
    *(
        "report_id",
        "unit_id",
        "document",
        "form",
        "line",
        "measure",
        "code",
        "series",
        "parent",
        "kind",
        "level",
        "side",
    ),
    *(
        "scope",
        "extent",
        "subject",
        "status",
        "severity",
        "grade",
        "finding_id",
        "role",
        "of_report",
        "state",
        "figure",
    ),
    *("prior_id", "whole_id", "department_id", "counted_as", "counted_in", "topic", "unit", "other_half", "narrative"),
    *(
        "name_status",
        "identity",
        "instance",
        "punctuality",
        "class_code",
        "group_code",
        "kind_words",
        "department_from",
    ),
}
"""Columns of ids and codes, which no report writes."""

HOSTILE = "<script>alert(1)</script>\"'&"


def no_pictures(document, number):
    raise AssertionError


def client_of(home):
    return TestClient(create_app(Explorer(home, no_pictures)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def city(city_home):
    with client_of(city_home / "warehouse") as client:
        yield client


@pytest.fixture(scope="module")
def ids(city_home):
    """The ids of units by the last letters of their names, and of reports by these and the year."""
    with opened(city_home / "warehouse") as con:
        units = {unit[3:]: unit_id for unit_id, unit in con.execute("SELECT unit_id, unit FROM core.unit").fetchall()}
        found = con.execute("SELECT unit, fiscal_year, report_id FROM core.report").fetchall()
    return units | {(unit[3:], year): report for unit, year, report in found}


def text(page):
    """The words of a page, without its marks."""
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def row(page, name):
    """The cells of the first row of a page whose first cell is this."""
    assert page.status_code == 200, page.text
    for found in re.findall(r"<tr[^>]*>(.*?)</tr>", page.text, re.DOTALL):
        cells = [
            re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", cell))).strip() for cell in re.split("</t[hd]>", found)
        ]
        if cells[0] == name:
            return cells[1:-1]
    raise AssertionError(f"no row {name}")


def test_a_unit_shows_its_key_figures_over_the_years(city, ids):
    page = city.get(f"/units/{ids['农业技术推广站']}")
    assert row(page, "本年收入") == ["1,241.25", "1,430.27", "-13.2%"]
    assert row(page, "本年支出") == ["1,214.84", "1,383.69", "-12.2%"]
    assert row(page, "“三公”经费决算数")[0] == "5.40"
    assert "错误级成立" in text(page)


def test_a_number_leads_to_the_page_where_it_is_marked(city, ids):
    page = city.get(f"/units/{ids['农业技术推广站']}")
    (link,) = re.findall(r'href="([^"]+)">1,214.84<', page.text)[:1]
    assert re.fullmatch(r"/documents/[0-9a-f]{64}/pages/4\?mark=[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+", link)


def test_a_unit_names_its_open_findings(city, ids):
    page = city.get(f"/units/{ids['农业技术推广站']}")
    assert re.search(r'href="/findings/[0-9a-f]+">2024年</a> 《一般公共预算财政拨款支出决算表》', page.text)


def test_compositions_stand_as_chart_and_as_table(city, ids):
    unit = ids["农业技术推广站"]
    page = city.get(f"/units/{unit}")
    assert row(page, "213 农林水支出") == ["1,022.54", "84.2%"]
    chart = city.get(f"/charts/units/{unit}/functional.svg")
    assert chart.headers["content-type"] == "image/svg+xml"
    assert "农林水支出" in chart.text
    assert "<script" not in chart.text


def test_a_table_puts_the_years_side_by_side(city, ids):
    page = city.get(f"/units/{ids['农业技术推广站']}/tables/general_budget?measure=project")
    assert row(page, "2130106 科技转化与推广服务")[0] == "86.28"
    years = row(city.get(f"/units/{ids['农业技术推广站']}/tables/income_expenditure"), "213 农林水支出")
    assert years == ["1,022.54", "1,178.90", "-13.3%"]


def test_a_table_leaves_out_lines_without_money_unless_they_are_asked_for(city, ids):
    address = f"/units/{ids['农业技术推广站']}/tables/income_expenditure"
    assert "外交支出" not in text(city.get(address))
    assert "外交支出" in text(city.get(f"{address}?all=1"))


def test_a_report_shows_its_tables_with_what_is_doubted(city, ids):
    page = city.get(f"/reports/{quote(ids['农业技术推广站', 2024])}")
    assert row(page, "2130106 科技转化与推广服务")[:2] == ["117.24", "67.76"]
    doubted = re.findall(r'<td class="money doubted">.*?</td>', page.text)
    assert len(doubted) == 1
    assert re.search(r'>86.28</a><a class="flag" href="/findings/[0-9a-f]+"', doubted[0])
    assert 'class="money compared"' in page.text


def test_a_report_tells_the_figures_of_its_prose(city, ids):
    report = f"/reports/{quote(ids['农业技术推广站', 2024])}"
    assert row(city.get(report), "收入总计") == ["1,323.05"]
    assert ["决算数", "1,323.05万元"] in [found[:2] for found in rows(city.get(f"{report}/prose"), "收入总计")]


def rows(page, name):
    """All rows of this name."""
    found, rest = [], page.text
    while f">{name}<" in rest:
        start = rest.index(f">{name}<")
        end = rest.index("</tr>", start)
        cells = re.split("</t[hd]>", rest[start + 1 : end])
        found.append([re.sub(r"<[^>]+>", "", cell).strip() for cell in cells[1:-1]])
        rest = rest[end:]
    return found


def test_units_are_found_by_name_and_kept_to_a_department(city, ids):
    assert "澄川市群众文化馆" in text(city.get("/units?q=群众"))
    assert "澄川市农业技术推广站" not in text(city.get("/units?q=群众"))
    assert row(city.get("/units"), "澄川市农业技术推广站")[1:5] == ["1,241.25", "1,214.84", "-12.2%", "5.40"]
    assert "没有符合条件的单位" in text(city.get(f"/units?department={ids['农业技术推广站']}&q=群众"))


def test_a_subject_tells_who_spends_on_it(city, ids):
    page = city.get("/subjects/functional/213?year=2024")
    assert row(page, "2024") == ["农林水支出", "1,022.54", "-13.3%", "1"]
    assert row(page, "澄川市农业技术推广站")[0] == "1,022.54"
    assert "21301 农业农村" in text(page)
    assert "213 农林水支出" in text(city.get("/subjects/functional/2130106"))
    assert "<svg" in city.get("/charts/subjects/functional/213.svg").text
    assert row(city.get("/subjects?year=2024"), "213 农林水支出")[0] == "1,022.54"
    assert "2130106" in text(city.get("/subjects?q=科技转化"))


def test_units_are_compared_with_one_another_and_with_their_kind(city, ids, changed):
    units = f"unit={ids['农业技术推广站']}&unit={ids['群众文化馆']}"
    page = city.get(f"/compare?{units}&year=2024")
    assert row(page, "本年支出")[:2] == ["1,214.84", "752.81"]
    assert row(page, "人数")[1] == "28"
    assert row(page, "人均支出")[1] == "26.89"
    assert len(row(page, "本年支出")) == 2  # a median of two tells no more than they do
    with changed("UPDATE mart.spread SET reports = 3") as client:
        assert row(client.get(f"/compare?{units}&year=2024"), "本年支出")[2] == "983.83"
    assert "农林水支出" in city.get(f"/charts/compare.svg?{units}&year=2024").text


def test_a_renamed_unit_is_compared_in_the_years_of_its_former_name_too(changed, ids):
    unit, former = ids["农业技术推广站"], "unit_id = 'former', unit = '澄川市农技站'"
    with changed(
        f"INSERT INTO core.unit SELECT * REPLACE ('former' AS unit_id, '澄川市农技站' AS unit) FROM core.unit WHERE unit_id = '{unit}'",
        *(
            f"UPDATE {table} SET {former} WHERE unit_id = '{unit}' AND fiscal_year = 2023"
            for table in ("core.unit_year", "mart.report")
        ),
    ) as client:
        page = client.get(f"/compare?unit={unit}&year=2023")
        assert row(page, "本年支出")[0] == "1,383.69"
        assert "农业技术推广站 2023年称澄川市农技站" in text(page)
        assert "农林水支出" in client.get(f"/charts/compare.svg?unit={unit}&year=2023").text
        now = client.get(f"/compare?unit={unit}&year=2024")
        assert (row(now, "本年支出")[0], "年称" in text(now)) == ("1,214.84", False)
        # whichever name the address has: it is one unit, of which there are two years
        assert row(client.get("/compare?unit=former"), "本年支出")[0] == "1,214.84"


def test_a_comparison_opens_on_the_year_of_which_most_units_have_accounts(changed, ids):
    with changed(
        f"INSERT INTO core.unit_year SELECT * REPLACE (2025 AS fiscal_year) FROM core.unit_year "
        f"WHERE unit_id = '{ids['群众文化馆']}' AND fiscal_year = 2024"
    ) as client:
        assert re.findall(r"<option[^>]* selected[^>]*>(\w+)", client.get("/compare").text) == ["2024"]


def test_a_unit_is_added_to_a_comparison_by_its_name(city, ids):
    answer = city.get("/compare?q=群众文化&year=2024", follow_redirects=False)
    assert answer.headers["location"] == f"/compare?unit={ids['群众文化馆']}&year=2024"
    assert text(city.get("/compare?q=澄川市")).count("点单位名称加入比较") == 1


@pytest.mark.parametrize(
    "address",
    [
        "/units/nobody",
        "/units/nobody/tables/income",
        "/reports/nothing",
        "/reports/nothing/versions",
        "/reports/nothing/prose",
        "/charts/units/nobody/years.svg",
        "/subjects/functional/99999",
        "/subjects/other/213",
        "/subjects/functional/213?year=1900",
        "/compare?unit=nobody",
        "/compare?" + "&".join(f"unit={n}" for n in range(7)),
        "/units?order=nothing",
    ],
)
def test_what_there_is_not_is_said(city, address):
    answer = city.get(address)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_table_that_there_is_not_is_said(city, ids):
    for address in ("tables/nothing", "tables/income?measure=nothing", "?extent=whole"):
        assert city.get(f"/units/{ids['农业技术推广站']}/{address}".replace("/?", "?")).status_code == 404


@pytest.fixture
def changed(city_home, tmp_path):
    """Publishes the city after statements have changed it."""

    def publish(*statements):
        target = tmp_path / "warehouse-1.duckdb"
        shutil.copy(published(city_home / "warehouse"), target)
        with duckdb.connect(str(target)) as con:
            for statement in statements:
                con.execute(statement)
        (tmp_path / "current.duckdb").symlink_to(target.name)
        return client_of(tmp_path)

    return publish


def test_whatever_a_report_writes_is_shown_as_text(city_home, changed, ids):
    with opened(city_home / "warehouse") as con:
        columns = con.execute("""
            SELECT c.schema_name || '.' || c.table_name, c.column_name
            FROM duckdb_columns() c JOIN duckdb_tables() t USING (schema_name, table_name)
            WHERE c.data_type = 'VARCHAR' AND c.schema_name IN ('raw', 'core', 'mart', 'quality')
        """).fetchall()
    written = [(table, column) for table, column in columns if column not in KEYS]
    written += [(table, "unit") for table in ("core.report", "core.unit", "mart.report", "core.unit_year")]
    hostile = HOSTILE.replace("'", "''")
    statements = [f'UPDATE {table} SET "{column}" = "{column}" || \'{hostile}\'' for table, column in written]
    statements.append("UPDATE raw.publication SET url = 'javascript:alert(1)', page_url = 'data:text/html,x'")
    unit, report = ids["农业技术推广站"], quote(ids["农业技术推广站", 2024])
    with changed(*statements) as client:
        pages = [
            client.get(address)
            for address in (
                f"/units?q={quote(HOSTILE)}",
                f"/units/{unit}",
                f"/units/{ids['文化和旅游局']}",
                f"/units/{unit}/tables/general_budget",
                f"/reports/{report}",
                f"/reports/{report}/versions",
                f"/reports/{report}/prose",
                f"/subjects?q={quote(HOSTILE)}",
                "/subjects/functional/213",
                f"/compare?unit={unit}&q={quote('澄')}",
                f"/charts/units/{unit}/functional.svg",
                f"/charts/compare.svg?unit={unit}",
            )
        ]
    for page in pages:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "javascript:" not in page.text
        assert 'href="data:' not in page.text
    assert sum("&lt;script&gt;" in page.text for page in pages) >= 9


def test_a_report_without_tables_says_so(changed, ids):
    report, unit = ids["群众文化馆", 2024], ids["群众文化馆"]
    tables = (
        "core.cell",
        "mart.place",
        "core.form_reading",
        "core.claim",
        "mart.functional",
        "mart.subject",
        "core.headcount",
    )
    with changed(*(f"DELETE FROM {table} WHERE report_id = '{report}'" for table in tables)) as client:
        assert text(client.get(f"/reports/{quote(report)}")).count("报告中没有找到这张表") == 9
        assert "没有读出主要数字" in text(client.get(f"/units/{unit}"))
        assert "没有读出任何数字" in text(client.get(f"/units/{unit}/tables/income"))
        assert client.get(f"/charts/units/{unit}/years.svg").status_code == 200
        assert client.get(f"/charts/units/{unit}/economic.svg").status_code == 200
        assert client.get(f"/compare?unit={unit}").status_code == 200


def test_a_report_tells_what_was_not_read_and_how_its_projects_were_valued(changed, ids):
    report = ids["群众文化馆", 2024]
    own = f"(SELECT document FROM core.report WHERE report_id = '{report}')"
    with changed(
        f"INSERT INTO core.issue (report_id, document, kind, text, page, form) VALUES "
        f"('{report}', {own}, '{IssueKind.NO_TABLES.value}', '没有找到', 7, 'income')",
        f"UPDATE mart.reading SET issues = 1 WHERE report_id = '{report}'",
        f"INSERT INTO core.project (report_id, document, project, kind, name, first_page) VALUES "
        f"('{report}', {own}, 1, '项目', '群众演出', 20)",
        f"INSERT INTO core.project_figure (report_id, document, project, line, measure, value, printed, page, x0, top, x1, "
        f"bottom) VALUES ('{report}', {own}, 1, 'total', 'actual', 123400, '12.34', 20, 1, 2, 3, 4)",
    ) as client:
        page = client.get(f"/reports/{quote(report)}")
    assert row(page, "7") == [IssueKind.NO_TABLES.label, "收入决算表", "没有找到"]
    assert row(page, "群众演出")[3] == "12.34"


def test_a_unit_with_one_year_has_no_growth(city, ids):
    assert row(city.get(f"/units/{ids['群众文化馆']}"), "本年支出") == ["752.81", "—"]


def test_the_figures_of_the_prose_stand_on_a_page_of_their_own(city, city_home, ids, changed):
    report = ids["农业技术推广站", 2024]
    with opened(city_home / "warehouse") as con:
        topics = con.execute(
            "SELECT topic, count(*), any_value(label) FROM core.claim WHERE report_id = $1 GROUP BY topic", [report]
        ).fetchall()
    whole, prose = city.get(f"/reports/{quote(report)}"), city.get(f"/reports/{quote(report)}/prose")
    assert len(topics) > 3
    for topic, claims, label in topics:
        assert f'href="/reports/{quote(report)}/prose#{topic or "other"}"' in whole.text
        part = prose.text.partition(f'<section id="{topic or "other"}">')[2].partition("</section>")[0]
        assert part.count('<a class="figure"') == claims
        assert label in part
    with changed("DELETE FROM core.claim") as client:
        assert "没有读到" in text(client.get(f"/reports/{quote(report)}/prose"))
        assert 'id="prose"' not in client.get(f"/reports/{quote(report)}").text


@pytest.fixture(scope="module")
def corrected(corrected_home):
    """A client, and the address of a report that was corrected."""
    with opened(corrected_home / "warehouse") as con:
        ((report,),) = con.execute("SELECT report_id FROM core.report").fetchall()
    with client_of(corrected_home / "warehouse") as client:
        yield client, f"/reports/{quote(report)}"


def test_versions_tell_the_number_that_was_corrected(corrected):
    client, report = corrected
    page, changed = client.get(f"{report}/versions"), "208 八、社会保障和就业支出收入支出决算总表，决算数"
    assert row(page, changed) == ["532.50万元", "53.25万元", "-479.25万元"]
    assert "1 处不同" in text(page)
    assert len({link.partition("/pages/")[0] for link in re.findall(r'class="figure" href="([^"]+)"', page.text)}) == 2
    assert row(client.get(f"{report}/versions?from=2&to=1"), changed)[2] == "479.25万元"
    assert "没有不同" in text(client.get(f"{report}/versions?from=2&to=2"))
    assert f'{report}/versions">2 个版本' in client.get(report).text


def test_versions_that_there_are_not_are_said(corrected, city, ids):
    client, report = corrected
    assert client.get(f"{report}/versions?from=1&to=3").status_code == 404
    only = city.get(f"/reports/{quote(ids['群众文化馆', 2024])}/versions")
    assert "只公开过一个版本" in text(only)
