"""What a town publishes: reports of its units' final accounts, among budgets, notices and news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

WORDS = [
    "教育",
    "科技",
    "民政",
    "司法",
    "财政",
    "人社",
    "资源",
    "环境",
    "住建",
    "城管",
    "交通",
    "水利",
    "农业",
    "商务",
    "文旅",
    "卫健",
    "应急",
    "审计",
    "市监",
    "体育",
    "统计",
    "医保",
    "林业",
    "信访",
    "粮储",
    "金融",
    "气象",
    "地震",
    "档案",
    "供销",
    "残联",
    "侨务",
    "台办",
    "机关事务",
    "政务服务",
    "大数据",
    "投资促进",
    "公积金",
    "园林",
    "消防",
]
MAGIC = {
    "pdf": (b"%PDF-1.4\n", b"\n%%EOF\n"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""),
    "docx": (b"PK\x03\x04", b""),
}
TYPES = {"pdf": "application/pdf", "xls": "application/vnd.ms-excel", "docx": "application/octet-stream"}


@dataclass(frozen=True)
class Paper:
    """A file attached to a post. `href` is its address if it lies elsewhere, `body` its bytes."""

    name: str
    number: int
    body: bytes
    href: str = ""

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def content_type(self) -> str:
        return TYPES[self.extension]


@dataclass(frozen=True)
class Post:
    """One document of the portal. `listed` and `listed_on` are its title and date where a list gives other ones."""

    number: int
    title: str
    day: date
    unit: str
    papers: tuple[Paper, ...] = ()
    wanted: bool = True
    listed: str = ""
    listed_on: date | None = None

    @property
    def name(self) -> str:
        return self.listed or self.title


def paper(name: str, number: int, text: str = "") -> Paper:
    head, tail = MAGIC[name.rpartition(".")[2]]
    return Paper(name, number, head + f"{name} {number} {text}".encode() + tail)


def posts(units: int, years: tuple[int, ...] = (2022, 2023, 2024)) -> tuple[Post, ...]:
    """Everything, newest first: for every unit and year a report among four posts of other sorts."""
    found: list[Post] = []
    for year in years:
        for place, word in enumerate(islice(WORDS, units)):
            unit, number = f"澄川市{word}局", year * 1000 + place * 10
            day = date(year + 1, 9, 1) + timedelta(days=place % 25)
            title = f"{unit}{year}年度部门决算公开"
            named = paper(f"{unit}{year}年度部门决算.pdf", number)
            more = (paper("附件1.pdf", number + 1), paper("公开表格.xls", number + 2))[: place % 3]
            found.append(Post(number, title, day, unit, (named, *more)))
            others = (
                (f"{unit}{year + 2}年部门预算公开", (paper(f"{unit}{year + 2}年部门预算.pdf", number + 5),)),
                (f"关于做好{unit}{year}年度部门决算公开工作的通知", (paper("公开格式.docx", number + 6),)),
                (f"{unit}召开年度工作会议", ()),
                (f"{unit}办公用房维修工程竣工财务决算", (paper("工程决算.pdf", number + 8),)),
            )
            found += [
                Post(number + 5 + place, title, day, unit, papers, wanted=False)
                for place, (title, papers) in enumerate(others)
            ]
    return tuple(sorted(found, key=lambda post: (post.day, post.number), reverse=True))
