"""No damaged or hostile file stops the run, harms its neighbours, or passes in silence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from assets import parse
from assets.cli import main
from assets.workers import Lost, map_documents
from pipeline.document import read_document
from pipeline.frames import frames
from pipeline.issues import IssueKind
from pipeline.lake import Lake
from pipeline.model import Source
from tests import hostile
from tests.excerpt import excerpt
from tests.hostile_worker import read
from tests.nights import forget_runs, leave_out_suites

MUTANTS, MORE_MUTANTS = 100, 500
REPORTS = Path(__file__).parent / "city" / "reports" / "2024"
HEALTHY = ("hotline.pdf", "library.pdf", "road.pdf")
NOTHING = {
    "truncated.pdf": (REPORTS / "hotline.pdf").read_bytes()[:90_000],
    "page.pdf": "<!DOCTYPE html><html><body>请稍候，正在验证</body></html>".encode(),
    "empty.pdf": b"",
    "notes.txt": "这不是决算报告".encode(),
}
"""Files that are no reports, each of which must be told."""


def task(lake, name, data):
    return parse.Task(lake.put(data), lake, Source(name), doubt=0.02)


@pytest.mark.slow
def test_every_damaged_file_gives_facts_or_issues_and_no_neighbour_suffers(tmp_path, thorough):
    lake, mutants = Lake(tmp_path / "lake"), MORE_MUTANTS if thorough else MUTANTS
    bad = [task(lake, name, data) for name, data in hostile.mutants(mutants, seed=2024)]
    bad += [task(lake, name, hostile.ATTACKS[name]()) for name in sorted(hostile.ATTACKS)[:: 1 if thorough else 2]]
    data = excerpt(REPORTS / "hotline.pdf", hostile.PAGES)
    good = task(lake, "good.pdf", data)
    whole = frames([read_document(data, good.source)])
    tasks = [one for number, hurt in enumerate(bad) for one in ((hurt, good) if number % 8 == 0 else (hurt,))]

    results = list(map_documents(read, tasks, workers=2, seconds=seconds_for, memory=1024))

    assert [done for done, _ in results] == tasks
    silent, failed = [], []
    for done, result in results:
        reading = parse._lost(done, result) if isinstance(result, Lost) else result
        if done is good:
            assert not isinstance(result, Lost), result
            assert_frame_equal(reading["fact"], whole["fact"])
        elif all(reading[table].is_empty() for table in ("fact", "issue", "member")):
            silent.append(done.source.name)
        if not isinstance(result, Lost):  # a bomb may abort its worker
            failed += [f"{done.source.name}：{text}" for text in failures(reading)]
    assert (silent, failed) == ([], [])
    assert len(bad) >= mutants


def seconds_for(task):
    """An attack may hang as long as it likes; on a busy machine a neighbour may need some time."""
    return 1 if task.source.name in hostile.ATTACKS else 20


def failures(reading):
    """What the net of a whole document caught: no damage, however strange, may be taken for a mistake of ours."""
    return reading["issue"].filter(kind=IssueKind.READER_FAILED.value)["text"].to_list()


@pytest.mark.slow
def test_a_night_with_hostile_files_publishes_the_healthy_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("JUESUAN_WORKERS", "2")
    monkeypatch.setenv("JUESUAN_SECONDS", "2")
    forget_runs(monkeypatch)
    leave_out_suites(monkeypatch)
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in HEALTHY:
        (folder / name).write_bytes((REPORTS / name).read_bytes())
    attacks = sorted(hostile.ATTACKS)[::33]
    for name in attacks:
        (folder / f"hostile {name}").write_bytes(hostile.ATTACKS[name]())
    for name, data in hostile.mutants(4, seed=7):
        (folder / name).write_bytes(data)
    for name, data in NOTHING.items():
        (folder / name).write_bytes(data)

    answer = CliRunner().invoke(main, ["ingest", str(folder), "--json"])

    told = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert told["published"]
    assert told["failed_step"] is None
    assert told["reports"] >= len(HEALTHY)
    lost = "\n".join([*told["lost"], *told["collect_issues"]])
    assert all(name in lost for name in NOTHING)
    assert [line for line in lost.splitlines() if line.startswith(tuple(f"{name}：" for name in HEALTHY))] == []
