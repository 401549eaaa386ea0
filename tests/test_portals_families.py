"""Nights at an imitation of every vendor's portal: everything once, nothing else, politely, whatever goes wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import polars as pl
import pytest

from pipeline.portals.base import Site
from pipeline.portals.exchange import Limits
from pipeline.portals.families import families
from tests.imitations import imitations
from tests.imitations.town import paper, posts
from tests.portal_server import Reply, serving
from tests.test_portals_crawl import Nights

KINDS = imitations()
BIG = 7
"""Units: of some hundred posts."""


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def portal():
    with serving() as portal:
        yield portal


def site_of(kind, portal, **more):
    site = Site(
        "town", "澄川市决算公开", "某省澄川市", kind.family, portal.base, kind.start, 2022, delay=1.0, local=True
    )
    return replace(site, **more)


def open_town(kind, portal, units=3, years=(2024,), *, limits=None):
    """A town's portal, and nights at it."""
    imitation = kind(posts(units, years))
    imitation.open(portal)
    nights = Nights(portal, site_of(kind, portal, since=min(years)))
    portal.clock = lambda: nights.time.passed
    nights.limits = limits or Limits(file_bytes=4096)
    return imitation, nights


def wanted(imitation):
    return [post for post in imitation.posts if post.wanted]


def expected(imitation):
    """What is to be published: address, name and bytes of every report's every file."""
    return {(imitation.file(p), p.name, len(p.body)) for post in wanted(imitation) for p in post.papers}


def published(nights):
    rows = nights.archive.publications.select("url", "name", "size").iter_rows()
    return sorted((url.split("/", 3)[3], name, size) for url, name, size in rows)


def as_published(found):
    return sorted((url[1:], name, size) for url, name, size in found)


def downloads(portal, imitation):
    files = {imitation.file(p) for post in imitation.posts for p in post.papers}
    return [hit.path for hit in portal.hits if hit.status == 200 and hit.path in files]


def test_every_family_has_an_imitation():
    assert {kind.family for kind in KINDS.values()} == set(families())


def test_a_hundred_items_are_collected_once_and_politely(portal, kind):
    imitation, nights = open_town(kind, portal, BIG, (2022, 2023, 2024))
    assert len(imitation.posts) > 100
    nights.run()
    assert nights.issues == []
    assert published(nights) == as_published(expected(imitation))
    stated = {
        name: (post.title if kind.titled else f"{post.unit}部门决算", post.day, post.unit)
        for post in wanted(imitation)
        for name in [imitation.file(p) for p in post.papers]
    }
    rows = nights.archive.publications.select("url", "title", "published_on", "unit").iter_rows()
    assert {f"/{url.removeprefix(portal.base)}": tuple(told) for url, *told in rows} == stated
    hits = portal.hits
    assert max(Counter((hit.path, hit.posted) for hit in hits).values()) == 1
    assert [hit.path for hit in hits].index("/robots.txt") == 0
    assert min(later.at - earlier.until for earlier, later in pairwise(hits)) >= 1.0


def test_the_second_night_downloads_nothing(portal, kind):
    imitation, nights = open_town(kind, portal)
    nights.run().run()
    assert nights.files == nights.issues == []
    assert downloads(portal, imitation) == []
    assert nights.counts["unchanged"] == len(expected(imitation))


def test_a_page_states_its_title_date_and_unit(portal, kind):
    imitation, nights = open_town(kind, portal)
    family = families()[kind.family]
    nights.run()
    pages = nights.archive.fetches.filter(kind="detail")
    stated = {}
    for url, posted in pages.select("url", "posted").iter_rows():
        path = url.removeprefix(portal.base[:-1]).partition("#")[0]
        detail = family.detail(portal.next(path, posted).body.decode(), url)
        key = f"{path} {posted}" if posted else path
        stated[key] = (detail.title, detail.published_on, detail.unit)
    assert stated == {imitation.address(p): (p.title if kind.titled else "", p.day, p.unit) for p in wanted(imitation)}


