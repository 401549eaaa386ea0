"""江苏预决算公开平台 (yjsgk): three forms sent one after the other, all answers JSON.

`…/front/department/getdepartmentname.do` (pid, departmentName, date, typeid=2 for final accounts) names the
departments and units; `…/front/budgetfinal/itemsandpag.do` (page_num, groupid, typeid, date) names what one of them has
published; `…/front/budgetfinal/getTemporaryFiles.do` (uuid) names the files, got from `…/download.do?iid=`. A site's start
is the address of the first with the fields in its query: `…/getdepartmentname.do?pid=122&date=2024&typeid=2`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.html import first_date

_DEPARTMENTS = "/department/getdepartmentname.do"
_ITEMS = "/budgetfinal/itemsandpag.do"
_FILES = "/budgetfinal/getTemporaryFiles.do"
_DOWNLOAD = "/budgetfinal/download.do"
_FINAL = "2"
_BEIJING = 8 * 3600  # seconds ahead of UTC
_MOST_PAGES = 100


def listing(text: str, url: str) -> Listing:
    """The units of a department list, or what one of them has published and the further pages of that."""
    asked = dict(parse_qsl(urlsplit(url).query))
    try:
        answer = json.loads(text)
        if _DEPARTMENTS in urlsplit(url).path:
            return Listing((), columns=tuple(_unit(row, url, asked) for row in answer if row.get("iid") is not None))
        return _published(answer, url, asked)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Listing((), issues=("接口的回答不是所约定的 JSON",))


def _unit(row: dict[str, Any], url: str, asked: dict[str, str]) -> Link:
    form = {
        "page_num": "1",
        "groupid": row["iid"],
        "typeid": asked.get("typeid", _FINAL),
        "date": asked.get("date", ""),
    }
    return Link(str(row.get("name") or ""), _service(url, _ITEMS), posted=urlencode(form))


def _published(answer: dict[str, Any], url: str, asked: dict[str, str]) -> Listing:
    """The reports of one unit; a page of forms of type 2 holds nothing but final accounts, whatever they are called."""
    bare = f"{asked.get('date', '')}年度部门决算"
    rows = answer["budgetTemplates"]
    items = []
    for row in rows:
        title = str(row.get("t_title") or row.get("title") or "")
        form = urlencode({"uuid": f"'{row['uuid']}'"})
        items.append(
            Link(title if "决算" in title else f"{title}{bare}", _service(url, _FILES), _date(row), posted=form)
        )
    total = int(answer.get("totalPage") or answer.get("total_page") or 1)
    pages = range(2, min(total, _MOST_PAGES) + 1) if asked.get("page_num", "1") == "1" else ()
    forms = (urlencode({**asked, "page_num": number}) for number in pages)
    return Listing(
        items=tuple(items),
        pages=tuple(Link("", _service(url, _ITEMS), posted=form) for form in forms),
        column=bare,
    )


def detail(text: str, url: str) -> Detail:
    """The files of one report, with the date of the last one."""
    try:
        rows = [row for row in json.loads(text) if row.get("iid") is not None]
    except (ValueError, TypeError, AttributeError):
        rows = []
    files = [
        Link(
            str(row.get("t_oldname") or ""), _service(url, f"{_DOWNLOAD}?{urlencode({'iid': row['iid']})}"), _date(row)
        )
        for row in rows
    ]
    dates = [file.published_on for file in files if file.published_on]
    return Detail("", max(dates, default=None), "", tuple(files))


def _service(url: str, path: str) -> str:
    """An address of the same platform: what stands before /front/ is its own."""
    return urljoin(url, f"{urlsplit(url).path.partition('/front/')[0]}/front{path}")


def _date(row: dict[str, Any]) -> date | None:
    value = row.get("t_uploaddate") or row.get("t_publishdate") or ""
    if str(value).isdecimal():  # milliseconds
        return datetime.fromtimestamp(int(value) / 1000 + _BEIJING, UTC).date()
    return first_date(str(value))


FAMILY = Family("yjsgk", "江苏预决算公开平台", listing, detail)
