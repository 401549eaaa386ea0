"""Alerts: after a publication every channel is told what it does not know yet; a failed run is told at once.

What a channel knows is remembered (`assets.told`), so that a channel that failed gets at the next publication all that
it missed, once, and nothing is told twice. Nothing here ends a night: what could not be sent is part of the result.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

from assets.clock import now
from assets.failures import failed_runs
from assets.told import Told, exclusive
from expectations.digest.compare import compare
from expectations.digest.replaced import differences
from expectations.digest.survey import survey
from expectations.digest.wording import Message, message

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from assets.channels import Channel
    from assets.settings import Settings
    from assets.told import Memory
    from expectations.digest.compare import News
    from expectations.digest.subjects import Subject


@dataclass(slots=True)
class Delivery:
    """What became of one publication's digest: by channel, the number of changes told, or why it failed.

    `quiet` channels had nothing to be told; `problems` are sentences on settings that cannot be used.
    """

    sent: dict[str, int] = field(default_factory=dict)
    quiet: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)

    def as_metadata(self) -> dict[str, Any]:
        """The counts by the names under which a run shows them; channels by their names, never by address."""
        return {
            "alerts_sent": len(self.sent),
            "alerts_quiet": len(self.quiet),
            "alerts_failed": len(self.failed),
            "alert_failures": [f"{name}：{reason}" for name, reason in self.failed.items()],
            "alert_problems": self.problems,
            **{f"told_{change}": number for change, number in sorted(self.changes.items())},
        }


def deliver(settings: Settings, progress: Callable[[str], None]) -> Delivery:
    """Tell every channel the news of the published warehouse; raises QueryError if there is none."""
    from assets.channels import channels
    from warehouse.publish import published
    from warehouse.query import opened

    delivery = Delivery()
    found, delivery.problems = channels(settings.alerts)
    with opened(settings.warehouse) as con, exclusive(settings.alerts_home) as memory:
        publication = published(settings.warehouse).name
        subjects = _subjects(settings, con)
        for channel in found:
            told = memory.read(channel.name)
            news = _news(subjects, told)
            if not news:
                delivery.quiet.append(channel.name)
                memory.write(channel.name, _after(told, news, subjects, publication))
                continue
            reason = _send(channel, _message(con, news, channel), memory, publication)
            if reason:
                delivery.failed[channel.name] = reason
                since = told.failed_since or _moment()
                memory.write(channel.name, replace(told, failed=reason, failed_since=since))
                progress(f"通知渠道 {channel.name}：{reason}，下次发布时补发")
            else:
                delivery.sent[channel.name] = len(news.items)
                delivery.changes |= Counter(item.change.value for item in news.items)
                memory.write(channel.name, replace(_after(told, news, subjects, publication), sent_at=_moment()))
                progress(f"通知渠道 {channel.name}：已发送")
    return delivery


def previews(settings: Settings) -> list[tuple[str, Message | None]]:
    """What `deliver` would send now, by channel; None where there is nothing new. Of no channel: what one would get."""
    from assets.channels import channels
    from warehouse.query import opened

    found, _ = channels(settings.alerts)
    with opened(settings.warehouse) as con, exclusive(settings.alerts_home) as memory:
        subjects = _subjects(settings, con)
        news = [(channel, _news(subjects, memory.read(channel.name))) for channel in found]
        if not found:
            return [("", message(first, now().date()))] if (first := _news(subjects, Told())) else [("", None)]
        return [(channel.name, _message(con, one, channel, html=False) if one else None) for channel, one in news]


def tell_failure(settings: Settings, run: str) -> Delivery:
    """Tell a failed run, which has been recorded, to every channel that has not been told of it."""
    subject = next(one for one in failed_runs(settings.home) if one.key == f"run:{run}")
    title = f"【决算核对】{subject.since} 夜间任务失败"
    body = f"{subject.text}运行编号 {run}，详情请用 juesuan dev 查看。"
    return _tell_all(settings, title, body, run)


def test(settings: Settings) -> Delivery:
    """Send a test message to every channel."""
    return _tell_all(settings, "【决算核对】测试", f"这是一条测试消息，发送于{_moment()}。收到即说明此渠道可用。", "")


def standing(settings: Settings) -> tuple[dict[str, Told], list[str]]:
    """What every channel has been told, by its name, and what of the settings cannot be used."""
    from assets.channels import channels

    found, problems = channels(settings.alerts)
    with exclusive(settings.alerts_home) as memory:
        return {channel.name: memory.read(channel.name) for channel in found}, problems


def _tell_all(settings: Settings, title: str, body: str, run: str) -> Delivery:
    """Send a short message on all channels; a failed `run` only where it has not been told."""
    from assets.channels import channels

    delivery = Delivery()
    found, delivery.problems = channels(settings.alerts)
    with exclusive(settings.alerts_home) as memory:
        for channel in found:
            told = memory.read(channel.name)
            if run and run in told.runs:
                delivery.quiet.append(channel.name)
                continue
            text = Message(title, f"<p>{escape(body)}</p>" if channel.html else body, 1, 0)
            reason = _send(channel, text, memory, f"run {run}" if run else "test")
            if reason:
                delivery.failed[channel.name] = reason
                continue
            delivery.sent[channel.name] = 1
            if run:
                memory.write(channel.name, told.with_runs((run,)))
    return delivery


def _subjects(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[Subject]:
    from assets.signs import subjects

    return [*survey(con, now().date()), *subjects(settings, now().date()), *failed_runs(settings.home)]


def _news(subjects: list[Subject], told: Told) -> News:
    """What a channel is to be told; a new one does not hear of runs that failed before."""
    runs = [one for one in subjects if one.sort == "run"]
    new = [one for one in runs if told.known is not None and one.key.partition(":")[2] not in told.runs]
    return compare([*(one for one in subjects if one.sort != "run"), *new], told.known)


def _after(told: Told, news: News, subjects: list[Subject], publication: str) -> Told:
    runs = tuple(one.key.partition(":")[2] for one in subjects if one.sort == "run")
    known = {key: value for key, value in news.known.items() if not key.startswith("run:")}
    return replace(told.with_runs(runs), known=known, publication=publication, failed="", failed_since="")


def _message(con: duckdb.DuckDBPyConnection, news: News, channel: Channel, *, html: bool | None = None) -> Message:
    details = differences(con, news.items)
    style = channel.html if html is None else html
    return message(news, now().date(), details, limit=channel.limit, html=style)


def _send(channel: Channel, text: Message, memory: Memory, occasion: str) -> str:
    """Send and log; "" or why it did not arrive."""
    reason = channel.send(text.title, text.body)
    entry = {"at": _moment(), "channel": channel.name, "occasion": occasion, "title": text.title}
    memory.log(**entry, told=text.told, left=text.left, failed=reason)
    return reason


def _moment() -> str:
    return now().isoformat(timespec="seconds")
