"""Issues: what *we* could not read. Never mixed with findings, which say that a report does not add up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Box


class IssueKind(StrEnum):
    """The closed set of kinds; `label` is the Chinese name that the bureau reads."""

    EMPTY_FILE = "empty_file"
    UNSUPPORTED_FORMAT = "unsupported_format"
    DAMAGED_FILE = "damaged_file"
    ENCRYPTED = "encrypted"
    MEMBER_REFUSED = "member_refused"
    READER_FAILED = "reader_failed"
    OVER_LIMIT = "over_limit"
    PAGE_UNREADABLE = "page_unreadable"
    NO_TEXT = "no_text"
    NO_TABLES = "no_tables"
    DOUBTFUL_CELL = "doubtful_cell"
    NOT_FINAL_ACCOUNTS = "not_final_accounts"
    CHARACTERS_LOST = "characters_lost"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_HEADING = "unknown_heading"
    UNKNOWN_LINE = "unknown_line"
    UNREADABLE_NUMBER = "unreadable_number"
    MONEY_UNIT_UNKNOWN = "money_unit_unknown"
    DUPLICATE_DIFFERS = "duplicate_differs"
    UNIT_UNKNOWN = "unit_unknown"
    YEAR_UNKNOWN = "year_unknown"
    UNIT_DISAGREES = "unit_disagrees"
    YEAR_DISAGREES = "year_disagrees"
    NARRATIVE_UNKNOWN = "narrative_unknown"
    HIDDEN_CONTENT = "hidden_content"
    LOW_COVERAGE = "low_coverage"
    SECOND_READING_DIFFERS = "second_reading_differs"
    FETCH_FAILED = "fetch_failed"
    ISSUES_OMITTED = "issues_omitted"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _TITLES[self]

    @property
    def loses_document(self) -> bool:
        """True if the document gives no facts at all because of it."""
        return self in _FATAL


_TITLES = {
    IssueKind.EMPTY_FILE: "空文件",
    IssueKind.UNSUPPORTED_FORMAT: "格式不支持",
    IssueKind.DAMAGED_FILE: "文件损坏",
    IssueKind.ENCRYPTED: "文件已加密",
    IssueKind.MEMBER_REFUSED: "压缩包内的文件未取出",
    IssueKind.READER_FAILED: "读取程序失败",
    IssueKind.OVER_LIMIT: "超出处理上限",
    IssueKind.PAGE_UNREADABLE: "页面无法读取",
    IssueKind.NO_TEXT: "页面没有可用文字（疑为扫描件）",
    IssueKind.NO_TABLES: "没有找到表格",
    IssueKind.DOUBTFUL_CELL: "数字识别存疑",
    IssueKind.NOT_FINAL_ACCOUNTS: "不是决算报告",
    IssueKind.CHARACTERS_LOST: "表内文字未全部归入单元格",
    IssueKind.UNKNOWN_TABLE: "表格未能识别",
    IssueKind.UNKNOWN_HEADING: "栏目未能识别",
    IssueKind.UNKNOWN_LINE: "行次项目未能识别",
    IssueKind.UNREADABLE_NUMBER: "数字无法读取",
    IssueKind.MONEY_UNIT_UNKNOWN: "金额单位不明",
    IssueKind.DUPLICATE_DIFFERS: "重复行数字不一",
    IssueKind.UNIT_UNKNOWN: "单位名称不明",
    IssueKind.YEAR_UNKNOWN: "决算年度不明",
    IssueKind.UNIT_DISAGREES: "单位名称不一致",
    IssueKind.YEAR_DISAGREES: "年度不一致",
    IssueKind.NARRATIVE_UNKNOWN: "情况说明未能识别",
    IssueKind.HIDDEN_CONTENT: "隐藏内容未读取",
    IssueKind.LOW_COVERAGE: "数字识别率不足",
    IssueKind.SECOND_READING_DIFFERS: "抽查复读不一致",
    IssueKind.FETCH_FAILED: "下载失败",
    IssueKind.ISSUES_OMITTED: "问题过多，未逐一列出",
}

_FATAL = frozenset(
    {
        IssueKind.EMPTY_FILE,
        IssueKind.UNSUPPORTED_FORMAT,
        IssueKind.DAMAGED_FILE,
        IssueKind.ENCRYPTED,
        IssueKind.MEMBER_REFUSED,
        IssueKind.READER_FAILED,
        IssueKind.OVER_LIMIT,
        IssueKind.NO_TABLES,
        IssueKind.NOT_FINAL_ACCOUNTS,
    }
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that could not be read or understood, with its place.

    `text` is a Chinese sentence that says what, where and what to do. `cell` is the printed text of
    the cell (or line) in question, `form` the key of the form where one was recognised.
    """

    kind: IssueKind
    text: str
    page: int | None = None
    form: str = ""
    cell: str = ""
    box: Box | None = None