def test_a_correction_under_the_same_address_and_one_elsewhere_are_new_publications(portal, kind):
    imitation, nights = open_town(kind, portal)
    nights.run()
    before = nights.archive.publications
    first, second = wanted(imitation)[:2]
    same = replace(first, papers=(replace(first.papers[0], body=first.papers[0].body + b"%%EOF"), *first.papers[1:]))
    title = f"{second.title}（更正）"
    again = replace(
        second,
        number=2_024_991,
        title=title,
        papers=(paper("更正稿.pdf", 2_024_992),),
        day=second.day + timedelta(days=30),
    )
    imitation.posts = (again, *(same if post is first else post for post in imitation.posts))
    imitation.open(portal)
    nights.run(days=7)
    assert nights.issues == []
    new = [(file.publication.name, file.publication.document) for file in nights.files]
    assert sorted(name for name, _ in new) == sorted([same.papers[0].name, "更正稿.pdf"])
    assert not {document for _, document in new} & set(before["document"])
    assert nights.run(days=7).files == []


def test_a_night_cut_off_anywhere_is_resumed(portal, kind, thorough):
    imitation = kind(posts(2, (2024,)))
    imitation.open(portal)
    site = site_of(kind, portal, since=2024, delay=0.0)
    whole = Nights(portal, site).run()
    steps = whole.counts["pages"] + whole.counts["files"]
    for cut in range(steps) if thorough else sorted(Random(0).sample(range(steps), steps // 3)):
        nights = Nights(portal, site).run(steps=cut).run()
        assert published(nights) == published(whole), cut
    assert published(whole) == as_published(expected(imitation))


# -- faults: each one is told, and costs nothing but what it is about

CHALLENGE = b"<html><head><script>location.reload()</script></head></html>"
CUT = b"%PDF-1.4 cut"
ON_A_FILE = {
    "返回的是网页（错误页或验证页），不是文件": Reply(CHALLENGE, "application/pdf"),
    "内容未传完，连接中断，收到 12 字节，应为 900": Reply(CUT, "application/pdf", announce=900),
    "文件不完整或格式不明": Reply(CUT, "application/pdf"),
    "服务器拒绝访问，状态 405": Reply(b"no", status=405),
    "服务器拒绝访问，状态 412": Reply(b"no", status=412),
    "服务器内部错误，状态 500": Reply(b"no", status=500),
    "服务器内部错误，状态 503": Reply(b"no", status=503, headers={"Retry-After": "3"}),
    "服务器要求暂缓访问，状态 429": Reply(b"no", status=429),
    "网页或文件不存在，状态 404": Reply(b"no", status=404),
    "跳转次数过多": Reply(b"", status=302),
}


def told(nights):
    """What the issues say, and of which address."""
    parted = (issue.partition("：http") for issue in nights.issues)
    return {f"http{rest.partition('（')[0]}": sentence.partition("，目标")[0] for sentence, _, rest in parted}


def test_files_that_do_not_come_cost_nothing_else(portal, kind):
    imitation, nights = open_town(kind, portal, 12, limits=Limits(attempts=2))
    paths = [imitation.file(p) for post in wanted(imitation) for p in post.papers]
    spoiled = dict(zip(paths[::2], ON_A_FILE.items(), strict=False))
    assert len(spoiled) == len(ON_A_FILE)
    good = {path: portal.replies[path] for path in spoiled}
    for path, (_, reply) in spoiled.items():
        portal.replies[path] = replace(reply, headers={"Location": path}) if reply.status == 302 else reply
    nights.run()
    assert told(nights) == {portal.base + path[1:]: sentence for path, (sentence, _) in spoiled.items()}
    rest = {found for found in expected(imitation) if found[0] not in spoiled}
    assert published(nights) == as_published(rest)
    portal.replies.update(good)
    assert len(nights.run().files) == len(spoiled)
    assert nights.issues == []
    assert published(nights) == as_published(expected(imitation))


def test_a_server_that_asks_for_patience_is_given_it(portal, kind):
    imitation, nights = open_town(kind, portal)
    posts = wanted(imitation)[:3]
    refused = {imitation.file(post.papers[0]): status for post, status in zip(posts, (429, 500, 503), strict=True)}
    for path, status in refused.items():
        portal.replies[path] = [Reply(b"", status=status, headers={"Retry-After": "40"}), portal.replies[path]]
    nights.run()
    assert nights.issues == []
    assert published(nights) == as_published(expected(imitation))
    for path, status in refused.items():
        first, second = (hit for hit in portal.hits if hit.path == path)
        assert first.status == status
        assert second.at - first.until >= 40, status


def test_a_pdf_behind_the_address_of_a_page_is_collected(portal, kind):
    imitation, nights = open_town(kind, portal)
    post = wanted(imitation)[1]
    body = portal.pdf(imitation.address(post), "not a page")
    nights.run()
    assert nights.issues == []
    assert len(body) in {size for _, _, size in published(nights)}
    other = {(imitation.file(p), p.name, len(p.body)) for q in wanted(imitation) if q is not post for p in q.papers}
    assert set(as_published(other)) < set(published(nights))
    assert len(published(nights)) == len(other) + 1


def test_pages_in_gbk(portal, kind):
    imitation, nights = open_town(kind, portal)
    imitation.encoding = "gbk"
    imitation.open(portal)
    assert nights.run().issues == []
    assert published(nights) == as_published(expected(imitation))


def with_posts(imitation, portal, change):
    """The same portal, its wanted posts changed one by one by `change(place, post)`."""
    places = {post: place for place, post in enumerate(wanted(imitation))}
    imitation.posts = tuple(change(places[post], post) if post.wanted else post for post in imitation.posts)
    imitation.open(portal)


def test_titles_and_dates_of_a_list_that_disagree_with_the_page(portal, kind):
    """The page's own count. Dates of addresses disagree in any case."""
    imitation, nights = open_town(kind, portal, years=(2023, 2024))
    stated = {post.papers[0].name: (post.title, post.day) for post in wanted(imitation)}

    def change(place, post):
        listed = post.title.replace("2024", "2023") if place % 2 else ""
        return replace(post, listed=listed, listed_on=post.day - timedelta(days=3))

    with_posts(imitation, portal, change)
    assert nights.run().issues == []
    rows = nights.archive.publications.filter(pl.col("name").is_in(list(stated))).select(
        "name", "title", "published_on"
    )
    for name, title, day in rows.iter_rows():
        assert (title if kind.titled else stated[name][0], day) == stated[name]
    assert rows.height == len(stated)


def test_a_page_with_178_attachments(portal, kind, thorough):
    imitation, nights = open_town(kind, portal)
    count = 178 if thorough or kind is KINDS["trs"] else 40  # what is done to each is the same in all families
    many = tuple(paper(f"澄川市第{n}所2024年度单位决算.pdf", 500_000 + n) for n in range(count))
    with_posts(imitation, portal, lambda place, post: replace(post, papers=many) if place == 0 else post)
    assert nights.run().issues == []
    assert published(nights) == as_published(expected(imitation))
    assert len(nights.files) >= count


def test_the_same_bytes_behind_many_links_are_one_document(portal, kind):
    imitation, nights = open_town(kind, portal)
    body = paper("汇总.pdf", 1).body
    with_posts(imitation, portal, lambda place, post: replace(post, papers=(replace(post.papers[0], body=body),)))
    assert nights.run().issues == []
    assert published(nights) == as_published(expected(imitation))
    assert nights.archive.publications["document"].n_unique() == 1


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.family != "yjsgk"]
)  # has numbers of files only
def test_an_attachment_on_another_host(portal, kind, declared):
    imitation, nights = open_town(kind, portal)
    elsewhere = portal.base.replace("127.0.0.1", "localhost")
    body = portal.pdf("/elsewhere/P9.pdf", "elsewhere")
    far = replace(paper("附件9.pdf", 9), href=f"{elsewhere}elsewhere/P9.pdf")
    with_posts(imitation, portal, lambda place, post: replace(post, papers=(*post.papers, far)) if place == 0 else post)
    portal.pdf("/elsewhere/P9.pdf", "elsewhere")
    if declared:
        nights.site = replace(nights.site, hosts=(elsewhere.removeprefix("http://").rstrip("/"),))
    nights.run()
    assert [issue.partition("，")[0] for issue in nights.issues] == ([] if declared else ["链接指向未登记的主机"])
    here = {found for found in expected(imitation) if found[1] != "附件9.pdf"}
    there = [("elsewhere/P9.pdf", "附件9.pdf", len(body))] if declared else []
    assert published(nights) == sorted([*as_published(here), *there])


