"""Old Word documents: by LibreOffice where it is, else a sentence that says what to do. Programs here are stand-ins."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from pipeline.document import read_document
from pipeline.issues import IssueKind
from pipeline.model import Source
from pipeline.read import sniff
from pipeline.read.document import read_pages
from pipeline.read.formats import doc
from tests.city.expected import expected_facts, report_of
from tests.city.formats import SAMPLED, SAMPLES, rendered

DATA = (SAMPLES / "hotline.doc").read_bytes()


def stand_in(monkeypatch, folder: Path, script: str) -> None:
    """A program in place of LibreOffice; in it $out is the folder for the result."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done; out=$2\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setattr(doc.shutil, "which", lambda _: str(program))


def test_the_sample_is_an_old_word_document():
    assert sniff.kind_of(DATA) == sniff.DOC


def test_without_libreoffice_the_issue_says_what_to_do(monkeypatch):
    monkeypatch.setattr(doc.shutil, "which", lambda _: None)
    pages, issues = read_pages(DATA, "决算.wps")
    assert (pages, [issue.kind for issue in issues]) == ((), [IssueKind.UNSUPPORTED_FORMAT])
    assert "LibreOffice" in issues[0].text
    assert "另存为.docx或PDF" in issues[0].text


def test_what_libreoffice_makes_is_read(monkeypatch, tmp_path):
    (tmp_path / "made.docx").write_bytes(rendered(report_of(SAMPLED), "docx"))
    stand_in(monkeypatch, tmp_path, f'mkdir -p "$out" && cp {tmp_path}/made.docx "$out/source.docx"')
    reading = read_document(DATA, Source("决算.doc"))
    assert reading.issues == ()
    assert {fact.reader for fact in reading.facts} == {"doc"}


def test_a_program_that_hangs_is_ended_with_all_that_it_started(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(doc, "SECONDS", 1.0)
    started = time.monotonic()
    pages, issues = read_pages(DATA, "决算.doc")
    assert time.monotonic() - started < 20
    assert (pages, [issue.kind for issue in issues]) == ((), [IssueKind.DAMAGED_FILE])
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.05)
    assert not is_running(child)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_program_that_makes_nothing_or_too_much_gives_an_issue(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "exit 1")
    assert [issue.kind for issue in read_pages(DATA, "a.doc")[1]] == [IssueKind.DAMAGED_FILE]
    stand_in(monkeypatch, tmp_path, 'mkdir -p "$out" && head -c 2000 /dev/zero > "$out/source.docx"')
    monkeypatch.setattr(doc, "MAX_BYTES", 1000)
    assert [issue.kind for issue in read_pages(DATA, "a.doc")[1]] == [IssueKind.DAMAGED_FILE]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_by_libreoffice_itself():
    reading = read_document(DATA, Source("a.doc"))
    forms = {fact.form for fact in reading.facts}
    read = {(f.form, f.line, f.measure, f.printed) for f in reading.facts if f.printed}
    assert len(forms) == 3
    assert read == {fact for fact in expected_facts(SAMPLED) if fact[0] in forms and fact[3]}
