"""Fixtures that several test modules need."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    from tests.published import publish_city

    reports = ("2023/agriculture.pdf", "2024/agriculture.pdf", "2024/bureau.pdf", "2024/hall.pdf")
    return publish_city(tmp_path_factory.mktemp("city"), reports)


@pytest.fixture(scope="session")
def corrected_home(tmp_path_factory) -> Path:
    """The home of a published warehouse that holds a report and its corrected version."""
    from tests.published import publish_city

    reports = ("2022/petition.pdf", "corrected/2022/petition.pdf")
    return publish_city(tmp_path_factory.mktemp("corrected"), reports)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> LoadScopeScheduling:
    """Let a worker run whole modules, in their order: what the tests of a module share is made once, not once a worker."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False
    return LoadScopeScheduling(config, log)
