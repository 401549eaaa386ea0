"""The pages that answer questions: SQL, saved questions, dictionary, downloads."""

import io
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, unquote

import openpyxl
import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from warehouse.ask.run import ask_on
from warehouse.explorer.app import create_app
from warehouse.explorer.cookbook import book, with_values
from warehouse.explorer.model import Explorer
from warehouse.explorer.turns import Turns
from warehouse.query import opened
from warehouse.questions.load import parsed

OWN = """-- 某单位的报告
-- 按单位名称找。
-- $name: 文字 = 农业; 单位名称中的字
-- $year: 整数 = ; 年度，空为全部
SELECT 单位, 年度 FROM 决算.报告 WHERE contains(单位, $name) AND ($year IS NULL OR 年度 = $year) -- '$name'
ORDER BY 年度
"""


def no_pictures(document, number):
    raise AssertionError


@pytest.fixture(scope="module")
def con(city_home):
    with opened(city_home / "warehouse") as con:
        yield con


@pytest.fixture(scope="module")
def explorer(city_home, con, tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    (folder / "questions").mkdir()
    (folder / "questions" / "01_mine.sql").write_text(OWN, encoding="utf-8")
    (folder / "questions" / "02_latin.sql").write_bytes("-- 标题\nSELECT 1".encode("gbk"))
    (folder / "questions" / "no number.sql").write_text("SELECT 1", encoding="utf-8")

    def ask(sql, limits, parameters):
        with con.cursor() as cursor:
            return ask_on(cursor, sql, limits, parameters)

    return Explorer(
        city_home / "warehouse",
        no_pictures,
        ask=ask,
        questions=folder / "questions",
        audit=folder / "audit",
        turns=Turns(patience=0.05),
    )


@pytest.fixture(scope="module")
def client(explorer):
    with TestClient(create_app(explorer), follow_redirects=False) as client:
        yield client


def q(sql):
    return "/sql?q=" + quote(sql)


def texts(page, selector):
    return [node.text(strip=True) for node in LexborHTMLParser(page).css(selector)]


def test_an_answer_is_a_table_with_types_and_links(client):
    page = client.get(q("SELECT report_id, amount, page, document FROM core.cell WHERE amount > 1e6 LIMIT 3")).text
    assert texts(page, ".answer th small") == ["VARCHAR", "DECIMAL(18,4)", "INTEGER", "VARCHAR"]
    row = LexborHTMLParser(page).css_first(".answer tbody tr")
    links = [a.attributes["href"] for a in row.css("a")]
    assert links[0].startswith("/reports/u")
    assert links[1] == links[2]
    assert links[1].startswith("/documents/")
    assert "共 3 行" in page


def test_an_answer_is_sent_compressed_to_who_takes_that(client):
    packed = client.get("/sql?q=FROM range(9)")
    assert packed.headers["content-encoding"] == "gzip"
    plain = client.get("/sql?q=FROM range(9)", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 4
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_more_rows_than_a_page_takes_are_told(client):
    assert "只取了前 500 行" in client.get(q("FROM range(5000)")).text
    assert "没有符合条件的行" in client.get(q("SELECT 1 WHERE false")).text


def test_a_wrong_question_is_told_where_it_is_wrong(client):
    answer = client.get(q("SELECT 单位,\n  没有 FROM 决算.报告"))
    assert answer.status_code == 400
    error = texts(answer.text, "pre.error")[0]
    assert "第 2 行" in error
    assert "没有" in error
    assert "SELECT 单位,\n  没有 FROM 决算.报告" in LexborHTMLParser(answer.text).css_first("textarea").text()


def test_a_short_question_gets_an_address_and_a_long_one_an_answer(client):
    answer = client.post("/sql", data={"q": "SELECT 单位 FROM 决算.报告"})
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == "/sql?q=SELECT 单位 FROM 决算.报告"
    long = "SELECT 7 AS 七 --" + "长" * 2000
    answer = client.post("/sql", data={"q": long})
    assert texts(answer.text, ".answer td") == ["7"]
    assert LexborHTMLParser(answer.text).css_first("input[name=q][type=hidden]").attributes["value"] == long
    taken = client.post("/download/answer.csv", data={"q": long})
    assert taken.content.decode("utf-8-sig").splitlines() == ["七", "7"]


def test_who_finds_too_many_before_him_is_told_to_come_again(client, explorer):
    with explorer.turns.turn("a"), explorer.turns.turn("b"):
        for path in (q("SELECT 1"), "/questions/own.mine", "/download/answer.csv?q=SELECT%201"):
            answer = client.get(path)
            assert (answer.status_code, "时间过长" in answer.text) == (503, True), path
            assert answer.headers["retry-after"]


def test_the_browser_names_every_table_and_column_as_sql_writes_it(client, con):
    page = LexborHTMLParser(client.get("/sql").text)
    names = [code.attributes["data-insert"] for code in page.css("code[data-insert]")]
    assert {"决算.报告", "core.cell", "quality.finding", "ref.form"} <= {*names}
    assert '"基本支出：人员经费"' in names
    for table in [name for name in names if "." in name]:
        con.execute(f"SELECT * FROM {table} LIMIT 0")


def test_the_dictionary_explains_all_of_them(client, con):
    page = LexborHTMLParser(client.get("/dictionary").text)
    anchors = Counter(node.attributes["id"] for node in page.css("[id]"))
    assert max(anchors.values()) == 1
    tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    assert {name for (name,) in tables} <= {*anchors}
    assert all(link.attributes["href"][1:] in anchors for link in page.css(".contents a"))


def test_the_bureau_has_questions_of_its_own(client):
    page = client.get("/questions").text
    assert "某单位的报告" in page
    assert "02_latin.sql：不是 UTF-8 编码" in page
    assert "no number.sql：文件名应为" in page
    answer = client.get("/questions/own.mine")
    assert texts(answer.text, ".answer tbody td") == ["澄川市农业技术推广站", "2023", "澄川市农业技术推广站", "2024"]
    narrower = client.get("/questions/own.mine?name=农业&year=2024").text
    assert texts(narrower, ".answer tbody td") == ["澄川市农业技术推广站", "2024"]
    assert "contains(单位, '农业') AND (2024 IS NULL OR 年度 = 2024) -- '$name'" in texts(narrower, "details pre")[0]
    assert client.get("/questions/own.mine?year=abc").status_code == 400
    assert client.get("/questions/own.other").status_code == 404


def test_the_example_in_the_documentation_is_one(con):
    text = (Path(__file__).parents[1] / "docs/queries.zh-CN.md").read_text(encoding="utf-8")
    one = parsed("01_example.sql", text.split("```sql\n")[1].split("```")[0])
    assert (one.theme, one.names) == ("收支", ("名称", "年度"))
    found = con.execute(one.sql, one.bind({"名称": "农业"})).fetchall()
    assert [row[:2] for row in found] == [("澄川市农业技术推广站", 2024)]


def test_a_changed_question_is_shown_changed(client, explorer):
    file = explorer.questions / "01_mine.sql"
    client.get("/questions")
    file.write_text(OWN.replace("某单位的报告", "改过的标题"), encoding="utf-8")
    assert "改过的标题" in client.get("/questions").text
    file.write_text(OWN, encoding="utf-8")
    assert "某单位的报告" in client.get("/questions").text


def test_values_are_written_where_parameters_stand_and_nowhere_else():
    sql = "SELECT '$a', \"$a\", $a, $ab, $b -- $a"
    assert with_values(sql, {"a": "o'x", "b": None}) == "SELECT '$a', \"$a\", 'o''x', $ab, NULL -- $a"
    assert with_values("$n + $d", {"n": -1, "d": Decimal("0.5")}) == "-1 + 0.5"


@pytest.mark.parametrize("key", [*book(None).questions])
def test_every_question_of_the_cookbook_has_a_page_and_a_file(client, key):
    page = client.get(f"/questions/{key}")
    assert page.status_code == 200
    (sql,) = texts(page.text, "details pre")
    again = client.get(q(sql))
    assert again.status_code == 200
    assert texts(again.text, ".answer tbody") == texts(page.text, ".answer tbody")
    assert client.get(f"/download/question/{key}.csv").status_code == 200


def test_an_answer_is_taken_away_in_three_formats(client):
    sql = quote("SELECT '=1+1' AS 单位, 12.5::DECIMAL(18,4) AS 金额, DATE '2025-09-01' AS 日期")
    answers = {kind: client.get(f"/download/answer.{kind}?q={sql}") for kind in ("csv", "xlsx", "parquet")}
    assert answers["csv"].headers["content-disposition"] == (
        "attachment; filename=\"juesuan.csv\"; filename*=UTF-8''%E6%9F%A5%E8%AF%A2%E7%BB%93%E6%9E%9C.csv"
    )
    assert answers["csv"].content.decode("utf-8-sig").splitlines() == ["单位,金额,日期", "'=1+1,12.50,2025-09-01"]
    cells = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content))["查询结果"]
    assert [cells.cell(2, n).value for n in (1, 2)] == ["=1+1", 12.5]
    assert cells.cell(2, 1).data_type == "s"
    assert pl.read_parquet(answers["parquet"].content)["金额"].to_list() == [Decimal("12.5000")]


