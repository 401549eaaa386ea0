"""The settings, and the only place where environment variables are read.

| variable | meaning | default |
| --- | --- | --- |
| JUESUAN_HOME | directory of the lake, the warehouse and the run history | ./var |
| JUESUAN_SITES | ids of the portal sites collected every night, comma separated | none |
| JUESUAN_FOLDERS | folders taken in every night, separated by the system's path separator | none |
| JUESUAN_LOCAL_SITE | base URL of a site on this machine (the sample city) | none |
| JUESUAN_CONTACT | mail address or page named in the User-Agent | none |
| JUESUAN_SITES_AT_ONCE | portal sites collected side by side, each one request at a time | 16 |
| JUESUAN_CRAWL_MINUTES | minutes that a site may take in a night; what is left is collected the next night | 240 |
| JUESUAN_WORKERS | processes that read documents | number of cores |
| JUESUAN_DASK | address of a dask scheduler whose workers read instead, e.g. tcp://host:8786; see below | none |
| JUESUAN_SECONDS | seconds that a document may take, beside 60 more for every megabyte of it | 120 |
| JUESUAN_MEMORY | megabytes that a worker may use (at least 512); text recognition needs some 900 | 2048 |
| JUESUAN_DOUBT | percent of the pages that are read a second time by other means (some ten a night at least) | 1 |
| JUESUAN_KEEP | published warehouse files kept | 7 |
| JUESUAN_KEEP_DAYS | days that the record of runs and what later readings and pages replaced are kept | 400 |
| JUESUAN_DUCKLAKE | file of the DuckLake in which readings are shared every night (docs/growing.md) | none |
| JUESUAN_BUILD_FROM | lake: build from what this machine has read; ducklake: from what all have shared | lake |
| JUESUAN_OFFICE | name of the bureau, over and under its letters | none |
| JUESUAN_OFFICE_CONTACT | whom a unit calls about a letter: name and telephone | none |
| JUESUAN_LETTER_NUMBER | pattern of document numbers, e.g. 澄财函〔{year}〕{number}号; {number} stays blank | none |
| JUESUAN_LETTER_DATE | date of the letters, e.g. 2025-09-01 | day of the publication |
| JUESUAN_LETTER_DAYS | days that a unit has to answer | 15 |
| JUESUAN_ALERTS | where alerts go: URLs as apprise takes them, or the path of a file of them; see below | none |
| JUESUAN_WAIVERS | the bureau's CSV file of findings that are let pass (docs/findings.zh-CN.md) | an empty one |
| JUESUAN_REGISTER | the bureau's CSV file of units that must publish (docs/register.zh-CN.md) | an empty one |
| JUESUAN_APPROVAL_DAYS | days from the approval of its accounts in which a department publishes them | 20 |
| JUESUAN_ASK_SECONDS | seconds that a question in SQL on the pages may take | 10 |
| JUESUAN_ASK_MEMORY | megabytes that it may use (at least 128) | 512 |
| JUESUAN_ASKED_AT_ONCE | such questions that are answered at the same time | 4 |
| JUESUAN_QUACK_TOKEN | secret of those who ask in SQL from other machines (docs/remote.zh-CN.md) | none |
| JUESUAN_QUACK_SECONDS | seconds that such a question may take before the server begins anew | 120 |
| JUESUAN_QUACK_MEMORY | megabytes that the server of such questions may use (at least 256) | 2048 |
| JUESUAN_DEADLINE | last day of publication, MM-DD of the year after the fiscal year (docs/grades.zh-CN.md) | 11-24 |
| JUESUAN_TITLE | name over the pages of `juesuan serve` | 决算公开数据 |
| JUESUAN_HOSTS | names by which browsers address the pages, comma separated; all others are refused; see below | none |
| JUESUAN_TOKEN | secret that opens the pages, of 16 characters at least, or the path of a file that holds it | none |
| JUESUAN_USER_HEADER | header in which a reverse proxy names the user, who is then let in, e.g. X-Remote-User | none |
| JUESUAN_TRUSTED_PROXIES | addresses and networks, comma separated, of the proxies whose headers are believed | none |
| JUESUAN_NIGHT_HOURS | hours after which a publication is old: /health says so | 36 |
| JUESUAN_DRAWN | megabytes of drawn pages of reports that are kept on disk | 1024 |

The workers of a dask cluster need this package in the same version, `juesuan[dask]`, and the lake under the same path
as here (a shared file system). A worker reads as many documents at once as it has threads, each in a process of its
own within the limits above.

The URLs of alerts (mailtos://, wecombot://, dingtalk://, feishu://, lark://, jsons:// …) hold passwords. They stand one
beside the other, or one a line in a file that nobody but its owner may read (mode 0600), and are never printed.

Without a token and a header everybody who reaches the pages may look at them. A token is sent as `Authorization: Bearer
…`, or typed in once on the page /login; wrong ones are throttled by address. /health and the style sheets are open. The
proxy must set the user's header itself and drop the one that comes with a request; of other addresses it is ignored.
Without JUESUAN_HOSTS the pages answer to numbers, to names without a dot and to this machine's names: to none that a
stranger can make point here. What is asked in SQL and downloaded, and who logs in, is written to `audit/` under
JUESUAN_HOME (audit.jsonl, one JSON object a line, 30 files of 16 MB at most, mode 0600).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

NO_WAIVERS = Path(__file__).parents[1] / "expectations" / "waivers.csv"
"""The waivers of a bureau that has none: only the headings."""

NO_REGISTER = NO_WAIVERS.with_name("register.csv")
"""The list of units of a bureau that has none: only the headings."""

SECRET_CHARACTERS = 16
"""The least length of a secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set from outside; see the module's table."""

    home: Path
    sites: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    local_site: str = ""
    contact: str = ""
    sites_at_once: int = 16
    crawl_minutes: int = 240
    workers: int = 1
    dask: str = ""
    seconds: int = 120
    memory: int = 2048
    doubt: float = 0.01
    keep: int = 7
    keep_days: int = 400
    ducklake: Path | None = None
    build_from_ducklake: bool = False
    office: str = ""
    office_contact: str = ""
    letter_number: str = ""
    letter_date: date | None = None
    letter_days: int = 15
    alerts: str = field(default="", repr=False)  # secret
    waivers: Path = NO_WAIVERS
    register: Path = NO_REGISTER
    approval_days: int = 20
    ask_seconds: int = 10
    ask_memory: int = 512
    asked_at_once: int = 4
    quack_token: str = field(default="", repr=False)  # secret
    quack_seconds: int = 120
    quack_memory: int = 2048
    deadline: tuple[int, int] = (11, 24)
    title: str = "决算公开数据"
    hosts: tuple[str, ...] = ()
    token: str = field(default="", repr=False)  # secret
    user_header: str = ""
    trusted_proxies: tuple[str, ...] = ()
    night_hours: int = 36
    drawn: int = 1024

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the variables; raises ValueError, naming the variable, for a number, date or secret that is none."""
        get = os.environ.get
        return cls(
            home=Path(get("JUESUAN_HOME", "var")).expanduser().absolute(),
            sites=_words("JUESUAN_SITES"),
            folders=tuple(Path(p).expanduser().absolute() for p in get("JUESUAN_FOLDERS", "").split(os.pathsep) if p),
            local_site=get("JUESUAN_LOCAL_SITE", ""),
            contact=get("JUESUAN_CONTACT", ""),
            sites_at_once=_number("JUESUAN_SITES_AT_ONCE", 16),
            crawl_minutes=_number("JUESUAN_CRAWL_MINUTES", 240),
            workers=_number("JUESUAN_WORKERS", os.cpu_count() or 1),
            dask=get("JUESUAN_DASK", ""),
            seconds=_number("JUESUAN_SECONDS", 120),
            doubt=_percent("JUESUAN_DOUBT", 1),
            memory=_number("JUESUAN_MEMORY", 2048, least=512),
            keep=_number("JUESUAN_KEEP", 7),
            keep_days=_number("JUESUAN_KEEP_DAYS", 400),
            ducklake=Path(file).expanduser().absolute() if (file := get("JUESUAN_DUCKLAKE", "")) else None,
            build_from_ducklake=_either("JUESUAN_BUILD_FROM", "lake", "ducklake") == "ducklake",
            office=get("JUESUAN_OFFICE", ""),
            office_contact=get("JUESUAN_OFFICE_CONTACT", ""),
            letter_number=get("JUESUAN_LETTER_NUMBER", ""),
            letter_date=_date("JUESUAN_LETTER_DATE"),
            letter_days=_number("JUESUAN_LETTER_DAYS", 15),
            alerts=get("JUESUAN_ALERTS", ""),
            waivers=Path(get("JUESUAN_WAIVERS") or NO_WAIVERS).expanduser().absolute(),
            register=Path(get("JUESUAN_REGISTER") or NO_REGISTER).expanduser().absolute(),
            approval_days=_number("JUESUAN_APPROVAL_DAYS", 20),
            ask_seconds=_number("JUESUAN_ASK_SECONDS", 10),
            ask_memory=_number("JUESUAN_ASK_MEMORY", 512, least=128),
            asked_at_once=_number("JUESUAN_ASKED_AT_ONCE", 4),
            quack_token=get("JUESUAN_QUACK_TOKEN", ""),
            quack_seconds=_number("JUESUAN_QUACK_SECONDS", 120),
            quack_memory=_number("JUESUAN_QUACK_MEMORY", 2048, least=256),
            deadline=_month_day("JUESUAN_DEADLINE", (11, 24)),
            title=get("JUESUAN_TITLE") or "决算公开数据",
            hosts=_words("JUESUAN_HOSTS"),
            token=_secret("JUESUAN_TOKEN"),
            user_header=get("JUESUAN_USER_HEADER", ""),
            trusted_proxies=_words("JUESUAN_TRUSTED_PROXIES"),
            night_hours=_number("JUESUAN_NIGHT_HOURS", 36),
            drawn=_number("JUESUAN_DRAWN", 1024),
        )

    @property
    def lake(self) -> Path:
        """Directory of the Parquet lake and the collected files."""
        return self.home / "lake"

    @property
    def warehouse(self) -> Path:
        """Directory of the DuckDB files and of the link to the published one."""
        return self.home / "warehouse"

    @property
    def questions(self) -> Path:
        """Directory of the bureau's own questions in SQL, beside those of the cookbook."""
        return self.home / "questions"

    @property
    def letters(self) -> Path:
        """Directory of the letters to units, unless another one is named."""
        return self.home / "letters"

    @property
    def audit(self) -> Path:
        """Directory of the log of what is asked and downloaded."""
        return self.home / "audit"

    @property
    def cache(self) -> Path:
        """Directory of what can be made again at any time."""
        return self.home / "cache"

    @property
    def candidate(self) -> Path:
        """The warehouse file of the running night, before it is published."""
        return self.warehouse / "candidate.duckdb"

    @property
    def alerts_home(self) -> Path:
        """Directory of what the channels of alerts have been told."""
        return self.home / "alerts"


