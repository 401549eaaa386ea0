"""The bureau's clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BUREAU_TIME = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The time at the bureau."""
    return datetime.now(BUREAU_TIME)


def today() -> date:
    """The date at the bureau."""
    return now().date()