def test_a_file_that_is_not_whole_says_so_in_its_name(client):
    answer = client.get("/download/answer.csv?q=" + quote("FROM range(300000)"))
    assert unquote(answer.headers["content-disposition"]).endswith("查询结果（只有前200000行）.csv")
    assert answer.content.count(b"\r\n") == 200_001


def test_a_refused_question_gives_a_page_and_no_file(client):
    answer = client.get("/download/answer.csv?q=" + quote("DROP TABLE core.unit"))
    assert answer.status_code == 400
    assert "content-disposition" not in answer.headers
    assert client.get("/download/answer.exe?q=SELECT%201").status_code == 404
    assert client.get("/download/answer.csv").status_code == 404


def test_a_report_is_taken_away_table_by_table(client, con):
    (report,) = con.execute("SELECT report_id FROM core.report WHERE fiscal_year = 2023").fetchone()
    answer = client.get(f"/download/report/{quote(report, safe='')}.xlsx")
    assert unquote(answer.headers["content-disposition"]).endswith("澄川市农业技术推广站2023年度决算表.xlsx")
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    forms = con.execute(
        """
        SELECT title, count(*), sum(amount) FROM core.cell JOIN ref.form USING (form) WHERE report_id = $1 GROUP BY ALL
    """,
        [report],
    ).fetchall()
    assert len(workbook.sheetnames) == 10
    for title, _, total in forms:
        head, *rows = workbook[title].iter_rows(values_only=True)
        money = slice(head.index("级次") + 1, head.index("行序")) if "级次" in head else slice(3, head.index("行序"))
        summed = sum(Decimal(str(value)) for row in rows for value in row[money] if value is not None)
        assert summed == total, title


