"""Nights at a portal: what is collected, what is not asked for again, what is resumed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.portals.base import Site
from pipeline.portals.crawl import crawl
from pipeline.portals.exchange import Limits
from pipeline.portals.fetch import Fetcher
from pipeline.portals.sites import sites
from pipeline.portals.state import Known, fetch_frame, is_due, known, newest, publication_frame, url_key
from pipeline.schema import FETCH
from tests.city.plan import CORRECTED, reports
from tests.city.serve import serving as serving_city
from tests.portal_server import Reply, serving
from tests.test_portals_fetch import Night

if TYPE_CHECKING:
    from pipeline.portals.base import Publication
    from pipeline.portals.evidence import Fetch

REPORTS = Path(__file__).parent / "city" / "reports"
SITE = Site("town", "某市决算", "某省某市", "trs", "", ("bmjs/",), 2020, delay=0.0, local=True)


@dataclass
class Archive:
    """What a caller keeps between nights."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    published: list[Publication] = field(default_factory=list)
    fetched: list[Fetch] = field(default_factory=list)
    finished: datetime | None = None

    @property
    def publications(self) -> pl.DataFrame:
        return publication_frame(self.published)

    @property
    def fetches(self) -> pl.DataFrame:
        return fetch_frame(self.fetched)

    def store(self, step) -> None:
        for data in filter(None, (step.page, step.file and step.file.data)):
            self.blobs[_sha(data)] = data
        self.published += [step.file.publication] if step.file else []
        self.fetched += step.fetches

    def body(self, sha256: str) -> bytes:
        try:
            return self.blobs[sha256]
        except KeyError as error:
            raise FileNotFoundError(sha256) from error

    def known(self, site: Site) -> Known:
        return known(site, self.publications, self.fetches, self.body, self.finished)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Nights:
    """Runs nights one day apart; keeps the counts and issues of the last one."""

    def __init__(self, portal, site) -> None:
        self.portal, self.site, self.archive, self.time = portal, site, Archive(), Night()
        self.limits, self.spent = Limits(file_bytes=4096), lambda: 0.0

    def run(self, steps: int | None = None, days: int = 1):
        self.portal.hits.clear()
        self.time.passed += days * 86400
        self.counts, self.issues, self.files = Counter(), [], []
        with Fetcher(self.time.clock, limits=self.limits) as fetcher:
            now = self.time.clock.now()
            walk = crawl(self.site, fetcher, self.archive.known(self.site), now, spent=self.spent)
            for number, step in enumerate(walk):
                if number == steps:
                    break
                self.archive.store(step)
                self.counts.update(step.counts)
                self.issues += [issue.text for issue in step.issues]
                self.files += [step.file] if step.file else []
            else:
                self.archive.finished = self.archive.finished if self.counts["left"] else self.time.clock.now()
        return self

    @property
    def names(self) -> list[str]:
        return sorted(file.publication.name for file in self.files)


def li(href, title, day="2025-09-30"):
    return f'<li><span>{day}</span><a href="{href}">{title}</a></li>'


def detail(title, *links, day="2025-09-29"):
    head = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:00">'
    return f'<html><head>{head}</head><body><div class="TRS_Editor">请见附件{"".join(links)}</div></body></html>'


def a(href, text):
    return f'<p><a href="{href}">{text}</a></p>'


@pytest.fixture
def portal():
    with serving() as portal:
        first = li("./202509/t20250930_1.html", "甲局2024年度部门决算公开") + li(
            "./202509/t20250930_2.html", "乙局2026年部门预算"
        )
        portal.page("/bmjs/", f'<ul>{first}</ul><script>createPageHTML(2, 0, "index", "html")</script>', encoding="gbk")
        second = li("./P0.pdf", "丙局2024年度部门决算") + li(
            "./202409/t19700101_3.shtml", "丁局2023年度部门决算", "2024-09-01"
        )
        notice = li("./202509/t20250930_9.html", "关于做好2024年度部门决算公开工作的通知")
        portal.page("/bmjs/index_1.html", f"<ul>{second}{notice}</ul>", encoding="gbk")
        both = a("./P1.pdf", "甲局2024年度部门决算.pdf") + a("./P2.xls", "附表")
        portal.page("/bmjs/202509/t20250930_1.html", detail("甲局2024年度部门决算公开", both))
        portal.page("/bmjs/202409/t19700101_3.shtml", detail("丁局2023年度部门决算", a("../202509/P1.pdf", "同一文件")))
        portal.pdf("/bmjs/P0.pdf", "C")
        portal.pdf("/bmjs/202509/P1.pdf", "A")
        portal.replies["/bmjs/202509/P2.xls"] = Reply(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 table", "application/vnd.ms-excel"
        )
        yield portal


