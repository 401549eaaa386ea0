"""What a view of schema 决算 is, and the columns that several have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view: its Chinese name, the SQL that gives it, what it means."""

    name: str
    sql: str
    comment: str


@dataclass(frozen=True, slots=True)
class View:
    """One view: `source` is all that follows the column list, from FROM on."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    source: str


UNIT = Column("单位", "r.unit", "单位名称")
YEAR = Column("年度", "r.fiscal_year", "决算年度")
SCOPE = Column("范围", "r.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空")
HEAD = (UNIT, YEAR, SCOPE)
REPORT = Column("report_id", "r.report_id", "报告编号，与 core 各表相连")

NOTHING = "FROM (SELECT 1) nothing WHERE false"
"""The source of a view before there is anything to show."""


def typed(type_: str, *columns: Column, judged: bool) -> tuple[Column, ...]:
    """Columns that have a type and no value before there is anything to show."""
    return columns if judged else tuple(Column(c.name, f"NULL::{type_}", c.comment) for c in columns)
