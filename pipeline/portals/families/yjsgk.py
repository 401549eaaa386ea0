"""江苏预决算公开平台 (yjsgk): three forms sent one after the other, all answers JSON.

`…/front/department/getdepartmentname.do` (pid, departmentName, date, typeid) names the departments and units;
`…/front/budgetfinal/itemsandpag.do` (page_num, groupid, typeid, date) names what one of them has published;
`…/front/budgetfinal/getTemporaryFiles.do` (uuid) names the files, got from `…/download.do?iid=`. A site's start is the
first of them with its form. A unit is named in the first answer only: its name travels on in the fragment of the
addresses, which is never sent. What date and typeid mean, the platform does not say: the files' own names decide.
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
    return Link(_report_of(name), _service(url, f"{_ITEMS}#{quote(name)}"), posted=urlencode(form))


def _published(answer: dict[str, Any], url: str, asked: dict[str, str]) -> Listing:
    """The reports of one unit, called after it where they have no title of their own."""
    unit = unquote(urlsplit(url).fragment)
    items = []
    for row in answer["budgetTemplates"]:
        title = str(row.get("t_title") or row.get("title") or "")
        form = urlencode({"uuid": f"'{row['uuid']}'"})
        address = _service(url, f"{_FILES}#{quote(unit)}")
        items.append(Link(title or _report_of(unit), address, stated_date(*map(row.get, _DATES)), posted=form))
    first = asked.get("page_num", "1") == "1"
    pages, issues = believed(int(answer.get("totalPage") or answer.get("total_page") or 1) if first else 1)
    of_unit = {name: asked.get(name, "") for name in ("groupid", "typeid", "date")}
    further = (urlencode({"page_num": number} | of_unit) for number in range(2, pages + 1))
    return Listing(
        items=tuple(items),
        pages=tuple(Link("", _service(url, f"{_ITEMS}#{quote(unit)}"), posted=form) for form in further),
        column=_report_of(""),
        issues=issues,
    )


def _report_of(unit: str) -> str:
    """What a unit's report is called here: it claims no year."""
    return f"{unit}部门决算"


def _service(url: str, path: str) -> str:
    """An address of the same platform: what stands before /front/ is its own."""
    return urljoin(url, f"{urlsplit(url).path.partition('/front/')[0]}/front{path}")


FAMILY = Family("yjsgk", "江苏预决算公开平台", listing, detail)
