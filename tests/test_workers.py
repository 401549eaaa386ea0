"""Worker processes: a document that crashes or hangs costs itself alone."""

import os
import time

import pytest

from assets.workers import Lost, map_documents


def treat(document):
    if document == "crash":
        os._exit(7)
    if document == "hang":
        time.sleep(60)
    if document == "bug":
        raise ZeroDivisionError
    return document.upper()


def test_neighbours_survive_and_the_order_stays():
    found = list(map_documents(treat, ["a", "crash", "b", "hang", "c"], workers=2, seconds=3))

    assert [document for document, _ in found] == ["a", "crash", "b", "hang", "c"]
    assert [result for _, result in found if not isinstance(result, Lost)] == ["A", "B", "C"]
    crash, hang = (result for _, result in found if isinstance(result, Lost))
    assert "退出码 7" in crash.why
    assert "超过 3 秒" in hang.why


def test_a_bug_of_ours_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(map_documents(treat, ["a", "bug", "b"], workers=1, seconds=30))


def test_nothing_to_do():
    assert list(map_documents(treat, [], workers=2, seconds=3)) == []