def test_a_list_that_suddenly_is_empty_is_told_and_costs_nothing(portal, kind):
    imitation, nights = open_town(kind, portal)
    nights.run()
    before, held = published(nights), imitation.posts
    imitation.posts = ()
    imitation.open(portal)
    nights.run()
    assert {issue.partition("：")[0] for issue in nights.issues} == {"列表页没有任何条目，网站可能已改版或返回了验证页"}
    imitation.posts = held
    imitation.open(portal)
    nights.run()
    assert nights.files == nights.issues == []
    assert published(nights) == before


def test_robots_and_its_delay_are_obeyed(portal, kind):
    imitation, nights = open_town(kind, portal)
    closed = wanted(imitation)[0].papers[0]
    path = imitation.file(closed)
    portal.page("/robots.txt", f"User-agent: *\nCrawl-delay: 7\nDisallow: {path}$\n")
    nights.run()
    assert [issue.partition("：")[0] for issue in nights.issues] == ["robots.txt 不允许访问"]
    assert path not in portal.paths()
    assert min(later.at - earlier.until for earlier, later in pairwise(portal.hits)) >= 7
    assert published(nights) == as_published({found for found in expected(imitation) if found[0] != path})


# -- what single vendors do


@pytest.mark.parametrize(("habit", "most"), [("", 300), ("cuts", 60), ("empty", 45)])
def test_a_jcms_proxy_that_cuts_or_swallows_long_answers_loses_nothing(portal, habit, most):
    imitation, nights = open_town(KINDS["jcms"], portal, BIG, (2022, 2023, 2024))
    imitation.habit, imitation.most = habit, most
    nights.run()
    assert nights.issues == []
    assert published(nights) == as_published(expected(imitation))