@pytest.fixture
def nights(portal):
    return Nights(portal, SITE.at(portal.base))


def test_first_night_collects_every_report_once(portal, nights):
    nights.run()
    assert nights.issues == []
    assert nights.names == ["丙局2024年度部门决算.pdf", "甲局2024年度部门决算.pdf", "附表.xls"]
    counts = {"wanted": 3, "budget": 1, "notice": 1, "attachments": 3, "attachments_left": 0}
    assert nights.counts == {"pages": 4, "files": 3, **counts}
    assert max(Counter(portal.paths()).values()) == 1
    row = nights.archive.publications.filter(pl.col("name") == "甲局2024年度部门决算.pdf").row(0, named=True)
    assert row["page_url"] == f"{portal.base}bmjs/202509/t20250930_1.html"
    assert row["url"] == f"{portal.base}bmjs/202509/P1.pdf"
    assert (row["site"], row["region"], row["title"]) == ("town", "某省某市", "甲局2024年度部门决算公开")
    assert row["published_on"] == date(2025, 9, 29)
    assert row["size"] == len(nights.archive.blobs[row["document"]])
    direct = nights.archive.publications.filter(pl.col("name") == "丙局2024年度部门决算.pdf").row(0, named=True)
    assert direct["published_on"] == date(2025, 9, 30)


def test_second_night_downloads_nothing_and_revalidates_everything(portal, nights):
    nights.run().run()
    assert nights.files == nights.issues == []
    assert portal.paths(status=200) == []
    assert len(portal.paths(status=304)) == 7
    assert nights.counts["unchanged"] == 3
    nights.run()
    assert portal.paths(status=200) == []


def test_new_bytes_at_an_old_address_are_a_new_publication(portal, nights):
    nights.run()
    portal.pdf("/bmjs/202509/P1.pdf", "A corrected")
    nights.run()
    assert nights.names == ["甲局2024年度部门决算.pdf"]
    assert portal.paths(status=200) == ["/bmjs/202509/P1.pdf"]
    versions = nights.archive.publications.filter(pl.col("url").str.ends_with("P1.pdf"))
    assert versions["document"].n_unique() == 2
    portal.pdf("/bmjs/202509/P1.pdf", "A")
    assert nights.run().names == ["甲局2024年度部门决算.pdf"]  # back to the first wording: that is news too


def test_a_new_item_costs_its_own_requests_only(portal, nights):
    nights.run()
    items = li("./202510/t20251015_4.html", "戊局2024年度部门决算") + li(
        "./202509/t20250930_1.html", "甲局2024年度部门决算公开"
    )
    portal.page("/bmjs/", f'<ul>{items}</ul><script>createPageHTML(2, 0, "index", "html")</script>', encoding="gbk")
    portal.page("/bmjs/202510/t20251015_4.html", detail("戊局2024年度部门决算", a("P4.pdf", "全文")))
    portal.pdf("/bmjs/202510/P4.pdf", "E")
    assert nights.run().names == ["全文.pdf"]
    assert portal.paths(status=200) == ["/bmjs/", "/bmjs/202510/t20251015_4.html", "/bmjs/202510/P4.pdf"]


def test_a_night_cut_off_anywhere_is_resumed_without_loss_or_repetition(portal):
    whole = Nights(portal, SITE.at(portal.base)).run()
    steps = whole.counts["pages"] + whole.counts["files"]
    for cut in range(steps):
        nights = Nights(portal, SITE.at(portal.base)).run(steps=cut)
        before = nights.names
        nights.run()
        assert sorted(before + nights.names) == whole.names, cut


