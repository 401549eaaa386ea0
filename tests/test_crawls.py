"""Sites crawled side by side: what one costs the others, what a killed or interrupted night leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest

from assets.crawls import from_sites
from assets.nightly import published_files
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.portals import crawl as walk
from pipeline.portals import night
from pipeline.portals.base import Site
from pipeline.portals.families import families
from tests.portal_server import serving

ROOT = Path(__file__).parents[1]
START, HOUR = datetime(2026, 1, 1, 18, tzinfo=UTC), timedelta(hours=1)


def open_town(portal, folder="bmjs", count=6, pause=0.0):
    """A list of so many units, each with a page and a file."""
    names = [f"{folder}第{n}中学2024年度单位决算" for n in range(count)]
    items = "".join(f'<li><a href="./t20250930_{n}.html">{name}</a></li>' for n, name in enumerate(names))
    portal.page(f"/{folder}/", f"<ul>{items}</ul>", pause=pause)
    for n, name in enumerate(names):
        link = f'<div class="TRS_Editor"><a href="P{n}.pdf">{name}.pdf</a></div>'
        portal.page(f"/{folder}/t20250930_{n}.html", f'<meta name="ArticleTitle" content="{name}">{link}', pause=pause)
        portal.pdf(f"/{folder}/P{n}.pdf", name, pause=pause)


def site_of(key, portal, folder="bmjs", **more):
    site = Site(key, f"{key}市", "某省", "trs", portal.base, (f"{folder}/",), 2020, delay=0.0, local=True)
    return replace(site, **more)


@pytest.fixture
def portals():
    with ExitStack() as stack:
        yield [stack.enter_context(serving()) for _ in range(2)]


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def collect(lake, *sites, progress=lambda text: None, **more):
    return from_sites(lake, sites, Settings(lake.root.parent, **more), progress=progress)


def ends(lake):
    return {row["site"]: row for row in night.crawls(lake.crawls()).iter_rows(named=True)}


def test_a_slow_site_delays_no_other(portals, lake):
    open_town(portals[0], pause=0.05)
    open_town(portals[1])
    summary = collect(lake, site_of("slow", portals[0]), site_of("quick", portals[1]))
    assert summary.issues == []
    assert summary.counts["files"] == 12
    slow, quick = ends(lake)["slow"], ends(lake)["quick"]
    assert quick["ended_at"] < slow["ended_at"]
    assert abs((quick["started_at"] - slow["started_at"]).total_seconds()) < 0.5
    told = {key: quick[key] for key in ("end", "pages", "files", "unchanged", "faults", "left", "note")}
    assert told == {"end": "done", "pages": 7, "files": 6, "unchanged": 0, "faults": 0, "left": 0, "note": ""}


def test_sites_on_one_host_take_turns_there_and_ask_its_rules_once(portals, lake):
    portal = portals[0]
    for folder in "abc":
        open_town(portal, folder, 3, pause=0.002)
    delays = {"a": 0.0, "b": 0.02, "c": 0.0}  # the most careful of them counts for all
    summary = collect(lake, *(site_of(f"site_{f}", portal, f, delay=delay) for f, delay in delays.items()))
    assert (summary.issues, summary.counts["files"]) == ([], 9)
    hits = sorted(portal.hits, key=lambda hit: hit.at)
    assert min(later.at - earlier.until for earlier, later in pairwise(hits)) >= 0
    assert max(Counter(hit.path for hit in hits).values()) == 1
    late = [hit for hit in hits if hit.at > next(hit.at for hit in hits if hit.path == "/b/")]
    assert min(later.at - earlier.until for earlier, later in pairwise(late)) >= 0.02


@pytest.mark.parametrize("error", [KeyError("countPage"), RecursionError("deep"), ValueError("没有可用的网址")])
def test_an_error_of_ours_costs_its_own_site_alone_and_is_told(portals, lake, monkeypatch, error):
    open_town(portals[0])
    open_town(portals[1])

    def listing(html, url):
        if url.startswith(portals[0].base):
            raise error
        return families()["trs"].listing(html, url)

    monkeypatch.setattr(walk, "families", lambda: {"trs": replace(families()["trs"], listing=listing)})
    summary = collect(lake, site_of("bad", portals[0]), site_of("good", portals[1]), sites_at_once=1)
    assert summary.counts["files"] == 6
    (issue,) = summary.issues
    assert issue.startswith("bad市：收集中断，其余站点不受影响，下次继续。原因：")
    assert "in listing" in summary.broken["bad"]
    assert {site: row["end"] for site, row in ends(lake).items()} == {"bad": "broken", "good": "done"}
    assert ends(lake)["bad"]["note"] in issue
    monkeypatch.undo()
    assert collect(lake, site_of("bad", portals[0])).counts["files"] == 6


def test_the_asset_logs_the_traceback_and_succeeds(portals, tmp_path, monkeypatch, capfd):
    open_town(portals[0])

    def listing(html, url):
        raise KeyError("countPage")

    monkeypatch.setattr(walk, "families", lambda: {"trs": replace(families()["trs"], listing=listing)})
    settings = Settings(tmp_path, sites=("sample_city",), local_site=f"{portals[0].base}bmjs/")
    result = dg.materialize([published_files], resources={"settings": settings})
    (event,) = result.asset_materializations_for_node("published_files")
    assert result.success
    assert event.metadata["broken_sites"].value == ["sample_city"]
    assert "KeyError('countPage')" in event.metadata["collect_issues"].value[0]
    assert "in listing" in capfd.readouterr().err


def test_a_failing_disk_ends_the_night_after_the_other_sites(portals, lake, monkeypatch):
    open_town(portals[0])
    open_town(portals[1])
    put = Lake.put

    def full(self, data):
        if b"bad" in data:
            raise OSError(28, "No space left on device")
        return put(self, data)

    portals[0].pdf("/bmjs/P3.pdf", "bad")
    monkeypatch.setattr(Lake, "put", full)
    with pytest.raises(OSError, match="No space"):
        collect(lake, site_of("bad", portals[0]), site_of("good", portals[1]))
    assert lake.publications("good").height == 6


def test_without_a_contact_only_the_sites_on_the_internet_are_left_out(portals, lake):
    open_town(portals[0])
    far = site_of("far", portals[0], local=False)
    summary = collect(lake, far, site_of("near", portals[0]))
    assert summary.counts["files"] == 6
    assert "JUESUAN_CONTACT" in summary.issues[0]


def test_a_site_stops_when_its_time_is_up_and_goes_on_the_next_night(portals, lake):
    open_town(portals[0], count=12, pause=0.03)
    site = site_of("large", portals[0])
    summary = collect(lake, site, crawl_minutes=0.3 / 60)
    row = ends(lake)["large"]
    assert row["end"] == "time_up"
    assert row["left"] > 0
    assert [issue.partition("：已知")[0] for issue in summary.issues] == ["今晚的时间已到，其余下次继续"]
    assert 0 < summary.counts["files"] < 12
    assert summary.counts["files"] + collect(lake, site).counts["files"] == 12
    assert lake.publications()["document"].n_unique() == lake.publications().height == 12


def test_an_interrupted_night_stops_between_two_requests(portals, lake):
    open_town(portals[0], count=30, pause=0.01)

    def progress(text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(lake, site_of("town", portals[0]), progress=progress)
    assert 1 <= lake.publications().height < 10
    assert ends(lake)["town"]["left"] > 0


def test_a_site_that_another_program_collects_is_left_to_it(portals, lake):
    open_town(portals[0])
    with lake.claimed("town") as ours:
        assert ours
        summary = collect(lake, site_of("town", portals[0]))
    assert summary.issues == ["town市：正由另一程序收集，本次跳过"]
    assert portals[0].hits == []
    assert lake.crawls().is_empty()


TWO_SITES = """
import sys
from pathlib import Path
from assets.crawls import from_sites
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.portals.base import Site
sites = [Site(f"town_{n}", "市", "省", "trs", base, ("bmjs/",), 2020, delay=0.0, local=True) for n, base in enumerate(sys.argv[2:])]
from_sites(Lake(Path(sys.argv[1]) / "lake"), sites, Settings(Path(sys.argv[1])), progress=lambda text: None)
"""


def test_a_killed_night_is_seen_and_the_next_completes_it_without_duplicates(portals, lake):
    for portal in portals:
        open_town(portal, count=25)
    command = [sys.executable, "-c", TWO_SITES, str(lake.root.parent), *(portal.base for portal in portals)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        end = time.monotonic() + 60
        while min(len(portal.hits) for portal in portals) < 30 and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert {row["end"] for row in ends(lake).values()} == {""}
    kept = lake.publications()
    assert 0 < kept.height < 50
    before = [len(portal.hits) for portal in portals]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    rows = lake.publications()
    assert rows.height == rows["url"].n_unique() == 50
    assert all(sha256(lake.get(document)).hexdigest() == document for document in rows["document"])
    assert lake.publications()["name"].n_unique() == 25
    again = {
        portal.base + hit.path[1:]
        for portal, n in zip(portals, before, strict=True)
        for hit in portal.hits[n:]
        if hit.status == 200
    }
    assert not again & set(kept["url"])
    newest = night.crawls(lake.crawls())
    assert Counter(newest["end"]) == {"": 2, "done": 2}


# -- the lake, written by several


@pytest.fixture
def folding(monkeypatch):
    monkeypatch.setattr("pipeline.lake._MANY", 20)


def test_folding_loses_no_row_whoever_reads_and_writes_meanwhile(lake, folding):
    def row(n):
        return night.Crawl(f"site_{n}", START + n * HOUR)

    for n in range(25):
        lake.add_crawls(night.crawl_frame([row(n)]))
    done, seen, errors = threading.Event(), [], []

    def read():
        while not done.is_set():
            try:
                seen.append(lake.crawls().height)
            except OSError as error:
                errors.append(error)
            time.sleep(0.01)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    lake.fold()
    for n in range(25, 30):
        lake.add_crawls(night.crawl_frame([row(n)]))
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert min(seen) >= 25
    assert lake.crawls().height == 30
    assert len(list((lake.root / "crawls").iterdir())) == 6


def test_folding_keeps_a_file_that_holds_all_the_rows(lake, folding):
    rows = [night.Crawl("site", START + n * HOUR) for n in range(21)]
    lake.add_crawls(night.crawl_frame(rows))
    for row in rows:
        lake.add_crawls(night.crawl_frame([row]))
    lake.fold()
    assert lake.crawls().height == 21
    assert len(list((lake.root / "crawls").iterdir())) == 1