def test_a_jcms_proxy_that_ignores_where_to_begin_is_told(portal):
    imitation, nights = open_town(KINDS["jcms"], portal, BIG, (2022, 2023, 2024))
    imitation.habit = "ignores"
    assert nights.run().issues == []  # asked for all at once
    imitation.most = 60
    imitation.open(portal)
    nights.run(days=7)
    count = len(imitation.posts)
    assert [issue.partition("：http")[0] for issue in nights.issues] == [
        f"列表没有给出它声称的全部条目：声称 {count} 条，读到 60 条"
    ]
    assert nights.files == []


def test_pages_that_a_gkmlpt_platform_no_longer_keeps_are_told_once(portal):
    imitation, nights = open_town(KINDS["gkmlpt"], portal, 20, (2022, 2023, 2024))
    count = len(imitation.posts)
    assert count == 300
    imitation.kept = 1
    nights.run()
    sentences = [issue.partition("：http")[0] for issue in nights.issues]
    assert sentences == [
        "网页或文件不存在，状态 404",
        f"列表没有给出它声称的全部条目：声称 {count} 条，读到 100 条",
    ]
    lists = [path for path in portal.paths() if "/api/all/12" in path]
    assert [path.partition("page=")[2][0] for path in lists] == ["1", "2"]


def test_a_report_in_the_page_of_the_platform_of_liuzhou(portal):
    imitation, nights = open_town(KINDS["liuzhou"], portal)
    post = next(post for post in wanted(imitation) if post.number % 3 == 0)
    text = f"收入支出决算总表 收入决算表 支出决算表 {'情况说明。' * 300}"
    said = f"<p>发布日期: {post.day}</p><p>来源: {post.unit}</p>"
    head = f'<meta name="ArticleTitle" content="{post.title}"><meta name="PubDate" content="1970-01-01 08:00">'
    portal.replies[imitation.address(post)] = imitation.html(f"{said}<div class=trs_editor_view>{text}</div>", head)
    assert "t19700101" in imitation.address(post)
    assert nights.run().issues == []
    row = nights.archive.publications.filter(title=post.title).row(0, named=True)
    assert (row["name"], row["published_on"], row["unit"]) == (f"{post.title}.html", post.day, post.unit)
    assert "情况说明" in nights.archive.blobs[row["document"]].decode()