def test_a_site_that_needs_several_nights_is_read_to_its_end(portal):
    items = "".join(li(f"./202509/t20250930_{n}.html", f"第{n}中学2024年度单位决算") for n in range(10, 30))
    portal.page("/bmjs/", f"<ul>{items}</ul>", tagged=False)
    for n in range(10, 30):
        title = f"第{n}中学2024年度单位决算"
        portal.page(f"/bmjs/202509/t20250930_{n}.html", detail(title, a(f"P{n}.pdf", f"{title}.pdf")), tagged=False)
        portal.pdf(f"/bmjs/202509/P{n}.pdf", str(n), tagged=False)
    whole = Nights(portal, SITE.at(portal.base)).run()
    for length in (5, 17):  # requests a night: less than the pages alone would take
        nights, found, left = Nights(portal, SITE.at(portal.base)), [], []
        nights.spent = lambda length=length: len(portal.hits) / length
        while nights.archive.finished is None and len(found) < 20 and len(left) < 30:
            nights.run()
            assert len(portal.hits) <= length
            found += nights.names
            left.append(nights.counts["left"])
            assert len(nights.issues) == bool(left[-1])
            assert all("今晚的时间已到，其余下次继续：已知尚有" in issue for issue in nights.issues)
        assert sorted(found) == whole.names, length
        assert len(left) <= 2 + 60 // (length - 2), length


def test_lists_take_no_more_than_half_a_night(portal, nights):
    nights.spent = lambda: len(portal.hits) / 4
    nights.run()
    assert portal.paths() == ["/robots.txt", "/bmjs/", "/bmjs/202509/t20250930_1.html", "/bmjs/202509/P1.pdf"]
    assert [issue.partition("：http")[0] for issue in nights.issues] == [
        "今晚的时间已到，其余下次继续",
        "今晚的时间已到，其余下次继续：已知尚有 1 个网页和文件，自此起",
    ]
    assert nights.counts["left"] == 2
    nights.spent = lambda: len(portal.hits) / 4 if len(portal.hits) < 4 else 0.6
    nights.run()
    assert nights.counts["left"] == 1  # a night without all lists has not come to its end, whatever it had time for


def test_a_dry_run_asks_for_no_file_and_says_what_it_would_take(portal, nights):
    with Fetcher(nights.time.clock) as fetcher:
        steps = list(crawl(nights.site, fetcher, Known(), nights.time.clock.now(), dry=True))
    assert not [path for path in portal.paths() if path.endswith(("pdf", "xls"))]
    assert sorted(step.planned.title for step in steps if step.planned) == [
        "丙局2024年度部门决算.pdf", "甲局2024年度部门决算.pdf", "附表.xls",
    ]  # fmt: skip
    judged = {link.title: verdict for step in steps for link, verdict in step.judged}
    assert judged["乙局2026年部门预算"] == "budget"
    assert judged["关于做好2024年度部门决算公开工作的通知"] == "notice"


def test_lost_page_bytes_are_fetched_anew(portal, nights):
    nights.run()
    nights.archive.blobs.clear()
    assert nights.run().files == []
    assert len(portal.paths(status=200)) == 4


def test_a_server_without_validators_is_asked_for_a_file_once_a_week(portal, nights):
    portal.pdf("/bmjs/P0.pdf", "C", tagged=False)
    nights.run().run()
    assert "/bmjs/P0.pdf" not in portal.paths()
    assert nights.counts["unchanged"] == 3
    nights.run(days=7)
    assert "/bmjs/P0.pdf" in portal.paths(status=200)
    assert nights.files == []


