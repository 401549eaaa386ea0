"""The channels on which alerts are sent: apprise, one result for each place where a message arrives.

An address holds a password. It is neither logged nor shown: a channel is called by its schema and a hash, and of what
apprise logs nothing is passed on but the number of an error.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict
from apprise.plugins.email import NotifyEmail

from assets.robots import DingTalkRobot, WeComRobot

SECONDS = 60.0
"""What sending one message on one channel may take, repeats included."""

REPEATS, SECONDS_BETWEEN, SECONDS_TO_ANSWER = 2, 3.0, 15.0

for _robot in (WeComRobot, DingTalkRobot):
    NotificationManager().add(_robot, force=True)


class _Redacted(logging.Filter):
    """Leaves of what apprise logs only the numbers of errors: its messages may hold addresses, keys and all."""

    def filter(self, record: logging.LogRecord) -> bool:
        codes = re.findall(r"\b(?:error|code)=(-?\d+)", record.getMessage())
        record.msg, record.args = " ".join(f"error={code}" for code in codes) or "apprise", ()
        return True


logging.getLogger("apprise").addFilter(_Redacted())
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One place where messages arrive: at most `limit` bytes of plain text, or of HTML."""

    name: str
    service: Any
    limit: int
    html: bool

    def __repr__(self) -> str:
        return f"Channel({self.name})"

    def send(self, title: str, body: str) -> str:
        """Send one message; "" if it was accepted, else why not, in Chinese and without secrets.

        A message that timed out may have arrived all the same: it counts as not sent.
        """
        sender = apprise.Apprise()
        sender.add(self.service)
        kind = apprise.NotifyFormat.HTML if self.html else apprise.NotifyFormat.TEXT
        return _reason(sender.notify(body=body, title=title, body_format=kind))


def channels(setting: str, seconds: float = SECONDS) -> tuple[list[Channel], list[str]]:
    """The channels of the setting JUESUAN_ALERTS, and in Chinese what of it cannot be used.

    A mail to several people is several channels: one of them who cannot be reached must not make the others get the
    same twice.
    """
    addresses, problems = _addresses(setting)
    asset = apprise.AppriseAsset(
        service_timeout=seconds, default_service_retry=REPEATS, default_service_wait=SECONDS_BETWEEN
    )
    found: dict[str, Channel] = {}
    for number, address in enumerate(addresses, 1):
        services = _services(address, asset)
        if not services:
            problems.append(f"JUESUAN_ALERTS 中第{number}个地址（{_schema(address)}）无效，未使用。")
        for recipient, service in services:
            channel = _channel(address, recipient, service)
            found[channel.name] = channel
    return list(found.values()), problems


def _addresses(setting: str) -> tuple[list[str], list[str]]:
    setting = setting.strip()
    if not setting or "://" in setting:
        return _split(setting), []
    path = Path(setting).expanduser()
    try:
        if path.stat().st_mode & 0o077:
            return [], ["JUESUAN_ALERTS 所指的文件含有密码，只应本人可读写（chmod 600），未使用。"]
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        return [], [f"JUESUAN_ALERTS 所指的文件不能读取（{type(error).__name__}）。"]
    return [address for line in lines if not line.lstrip().startswith("#") for address in _split(line)], []


def _split(text: str) -> list[str]:
    """Addresses beside one another; a comma within one (mail to several) is no border."""
    return [part for part in re.split(r"[\s,;]+(?=[A-Za-z][\w+.-]*://)|\s+", text.strip()) if part]


def _services(address: str, asset: apprise.AppriseAsset) -> list[tuple[str, Any]]:
    """The services behind an address, each with its recipient where there are several."""
    parts = url_to_dict(address)
    whole = apprise.Apprise.instantiate(dict(parts), asset=asset) if parts else None
    if whole is None:
        return []
    if not isinstance(whole, NotifyEmail) or len(whole.targets) < 2:
        return [("", whole)]
    recipients = [recipient for _, recipient in whole.targets]
    others = {key: value for key, value in parts.items() if key not in ("cc", "bcc")}  # they get one copy
    each = [
        apprise.Apprise.instantiate({**(others if number else parts), "targets": [recipient]}, asset=asset)
        for number, recipient in enumerate(recipients)
    ]
    return list(zip(recipients, each, strict=True))


def _channel(address: str, recipient: str, service: Any) -> Channel:
    service.socket_read_timeout = max(service.socket_read_timeout, SECONDS_TO_ANSWER)
    # slow on purpose: a password in an address cannot be guessed from the name of its channel
    digest = hashlib.scrypt(f"{address} {recipient}".encode(), salt=b"juesuan", n=2**12, r=8, p=1, dklen=4).hex()
    html = isinstance(service, NotifyEmail)
    return Channel(f"{_schema(address)}-{digest}", service, service.body_maxlen, html)


def _schema(address: str) -> str:
    schema = address.partition("://")[0].lower()
    return schema if re.fullmatch(r"[a-z][a-z0-9]{0,19}", schema) else "？"


def _reason(result: apprise.AppriseResult) -> str:
    if result:
        return ""
    if any(one.status is apprise.AppriseResultStatus.TIMEOUT for one in result.results):
        return "超时，没有回应"
    codes = [code for one in result.results for log in one.logs() for code in re.findall(r"error=(-?\d+)", log.message)]
    return f"对方没有接受（代码{codes[-1]}）" if codes else "无法连接，或对方没有接受"
