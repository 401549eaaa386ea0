"""Answers and tables as files: typed, readable, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from assets.cli import main
from warehouse.ask.model import Answer, Column, Limits
from warehouse.ask.run import ask
from warehouse.export import workbook
from warehouse.export.answer import export_answer, export_answers, file_name
from warehouse.export.csv_file import defused
from warehouse.export.model import Table, as_text
from warehouse.export.tables import Selection
from warehouse.export.whole import write_folder, write_whole
from warehouse.export.workbook import sheet_name, write_workbook
from warehouse.query import QueryError

BEIJING = timezone(timedelta(hours=8))
MIDNIGHT, MORNING = datetime(2025, 8, 1), datetime(2025, 8, 1, 9, 30)  # noqa: DTZ001 - cells have no zone
COLUMNS = (
    *(Column("单位", "VARCHAR"), Column("年度", "INTEGER"), Column("金额", "DECIMAL(18,4)"), Column("日期", "DATE")),
    *(
        Column("时间", "TIMESTAMP WITH TIME ZONE"),
        Column("率", "DOUBLE"),
        Column("是否", "BOOLEAN"),
        Column("表", "INTEGER[]"),
    ),
)
ROWS = (
    (
        '=HYPERLINK("http://x")',
        2024,
        Decimal("-1234567.8900"),
        date(2025, 8, 1),
        datetime(2025, 8, 1, 9, 30, tzinfo=BEIJING),
        0.5,
        True,
        [1, 2],
    ),
    (None, None, None, None, None, None, None, None),
)
ANSWER = Answer(COLUMNS, ROWS, truncated=False, seconds=0.1)


def sheets(content: bytes) -> dict[str, list[list]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def test_a_workbook_has_numbers_dates_and_texts_never_formulas():
    content = export_answer(ANSWER, "xlsx", "查询").content
    head, first, *rest = sheets(content)["查询"]
    assert [cell.value for cell in head] == [column.name for column in COLUMNS]
    values = [cell.value for cell in first]
    assert values == [
        ROWS[0][0],
        2024,
        -1234567.89,
        MIDNIGHT,
        MORNING,
        0.5,
        True,
        "[1, 2]",
    ]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "d", "d", "n", "b", "s"]
    assert first[2].number_format == "#,##0.00"
    assert first[3].number_format == "yyyy-mm-dd"
    assert all(cell.value is None for row in rest for cell in row)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["查询"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet.column_dimensions["C"].width > 12


def test_a_workbook_of_a_part_says_so():
    answer = Answer(COLUMNS[:1], (("甲",), ("乙",)), truncated=True, seconds=0)
    front = sheets(export_answer(answer, "xlsx", "查询", ("查询", "SELECT 1")).content)["说明"]
    texts = [row[0].value for row in front]
    assert texts[:3] == ["查询", "SELECT 1", "答案不完整：只取了前 2 行。请缩小范围。"]
    assert [front[-1][0].value, front[-1][1].value] == ["查询", 2]


def test_several_answers_are_sheets_of_one_workbook():
    part = Answer(COLUMNS[:1], (("甲",),), truncated=True, seconds=0)
    file = export_answers([("收入", ANSWER), ("支出", part)], "单位/甲")
    found = sheets(file.content)
    assert (list(found), file.name) == (["说明", "收入", "支出"], "单位 甲.xlsx")
    assert "“支出”不完整：只取了前 1 行。" in [row[0].value for row in found["说明"]]


def test_what_excel_cannot_hold_becomes_text_or_another_sheet(monkeypatch):
    monkeypatch.setattr(workbook, "ROWS", 4)
    rows = [(10**17, "x" * 40_000, date(1850, 1, 1), float("inf"))] + [(1, "", None, 1.0)] * 6
    columns = (Column("大数", "BIGINT"), Column("长", "VARCHAR"), Column("旧", "DATE"), Column("无穷", "DOUBLE"))
    target = io.BytesIO()
    write_workbook([Table("很长[的]名称" * 8, columns, iter([rows[:2], rows[2:]]))], target, ("说明",))
    found = sheets(target.getvalue())
    names = list(found)[1:]
    assert [len(found[name]) for name in names] == [4, 4, 2]
    assert all(len(name) <= 31 for name in names)
    assert names[1].endswith("（2）")
    first = [cell.value for cell in found[names[0]][1]]
    assert (first[0], len(first[1]), first[2], first[3]) == ("100000000000000000", 32_767, "1850-01-01", "inf")
    assert first[1].endswith("（已截短）")
    assert found[names[0]][2][1].value is None  # an empty text
    book = openpyxl.load_workbook(target)
    assert [book[name].auto_filter.ref for name in names] == ["A1:D4", "A1:D4", "A1:D2"]
    many = tuple(Column(str(i), "INTEGER") for i in range(16_385))
    with pytest.raises(QueryError, match="最多 16,384 栏"):
        write_workbook([Table("宽", many, [])], io.BytesIO())


def test_sheet_and_file_names():
    taken: set[str] = set()
    assert [sheet_name("a/b'", 1, taken), sheet_name("A b", 1, taken), sheet_name("", 1, taken)] == [
        "a b",
        "A b（2）",
        "表",
    ]
    assert file_name('../a"b\x00.') == "a b" or "/" not in file_name('../a"b\x00.')
    assert file_name("...") == "导出"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=", "-cmd|'/c calc'!A0"]
)
def test_a_text_that_a_spreadsheet_would_run_is_defused(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-1,234.50", "+5%", "甲=乙", "a-b", "", "（-1）"])
def test_a_harmless_text_stays(text):
    assert defused(text) == text


def test_csv_is_for_excel_and_exact():
    content = export_answer(ANSWER, "csv", "查询").content
    assert content.startswith("\ufeff单位,".encode())
    first = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]
    assert first == [
        '\'=HYPERLINK("http://x")',
        "2024",
        "-1234567.89",
        "2025-08-01",
        "2025-08-01 09:30:00",
        "0.5",
        "TRUE",
        "[1, 2]",
    ]
    head = export_answer(Answer((Column("=1+1", "INTEGER"),), (), truncated=False, seconds=0), "csv", "x").content
    assert head == "\ufeff'=1+1\r\n".encode()


def test_numbers_as_text():
    assert [as_text(v) for v in (Decimal("0E-4"), Decimal("1E+3"), Decimal("1.2340"), Decimal("-0.5"), True, None)] == [
        *("0.00", "1000", "1.234", "-0.5", "TRUE", "")
    ]
    assert as_text({"a": [Decimal("1.50"), date(2025, 1, 1)]}) == '{"a": ["1.50", "2025-01-01"]}'


def test_parquet_keeps_types_and_distinct_names(city_home):
    sql = """
        SELECT 1::DECIMAL(18,4) AS a, 'x' AS a, DATE '2025-01-01' AS d, [1.5::DECIMAL(9,2)] AS l, {'k': 1} AS s,
            TIMESTAMPTZ '2025-01-01 00:00:00+08' AS t, 170141183460469231731687303715884105::HUGEINT AS h, NULL AS n
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    """
    answer = ask(city_home / "warehouse", sql, Limits())
    frame = pl.read_parquet(io.BytesIO(export_answer(answer, "parquet", "x").content))
    assert frame.columns == ["a", "a_2", "d", "l", "s", "t", "h", "n"]
    assert frame.schema["a"] == pl.Decimal(18, 4)
    assert frame.schema["t"] == pl.Datetime("us", "Asia/Shanghai")
    first = frame.row(0)
    assert first[:5] == (Decimal(1), "x", date(2025, 1, 1), [Decimal("1.50")], '{"k": 1}')
    assert first[5] == datetime(2024, 12, 31, 16, tzinfo=UTC)
    assert set(frame.row(1)) == {None}


def test_a_department_in_one_workbook(city_home, tmp_path):
    target = tmp_path / "out.xlsx"
    count, rows = write_whole(city_home / "warehouse", Selection(2024, "澄川市文化和旅游局", wan=True), target)
    found = sheets(target.read_bytes())
    assert len(found) == count + 1 > 25
    assert sum(len(sheet) - 1 for name, sheet in found.items() if name != "说明") == rows
    head, *body = ([cell.value for cell in row] for row in found["收支总额"])
    at = {name: head.index(name) for name in ("单位", "年度", "本年支出")}
    assert [[row[i] for i in at.values()] for row in body] == [["澄川市文化和旅游局", 2024, 1584.79]]
    assert "金额单位：万元；没有万元表的为元。" in [row[0].value for row in found["说明"]]
    assert list(tmp_path.iterdir()) == [target]


def test_all_in_a_folder(city_home, tmp_path):
    count, rows = write_folder(city_home / "warehouse", Selection(), tmp_path, "parquet")
    files = sorted(tmp_path.iterdir())
    assert len(files) == count
    assert sum(pl.read_parquet(file).height for file in files) == rows
    total = pl.read_parquet(tmp_path / "收支总额.parquet")
    assert total.filter(pl.col("年度") == 2023)["本年支出"].to_list() == [Decimal(13836900)]
    with pytest.raises(QueryError, match="没有符合条件"):
        write_folder(city_home / "warehouse", Selection(1990), tmp_path / "none", "csv")


@pytest.fixture
def juesuan(city_home, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(city_home))
    return lambda *arguments, text=None: CliRunner().invoke(main, [str(one) for one in arguments], input=text)


def test_sql_from_everywhere_in_all_formats(juesuan, tmp_path):
    sql = "SELECT 单位, 年度 FROM 决算.报告 WHERE 年度 = 2023"
    (tmp_path / "q.sql").write_text(sql, encoding="utf-8")
    expected = [{"单位": "澄川市农业技术推广站", "年度": 2023}]
    assert json.loads(juesuan("sql", sql, "--format", "json").stdout) == expected
    assert json.loads(juesuan("sql", "-f", tmp_path / "q.sql", "--json").stdout) == expected
    assert json.loads(juesuan("sql", "-f", "-", "--json", text=sql).stdout) == expected
    assert (
        juesuan("sql", sql, "--format", "csv").stdout_bytes.decode("utf-8-sig")
        == "单位,年度\r\n澄川市农业技术推广站,2023\r\n"
    )
    for kind in ("xlsx", "csv", "parquet", "json"):
        assert juesuan("sql", sql, "-o", tmp_path / f"out.{kind}").exit_code == 0
    assert sheets((tmp_path / "out.xlsx").read_bytes())["out"][1][1].value == 2023
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == [("澄川市农业技术推广站", 2023)]
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == expected


def test_questions_on_the_command_line(juesuan, tmp_path):
    listed = json.loads(juesuan("questions", "--json").stdout)
    assert {"key": "carry_over", "title": "结转结余占收入比重高的单位", "parameters": "年度、百分点"} in listed
    assert "SELECT" in juesuan("questions", "carry_over").stdout
    answer = json.loads(juesuan("sql", "--question", "carry_over", "-p", "百分点=7.5", "--json").stdout)
    assert [row["单位"] for row in answer] == ["澄川市农业技术推广站"]
    assert juesuan("export", tmp_path / "all.xlsx", "--year", 2024).exit_code == 0


def test_the_bureaus_own_questions_on_the_command_line(juesuan, city_home, tmp_path, monkeypatch):
    (tmp_path / "warehouse").symlink_to(city_home / "warehouse")
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path))
    own = tmp_path / "questions"
    own.mkdir()
    (own / "01_sum.sql").write_text("-- 两数之和\n-- $甲: 整数 = 1; 一个数\nSELECT $甲 + 1 AS 和\n", encoding="utf-8")
    (own / "bad.sql").write_text("SELECT 1", encoding="utf-8")
    listed = juesuan("questions", "--json")
    assert {"key": "own.sum", "title": "两数之和", "parameters": "甲"} in json.loads(listed.stdout)
    assert "bad.sql：文件名应为" in listed.stderr
    assert "两数之和" in juesuan("questions", "own.sum").stdout
    assert json.loads(juesuan("sql", "--question", "own.sum", "-p", "甲=4", "--json").stdout) == [{"和": 5}]


def test_a_table_says_yes_and_no_in_chinese_and_data_does_not(juesuan):
    sql = "SELECT true AS 甲, false AS 乙, NULL::BOOLEAN AS 丙"
    assert juesuan("sql", sql).stdout.split() == ["甲", "乙", "丙", "是", "否"]
    assert json.loads(juesuan("sql", sql, "--json").stdout) == [{"甲": True, "乙": False, "丙": None}]
    assert "TRUE,FALSE" in juesuan("sql", sql, "--format", "csv").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "三者取一"),
        (("SELECT 1", "--question", "carry_over"), "三者取一"),
        (("SELECT 1", "-p", "a=1"), "只用于常见问题"),
        (("SELECT 1", "-o", "out.doc"), "什么格式"),
        (("--question", "carry_over", "-p", "百分点=多"), "应为数"),
        (("--question", "nothing"), "没有代号"),
        (("DROP TABLE core.cell",), "不能修改"),
    ],
)
def test_what_cannot_be_asked_is_said(juesuan, arguments, message):
    refused = juesuan("sql", *arguments)
    assert refused.exit_code != 0
    assert message in refused.output
