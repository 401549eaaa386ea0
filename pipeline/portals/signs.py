"""What can be said of a site from night to night: kinds of signs, and a sign.

A sign is told only where a property of the evidence makes it true; where there is nothing to compare with, it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class SignKind(StrEnum):
    """The closed set of kinds; `label` is the Chinese name that the bureau reads, `advice` what to do."""

    SILENT = "silent"
    LAYOUT = "layout"
    CHALLENGE = "challenge"
    ERRORS = "errors"
    NO_FILES = "no_files"
    NOTHING_NEW = "nothing_new"
    FEWER = "fewer"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _TITLES[self][0]

    @property
    def advice(self) -> str:
        """What the reader is to do, a Chinese sentence."""
        return _TITLES[self][1]


_TITLES = {
    SignKind.SILENT: ("网站无数据", "请在浏览器中打开网站，查看是否改版、迁移或不可访问。"),
    SignKind.LAYOUT: ("列表页变样", "请打开该页查看网站是否改版或迁移，如是，请联系维护人员更新站点登记。"),
    SignKind.CHALLENGE: ("验证页或拒绝访问", "请与网站的主管单位联系，说明来意，请其放行或降低访问频率的限制。"),
    SignKind.ERRORS: ("访问出错多", "请打开其中几个网址，查看是网站故障还是文件已迁移。"),
    SignKind.NO_FILES: ("详情页没有文件", "请打开该页查看附件是否还在、页面是否改版。"),
    SignKind.NOTHING_NEW: ("应季没有新文件", "请查看各单位是否尚未公开，或已改在别的栏目、别的网站公开。"),
    SignKind.FEWER: ("文件比去年少", "请查看各单位是否尚未公开，或已改在别的栏目、别的网站公开。"),
}


class Outcome(StrEnum):
    """How a site stands in one respect; `label` is what the bureau reads."""

    AMISS = "amiss"
    AS_USUAL = "as_usual"
    NOT_JUDGED = "not_judged"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {Outcome.AMISS: "异常", Outcome.AS_USUAL: "正常", Outcome.NOT_JUDGED: "无从判断"}[self]


@dataclass(frozen=True, slots=True)
class Sign:
    """How a site stands in one respect.

    `text` is a Chinese sentence with the figures, or with the reason why there is nothing to judge. `since` is the day
    from which the site has been amiss, None unless it is; `url` an address where that can be seen, "" if there is none.
    `degree` tells how far it has come where that lasts: one more is twice as many lists or pages.
    """

    kind: SignKind
    outcome: Outcome
    text: str
    since: date | None = None
    url: str = ""
    degree: int = 0