def test_a_unit_is_taken_away_with_all_its_years(client, con):
    (unit,) = con.execute("SELECT unit_id FROM core.report GROUP BY 1 HAVING count(*) = 2").fetchone()
    answer = client.get(f"/download/unit/{unit}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)["支出决算表"]
    years = [row[1] for row in sheet.iter_rows(values_only=True, min_row=2)]
    assert years == sorted(years)
    assert {*years} == {2023, 2024}


def test_a_view_is_taken_away_whole_or_by_year(client):
    whole = client.get("/download/view/报告.csv").content.decode("utf-8-sig").splitlines()
    year = client.get("/download/view/报告.csv?year=2023").content.decode("utf-8-sig").splitlines()
    assert (len(whole), len(year)) == (5, 2)
    assert client.get("/download/view/没有.csv").status_code == 404
    assert client.get("/download/view/报告.csv?year=x").status_code == 404


def test_what_was_asked_is_written_down(client, explorer):
    client.get(q("SELECT 42 AS 写下"))
    client.get(q("SELECT 43 AS 写下 FROM nowhere"))
    entries = [json.loads(line) for line in (explorer.audit / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [entry for entry in entries if "写下" in entry.get("sql", "")]
    assert [(entry["what"], entry.get("rows"), "refused" in entry) for entry in asked] == [
        ("query", 1, False),
        ("query", None, True),
    ]


# what an answer or an address says is shown as text

SCRIPT = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)><svg/onload=alert(7)>{{ 7 * 7 }}"
TEXT = "'" + SCRIPT.replace("'", "''") + "'"
NAME = '"' + SCRIPT.replace('"', '""') + '"'


@pytest.mark.parametrize(
    "address",
    [
        q(f"SELECT {TEXT} AS {NAME}"),
        q(f"SELECT {TEXT} AS report_id, {TEXT} AS document, 1 AS page"),
        q(f"SELECT [{TEXT}] AS a, {{'k': {TEXT}}} AS b"),
        q(f"SELECT error({TEXT})"),
        q("SELECT 'javascript:alert(7)' AS 链接, '\"onclick=alert(7)' AS unit_id, 'data:text/html,alert(7)' AS url"),
        q(f"SELECT {SCRIPT}"),
        q(f"FROM {NAME}"),
        q(f"</textarea>{SCRIPT}"),
        "/questions/" + quote(SCRIPT, safe=""),
        "/questions/own.mine?name=" + quote(SCRIPT),
        "/questions/own.mine?year=" + quote(SCRIPT),
        "/download/view/" + quote(SCRIPT, safe="") + ".csv",
        "/download/report/" + quote(SCRIPT, safe="") + ".xlsx",
        "/download/answer." + quote(SCRIPT, safe="") + "?q=SELECT%201",
        "/download/answer.csv?q=" + quote(f"SELECT {SCRIPT}"),
    ],
)
def test_script_is_shown_as_text(client, address):
    answer = client.get(address)
    assert "alert(7)" in answer.text or not address.startswith("/sql")
    page = LexborHTMLParser(answer.text)
    for node in page.css("*"):
        assert node.tag not in {"svg", "iframe", "object", "style"}
        assert node.tag != "script" or node.attributes["src"].startswith("/static/sql.js")
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in {"href", "src", "action", "formaction"} or value.startswith(("/", "#"))
