"""江苏 yjsgk: departments, their reports and the reports' files, each the JSON answer to a form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from tests.imitations.base import Imitation
from tests.portal_server import Reply

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post

FRONT = "/front"


class Yjsgk(Imitation):
    """`lacks` are fields that the answers do not have, `per` reports stand on a page, whichever is asked for if `stuck`."""

    family = "yjsgk"
    lacks: tuple[str, ...] = ()
    per, stuck = 2, False
    start = ("front/department/getdepartmentname.do pid=122&departmentName=&date={year}&typeid=2",)
    titled = False
    tagged = False

    def replies(self) -> dict[str, Reply]:
        return {}

    def answer(self, path: str, posted: str) -> Reply | None:
        form = dict(parse_qsl(posted, keep_blank_values=True))
        match urlsplit(path).path.removeprefix(FRONT):
            case "/department/getdepartmentname.do" if form.get("pid") == "122" and form.get("typeid") == "2":
                return self.said([{"iid": n, "name": u, "pid": 122, "dtype": 1} for n, u in enumerate(self.units, 500)])
            case "/budgetfinal/itemsandpag.do" if form.get("typeid") == "2":
                return self.said(self.items(int(form["groupid"]), int(form["date"]), int(form["page_num"])))
            case "/budgetfinal/getTemporaryFiles.do":
                return self.said(
                    [
                        row
                        for post in self.posts
                        if f"uuid='{post.number}'" == f"uuid={form['uuid']}"
                        for row in self.rows(post)
                    ]
                )
        return None

    @property
    def units(self) -> list[str]:
        return list(dict.fromkeys(post.unit for post in self.posts))

    def items(self, group: int, year: int, number: int) -> dict[str, Any]:
        """What a unit has published of a year, two on a page; reports have no title there, other things have."""
        unit = self.units[group - 500]
        held = [post for post in self.posts if post.unit == unit and post.number // 1000 == year]
        rows = [{"uuid": str(post.number), **({} if post.wanted else {"t_title": post.title})} for post in held]
        number = 1 if self.stuck else number
        on_page = rows[self.per * (number - 1) : self.per * number]
        return self.told(
            {"budgetTemplates": [self.told(row) for row in on_page], "totalPage": -(-len(rows) // self.per)}
        )

    def rows(self, post: Post) -> list[dict[str, Any]]:
        rows = [{"iid": p.number, "t_oldname": p.name, "t_uploaddate": f"{post.day} 10:21:33"} for p in post.papers]
        return [self.told(row) for row in rows]

    def told(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in self.lacks}

    def said(self, answer: Any) -> Reply:
        text = json.dumps(answer, ensure_ascii=self.encoding == "utf-8")
        return Reply(text.encode(self.encoding), "application/json", tagged=False)

    def address(self, post: Post) -> str:
        return f"{FRONT}/budgetfinal/getTemporaryFiles.do {urlencode({'uuid': f'{chr(39)}{post.number}{chr(39)}'})}"

    def file(self, paper: Paper) -> str:
        return f"{FRONT}/budgetfinal/download.do?iid={paper.number}"

    def file_reply(self, paper: Paper) -> Reply:
        sent = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(paper.name)}"}
        return replace(super().file_reply(paper), headers=sent)


IMITATIONS = (Yjsgk,)
