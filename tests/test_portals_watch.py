"""Signs that a site is not as it was: each just below and just above its limit, and none from a site that repeats itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.portals import season, watch
from pipeline.portals.base import Publication, Site
from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.night import Crawl, End, crawl_frame
from pipeline.portals.signs import Outcome, SignKind
from pipeline.portals.state import fetch_frame, publication_frame
from tests.portal_server import serving
from tests.test_portals_crawl import Nights, a, detail, li

SITE, BASE = "town", "http://a.gov.cn/"
TODAY = date(2026, 10, 20)
AMISS, USUAL, UNJUDGED = Outcome.AMISS, Outcome.AS_USUAL, Outcome.NOT_JUDGED


def night(ago, *answers, today=TODAY):
    """The evidence of the night so many days ago; each answer is (kind, path, what else)."""
    moment = datetime.combine(today - timedelta(days=ago), datetime.min.time(), UTC) - timedelta(hours=6)  # 02:00 there
    robots = Fetch(SITE, Kind.ROBOTS, BASE + "robots.txt", "", moment, 200)
    return [
        robots,
        *(Fetch(SITE, kind, BASE + path, "", moment, **{"status": 200, **more}) for kind, path, more in answers),
    ]


def nights(count, *answers):
    """So many nights of the same until today."""
    return [night(ago, *answers) for ago in range(count - 1, -1, -1)]


def lists(count=1, items=20, **more):
    return [(Kind.LIST, f"list{number}", {"items": items, **more}) for number in range(count)]


def details(count, items=1, prefix="t", **more):
    fault = Fault.NONE if items else Fault.NO_REPORT
    return [(Kind.DETAIL, f"{prefix}{n}", {"items": items, "fault": fault, **more}) for n in range(count)]


def files(count, fault=Fault.NONE, prefix="f", **more):
    return [(Kind.FILE, f"{prefix}{number}.pdf", {"fault": fault, **more}) for number in range(count)]


def signs(fetches, publications, today=TODAY, crawls=()):
    return watch.signs(SITE, fetches, publications, crawl_frame(crawls), today)


def told(kind, *nights, published=(), today=TODAY, crawls=()):
    fetches = fetch_frame(fetch for one in nights for fetch in one)
    found = signs(fetches, publication_frame(published), today, crawls)
    assert [sign.kind for sign in found] == list(SignKind)
    return next(sign for sign in found if sign.kind is kind)


def crawl(ago, end=End.DONE, today=TODAY, **more):
    begin = datetime.combine(today - timedelta(days=ago), datetime.min.time(), UTC) - timedelta(hours=6)
    return Crawl(SITE, begin, begin + timedelta(hours=3) if end else None, end, **more)


def day(ago):
    return TODAY - timedelta(days=ago)


# The evidence


def test_a_site_that_was_never_asked_cannot_be_judged():
    empty = fetch_frame([]), publication_frame([])
    assert {sign.outcome for sign in signs(*empty)} == {UNJUDGED}
    other = fetch_frame(night(0, *lists())).with_columns(site=pl.lit("another"))
    texts = {sign.text for sign in signs(other, empty[1])}
    assert texts == {"尚未访问过这个网站。", "没有收集过程的记录。"}


def test_the_first_night_of_a_site_in_order_says_what_it_has_nothing_to_compare_with():
    whole = night(0, *lists(), *details(30), *files(30))
    found = signs(fetch_frame(whole), publication_frame(reports(30, date(2025, 9, 1))), crawls=[crawl(0)])
    assert {sign.kind: sign.outcome for sign in found} == {
        SignKind.SILENT: USUAL, SignKind.UNFINISHED: USUAL, SignKind.LAYOUT: UNJUDGED, SignKind.CHALLENGE: USUAL, SignKind.ERRORS: USUAL,
        SignKind.NO_FILES: UNJUDGED, SignKind.NOTHING_NEW: UNJUDGED, SignKind.FEWER: UNJUDGED,
    }  # fmt: skip
    assert found[-1].text == "刚开始收集（有回答的第1夜），尚无可比。"


def test_silence_is_nights_without_a_good_answer():
    good, bad = lists(), lists(fault=Fault.TIMEOUT, items=None)
    before = [night(3, *good), night(2, *bad), night(1, *bad)]
    waiting = told(SignKind.SILENT, *before)
    assert (waiting.outcome, waiting.since) == (UNJUDGED, None)
    silent = told(SignKind.SILENT, *before, night(0, *bad))
    assert (silent.outcome, silent.since, silent.url) == (AMISS, day(2), BASE + "list0")
    assert silent.text == "已连续3夜没有给出可用的页面，多为：服务器响应超时。"
    assert told(SignKind.SILENT, *before, night(0, *bad, *files(1))).outcome is USUAL
    never = told(SignKind.SILENT, *(night(ago, *bad) for ago in (9, 5, 1)))
    assert (never.outcome, never.since) == (AMISS, day(9))


def test_a_silent_site_is_not_told_as_all_else_besides():
    healthy = [night(ago, *lists(8), *details(30), *files(30)) for ago in (3, 2, 1)]
    down = night(0, *lists(8, None, fault=Fault.UNREACHABLE))
    found = signs(fetch_frame([f for one in (*healthy, down) for f in one]), publication_frame([]))
    assert {sign.outcome for sign in found} == {UNJUDGED}


def test_what_was_asked_twice_in_a_night_counts_once_as_it_ended():
    first = night(0, *lists(), *files(20, Fault.TIMEOUT))
    later = [
        Fetch(**{**_values(fetch), "fetched_at": fetch.fetched_at + timedelta(hours=9)})
        for fetch in night(0, *files(20))
    ]
    sign = told(SignKind.ERRORS, first, later)
    assert (sign.outcome, sign.text) == (USUAL, f"最近一夜（{TODAY}）访问21个网址，0个属于访问出错多（0%）。")


def _values(fetch):
    return {name: getattr(fetch, name) for name in fetch.__slots__}


def test_nights_at_a_server_that_changes_its_pages():
    with serving() as portal:
        visits = Nights(portal, Site(SITE, "某市", "", "trs", portal.base, ("",), 2020, delay=0.0, local=True))
        wanted = range(6)
        portal.page(
            "/", "<ul>" + "".join(li(f"t20250930_{n}.html", f"{n}局2024年度部门决算") for n in wanted) + "</ul>"
        )
        for n in wanted:
            portal.page(f"/t20250930_{n}.html", detail(f"{n}局2024年度部门决算", a(f"P{n}.pdf", "部门决算")))
            portal.pdf(f"/P{n}.pdf", str(n))
        visits.run().run()
        assert (visits.counts["unchanged"], sign_kinds(visits)) == (6, set())
        for n in wanted:
            portal.page(f"/t20250930_{n}.html", detail(f"{n}局2024年度部门决算", "<script>show(1)</script>"))
        assert [sign_kinds(visits.run()) for _ in range(2)] == [set(), {SignKind.NO_FILES}]
        portal.page("/", "<script>location='/challenge'</script>")
        found = [sign_kinds(visits.run()) for _ in range(3)]
        assert found == [set(), {SignKind.LAYOUT}, {SignKind.LAYOUT, SignKind.SILENT}]


def sign_kinds(visits):
    archive, now = visits.archive, visits.time.clock.now()
    found = signs(archive.fetches, archive.publications, (now + timedelta(hours=8)).date())
    return {sign.kind for sign in found if sign.outcome is AMISS}


# Nights without an end


@pytest.mark.parametrize(
    ("count", "before", "outcome"), [(2, True, UNJUDGED), (3, True, AMISS), (6, False, UNJUDGED), (7, False, AMISS)]
)
def test_nights_that_do_not_get_through(count, before, outcome):
    ends = [End.NONE, *[End.TIME_UP] * (count - 1)]
    crawls = [crawl(9)] * before + [crawl(count - 1 - n, end, left=40) for n, end in enumerate(ends)]
    sign = told(SignKind.UNFINISHED, night(0, *lists()), crawls=crawls)
    assert (sign.outcome, sign.since) == (outcome, day(count - 1) if outcome is AMISS else None)
    if outcome is AMISS:
        text = f"已连续{count}夜没有收集完，最近一次（{TODAY}）时间已到，其余下次继续，尚有40个网页和文件。"
        assert sign.text == text
    later = replace(crawl(0), started_at=crawl(0).ended_at)
    assert told(SignKind.UNFINISHED, night(0, *lists()), crawls=[*crawls, later]).outcome is USUAL


def test_a_crawl_that_an_error_of_ours_has_ended_is_told_at_once():
    broken = crawl(0, End.BROKEN, note="KeyError('x')")
    sign = told(SignKind.UNFINISHED, crawls=[crawl(1), crawl(0, End.NONE), broken])
    assert (sign.outcome, sign.since) == (AMISS, TODAY)
    assert sign.text == f"最近一次（{TODAY}）程序错误，中断：KeyError('x')。"
    later = replace(broken, started_at=broken.ended_at)
    assert told(SignKind.UNFINISHED, crawls=[crawl(0), later]) == sign


def test_a_night_that_saw_a_part_says_nothing_of_the_whole():
    over = (Kind.LIST, "list0", {"fault": Fault.TIME_UP, "status": None})
    partly = [night(ago, *lists(), *details(20)) for ago in (3, 2, 1)] + [night(0, *lists(), *details(9), over)]
    for kind in (SignKind.LAYOUT, SignKind.NO_FILES, SignKind.NOTHING_NEW, SignKind.FEWER):
        sign = told(kind, *partly, published=reports(60, date(2025, 9, 20)))
        assert (sign.outcome, sign.text) == (UNJUDGED, "最近一夜没有收集完，只看了一部分，无从判断。")
    whole = [night(ago, *lists(), *details(20)) for ago in (2, 1, 0)]
    for end, outcome in ((End.NONE, UNJUDGED), (End.DONE, USUAL)):
        sign = told(SignKind.NO_FILES, *whole, crawls=[crawl(1), crawl(0, end)])
        assert sign.outcome is outcome
    lost = nights(2, *lists(items=0), *details(9, 0), over)
    assert {told(kind, *partly[:2], *lost).outcome for kind in (SignKind.LAYOUT, SignKind.NO_FILES)} == {AMISS}


# Errors and challenges


@pytest.mark.parametrize(("bad", "outcome"), [(4, USUAL), (5, AMISS)])
def test_errors_begin_with_a_fifth_of_the_addresses(bad, outcome):
    whole = [*lists(), *files(24 - bad), *files(bad, Fault.FOREIGN_HOST, "x")]
    if outcome is AMISS:
        assert told(SignKind.ERRORS, *nights(2, *whole)).outcome is UNJUDGED
    sign = told(SignKind.ERRORS, *nights(3, *whole))
    assert sign.outcome is outcome
    assert (sign.url == BASE + "x0.pdf") == (outcome is AMISS)
    if outcome is AMISS:
        assert sign.text.endswith(
            "访问25个网址，5个属于访问出错多（20%），最多的是：链接指向未登记的主机，未访问（5个）。"
        )


def test_errors_are_over_only_when_they_have_fallen_to_half():
    shares = [(9, 20), (8, 10), (7, 19), (6, 10), (5, 9), (4, 19), (3, 20), (2, 12)]
    whole = [night(ago, *lists(), *files(99 - bad), *files(bad, Fault.MISSING, "x")) for ago, bad in shares]
    begun = [told(SignKind.ERRORS, *whole[: number + 1]) for number in range(len(whole))]
    assert [sign.since and (TODAY - sign.since).days for sign in begun] == [None, None, 9, 9, None, None, None, None]
    outcomes = [sign.outcome for sign in begun]
    assert outcomes == [UNJUDGED, UNJUDGED, AMISS, AMISS, USUAL, USUAL, UNJUDGED, UNJUDGED]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"fault": Fault.NOT_A_FILE}, SignKind.CHALLENGE),
        ({"fault": Fault.DENIED, "status": 405}, SignKind.CHALLENGE),
        ({"fault": Fault.DENIED, "status": 412}, SignKind.CHALLENGE),
        ({"fault": Fault.DENIED, "status": 521}, SignKind.CHALLENGE),
        ({"fault": Fault.DENIED, "status": 403}, SignKind.ERRORS),
        ({"fault": Fault.DENIED, "status": None}, SignKind.ERRORS),
        ({"fault": Fault.MISSING, "status": 404}, SignKind.ERRORS),
        ({"fault": Fault.HOST_CLOSED, "status": None}, SignKind.ERRORS),
    ],
)
def test_challenge_pages_are_told_apart_from_other_errors(reply, kind):
    whole = nights(3, *lists(), *files(14), *files(6, prefix="x", **reply))
    both = {SignKind.CHALLENGE, SignKind.ERRORS}
    assert {one for one in both if told(one, *whole).outcome is AMISS} == {kind}


@pytest.mark.parametrize(("good", "bad", "outcome"), [(45, 5, USUAL), (44, 5, AMISS), (1, 4, USUAL)])
def test_challenges_begin_with_a_tenth(good, bad, outcome):
    whole = [*lists(), *files(good), *files(bad, Fault.NOT_A_FILE, "x")]
    assert told(SignKind.CHALLENGE, *nights(2, *whole)).outcome is outcome
    assert told(SignKind.CHALLENGE, night(0, *whole)).outcome is not AMISS


def test_what_pages_lack_and_what_robots_txt_closes_are_no_errors():
    closed = [(Kind.COLUMN, f"c{n}", {"fault": Fault.ROBOTS, "status": None}) for n in range(20)]
    whole = night(0, *lists(), *details(20, 0), *closed)
    assert told(SignKind.ERRORS, whole).text.startswith(f"最近一夜（{TODAY}）访问21个网址，0个")


# Layout


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"fault": Fault.NO_ITEMS, "items": 0}, "1个没有条目"),
        ({"fault": Fault.NOT_UNDERSTOOD, "items": 3}, "1个页面结构未能识别"),
        ({"fault": Fault.NOT_UNDERSTOOD, "items": None}, "1个页面结构未能识别"),
        ({"items": 0}, "1个没有条目"),
    ],
)
def test_a_list_that_gave_items_and_gives_none(reply, words):
    others = [(Kind.COLUMN, "other", {"items": 5})]
    before = [night(3, *lists(), *others), night(2, *others, (Kind.LIST, "list0", reply)), night(1, *others)]
    assert told(SignKind.LAYOUT, *before[:2]).outcome is UNJUDGED
    sign = told(SignKind.LAYOUT, *before, night(0, *others, (Kind.LIST, "list0", reply)))
    assert (sign.outcome, sign.since, sign.url) == (AMISS, day(2), BASE + "list0")
    assert sign.text == f"以前给出条目的列表页，最近一夜（{TODAY}）打开2个，其中{words}。"
    assert told(SignKind.LAYOUT, *before, night(0, *others, *lists(items=1))).outcome is USUAL


@pytest.mark.parametrize(
    "reply", [{"fault": Fault.NO_ITEMS, "items": 0}, {"fault": Fault.NOT_UNDERSTOOD}, {"items": 0}, {"items": None}]
)
def test_a_list_that_never_gave_items_is_as_it_was(reply):
    same = lists(**{"items": 0, **reply})
    assert told(SignKind.LAYOUT, night(1, *same, *files(1)), night(0, *same, *files(1))).outcome is not AMISS


def test_a_list_that_does_not_answer_has_not_changed():
    down = lists(fault=Fault.TIMEOUT, items=None)
    assert told(SignKind.LAYOUT, night(1, *lists(2)), night(0, *down, lists(2)[1])).outcome is USUAL


def test_a_list_that_no_longer_gives_what_it_claims():
    short = nights(2, *lists(), (Kind.LIST, "list0", {"fault": Fault.INCOMPLETE, "status": None}))
    sign = told(SignKind.LAYOUT, night(2, *lists()), *short)
    assert (sign.outcome, sign.since) == (AMISS, day(1))
    assert sign.text.endswith("打开1个，其中1个条目不全。")
    assert told(SignKind.LAYOUT, *short).outcome is not AMISS  # it always claims too much
    moved = told(SignKind.LAYOUT, night(1, *lists()), short[1])  # something was taken away while it was read
    assert moved.outcome is UNJUDGED


def test_a_start_under_which_nothing_is_found_any_more():
    barren = (Kind.LIST, "list0", {"fault": Fault.NO_ITEMS, "status": None})
    sign = told(SignKind.LAYOUT, night(2, *lists()), *nights(2, *lists(), barren))
    assert (sign.outcome, sign.since) == (AMISS, day(1))
    assert sign.text.endswith("打开1个，其中1个没有条目。")
    assert told(SignKind.LAYOUT, night(1, *lists(), barren), night(0, *lists(), barren)).outcome is not AMISS


# Pages without files


@pytest.mark.parametrize(("pages", "bare", "outcome"), [(40, 4, USUAL), (40, 5, AMISS), (60, 5, USUAL), (60, 6, AMISS)])
def test_detail_pages_that_lose_their_files(pages, bare, outcome):
    before = [night(ago, *lists(), *details(pages, 2)) for ago in (3, 2)]
    lost = [*details(pages, 2)[bare:], *details(bare, 0)]
    sign = told(SignKind.NO_FILES, *before, night(1, *lists(), *lost), night(0, *lists(), *lost))
    assert (sign.outcome, sign.since) == (outcome, day(1) if outcome is AMISS else None)
    if outcome is AMISS:
        assert sign.text == (
            f"最近一夜（{TODAY}）打开{pages}个以前有文件的详情页，其中{bare}个现在的文件不到以前的一半"
            f"（以前共{2 * bare}个，现在0个）。"
        )


def test_twice_as_much_is_another_degree():
    before = night(2, *lists(40), *details(40, 2))
    for kind, few in ((SignKind.LAYOUT, 1), (SignKind.NO_FILES, 5)):
        amiss = [
            nights(2, *lists(40)[bare:], *lists(bare, 0), *details(40, 2)[bare:], *details(bare, 0))
            for bare in (few, few + 1, 2 * few, 4 * few)
        ]
        first, more, twice, fourfold = (told(kind, before, *since).degree for since in amiss)
        assert (more - first <= 1, twice, fourfold) == (True, first + 1, first + 2)


@pytest.mark.parametrize(("left", "outcome"), [(2, USUAL), (1, AMISS)])
def test_fewer_than_half_of_the_files_is_a_loss(left, outcome):
    before, since = night(2, *lists(), *details(6, 4)), nights(2, *lists(), *details(6, left))
    assert told(SignKind.NO_FILES, before, *since).outcome is outcome
    if outcome is AMISS:
        assert told(SignKind.NO_FILES, before, since[0]).outcome is UNJUDGED


def test_pages_behind_one_address_are_told_apart_by_what_is_sent_to_it():
    before = [(Kind.DETAIL, "get.do", {"posted": f"uuid={n}", "items": 1 + 9 * (n == 0)}) for n in range(20)]
    lost = [(Kind.DETAIL, "get.do", {"posted": f"uuid={n}", "items": 0, "fault": Fault.NO_REPORT}) for n in range(5)]
    assert told(SignKind.NO_FILES, night(1, *lists(), *before), night(0, *lists(), *before)).outcome is USUAL
    sign = told(SignKind.NO_FILES, night(2, *lists(), *before), *nights(2, *lists(), *before[5:], *lost))
    assert sign.text.endswith("打开20个以前有文件的详情页，其中5个现在的文件不到以前的一半（以前共14个，现在0个）。")


def test_pages_that_fail_or_vanish_have_lost_nothing():
    failing = details(20, None, fault=Fault.TIMEOUT)
    before = night(1, *lists(), *details(40, 2))
    assert told(SignKind.NO_FILES, before, night(0, *lists(), *failing, *details(40, 2)[20:])).outcome is USUAL
    assert told(SignKind.NO_FILES, before, night(0, *lists(), *details(5, 2))).outcome is USUAL


@pytest.mark.parametrize(("new", "bare", "outcome"), [(10, 5, AMISS), (11, 5, USUAL), (4, 4, USUAL)])
def test_new_detail_pages_without_files(new, bare, outcome):
    old = details(20)
    pages = [*lists(), *old, *details(new, prefix="n")[bare:], *details(bare, 0, prefix="n")]
    sign = told(SignKind.NO_FILES, night(40, *lists(), *old), *nights(2, *pages))
    assert (sign.outcome, sign.since) == (outcome, day(1) if outcome is AMISS else None)


def test_new_detail_pages_where_the_old_ones_are_bare_too():
    pages = [*details(20), *details(10, 0, prefix="o")], details(10, 0, prefix="n")
    nights = night(40, *lists(), *pages[0]), night(0, *lists(), *pages[0], *pages[1])
    assert told(SignKind.NO_FILES, *nights).outcome is USUAL


# Files of this year and of last year


def reports(count, day, start=0, **more):
    """So many files published that day, of the accounts of the year before."""
    return [report(f"{day}-{start + number}", day, **more) for number in range(count)]


def report(name, published_on, *, title=None, fetched=date(2026, 1, 2), page=None):
    title = f"{published_on.year - 1}年度部门决算" if title is None and published_on else title or ""
    moment = datetime.combine(fetched, datetime.min.time(), UTC)
    return Publication(name, SITE, "", f"{BASE}{name}", f"{BASE}{page or name}", title, "附件", published_on, moment, 9)


STEADY = [night(ago, *lists()) for ago in (200, 100, 1, 0)]


@pytest.mark.parametrize(
    ("ours", "theirs", "outcome"), [(11, 20, AMISS), (12, 20, USUAL), (5, 10, AMISS), (5, 9, UNJUDGED), (20, 20, USUAL)]
)
def test_fewer_files_than_last_year(ours, theirs, outcome):
    published = reports(theirs, date(2025, 9, 1)) + reports(ours, date(2026, 9, 1)) + reports(30, date(2025, 12, 1))
    sign = told(SignKind.FEWER, *STEADY, published=published)
    assert (sign.outcome, sign.since) == (outcome, date(2026, 9, 15) if outcome is AMISS else None)
    counts = f"公开2025年度决算文件{ours}份（{ours}个页面），去年同期公开上一年度的{theirs}份（{theirs}个页面）"
    assert sign.text.startswith(f"今年至2026-10-20{counts}")


@pytest.mark.parametrize(
    ("last", "today", "outcome"),
    [
        (date(2025, 10, 6), TODAY, AMISS),
        (date(2025, 10, 7), TODAY, UNJUDGED),
        (date(2025, 10, 17), date(2026, 10, 31), AMISS),
        (date(2025, 10, 18), date(2026, 10, 31), UNJUDGED),
    ],
)
def test_a_season_may_move_by_two_weeks(last, today, outcome):
    published = reports(50, last) + reports(1, date(2026, 10, 1))
    assert told(SignKind.FEWER, *STEADY, published=published, today=today).outcome is outcome


def test_files_are_counted_by_the_year_of_their_accounts_and_once():
    moved = [report(f"old{n}", date(2025, 5, 5), title="2019年度部门决算") for n in range(50)]
    corrected = [report(f"again{n}", date(2025, 5, 6)) for n in range(50)]
    same = [Publication(**{**_values(one), "url": f"{BASE}same"}) for one in corrected]
    published = moved + same + reports(9, date(2025, 5, 5)) + reports(1, date(2026, 5, 5))
    assert told(SignKind.FEWER, *STEADY, published=published).text == (
        "今年至2026-10-20公开2025年度决算文件1份（1个页面），去年同期公开上一年度的10份（10个页面）。"
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "outcome"),
    [
        ((20, 20), (60, 20), USUAL),  # one file each instead of three
        ((60, 1), (60, 20), USUAL),  # all units on one page
        ((20, 7), (60, 20), AMISS),
        ((20, 1), (60, 1), AMISS),  # all on one page, this year as last year
    ],
)
def test_fewer_is_what_is_fewer_in_files_and_in_pages(ours, theirs, outcome):
    published = on_pages(*theirs, date(2025, 9, 1)) + on_pages(*ours, date(2026, 9, 1))
    assert told(SignKind.FEWER, *STEADY, published=published).outcome is outcome


def on_pages(files, pages, day):
    return [report(f"{day}-{n}", day, page=f"{day}-{n % pages}") for n in range(files)]


def test_all_units_have_published_in_fewer_files():
    published = on_pages(90, 30, date(2025, 5, 1)) + on_pages(9, 3, date(2025, 9, 1))
    for pages, outcome in ((33, USUAL), (32, AMISS)):
        this = on_pages(pages, pages, date(2026, 5, 1))
        assert told(SignKind.NOTHING_NEW, *STEADY, published=published + this).outcome is outcome


@pytest.mark.parametrize(("undated", "outcome"), [(10, AMISS), (11, UNJUDGED)])
def test_files_without_dates_cannot_be_compared(undated, outcome):
    published = reports(40, date(2025, 5, 5)) + [report(f"u{n}", None) for n in range(undated)]
    assert told(SignKind.NOTHING_NEW, *STEADY, published=published).outcome is outcome


@pytest.mark.parametrize(
    ("latest", "theirs", "outcome"),
    [
        (date(2026, 9, 20), 5, AMISS),
        (date(2026, 9, 20), 4, USUAL),
        (date(2026, 9, 21), 5, USUAL),
    ],
)
def test_nothing_new_in_season(latest, theirs, outcome):
    before = reports(100, date(2025, 3, 1)) + reports(90, date(2026, 3, 1))
    published = before + reports(theirs, date(2025, 10, 6)) + reports(1, latest)
    sign = told(SignKind.NOTHING_NEW, *STEADY, published=published)
    assert (sign.outcome, sign.since) == (outcome, latest if outcome is AMISS else None)
    if outcome is AMISS:
        assert sign.text == (
            "列表页照常回答，但自2026-09-20起30天没有新的决算文件；去年同一时段（2025-10-04之后至2025-10-06）公开了5份。"
        )


def test_nothing_new_when_all_have_published_is_no_sign():
    published = reports(60, date(2025, 3, 1)) + reports(40, date(2025, 9, 20)) + reports(100, date(2026, 3, 1))
    assert told(SignKind.NOTHING_NEW, *STEADY, published=published).outcome is USUAL


def test_what_arrives_without_a_date_is_new_but_for_the_first_walk():
    published = reports(60, date(2025, 9, 20))
    first = (TODAY - timedelta(days=200)) + timedelta(days=3)
    old = [report("u", None, fetched=first)]
    sign = told(SignKind.NOTHING_NEW, *STEADY, published=published + old)
    assert (sign.outcome, sign.since) == (AMISS, date(2026, 1, 1))
    fresh = [report("u", None, fetched=date(2026, 10, 1))]
    assert told(SignKind.NOTHING_NEW, *STEADY, published=published + fresh).outcome is USUAL


def test_one_lack_is_not_told_twice():
    published = reports(60, date(2025, 9, 20))
    assert told(SignKind.NOTHING_NEW, *STEADY, published=published).outcome is AMISS
    assert told(SignKind.FEWER, *STEADY, published=published).text == "今年还没有文件，见“应季没有新文件”。"


@pytest.mark.parametrize(
    ("visits", "why"),
    [
        (STEADY[-2:], "刚开始收集（有回答的第2夜），尚无可比。"),
        (
            [*STEADY[:-1], night(0, *lists(fault=Fault.TIMEOUT), *files(1))],
            "最近一夜1个列表页只有0个可用，文件多少无从判断。",
        ),
        (
            [*STEADY[:-1], night(0, *lists(fault=Fault.NO_ITEMS, items=0), *files(1))],
            "最近一夜1个列表页只有0个可用，文件多少无从判断。",
        ),
    ],
)
def test_where_lists_do_not_answer_nothing_is_said_of_files(visits, why):
    for kind in (SignKind.NOTHING_NEW, SignKind.FEWER):
        sign = told(kind, *visits, published=reports(60, date(2025, 9, 20)))
        assert (sign.outcome, sign.text) == (UNJUDGED, why)


@settings(max_examples=15, deadline=None)
@given(
    days=st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(1, 40)), max_size=8),
    today=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    dead=st.integers(0, 9),
    bare=st.integers(0, 40),
)
def test_a_site_that_repeats_last_year_gives_no_sign(days, today, dead, bare):
    published = [
        one
        for day, count in days
        for again in (day, _year_later(day))
        if again <= today
        for one in reports(count, again, start=days.index((day, count)) * 100, fetched=date(2024, 1, 2))
    ]
    same = [*lists(3), *details(40 - bare), *details(bare, 0, prefix="o"), *files(40), *files(dead, Fault.MISSING, "x")]
    tonight = fetch_frame(night(0, *same, today=today))
    fetches = pl.concat(
        tonight.with_columns(pl.col("fetched_at") - pl.duration(days=ago)) for ago in (366, 365, 60, 2, 1, 0)
    )
    found = signs(fetches, publication_frame(published), today, [crawl(1, today=today), crawl(0, today=today)])
    assert [sign for sign in found if sign.outcome is AMISS] == []


def _year_later(day):
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def test_the_limits_fit_together():
    assert season.QUIET > 2 * season.SLACK
