"""The same documents on a real dask cluster of this machine: same results, and workers that die lose nothing."""

import os
import sys

import pytest

from assets.workers import Lost, map_documents
from tests.harmful import MEMORY, kill_worker, treat
from tests.test_workers import losses, seconds_for

dask, distributed = pytest.importorskip("dask"), pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    options = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    # a document may take two workers with it; four, as is usual, take longer to start again
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(**options, processes=True, silence_logs=50) as running,
    ):
        yield running


def mapped(function, documents, scheduler="", seconds=seconds_for):
    options = {"workers": 2, "seconds": seconds, "memory": MEMORY, "scheduler": scheduler}
    return list(map_documents(function, documents, **options))


def test_the_same_results_as_from_processes(cluster):
    documents = ["a", "exit", "b", "hang in C", "Python memory", "c", *"defghijk"]

    found = mapped(treat, documents, cluster.scheduler_address)

    assert found == mapped(treat, documents)
    assert losses(found).keys() == {"exit", "hang in C", "Python memory"}


def test_workers_killed_in_mid_job_lose_nothing(cluster, tmp_path):
    documents = [(tmp_path, n, {5: 1, 12: 99}.get(n, 0), os.getpid()) for n in range(30)]

    found = mapped(kill_worker, documents, cluster.scheduler_address, seconds=lambda _: 30)

    assert [document for document, _ in found] == documents
    assert losses(found) == {documents[12]: "工作进程两次异常退出（退出码 9）"}
    assert [result for _, result in found if not isinstance(result, Lost)] == [n for n in range(30) if n != 12]
    assert len(list(tmp_path.glob("5-*"))) > 1


def test_a_bug_of_ours_is_raised_from_afar(cluster):
    with pytest.raises(ZeroDivisionError):
        mapped(treat, ["a", "bug", "b"], cluster.scheduler_address)


def test_a_cluster_that_is_not_there_is_the_machines_fault(monkeypatch):
    monkeypatch.setattr("assets.workers.PATIENCE", 0.3)
    with pytest.raises(ConnectionError, match="无法连接 dask 调度器"):
        mapped(treat, ["a"], "tcp://127.0.0.1:1")


def test_a_cluster_without_workers_is_the_machines_fault(monkeypatch):
    monkeypatch.setattr("assets.workers.PATIENCE", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0") as empty,
        pytest.raises(ConnectionError, match="没有任何工作进程"),
    ):
        mapped(treat, ["a"], empty.scheduler_address)


def test_without_dask_installed_the_setting_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RuntimeError, match=r"请安装 juesuan\[dask\]"):
        mapped(treat, ["a"], "tcp://127.0.0.1:1")