def test_a_server_that_ignores_its_validators_is_not_believed_twice(portal, nights):
    body = portal.pdf("/bmjs/P0.pdf", "C")
    replies = [Reply(body, "application/pdf", headers={"ETag": f'"{n}"'}, tagged=False) for n in range(9)]
    portal.replies["/bmjs/P0.pdf"] = replies
    nights.run().run()
    assert "/bmjs/P0.pdf" in portal.paths(status=200)
    nights.run()
    assert "/bmjs/P0.pdf" not in portal.paths()
    portal.replies["/bmjs/P0.pdf"] = Reply(body, "application/pdf")
    nights.run(days=7)
    assert "/bmjs/P0.pdf" in portal.paths(status=200)
    nights.run()
    assert "/bmjs/P0.pdf" in portal.paths(status=304)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            Reply(b"<html><body>404 Not Found</body></html>", "application/pdf"),
            "返回的是网页（错误页或验证页），不是文件",
        ),
        (Reply(b"", "application/pdf"), "内容为空"),
        (Reply(b"%PDF-1.4 cut", "application/pdf"), "文件不完整或格式不明"),
        (Reply(b"%PDF-1.4 cut", "application/pdf", announce=900), "内容未传完，连接中断，收到 12 字节，应为 900"),
        (Reply(b"x" * 9000, "application/pdf"), "内容超过大小上限，已停止下载"),
        (Reply(b"no", status=404), "网页或文件不存在，状态 404"),
    ],
)
def test_a_faulty_file_is_an_issue_and_is_tried_again(portal, nights, reply, sentence):
    good = portal.replies["/bmjs/P0.pdf"]
    portal.replies["/bmjs/P0.pdf"] = reply
    nights.run()
    assert nights.issues == [f"{sentence}：{portal.base}bmjs/P0.pdf（链接自 {portal.base}bmjs/index_1.html）"]
    row = nights.archive.fetches.filter(pl.col("fault") != "").row(0, named=True)
    assert row["url"] == f"{portal.base}bmjs/P0.pdf"
    portal.replies["/bmjs/P0.pdf"] = good
    assert nights.run().names == ["丙局2024年度部门决算.pdf"]
    assert nights.issues == []


def test_a_good_file_that_turns_bad_stays_as_it_was(portal, nights):
    nights.run()
    good = portal.replies["/bmjs/P0.pdf"]
    portal.replies["/bmjs/P0.pdf"] = Reply(b"<html>", "application/pdf")
    assert nights.run().files == []
    assert len(nights.issues) == 1
    portal.replies["/bmjs/P0.pdf"] = good
    assert nights.run().files == nights.issues == []
    assert portal.paths(status=200) == []


def test_a_page_that_is_a_pdf_is_collected_as_one(portal, nights):
    portal.pdf("/bmjs/202509/t20250930_1.html", "not html")
    assert "甲局2024年度部门决算公开.html" in nights.run().names


def test_links_to_other_hosts_are_refused_unless_declared(portal, nights):
    port = portal.base.rpartition(":")[2].rstrip("/")
    portal.page(
        "/bmjs/202509/t20250930_1.html",
        detail("甲局2024年度部门决算公开", a(f"http://localhost:{port}/bmjs/P9.pdf", "全文")),
    )
    portal.pdf("/bmjs/P9.pdf", "on another host")
    nights.run()
    assert [issue.partition("，")[0] for issue in nights.issues] == ["链接指向未登记的主机"]
    nights.site = replace(nights.site, hosts=(f"localhost:{port}",))
    assert nights.run().names == ["全文.pdf"]


def test_hub_pages_lead_on_and_bare_names_count_there(portal, nights):
    hub = a("./t20250930_5.html", "己中心") + a("./t20250930_6.html", "庚中心")
    portal.page("/bmjs/202509/t20250930_1.html", detail("甲局及所属单位2024年度决算公开", hub))
    portal.page("/bmjs/202509/t20250930_5.html", detail("己中心2024年度单位决算", a("P5.pdf", "附件1")))
    portal.page("/bmjs/202509/t20250930_6.html", detail("庚中心2025年单位预算", a("P6.pdf", "附件1")))
    portal.pdf("/bmjs/202509/P5.pdf", "5")
    portal.pdf("/bmjs/202509/P6.pdf", "6")
    nights.run()
    assert nights.issues == []
    assert "附件1.pdf" in nights.names
    assert "/bmjs/202509/P6.pdf" not in portal.paths()


