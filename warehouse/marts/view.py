"""What a view of schema 决算 is, and the columns that several have."""

from __future__ import annotations

from dataclasses import dataclass, replace

YUAN, WAN = "（元）", "（万元）"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view: its Chinese name, the SQL that gives it, what it means; amounts of money say （元）."""

    name: str
    sql: str
    comment: str

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of 元, which the twin of its view has in 万元."""
        return YUAN in self.comment


@dataclass(frozen=True, slots=True)
class View:
    """One view: `source` is all that follows the column list, from FROM on."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    source: str


TWIN = "_万元"
"""What the name of a view in 万元 ends in."""


def in_wan(view: View) -> View | None:
    """The twin of a view that has amounts: the same columns, amounts in 万元 with two decimals; None if it has none.

    A second set of columns would make twenty of ten, of which nobody needs both. Who adds up does so in 元.
    """
    if not any(column.is_money for column in view.columns):
        return None
    columns = tuple(
        replace(column, sql=f"万元({column.sql})", comment=column.comment.replace(YUAN, WAN))
        if column.is_money
        else column
        for column in view.columns
    )
    return View(f"{view.name}{TWIN}", f"同 决算.{view.name}，金额单位万元，四舍五入到两位小数", columns, view.source)


UNIT = Column("单位", "r.unit", "单位名称")
YEAR = Column("年度", "r.fiscal_year", "决算年度")
SCOPE = Column("范围", "r.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空")
DEPARTMENT = Column("部门", "r.department", "主管部门名称，不明的为空")
REGION = Column("地区", "r.region", "地区，不明的为空")
COUNTS = Column(
    "计入合计",
    "r.counts",
    "全市加总时是否计入：部门汇总报告计入的，所属单位和本级的报告不再计入，不致重复；见 决算.报告",
)
HEAD = (UNIT, YEAR, SCOPE, DEPARTMENT, REGION, COUNTS)
"""The first columns of a view of reports; its source has mart.report as r."""

GROUPED = (
    "r.unit, r.fiscal_year, r.scope, r.department, r.region, r.counts, r.file_name, r.url, r.document, r.report_id"
)
"""What a source groups by that makes one row of several of a report."""

FILE = Column("文件", "r.file_name", "文件名")
LINK = Column("链接", "r.url", "文件链接，从文件夹收入的为空")
REPORT = Column("report_id", "r.report_id", "报告编号，与 core、mart 各表相连")


def tail(page: str, meaning: str = "所在的页", document: str = "r.document") -> tuple[Column, ...]:
    """The last columns of such a view: the page (as SQL), the links to it, the report."""
    address = f"'/documents/' || {document} || '/pages/' || {page}"
    return (
        Column("页码", page, meaning),
        LINK,
        Column("原页", address, "这一页在查询网页中的地址"),
        REPORT,
    )


NOTHING = "FROM (SELECT 1) nothing WHERE false"
"""The source of a view before there is anything to show."""


def typed(type_: str, *columns: Column, judged: bool) -> tuple[Column, ...]:
    """Columns that have a type and no value before there is anything to show."""
    return columns if judged else tuple(Column(c.name, f"NULL::{type_}", c.comment) for c in columns)
