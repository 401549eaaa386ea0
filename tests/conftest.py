"""Fixtures that several test modules need."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xdist.scheduler import LoadScopeScheduling

settings.register_profile("same", derandomize=True)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("same")  # the same examples for everyone; look for new ones with --hypothesis-profile=search


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="the laboratory and the damaged files in their full numbers"
    )


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it for waste again and again took a twentieth of the suite."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def thorough(request) -> bool:
    """Whether there is time: laboratories then run in the numbers that docs and notes speak of."""
    return request.config.getoption("thorough")


@pytest.fixture(scope="session", autouse=True)
def _one_thread(thorough) -> Iterator[None]:
    """DuckDB works with one thread each: several workers share the cores, and more threads cost a third more time."""
    with pytest.MonkeyPatch.context() as patched:
        if not thorough:
            patched.setattr(duckdb, "connect", _connect)
        yield


_duckdb_connect = duckdb.connect


def _connect(database: object = ":memory:", read_only: bool = False, config: dict | None = None) -> object:  # noqa: FBT001, FBT002 - DuckDB's
    return _duckdb_connect(database, read_only=read_only, config={"threads": "1", **(config or {})})


@pytest.fixture(scope="session")
def shared_reports() -> Path:
    """The folder of real reports beside the checkout; they are public, but not part of the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("the folder shared/reports with real reports does not stand beside the checkout")
    return folder


@pytest.fixture(scope="session")
def city_home(tmp_path_factory) -> Path:
    """The home of a published warehouse: a unit over two years, a department, and one whose report has a fault."""
    reports = ("2023/agriculture.pdf", "2024/agriculture.pdf", "2024/bureau.pdf", "2024/hall.pdf")
    return _published(tmp_path_factory, "city", reports)


@pytest.fixture(scope="session")
def corrected_home(tmp_path_factory) -> Path:
    """The home of a published warehouse that holds a report and its corrected version."""
    return _published(tmp_path_factory, "corrected", ("2022/petition.pdf", "corrected/2022/petition.pdf"))


def _published(tmp_path_factory, name: str, reports: Sequence[str]) -> Path:
    """A home of this worker's own; of all workers, only one reads the reports."""
    from tests.published import publish_city

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / f"{name} of all"
        if not made.exists():
            part = shared / f"{name} in part"
            part.mkdir()
            publish_city(part, reports).rename(made)
    return shutil.copytree(made, tmp_path_factory.mktemp(name) / "var", symlinks=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> LoadScopeScheduling:
    """Let a worker run whole modules, in their order: what the tests of a module share is made once, not once a worker."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False
    return LoadScopeScheduling(config, log)
