"""Measure a night at many sites: portals on the loopback interface, of all families, each with so many reports.

    python -m tests.bench_portals [SITES] [DOCUMENTS]      20 sites of 300 documents: the first night, and the second

The portals run in a process of their own, as do the two nights, so that memory is the collector's. The sites' delay is 0:
what is measured is the machine, not patience. Not a test: what is printed depends on the machine.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import count, cycle, islice
from pathlib import Path

from assets.crawls import from_sites
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.portals.base import Site
from tests.imitations import imitations
from tests.imitations.town import WORDS, posts
from tests.portal_server import serving

YEARS = (2021, 2022, 2023, 2024)
SIZE = 200_000
"""Bytes that a report has at least: what a bureau's PDF of nine tables commonly has."""


def main() -> None:
    """Print the measurements."""
    given = [int(text) for text in sys.argv[1:3]]
    sites, documents = given + [20, 300][len(given) :]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench_portals", "serve", str(sites), str(documents)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as portals:
            if portals.stdin is None or portals.stdout is None:
                raise AssertionError("asked for pipes")
            addresses = portals.stdout.readline()
            nights = []
            for _ in range(2):
                night = [sys.executable, "-m", "tests.bench_portals", "collect", folder, addresses]
                nights.append(json.loads(subprocess.run(night, check=True, capture_output=True, text=True).stdout))
            portals.stdin.close()
    first, second = nights
    print(
        f"{sites} sites, {first['files']} files: first night {first['seconds']:.1f} s ({first['cpu']:.1f} s CPU, "
        f"{first['requests']} requests, {first['requests'] / first['seconds']:.0f}/s), peak {first['peak']:.0f} MB; "
        f"second {second['seconds']:.1f} s ({second['cpu']:.1f} s CPU, {second['requests']} requests), "
        f"{second['files']} files, peak {second['peak']:.0f} MB; issues {first['issues'] + second['issues']}"
    )


def serve(sites: int, documents: int) -> None:
    """Serve portals until the input ends."""
    kinds = islice(cycle(imitations().values()), sites)
    with ExitStack() as stack:
        told = []
        for kind in kinds:
            portal = stack.enter_context(serving())
            imitation = kind(_posts(documents))
            imitation.open(portal)
            for paper in (paper for post in imitation.posts for paper in post.papers):
                reply = imitation.file_reply(paper)
                body = reply.body + b"%" * SIZE + b"\n%%EOF\n"
                portal.replies[imitation.file(paper)] = type(reply)(body, reply.content_type, tagged=reply.tagged)
            told.append((kind.family, portal.base, kind.start))
        print(json.dumps(told), flush=True)
        sys.stdin.read()


def _posts(documents: int) -> tuple:
    """A town whose reports have so many files, or a few more."""
    for units in count(1):
        town = posts(units, YEARS)
        if sum(len(post.papers) for post in town if post.wanted) >= documents:
            return town
        if units > len(WORDS):
            raise ValueError(f"a town has not more than {documents} documents")
    raise AssertionError("counting ends")


def collect(folder: str, addresses: str) -> None:
    """One night; what it took is printed as JSON."""
    declared = [
        Site(f"town_{number}", f"{number}市", "某省", family, base, tuple(start), YEARS[0], delay=0.0, local=True)
        for number, (family, base, start) in enumerate(json.loads(addresses))
    ]
    lake = Lake(Path(folder))
    before = lake.fetches().height
    begin = time.monotonic()
    lake.fold()
    summary = from_sites(lake, declared, Settings(Path(folder)), progress=lambda text: None)
    lake.fold()
    seconds = time.monotonic() - begin
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024,
        "files": summary.counts["files"], "requests": lake.fetches().height - before, "issues": len(summary.issues),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", sites, documents]:
            serve(int(sites), int(documents))
        case ["collect", folder, addresses]:
            collect(folder, addresses)
        case _:
            main()