def test_columns_of_units_and_years_are_entered_and_old_and_budget_ones_are_not(portal, nights):
    portal.page("/robots.txt", "User-agent: *\nDisallow: /bmjs/nb/")
    columns = (
        a("./nb/", "内部")
        + a("./new/", "2025年")
        + a("./bmjs2024_8/", "2024年")
        + a("./bmjs2019/", "2019年部门决算")
        + a("./ys/", "部门预算")
    )
    portal.page("/bmjs/", columns)
    portal.page("/bmjs/new/", "<p>尚无内容</p>")
    items = li("./t20250930_7.html", "辛局") + li("./t20250930_8.html", "辛局召开绩效管理培训会")
    portal.page("/bmjs/bmjs2024_8/", f'<meta name="ColumnName" content="2024年部门决算">{items}')
    portal.page("/bmjs/bmjs2024_8/t20250930_7.html", detail("辛局2024年度部门决算", a("P7.pdf", "")))
    portal.pdf("/bmjs/bmjs2024_8/P7.pdf", "7")
    assert nights.run().names == ["辛局2024年度部门决算.pdf"]
    assert nights.issues == []
    assert nights.counts["silent"] == 1
    assert not {"/bmjs/bmjs2019/", "/bmjs/ys/", "/bmjs/nb/"} & set(portal.paths())
    closed = nights.archive.fetches.filter(pl.col("fault") == "robots")
    assert closed["url"].to_list() == [f"{portal.base}bmjs/nb/"]


def test_a_report_in_the_page_itself_is_collected_and_stays_the_same_when_the_menu_changes(portal, nights):
    text = f"收入支出决算总表 收入决算表 支出决算表 {'情况说明。' * 300}"
    head = "<html><head><meta name='ArticleTitle' content='甲局2024年度部门决算'></head>"
    html = head + "<body>{}<div id='zoom'>{}</div></body></html>"
    portal.page("/bmjs/202509/t20250930_1.html", html.format("访问 1", text))
    assert "甲局2024年度部门决算.html" in nights.run().names
    portal.page("/bmjs/202509/t20250930_1.html", html.format("访问 2", text))
    assert nights.run().files == []
    portal.page("/bmjs/202509/t20250930_1.html", html.format("访问 3", text + "更正。"))
    assert nights.run().names == ["甲局2024年度部门决算.html"]


def test_attachments_that_only_accompany_do_not_replace_the_report_in_the_page(portal, nights):
    text = f"收入支出决算总表 收入决算表 支出决算表 {'情况说明。' * 300}"
    portal.page(
        "/bmjs/202509/t20250930_1.html", detail("甲局2024年度部门决算", text, a("P1.pdf", "项目支出绩效自评表"))
    )
    assert {"甲局2024年度部门决算.html", "项目支出绩效自评表.pdf"} <= set(nights.run().names)


def test_pages_that_give_nothing_are_issues(portal, nights):
    portal.page("/bmjs/index_1.html", "<script>location='/challenge'</script>")
    portal.page("/bmjs/202509/t20250930_1.html", detail("甲局2024年度部门决算公开", a("P1.pdf", "甲局2025年预算.pdf")))
    nights.run()
    assert sorted(issue.partition("：")[0] for issue in nights.issues) == [
        "列表页没有任何条目，网站可能已改版或返回了验证页",
        "页面没有决算附件，正文也不是决算报告",
    ]
    nights.run()
    assert len(nights.issues) == 2
    assert "/bmjs/index_1.html" in portal.paths(status=200)


def test_the_number_of_list_pages_is_bounded(portal, nights):
    nights.site = replace(nights.site, max_pages=1)
    nights.run()
    assert nights.issues == [
        f"列表页数超过上限，其余未访问：{portal.base}bmjs/index_1.html（链接自 {portal.base}bmjs/）"
    ]
    assert nights.names == ["甲局2024年度部门决算.pdf", "附表.xls"]


