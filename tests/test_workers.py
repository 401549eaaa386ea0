"""Worker processes: a document that crashes, hangs, eats memory or prints without end costs itself alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest

from assets.guard import Guard, _Worker, peak
from assets.workers import Limits, Lost, map_documents
from pipeline.read.formats import doc
from tests.harmful import MEMORY, kill_once, treat


def seconds_for(document):
    """What hangs is not waited for; on a busy machine everything else may need its time."""
    return 2 if document.startswith("hang") else 60


def mapped(documents, workers=2, seconds=seconds_for):
    return list(map_documents(treat, documents, workers=workers, seconds=seconds, memory=MEMORY))


def losses(found):
    return {document: result.why for document, result in found if isinstance(result, Lost)}


def test_neighbours_survive_and_the_order_stays():
    bad = ["exit", "hang", "segfault", "hang in C", "C memory", "Python memory", "slow memory", "hang in a child"]
    documents = [name for index, one in enumerate(bad) for name in (f"good {index}", one)] + ["last"]

    found = mapped(documents)

    assert [document for document, _ in found] == documents
    assert {document: result for document, result in found if not isinstance(result, Lost)} == {
        document: document.upper() for document in documents if document not in bad
    }
    why = losses(found)
    assert {name for name in bad if why[name] == "超过 2 秒，已中止"} == {"hang", "hang in C", "hang in a child"}
    assert {name for name in bad if why[name] == "所需内存超过上限（600 MB）"} == {"Python memory", "slow memory"}
    assert "退出码 7" in why["exit"]
    assert f"退出码 {-signal.SIGSEGV}" in why["segfault"]
    assert f"退出码 {-signal.SIGSEGV}" in why["C memory"]  # it writes to what malloc refused
    assert {result.over_limit for name, result in found if name.startswith("hang")} == {True}
    assert (
        "sleep 61" not in subprocess.run(["ps", "ax", "-o", "args"], check=True, capture_output=True, text=True).stdout
    )


def test_what_a_document_leaves_behind_does_not_burden_the_next(capfd):
    documents = ["print", "a", *["leak"] * 4, "log", "b", "log"]

    found = mapped(documents, workers=1)

    assert losses(found) == {}  # four leaks of 200 MB would not fit
    printed = capfd.readouterr()
    assert (printed.out, "yyy" in printed.err) == ("", False)
    assert printed.err.count("complaint") == 2 * 49 + 2
    assert printed.err.count("no more of this document") == 2


def test_a_worker_killed_from_outside_loses_nothing(tmp_path):
    found = list(map_documents(kill_once, [tmp_path / "killed"], workers=1, seconds=lambda _: 30, memory=MEMORY))

    assert found == [(tmp_path / "killed", "read")]


@pytest.mark.parametrize(("document", "error"), [("bug", ZeroDivisionError), ("alien", RuntimeError)])
def test_a_bug_of_ours_is_raised_with_its_place(document, error):
    with pytest.raises(error) as caught:
        mapped(["a", document, "b"], workers=1)
    assert "Alien" in str(caught.value) or "in treat" in "".join(caught.value.__notes__)


def megabytes(_):
    return peak() / 2**20


def test_what_its_parent_holds_does_not_count_as_a_workers_own():
    burden = bytearray(400 * 2**20)
    burden[:: 2**12] = b"x" * len(burden[:: 2**12])

    [(_, held)] = map_documents(megabytes, [""], workers=1, seconds=seconds_for, memory=MEMORY)

    assert held < MEMORY / 2, "every new worker would count as tired"


def test_leaving_early_ends_the_workers():
    started = time.monotonic()
    for _ in map_documents(treat, ["a", "hang", "b"], workers=2, seconds=lambda _: 60, memory=MEMORY):
        break
    assert time.monotonic() - started < 20


def test_closing_ends_also_a_worker_that_is_only_starting(monkeypatch):
    guard, waiting = Guard(MEMORY), threading.Event()
    wait_until_ready = _Worker.wait_until_ready

    def slowly(worker):
        waiting.set()
        wait_until(lambda: guard._closed)
        wait_until_ready(worker)

    monkeypatch.setattr(_Worker, "wait_until_ready", slowly)
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(guard.run, treat, "hang", 60)
        assert waiting.wait(15)
        guard.close()
        with pytest.raises(CancelledError):
            future.result()
    assert time.monotonic() - started < 20
    with pytest.raises(CancelledError):
        guard.run(treat, "a", 60)


def convert_and_hang(note):
    """Read an old Word document by a program that hangs, in a temporary folder."""
    program = note.parent / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 62 & echo $! $PWD $* > {note}.new; mv {note}.new {note}; wait\n")
    program.chmod(0o755)
    doc._as_docx(str(program), b"")


def test_what_a_reader_has_started_and_written_goes_with_it(tmp_path):
    note = tmp_path / "note"

    [(_, lost)] = map_documents(convert_and_hang, [note], workers=1, seconds=lambda _: 3, memory=MEMORY)

    assert lost == Lost("超过 3 秒，已中止", over_limit=True)
    child, *_, source = note.read_text().split()
    wait_until(lambda: not is_running(int(child)))
    assert not Path(source).parent.exists()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return not state.startswith("Z") and state != ""


def test_a_worker_ends_by_itself_when_its_parent_is_killed(tmp_path):
    code = (
        "import sys; from assets.workers import map_documents; from tests.harmful import tell_and_hang\n"
        "list(map_documents(tell_and_hang, [sys.argv[1]], workers=1, seconds=lambda _: 1, memory=600))"
    )
    note = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", code, str(note)])
    wait_until(lambda: note.exists() and note.read_text())
    parent.kill()
    parent.wait()
    wait_until(lambda: not Path(f"/proc/{note.read_text()}").exists())


def wait_until(condition):
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_workers_that_cannot_start_are_the_machines_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OSError, match="工作进程无法启动"):
        mapped(["a", "b"])


def test_nothing_to_do():
    assert mapped([]) == []


def test_time_grows_with_the_size_up_to_a_bound():
    limits = Limits(100, MEMORY)
    assert [limits.seconds_for(size * 2**20) for size in (0, 1, 10_000)] == [100, 160, 3600]
    assert Limits(5000, MEMORY).seconds_for(2**40) == 5000
