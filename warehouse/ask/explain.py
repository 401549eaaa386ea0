"""What is wrong with a question, in Chinese: what was not understood, on which line, what may have been meant."""

from __future__ import annotations

import re

import duckdb

_KINDS = {
    duckdb.ParserException: "SQL 语法有误",
    duckdb.CatalogException: "没有这个表、视图或函数（表名见数据字典，或查询 from duckdb_views()）",
    duckdb.BinderException: "栏名或类型有误",
    duckdb.PermissionException: "不允许访问数据仓库以外的文件或更改设置",
    duckdb.ConversionException: "数据类型转换有误",
}
_SENTENCES = (
    (r'syntax error at or near "(.+?)"', "“{}”附近语法有误"),
    (r"syntax error at end of input", "语句没有写完"),
    (r"unterminated quoted (?:string|identifier).*", "引号没有成对"),
    (r'Referenced column "(.+?)" not found in FROM clause', "没有“{}”这一栏"),
    (r'Table ".+?" does not have a column named "(.+?)"', "没有“{}”这一栏"),
    (r'Referenced table "(.+?)" not found', "FROM 中没有“{}”这个表"),
    (r"Table with name (\S+) does not exist", "没有“{}”这个表或视图"),
    (r"(?:Scalar |Aggregate |Table )?Function with name (\S+) does not exist", "没有“{}”这个函数"),
    (r'Ambiguous reference to column name "(.+?)"', "有几个表都有“{}”这一栏，请写明是哪个表的"),
    (r'column "(.+?)" must appear in the GROUP BY clause', "“{}”既没有汇总，也不在 GROUP BY 中"),
    (r"No function matches the given name and argument types '(.+?)'", "没有这样的函数或运算：{}，多半是类型不合"),
    (r"Could not convert string '(.*?)' to (\w+)", "“{}”不能转换为 {}"),
    (r"Values were not provided for the following prepared statement parameters: (.+)", "没有给出参数 {} 的值"),
)
_PLACE = re.compile(r"\s*\n+LINE (\d+): .*", re.DOTALL)
_MEANT = re.compile(r'(?:Did you mean|Candidate bindings:) "?([^"\n]+)"')


def explained(error: Exception) -> str:
    """One sentence, and the engine's own words if they say more."""
    if isinstance(error, duckdb.OutOfMemoryException):  # whose text tells the owner of the engine what to set
        return "查询所需内存超过上限。请缩小范围，如限定年度或单位，或只取需要的栏。"
    kind = next((text for kind, text in _KINDS.items() if isinstance(error, kind)), "查询失败")
    text = str(error)
    place = _PLACE.search(text)
    where = f"（第 {place[1]} 行）" if place else ""
    text = _PLACE.sub("", text)
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, text):
            meant = _MEANT.search(text)
            hint = f"。是不是“{meant[1]}”？" if meant else "。"
            return f"{kind}：{sentence.format(*found.groups())}{where}{hint}"
    return f"{kind}{where}：{text}"