def test_a_list_without_end_costs_its_share_and_no_other_list(portal, nights):
    """Every page names two more, and ten documents that are none."""

    def more(path, posted):
        if path.startswith("/trap/"):
            n = int(path.rpartition("_")[2].partition(".")[0] or 0)
            items = "".join(li(f"./202509/t20250930_{n}{m}.html", f"通知{n}{m}") for m in range(10))
            pages = a(f"./index_{2 * n + 1}.html", "1") + a(f"./index_{2 * n + 2}.html", "2")
            return Reply(f"<ul>{items}</ul>{pages}".encode(), tagged=False)
        return None

    portal.answers = more
    nights.site = replace(nights.site, start=("trap/index_0.html", "bmjs/"), max_pages=50)
    nights.run()
    assert nights.names == ["丙局2024年度部门决算.pdf", "甲局2024年度部门决算.pdf", "附表.xls"]
    assert len(portal.hits) < 60
    assert [issue.partition("：")[0] for issue in nights.issues] == ["列表页数超过上限，其余未访问"]


def test_a_list_that_moves_while_it_is_read_loses_nothing_for_ever(portal, nights):
    """An item that is put on top moves another one down (seen twice), one that is taken away moves one up (not seen)."""
    nights.run()
    names = [f"第{n}中学2024年度单位决算" for n in range(8)]
    for n, name in enumerate(names):
        portal.page(f"/bmjs/202510/t20251010_{n}.html", detail(name, a(f"P{n}.pdf", f"{name}.pdf")))
        portal.pdf(f"/bmjs/202510/P{n}.pdf", name)
    items = [li(f"./202510/t20251010_{n}.html", name) for n, name in enumerate(names)]
    pager = '<script>createPageHTML(2, 0, "index", "html")</script>'

    def pages(first, second):
        portal.page("/bmjs/", "<ul>" + "".join(first) + f"</ul>{pager}", tagged=False)
        portal.page("/bmjs/index_1.html", "<ul>" + "".join(second) + "</ul>", tagged=False)

    pages(items[1:4], items[3:8])  # the first one came while the second page was read
    assert nights.run().names == [f"{name}.pdf" for name in names[1:]]
    pages(items[:4], items[4:])
    assert nights.run().names == [f"{names[0]}.pdf"]
    pages(items[1:5], items[6:])  # the first one went: that which has moved up is not seen, and is not lost
    assert nights.run().names == nights.issues == []
    assert nights.archive.publications["url"].n_unique() == 3 + len(names)


def test_a_site_that_answers_everything_with_an_error_page_loses_and_gains_nothing(portal, nights):
    nights.run()
    before, held = nights.archive.publications, dict(portal.replies)
    portal.replies.clear()
    page = "<html><head><title>系统维护</title></head><body>系统维护中 <a href='/'>首页</a></body></html>"
    portal.answers = lambda path, posted: Reply(page.encode(), tagged=False)
    nights.run()
    assert nights.archive.publications.equals(before)
    assert len(portal.hits) <= 3  # its robots.txt, and a list that leads nowhere
    assert [issue.partition("，")[0] for issue in nights.issues] == ["列表页没有任何条目"]
    portal.replies.update(held)
    assert nights.run().files == nights.issues == []


def test_what_is_replaced_with_its_size_and_date_is_found_in_time(portal, nights):
    """The server calls the new file unchanged, and the list that has grown."""
    site, start = nights.site, portal.replies["/bmjs/"].body
    portal.replies["/bmjs/"] = Reply(start, tag='"1"')
    portal.replies["/bmjs/P0.pdf"] = Reply(b"%PDF-1.4 100.00 %%EOF", "application/pdf", tag='"64c8-6"')
    nights.run()
    portal.replies["/bmjs/P0.pdf"] = Reply(b"%PDF-1.4 900.00 %%EOF", "application/pdf", tag='"64c8-6"')
    portal.pdf("/bmjs/P9.pdf", "new")
    new = li("./P9.pdf", "新局2024年度部门决算")
    portal.replies["/bmjs/"] = Reply(new.encode("gbk") + start, tag='"1"')
    assert nights.run(days=59).files == []
    assert sorted(nights.run(days=32).names) == ["丙局2024年度部门决算.pdf", "新局2024年度部门决算.pdf"]
    assert nights.run().files == []
    assert portal.paths(status=200) == []
    days = [is_due(site, str(n), nights.time.clock.now(), nights.time.clock.now() + timedelta(75)) for n in range(999)]
    assert 400 < sum(days) < 600  # not all in one night


