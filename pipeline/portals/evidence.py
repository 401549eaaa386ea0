"""The record of every request: what was asked, what came, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What a request was for. A column is a list that a list leads to; its own further pages are lists."""

    ROBOTS = "robots"
    LIST = "list"
    COLUMN = "column"
    DETAIL = "detail"
    FILE = "file"


class Fault(StrEnum):
    """Why an answer is of no use; `label` is the Chinese sentence that the bureau reads. NONE is false."""

    NONE = ""
    UNREACHABLE = "unreachable"
    UNRESOLVED = "unresolved"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    HOST_CLOSED = "host_closed"
    MISSING = "missing"
    DENIED = "denied"
    UNEXPECTED_STATUS = "unexpected_status"
    REDIRECTS = "redirects"
    FOREIGN_HOST = "foreign_host"
    PRIVATE_ADDRESS = "private_address"
    ROBOTS = "robots"
    EMPTY = "empty"
    NOT_A_FILE = "not_a_file"
    DAMAGED = "damaged"
    NO_ITEMS = "no_items"
    NO_REPORT = "no_report"
    NOT_UNDERSTOOD = "not_understood"
    LIMIT = "limit"
    INCOMPLETE = "incomplete"
    TIME_UP = "time_up"

    @property
    def label(self) -> str:
        """What the bureau reads."""
        return _LABELS[self]

    @property
    def passes(self) -> bool:
        """True if the same request may well succeed a little later."""
        return self in _PASSING


_PASSING = frozenset(
    {Fault.UNREACHABLE, Fault.UNRESOLVED, Fault.TIMEOUT, Fault.TRUNCATED, Fault.THROTTLED, Fault.SERVER_ERROR}
)

_LABELS = {
    Fault.NONE: "",
    Fault.UNREACHABLE: "无法连接服务器",
    Fault.UNRESOLVED: "域名无法解析",
    Fault.CERTIFICATE: "网站证书无效，未下载",
    Fault.TIMEOUT: "服务器响应超时",
    Fault.TRUNCATED: "内容未传完，连接中断",
    Fault.TOO_LARGE: "内容超过大小上限，已停止下载",
    Fault.THROTTLED: "服务器要求暂缓访问",
    Fault.SERVER_ERROR: "服务器内部错误",
    Fault.HOST_CLOSED: "该主机已多次失败或要求暂缓，今晚不再访问",
    Fault.MISSING: "网页或文件不存在",
    Fault.DENIED: "服务器拒绝访问",
    Fault.UNEXPECTED_STATUS: "服务器返回意外状态",
    Fault.REDIRECTS: "跳转次数过多",
    Fault.FOREIGN_HOST: "链接指向未登记的主机，未访问",
    Fault.PRIVATE_ADDRESS: "链接指向内部网络地址，未访问",
    Fault.ROBOTS: "robots.txt 不允许访问",
    Fault.EMPTY: "内容为空",
    Fault.NOT_A_FILE: "返回的是网页（错误页或验证页），不是文件",
    Fault.DAMAGED: "文件不完整或格式不明",
    Fault.NO_ITEMS: "列表页没有任何条目，网站可能已改版或返回了验证页",
    Fault.NO_REPORT: "页面没有决算附件，正文也不是决算报告",
    Fault.NOT_UNDERSTOOD: "页面结构未能识别",
    Fault.LIMIT: "列表页数超过上限，其余未访问",
    Fault.INCOMPLETE: "列表没有给出它声称的全部条目",
    Fault.TIME_UP: "今晚的时间已到，其余下次继续",
}


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request and its answer: one row of `pipeline.schema.FETCH`.

    `posted` is the form that was sent, `page_url` the page that held the link, `file_name` the one that the server
    gives the file. `status` is None if nothing was asked or nothing answered;
    `content_length` is what the server announced, `size` and `sha256` what arrived (after a 304: what is known
    from before). `attempts` counts the requests made, 0 for one never made. `note` is a Chinese sentence. `items` is
    how much a page gave to follow (a list's items and columns; a detail page's files and pages, itself if it is a
    report), None of what is no such page.
    """

    site: str
    kind: Kind
    url: str
    page_url: str
    fetched_at: datetime
    status: int | None = None
    final_url: str = ""
    content_type: str = ""
    content_length: int | None = None
    etag: str = ""
    last_modified: str = ""
    size: int = 0
    sha256: str = ""
    attempts: int = 0
    fault: Fault = Fault.NONE
    note: str = ""
    posted: str = ""
    file_name: str = ""
    items: int | None = None

    @property
    def has_validators(self) -> bool:
        """Whether the server can be asked if anything has changed."""
        return bool(self.etag or self.last_modified)

    @property
    def issue(self) -> Issue | None:
        """The fault as an issue that names both addresses, or None.

        A column that robots.txt closes is the site's wish, not something that went wrong.
        """
        if not self.fault or (self.fault is Fault.ROBOTS and self.kind is Kind.COLUMN):
            return None
        source = f"（链接自 {self.page_url}）" if self.page_url else ""
        address = f"{self.url}（提交 {self.posted}）" if self.posted else self.url
        return Issue(IssueKind.FETCH_FAILED, f"{self.note or self.fault.label}：{address}{source}")
