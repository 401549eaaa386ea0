import re
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.lake import Lake
from tests.readings import VERSION, batch, document, fact
from warehouse.ask.model import Limits
from warehouse.ask.run import ask
from warehouse.build import build
from warehouse.publish import publish
from warehouse.query import QueryError


def query(home: Path, sql: str, rows: int = 1000) -> tuple[list[str], list[tuple]]:
    answer = ask(home, sql, Limits(rows=rows))
    return [column.name for column in answer.columns], list(answer.rows)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    lake = Lake(home / "lake")
    facts = [
        fact("a", "expenditure", "2010301", measure, amount, label="行政运行")
        for measure, amount in [("total", "30.10"), ("basic", "10.00"), ("project", "20.10")]
    ]
    lake.append(batch(document=[document("a")], fact=[*facts, fact("a", "expenditure", "total", "total", "30.10")]))
    publish(build(lake, home / "candidate.duckdb", VERSION), home, "1")
    return home


def test_a_question_in_the_words_of_the_bureau(home: Path) -> None:
    columns, rows = query(
        home, "SELECT 单位, 年度, 科目编码, 科目名称, 本年支出合计, 项目支出 FROM 决算.支出决算表 WHERE 级次 = 3"
    )
    assert columns == ["单位", "年度", "科目编码", "科目名称", "本年支出合计", "项目支出"]
    assert rows == [("柳州市甲局", 2024, "2010301", "行政运行", Decimal("30.10"), Decimal("20.10"))]


def test_a_declared_line_has_its_title_and_no_code(home: Path) -> None:
    _, rows = query(home, "SELECT 科目编码, 科目名称, 级次, 基本支出 FROM 决算.支出决算表 WHERE 科目编码 IS NULL")
    assert rows == [(None, "合计", None, None)]


def test_no_more_rows_than_asked_for(home: Path) -> None:
    assert query(home, "FROM range(10)", 3) == (["range"], [(0,), (1,), (2,)])


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "语法有误"),
        ("", "一条语句，现为 0 条"),
        ("SELECT 1; SELECT 2", "一条语句，现为 2 条"),
        ("DELETE FROM core.report", "不能修改"),
        ("CREATE TABLE t AS SELECT 1", "不能修改"),
        ("SET enable_external_access = true", "不能修改"),
        ("COPY core.report TO '/tmp/out.csv'", "不能修改"),
        ("FROM 决算.没有这张表", "没有“没有这张表”这个表或视图（第 1 行）"),
        ("SELECT 1,\n 没有这一栏 FROM 决算.报告", "栏名或类型有误：没有“没有这一栏”这一栏（第 2 行）"),
        ("FROM 决算.支出决算", "是不是“支出决算表”？"),
        ("SELECT sum(单位) FROM 决算.报告", "多半是类型不合"),
        ("SELECT 单位, sum(年度) FROM 决算.报告", "GROUP BY"),
        ("SELECT 没有这个函数(1)", "没有“没有这个函数”这个函数"),
        ("SELECT", "语法有误"),
        ("SELECT 单位 FORM 决算.报告", "“决算”附近语法有误"),
        ("SELECT content FROM read_text('/etc/passwd')", "不允许使用 read_text"),
        ("FROM 'other.csv'", "不允许访问"),
        ("SELECT '一万'::INTEGER", "转换有误"),
    ],
)
def test_what_goes_wrong_is_said_in_chinese(home: Path, sql: str, message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        query(home, sql)


def test_nothing_published_yet(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="还没有发布过数据仓库"):
        query(tmp_path, "SELECT 1")
