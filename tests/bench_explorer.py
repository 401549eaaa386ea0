"""Twenty people at the explorer and at the marts, over 1,500 units and five years: `python -m tests.bench_explorer [units] [years]`.

Each asks for another page, or puts another question of the cookbook, a second after the last on average. Beside each
time stands how often a bare look-up in DuckDB by the same people would fit into it. Not a test: nothing here fails.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import duckdb
import httpx

from pipeline.lake import Lake
from tests.ports import free_port
from tests.volumes import publish_many
from warehouse.publish import publish, published
from warehouse.questions.load import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Pick = Callable[[random.Random], str]

UNITS, YEARS = 1_500, 5
PEOPLE, PAUSE, SECONDS = 20, 1.0, 90
EVERY = 3
"""Seconds between two publications while people read."""

_LOOK_UP = "SELECT form, line, measure, amount FROM core.cell WHERE report_id = $1"


def main() -> None:
    """Print all measurements; numbers of units and of years may be given."""
    units, years = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (UNITS, YEARS)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        publish_many(home, units, years)
        measure(home)


def measure(home: Path, seconds: float = SECONDS) -> None:
    """Measure a home that is published already."""
    file = published(home / "warehouse")
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as con:
        ((reports, facts),) = con.execute(
            "SELECT (SELECT count(*) FROM core.report), (SELECT count(*) FROM core.fact)"
        ).fetchall()
        print(f"{reports:,} reports, {facts:,} facts, {file.stat().st_size / 2**20:,.0f} MB; {PEOPLE} people")
        addresses = _addresses(con, Lake(home / "lake"))
        bare = _look_ups(con, seconds / 5)
        _told("the cookbook's questions", _questions(con, seconds), bare)
    with serving(home) as (client, memory):
        _pages(client, addresses, seconds / 6)  # what a server does once after its start is no page's
        held = [memory()]
        for _ in range(2):
            _told("pages", _pages(client, addresses, seconds), bare)
            held.append(memory())
        switched = _switched(home, client, seconds / 3)
        print(f"{switched}; memory of the server: {held} MB, {memory()} MB after the publications")


def _look_ups(con: duckdb.DuckDBPyConnection, seconds: float) -> list[float]:
    """The yardstick: the cells of some report, by the same people in the same rhythm."""
    reports = [report for (report,) in con.execute("SELECT report_id FROM core.report").fetchall()]

    def look_up(chance: random.Random) -> str:
        with con.cursor() as cursor:
            cursor.execute(_LOOK_UP, [chance.choice(reports)]).fetchall()
        return "look-up"

    return people(look_up, seconds)["look-up"]


def _questions(con: duckdb.DuckDBPyConnection, seconds: float) -> dict[str, list[float]]:
    book = list(questions().values())

    def put(chance: random.Random) -> str:
        one = chance.choice(book)
        with con.cursor() as cursor:
            cursor.execute(one.sql, one.bind({})).fetchall()
        return one.key

    return people(put, seconds)


def _addresses(con: duckdb.DuckDBPyConnection, lake: Lake) -> dict[str, Pick]:
    """Of each kind of page one at random."""

    def column(sql: str) -> list[str]:
        return [str(value) for (value,) in con.execute(sql).fetchall()]

    units, reports = column("SELECT unit_id FROM core.unit"), column("SELECT report_id FROM core.report")
    findings = column("SELECT finding_id FROM quality.finding")
    subjects = column("SELECT DISTINCT kind || '/' || code FROM mart.subject_total")
    names = column("SELECT unit FROM core.unit")
    forms = column("SELECT form FROM ref.form WHERE form IN (SELECT form FROM core.cell)")
    originals = [name for name in column("SELECT document FROM core.report") if lake.path(name).exists()]
    some: Callable[[str, list[str]], Pick] = lambda text, values: lambda chance: text.format(chance.choice(values))  # noqa: E731
    return {
        "home": lambda _: "/",
        "units": lambda chance: f"/units?page={chance.randint(1, max(1, len(units) // 50))}",
        "unit": some("/units/{}", units),
        "unit table": lambda chance: f"/units/{chance.choice(units)}/tables/{chance.choice(forms)}",
        "unit chart": some("/charts/units/{}/years.svg", units),
        "report": some("/reports/{}", reports),
        "prose": some("/reports/{}/prose", reports),
        "versions": some("/reports/{}/versions", reports),
        "findings": lambda chance: f"/findings?page={chance.randint(1, max(1, len(findings) // 50))}",
        "finding": some("/findings/{}", findings),
        "missing": lambda chance: f"/missing?page={chance.randint(1, 9)}",
        "subjects": lambda _: "/subjects",
        "subject": some("/subjects/{}", subjects),
        "subject chart": some("/charts/subjects/{}.svg", subjects),
        "compare": lambda chance: "/compare?" + "&".join(f"unit={unit}" for unit in chance.sample(units, 3)),
        "compare chart": lambda chance: "/charts/compare.svg?" + "&".join(f"unit={u}" for u in chance.sample(units, 3)),
        "search": lambda chance: f"/search?q={chance.choice(names)[2:6]}",
        "questions": lambda _: "/questions",
        "question": some("/questions/{}", list(questions())),
        "dictionary": lambda _: "/dictionary",
        "page image": lambda chance: f"/documents/{chance.choice(originals)}/pages/{chance.randint(2, 9)}.png",
    }


def _pages(client: httpx.Client, addresses: dict[str, Pick], seconds: float) -> dict[str, list[float]]:
    kinds = list(addresses)

    def read(chance: random.Random) -> str:
        kind = chance.choice(kinds)
        answer = client.get(addresses[kind](chance))
        return kind if answer.is_success else f"{kind}: {answer.status_code}"

    return people(read, seconds)


def people(act: Callable[[random.Random], str], seconds: float) -> dict[str, list[float]]:
    """What so many people do again and again, with pauses, and the seconds that each kind of it took."""
    took: dict[str, list[float]] = defaultdict(list)
    end = time.monotonic() + seconds

    def one(_: int) -> None:
        chance = random.Random()
        time.sleep(chance.random() * PAUSE)
        while time.monotonic() < end:
            started = time.perf_counter()
            kind = act(chance)
            took[kind].append(time.perf_counter() - started)
            time.sleep(chance.expovariate(1 / PAUSE))

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(one, range(PEOPLE)))
    return took


def _told(what: str, took: dict[str, list[float]], bare: list[float]) -> None:
    print(f"{what}: {_figures([second for of_kind in took.values() for second in of_kind], bare)}")
    for kind, seconds in sorted(took.items(), key=lambda item: -_late(item[1])):
        print(f"    {kind:28} {_figures(seconds, bare)}", flush=True)


def _figures(seconds: list[float], bare: list[float]) -> str:
    late = _late(seconds)
    return (
        f"{len(seconds):5} times, median {median(seconds) * 1000:5.1f} ms, p95 {late * 1000:6.1f} ms "
        f"({late / _late(bare):4.1f} look-ups)"
    )


def _late(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


@contextmanager
def serving(home: Path) -> Iterator[tuple[httpx.Client, Callable[[], int]]]:
    """`juesuan serve` for a home, in a process of its own: a client of it, and its memory in MB."""
    port = free_port()
    code = "import sys; from assets.cli import main; sys.argv[0] = 'juesuan'; main()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env={**os.environ, "JUESUAN_HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def memory() -> int:
        resident = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text("utf-8"))
        return int(resident[1]) // 1024 if resident else 0

    limits = httpx.Limits(max_connections=PEOPLE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
            for _ in range(200):
                try:
                    client.get("/health")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client, memory
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _switched(home: Path, client: httpx.Client, seconds: float) -> str:
    """Publish one of two editions every few seconds under readers; every answer must be of one of them."""
    directory = home / "warehouse"
    for letter in "甲乙":
        with duckdb.connect(str(shutil.copy(published(directory), directory / f"{letter}.duckdb"))) as con:
            for table in ("core.report", "core.unit", "quality.finding", "quality.register"):
                con.execute(f"UPDATE {table} SET unit = $1", [f"单位{letter}"])
    wrong, published_now, done = [], [0], threading.Event()

    def rebuild() -> None:
        while not done.wait(EVERY):
            letter = "甲乙"[published_now[0] % 2]
            os.link(directory / f"{letter}.duckdb", directory / "new.duckdb")
            published_now[0] += 1
            publish(directory / "new.duckdb", directory, f"9{published_now[0]:05}{letter}", keep=3)

    def read(chance: random.Random) -> str:
        answer = client.get(chance.choice(("/", "/findings", "/missing", f"/findings?page={chance.randint(1, 99)}")))
        if not answer.is_success or len(set(re.findall("单位([甲乙])", answer.text))) > 1:
            wrong.append(answer.status_code)
        return "page"

    builder = threading.Thread(target=rebuild)
    builder.start()
    took = people(read, seconds)["page"]
    done.set()
    builder.join()
    return (
        f"{published_now[0]} publications while {len(took)} pages were read: p95 {_late(took) * 1000:.0f} ms, "
        f"{len(wrong)} errors or mixed answers{wrong[:5] or ''}"
    )


if __name__ == "__main__":
    main()
