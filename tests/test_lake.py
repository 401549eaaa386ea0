import errno
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline import staging
from pipeline.lake import Lake
from pipeline.schema import FETCH
from tests.readings import VERSION, batch, document, fact, publication


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_an_empty_lake_knows_nothing(lake: Lake) -> None:
    assert lake.known(VERSION) == set()
    assert lake.select(VERSION).files("fact") == []
    assert lake.publications().is_empty()
    assert lake.sweep() == 0


def test_bytes_come_back_under_their_hash(lake: Lake) -> None:
    key = lake.put(b"abc")
    assert key == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert lake.put(b"abc") == key
    assert lake.get(key) == b"abc"
    assert lake.path(key).parent.name == key[:2]
    with pytest.raises(FileNotFoundError):
        lake.get("0" * 64)


def test_the_same_batch_twice_is_one_batch(lake: Lake) -> None:
    readings = batch(document=[document("a"), document("b")])
    turned = batch(document=[document("b"), document("a")])
    assert lake.append(readings) == lake.append(turned)
    assert lake.known(VERSION) == {"a", "b"}
    assert len(lake.select(VERSION).batches) == 1


def test_only_the_asked_version_is_known(lake: Lake) -> None:
    lake.append(batch(document=[document("a")]))
    lake.append(batch(document=[document("b", reader_version="reader-2")]))
    assert lake.known(VERSION) == {"a"}
    assert lake.known("reader-2") == {"b"}
    assert lake.known("reader-3") == set()


@pytest.mark.parametrize("other", [{"pages": 20, "newer": 1}, {}], ids=["newer columns", "older columns"])
def test_other_versions_may_have_had_other_columns(lake: Lake, other: dict[str, int]) -> None:
    lake.append(batch(document=[document("a")]))
    frame = pl.DataFrame({"document": ["b"], "reader_version": ["reader-0"], **other})
    for name in ("0", "z"):
        (lake.root / "readings" / name).mkdir()
        frame.write_parquet(lake.root / "readings" / name / "document.parquet")

    assert (lake.known(VERSION), lake.known("reader-0")) == ({"a"}, {"b"})


def test_a_document_in_two_batches_counts_once(lake: Lake) -> None:
    lake.append(batch(document=[document("a"), document("b")]))
    lake.append(batch(document=[document("b"), document("c")]))
    selection = lake.select(VERSION)
    ((shadowed_batch, shadowed),) = selection.shadowed
    assert shadowed == "b"
    assert shadowed_batch == selection.batches[1].name


def test_amounts_come_back_exactly(lake: Lake) -> None:
    amount = "99999999999999.9999"
    lake.append(batch(document=[document("a")], fact=[fact("a", "income", "total", "total", amount)]))
    (file,) = lake.select(VERSION).files("fact")
    assert pl.read_parquet(file)["amount"].to_list() == [Decimal(amount)]


@pytest.mark.parametrize(
    ("readings", "complaint"),
    [
        ({}, "a batch holds"),
        (batch(document=[document("a")]) | {"fact": pl.DataFrame({"amount": [1.5]})}, "fact has the schema"),
        (batch(document=[document("a"), document("b", reader_version="reader-2")]), "exactly one reader version"),
        (batch(document=[document("a"), document("a")]), "twice"),
        (batch(), "exactly one reader version"),
    ],
)
def test_a_batch_that_breaks_the_rules_is_refused(
    lake: Lake, readings: dict[str, pl.DataFrame], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        lake.append(readings)
    assert not (lake.root / "readings").exists()


def test_publications_of_one_document_stay_apart_and_repeats_do_not(lake: Lake) -> None:
    first, second = publication("a"), publication("a", url="https://example.gov.cn/other.pdf")
    frame = pl.DataFrame([first, second, first], schema=lake.publications().schema)
    lake.add_publications(frame)
    lake.add_publications(frame.reverse())
    lake.add_publications(frame.head(1))
    assert lake.publications().height == 2
    with pytest.raises(ValueError, match="publication"):
        lake.add_publications(frame.drop("size"))


def _die_before_commit(root: Path, call: str) -> None:
    program = f"""
import os, signal
from pathlib import Path
import pipeline.lake
import polars as pl
from tests.readings import *
pipeline.lake.commit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
lake = pipeline.lake.Lake(Path({str(root)!r}))
{call}
"""
    killed = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[1], check=False)
    assert killed.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "call",
    [
        "lake.append(batch(document=[document('a')]))",
        "lake.put(b'bytes')",
        "lake.add_publications(frames(publication=[publication('a')])['publication'])",
    ],
)
def test_killed_before_the_commit_nothing_is_there_and_the_next_run_completes(lake: Lake, call: str) -> None:
    _die_before_commit(lake.root, call)
    assert lake.known(VERSION) == set()
    assert lake.publications().is_empty()
    assert not list((lake.root / "blobs").glob("*/*"))
    assert lake.sweep() == 1
    assert lake.sweep() == 0
    lake.append(batch(document=[document("a")]))
    assert lake.known(VERSION) == {"a"}


def test_sweeping_spares_a_writer_at_work(tmp_path: Path) -> None:
    with staging.staged(tmp_path) as mine:
        assert _in_another_process(tmp_path) == 0
        assert mine.exists()
    assert not mine.exists()


def _in_another_process(root: Path) -> int:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(staging.sweep, root).result()


def test_a_full_directory_is_never_replaced(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    with pytest.raises(OSError, match=os.strerror(errno.ENOTEMPTY)):
        staging.commit(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "file").read_text() == "old"


def test_requests_recorded_before_forms_could_be_sent_are_still_known(tmp_path):
    row = dict.fromkeys(FETCH.names()) | {"site": "a", "url": "https://example.gov.cn/", "fault": ""}
    before = pl.DataFrame([row], schema=FETCH).drop("posted", "file_name")
    (tmp_path / "fetches").mkdir()
    before.write_parquet(tmp_path / "fetches" / "before.parquet")
    lake = Lake(tmp_path)
    lake.add_fetches(pl.DataFrame([row | {"posted": "page=2", "file_name": ""}], schema=FETCH))
    assert sorted(lake.fetches()["posted"]) == ["", "page=2"]