def test_files_that_a_list_links_itself_are_named_by_their_server_and_asked_for_once_a_week(portal):
    imitation, nights = open_town(KINDS["vsb"], portal)
    post = wanted(imitation)[0]
    portal.replies["/xxgk/czgk.htm"] = imitation.html(
        f'<li><a href="{imitation.href(post.papers[0])}">{post.title}</a><span>{post.day}</span></li>'
    )
    assert nights.run().names == [f"{post.title}.pdf"]
    assert nights.run().files == []
    assert downloads(portal, imitation) == []
    nights.run(days=7)
    assert len(downloads(portal, imitation)) == 1
    assert nights.files == []


def test_a_service_that_robots_closes_is_told(portal):
    _, nights = open_town(KINDS["jpaas"], portal)
    portal.page("/robots.txt", "User-agent: *\nDisallow: /api-gateway/\n")
    nights.run()
    assert nights.issues == [
        f"列表页没有任何条目，网站可能已改版或返回了验证页：{portal.base}{KINDS['jpaas'].start[0]}"
    ]
    assert not [path for path in portal.paths() if path.startswith("/api-gateway/")]


def test_a_start_whose_lists_were_not_all_seen_is_not_called_empty(portal):
    _, nights = open_town(KINDS["liuzhou"], portal)
    nights.site = replace(nights.site, max_pages=1)
    nights.run()
    assert [issue.partition("：")[0] for issue in nights.issues] == ["列表页数超过上限，其余未访问"]


@pytest.mark.parametrize("stuck", [False, True])
@pytest.mark.parametrize("lacks", ["t_title", "totalPage", "t_uploaddate", "t_oldname", "everything"])
def test_a_yjsgk_platform_without_fields_that_are_guessed_loses_nothing(portal, lacks, stuck):
    imitation, nights = open_town(KINDS["yjsgk"], portal, 2)
    more = tuple(replace(post, number=post.number + n, papers=(paper(f"{n}.pdf", 10**7 + post.number + n),))
                 for post in wanted(imitation) for n in (100, 101, 102))  # fmt: skip
    imitation.posts += more
    guessed = ("t_title", "totalPage", "t_uploaddate", "t_oldname")
    imitation.lacks, imitation.per, imitation.stuck = guessed if lacks == "everything" else (lacks,), 5, stuck
    imitation.open(portal)
    nights.site = replace(nights.site, max_pages=40)
    nights.run()
    found = {f"/{url}" for url, _, _ in published(nights)}
    shown = [
        post
        for unit in imitation.units
        for post in [p for p in imitation.posts if p.unit == unit][: 5 if stuck else 99]
    ]
    assert found >= {imitation.file(p) for post in shown if post.wanted for p in post.papers}
    assert not [issue for issue in nights.issues if "上限" in issue]
    assert len([path for path in portal.paths() if "itemsandpag" in path]) <= 2 * 3
