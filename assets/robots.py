"""The group robots of WeCom and DingTalk, whose refusals apprise takes for success.

Both answer a refused message (wrong key or signature, too long, too many, a keyword that is missing) with HTTP 200 and
an `errcode` in the body, which apprise does not look at. Addresses, signatures, retries and limits are apprise's.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot


class WeComRobot(NotifyWeComBot):  # type: ignore[misc]  # untyped
    """企业微信群机器人."""

    def send(self, body: str, title: str = "", **_: Any) -> bool:
        """Post one text message; False if it was not accepted."""
        return _post(self, self.api_url, {"msgtype": "text", "text": {"content": _joined(title, body)}})


class DingTalkRobot(NotifyDingTalk):  # type: ignore[misc]  # untyped
    """钉钉群机器人."""

    def send(self, body: str, title: str = "", **_: Any) -> bool:
        """Post one text message, signed if there is a secret; False if it was not accepted."""
        params = {}
        if self.secret:
            timestamp, sign = self.get_signature()
            params = {"timestamp": timestamp, "sign": unquote(sign)}  # apprise quotes it, requests does so once more
        payload = {
            "msgtype": "text",
            "text": {"content": _joined(title, body)},
            "at": {"atMobiles": self.targets, "isAtAll": False},
        }
        return _post(self, self.notify_url.format(token=self.token), payload, params)


def _joined(title: str, body: str) -> str:
    return f"{title}\n{body}" if title else body


def _post(robot: Any, url: str, payload: dict[str, Any], params: dict[str, str] | None = None) -> bool:
    robot.throttle()
    try:
        answer = requests.post(
            url,
            params=params,
            data=json.dumps(payload, ensure_ascii=False).encode(),  # escaped, Chinese would be twice as long
            headers={"Content-Type": "application/json; charset=utf-8"},
            verify=robot.verify_certificate,
            timeout=robot.request_timeout,
            allow_redirects=False,
        )
        code = answer.json()["errcode"] if answer.status_code == requests.codes.ok else answer.status_code
    except (requests.RequestException, KeyError, TypeError):  # no answer, or none of a robot
        robot.logger.warning("no answer of a robot")
        return False
    if code != 0:
        robot.logger.warning("error=%s", code)
    return bool(code == 0)
