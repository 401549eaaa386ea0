import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.forms import FORMS
from warehouse.comments import COLUMNS, SCHEMAS, SPECIAL, TABLES
from warehouse.dictionary import dictionary, empty_warehouse

DICTIONARY = Path(__file__).parents[1] / "docs" / "dictionary.md"
HAN = re.compile("[\u4e00-\u9fff]")
COMMENTS = """
    SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal AND NOT temporary
    UNION ALL
    SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() WHERE NOT temporary
    UNION ALL
    SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns()
    WHERE NOT internal AND database_name = current_database()
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as warehouse:
        yield warehouse


def test_the_written_dictionary_is_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == dictionary(con), (
        "run: python -m warehouse.dictionary > docs/dictionary.md"
    )


def test_everything_is_explained_in_chinese(con: duckdb.DuckDBPyConnection) -> None:
    comments = con.execute(COMMENTS).fetchall()
    assert len(comments) > 200
    assert [name for name, comment in comments if not HAN.search(comment or "")] == []


def test_no_comment_explains_what_is_not_there(con: duckdb.DuckDBPyConnection) -> None:
    names = {name for name, _ in con.execute(COMMENTS).fetchall()}
    assert names >= TABLES.keys() | SPECIAL.keys()
    assert {name.rsplit(".")[-1] for name in names} >= COLUMNS.keys()


def test_every_form_has_its_view_with_all_its_columns(con: duckdb.DuckDBPyConnection) -> None:
    for form in FORMS.values():
        columns = [name for name, *_ in con.execute(f'DESCRIBE "决算"."{form.title}"').fetchall()]
        assert columns == [
            *("单位", "年度", "范围", "部门", "地区", "计入合计"),
            *(["收支"] if form.sides else []),
            *("科目编码", "科目名称", "级次"),
            *form.measures.values(),
            *("行序", "页码", "文件", "链接", "原页", "report_id"),
        ]


def test_the_dictionary_has_every_schema(con: duckdb.DuckDBPyConnection) -> None:
    text = dictionary(con)
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SCHEMAS)
    con.execute("CREATE SCHEMA extra; CREATE TABLE extra.t (a INT); COMMENT ON TABLE extra.t IS '另一张表'")
    assert "### extra.t\n\n另一张表" in dictionary(con)
