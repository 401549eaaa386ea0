"""江苏预决算公开平台 (yjsgk): three forms sent one after the other, all answers JSON.

`…/front/department/getdepartmentname.do` (pid, departmentName, date, typeid) names the departments and units;
`…/front/budgetfinal/itemsandpag.do` (page_num, groupid, typeid, date) names what one of them has published;
`…/front/budgetfinal/getTemporaryFiles.do` (uuid) names the files, got from `…/download.do?iid=`. A site's start is the
first of them with its form. A unit is named in the first answer only: its name travels on in the fragment of the
addresses, which is never sent. What date and typeid mean, the platform does not say: the files' own names decide.

Seen by others, in programs of 2021: iid and name of units, uuid of reports, iid, t_oldname and t_uploaddate of files.
Guessed, seen by nobody: t_title, title and t_publishdate, and totalPage or total_page. Nothing is lost where they are
absent: a report is called after its unit, and a page that may be full is followed by the next one until one is empty
or is the same again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from pipeline.portals.answers import read_json, stated_date
from pipeline.portals.base import Detail, Family, Link, Listing
from pipeline.portals.pages import believed

_DEPARTMENTS = "/department/getdepartmentname.do"
_ITEMS = "/budgetfinal/itemsandpag.do"
_FILES = "/budgetfinal/getTemporaryFiles.do"
_DOWNLOAD = "/budgetfinal/download.do"
_DATES = ("t_uploaddate", "t_publishdate")
_FULL = 5
"""Reports on a page from which on there may be more of them: a unit publishes one or two a year."""


def listing(text: str, url: str) -> Listing:
    """The units of a department list, or what one of them has published and the further pages of that."""
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    try:
        answer = read_json(text)
        if _DEPARTMENTS in urlsplit(url).path:
            return Listing((), columns=tuple(_unit(row, url, asked) for row in answer if row.get("iid") is not None))
        return _published(answer, url, asked)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return Listing((), issues=("接口的回答不是所约定的 JSON",))


def detail(text: str, url: str) -> Detail:
    """The files of one report, with the date of the last one; there is no title but the files' names."""
    try:
        rows = [row for row in read_json(text) if row.get("iid") is not None]
    except (ValueError, TypeError, AttributeError):
        rows = []
    files = tuple(
        Link(
            str(row.get("t_oldname") or ""),
            _service(url, f"{_DOWNLOAD}?{urlencode({'iid': row['iid']})}"),
            stated_date(*map(row.get, _DATES)),
        )
        for row in rows
    )
    dates = [file.published_on for file in files if file.published_on]
    return Detail("", max(dates, default=None), unquote(urlsplit(url).fragment), files)


def _unit(row: dict[str, Any], url: str, asked: dict[str, str]) -> Link:
    name = str(row.get("name") or "")
    form = {
        "page_num": "1",
        "groupid": row["iid"],
        "typeid": asked.get("typeid", ""),
        "date": asked.get("date", ""),
    }
    return Link(_report_of(name), _service(url, f"{_ITEMS}#{quote(name, safe='')}"), posted=urlencode(form))


def _published(answer: dict[str, Any], url: str, asked: dict[str, str]) -> Listing:
    """The reports of one unit, called after it where they have no title of their own."""
    unit, before = _carried(url)
    rows = answer["budgetTemplates"]
    items = []
    for row in rows:
        title = str(row.get("t_title") or row.get("title") or "")
        form = urlencode({"uuid": f"'{row['uuid']}'"})
        address = _service(url, f"{_FILES}#{quote(unit)}")
        items.append(Link(title or _report_of(unit), address, stated_date(*map(row.get, _DATES)), posted=form))
    number = int(asked.get("page_num") or 1)
    pages, issues = believed(int(answer.get("totalPage") or answer.get("total_page") or 0))
    last = pages if number == 1 else number
    leading = str(rows[0]["uuid"]) if rows else ""
    if not pages and len(rows) >= _FULL and leading != before:
        last = number + 1
    of_unit = {name: asked.get(name, "") for name in ("groupid", "typeid", "date")}
    further = (urlencode({"page_num": page} | of_unit) for page in range(number + 1, last + 1))
    address = _service(url, f"{_ITEMS}#{quote(unit, safe='')}/{quote(leading, safe='')}")
    return Listing(
        items=tuple(items),
        pages=tuple(Link("", address, posted=form) for form in further),
        column=_report_of(""),
        issues=issues,
    )


def _carried(url: str) -> tuple[str, str]:
    """The name of the unit, and the first report of the page before: what a fragment carries to a list."""
    unit, _, before = urlsplit(url).fragment.partition("/")
    return unquote(unit), unquote(before)


def _report_of(unit: str) -> str:
    """What a unit's report is called here: it claims no year."""
    return f"{unit}部门决算"


def _service(url: str, path: str) -> str:
    """An address of the same platform: what stands before /front/ is its own."""
    return urljoin(url, f"{urlsplit(url).path.partition('/front/')[0]}/front{path}")


FAMILY = Family("yjsgk", "江苏预决算公开平台", listing, detail)