def environment_with(**more: str) -> dict[str, str]:
    """This process's environment with some variables more, for a program that is started from here."""
    return {**os.environ, **more}


def _either(name: str, *values: str) -> str:
    """One of the values; the first, if the variable is not set."""
    text = os.environ.get(name, "") or values[0]
    if text not in values:
        raise ValueError(f"{name} 应为 {' 或 '.join(values)}，现为 {text!r}")
    return text


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in os.environ.get(name, "").split(",") if word.strip())


def _secret(name: str) -> str:
    """A secret, or what stands in the file with this path; never part of an error's text."""
    text = os.environ.get(name, "").strip()
    if text.startswith(("/", "~")):
        path = Path(text).expanduser()
        try:
            is_private, text = not path.stat().st_mode & 0o077, path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{name} 所指的文件无法读取：{type(error).__name__}") from None
        if not is_private:
            raise ValueError(f"{name} 所指的文件只应由其所有者读取（chmod 600）")
    if text and len(text) < SECRET_CHARACTERS:
        raise ValueError(f"{name} 至少应有 {SECRET_CHARACTERS} 个字符")
    return text


def _date(name: str) -> date | None:
    text = os.environ.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name} 应为 2025-09-01 这样的日期，现为 {text!r}") from None


def _percent(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    try:
        percent = float(text) if text else default
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        raise ValueError(f"{name} 应为0到100的数，现为 {text!r}")
    return percent / 100


def _month_day(name: str, default: tuple[int, int]) -> tuple[int, int]:
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        day = date.fromisoformat(f"2001-{text}")  # a day that every year has
    except ValueError:
        raise ValueError(f"{name} 应为月-日，如 11-24，现为 {text!r}") from None
    return day.month, day.day


def _number(name: str, default: int, least: int = 1) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise ValueError(f"{name} 应为不小于 {least} 的整数，现为 {text!r}")
    return int(text)