def test_every_request_leaves_evidence(portal, nights):
    nights.run()
    fetches = nights.archive.fetches
    assert fetches.schema == FETCH
    assert sorted(portal.base + path[1:] for path in portal.paths()) == sorted(fetches["url"])
    assert Counter(fetches["kind"]) == {"robots": 1, "list": 2, "detail": 2, "file": 3}
    given = {row["url"].removeprefix(portal.base): row["items"] for row in fetches.iter_rows(named=True)}
    assert {url: items for url, items in given.items() if items is not None} == {
        "bmjs/": 2, "bmjs/index_1.html": 3, "bmjs/202509/t20250930_1.html": 2, "bmjs/202409/t19700101_3.shtml": 1,
    }  # fmt: skip
    again = nights.run().archive.fetches.filter(pl.col("status") == 304, pl.col("items").is_not_null())
    assert dict(again.select("url", "items").iter_rows()) == {portal.base + url: given[url] for url in (
        "bmjs/", "bmjs/index_1.html", "bmjs/202509/t20250930_1.html", "bmjs/202409/t19700101_3.shtml",
    )}  # fmt: skip


def test_years_of_evidence_are_known_by_a_few_rows(portal, nights):
    nights.run().run()
    night = nights.archive.fetches.tail(7)
    years = [night.with_columns(pl.col("fetched_at") + pl.duration(days=n)) for n in range(1, 1000)]
    evidence = pl.concat([nights.archive.fetches, *years])
    assert newest(evidence).height <= 4 * evidence["url"].n_unique()
    said = known(nights.site, nights.archive.publications, evidence, nights.archive.body)
    before = nights.archive.known(nights.site)
    assert said.fetches.keys() == before.fetches.keys()
    assert (said.sent, said.documents) == (before.sent, before.documents)
    assert {fetch.sha256 for fetch in said.fetches.values()} == {fetch.sha256 for fetch in before.fetches.values()}


def test_spellings_of_one_address():
    assert url_key("https://A.gov.cn/x/index.html") == url_key("http://a.gov.cn/x/")
    assert url_key("http://a.gov.cn/x/index_1.html") != url_key("http://a.gov.cn/x/")
    assert url_key("http://a.gov.cn/d?id=1") != url_key("http://a.gov.cn/d?id=2")


def test_every_declared_site_is_complete():
    assert {"liuzhou", "liucheng", "sample_city"} <= set(sites())
    for key, site in sites().items():
        assert site.id == key
        assert site.delay >= 1 or site.local
        if site.base_url:
            assert all(site.allows(url) for url in (link.url for link in site.starts(2024)))
        else:
            with pytest.raises(ValueError, match="运行时"):
                _ = site.starts(2024)
        assert site.at("http://127.0.0.1:8000").starts(2024)


def test_the_sample_city_every_report_exactly_once_and_its_corrections():
    published = {f: hashlib.sha256((REPORTS / f).read_bytes()).hexdigest() for f in (r.file for r in reports())}
    first = {f: sha for f, sha in published.items() if not f.startswith(CORRECTED)}
    with serving_city() as city:
        nights = Nights(SimpleNamespace(hits=city.requests), sites()["sample_city"].at(city.base))
        nights.limits = Limits()
        nights.run()
        assert nights.issues == []
        assert sorted(file.publication.document for file in nights.files) == sorted(first.values())
        assert nights.counts["wanted"] == nights.counts["files"] == len(first)
        assert city.most_at_once() == 1
        rows = {row["document"]: row for row in nights.archive.publications.iter_rows(named=True)}
        for report in reports():
            if report.file in first:
                row = rows[first[report.file]]
                assert (row["title"], str(row["published_on"])) == (report.list_title, report.published_on)
        nights.run()
        assert nights.files == nights.issues == []
        assert city.asked(status=200) == ["/robots.txt"]
        city.publish_corrections()
        nights.run()
        corrected = {published[f] for f in published if f.startswith(CORRECTED)}
        assert {file.publication.document for file in nights.files} == corrected
        assert len(city.asked(status=200, suffix=".pdf")) == len(corrected) > 0
    replaced = {rows[first[f.removeprefix(CORRECTED)]]["url"] for f in published if f.startswith(CORRECTED)}
    assert {file.publication.url for file in nights.files} == replaced
