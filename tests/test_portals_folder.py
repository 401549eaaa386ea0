"""Files and folders as a source."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest

from pipeline.issues import Issue
from pipeline.portals.folder import collect
from pipeline.portals.state import publication_frame

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def run(*paths, known=None):
    return list(collect(paths, modified=lambda path: date(2025, 9, 1), fetched_at=NOW, known=known or {}))


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "archive"
    (root / "2024" / "甲局").mkdir(parents=True)
    (root / "2024" / "甲局" / "决算.pdf").write_bytes(b"%PDF a")
    (root / "b.xlsx").write_bytes(b"PK b")
    (root / "2024" / "c.pdf").write_bytes(b"%PDF a")
    return root


def test_files_below_a_folder_with_relative_addresses(folder):
    found = [file.publication for file in run(folder)]
    assert [p.url for p in found] == ["b.xlsx", "2024/c.pdf", "2024/甲局/决算.pdf"]
    last = found[-1]
    assert (last.site, last.name, last.title, last.page_url, last.size) == ("folder", "决算.pdf", "决算", "", 6)
    assert (last.published_on, last.fetched_at) == (date(2025, 9, 1), NOW)
    assert found[1].document == last.document
    assert publication_frame(found).height == 3


def test_a_single_file(folder):
    assert [file.publication.url for file in run(folder / "b.xlsx")] == ["b.xlsx"]


def test_what_has_not_changed_is_left_out(folder):
    known = {file.publication.url: file.publication.document for file in run(folder)}
    assert run(folder, known=known) == []
    (folder / "b.xlsx").write_bytes(b"PK new")
    assert [file.data for file in run(folder, known=known)] == [b"PK new"]


def test_hidden_files_and_litter_are_skipped(folder):
    (folder / ".hidden").mkdir()
    for name in (".DS_Store", "~$b.xlsx", "Thumbs.db", ".hidden/x.pdf"):
        (folder / name).write_bytes(b"x")
    assert len(run(folder)) == 3


def test_loops_of_links_end_and_a_linked_folder_is_followed_once(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "d.pdf").write_bytes(b"%PDF d")
    (folder / "loop").symlink_to(folder)
    (folder / "link1").symlink_to(elsewhere)
    (folder / "link2").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(folder)
    (folder / "broken.pdf").symlink_to(tmp_path / "nothing")
    assert sorted(file.publication.url for file in run(folder)) == [
        "2024/c.pdf", "2024/甲局/决算.pdf", "b.xlsx", "link1/d.pdf",
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_is_an_issue_and_the_rest_is_collected(folder, monkeypatch):
    real = type(folder).read_bytes

    def read_bytes(path):
        if path.name == "b.xlsx":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(type(folder), "read_bytes", read_bytes)
    issue, *files = run(folder)
    assert isinstance(issue, Issue)
    assert issue.text == f"文件无法读取（Permission denied）：{folder / 'b.xlsx'}"
    assert len(files) == 2


def test_a_special_file_is_not_opened(folder):
    os.mkfifo(folder / "pipe.pdf")
    assert len(run(folder)) == 3


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run(tmp_path / "nothing")
