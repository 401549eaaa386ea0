"""`juesuan quack`: a server process on the published file, watched, and begun anew when there is a reason to.

A newly published file is served by a new process, when the questions of the old one are answered or a minute has
passed. A question that takes too long cannot be stopped alone: it ends its process. Who is connected connects again.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from assets.settings import Settings
from warehouse.publish import NotPublishedError, published
from warehouse.remote import TOKEN, RemoteError, closed_off, running, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

CHANGED, SLOW, FAILED = 10, 11, 12
"""Why a server process has ended: another file is published; a question took too long; it could not be opened."""

DRAIN = 60
"""Seconds that questions on the old file may still take when another one is published."""

OVERHEAD = 768
"""Megabytes of the process beside those of DuckDB."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_REASONS = {CHANGED: "已换成新发布的数据。", SLOW: "有查询超过时限，服务已重新开始。"}


def require_usable(settings: Settings, host: str, *, plain: bool) -> None:
    """Raise RemoteError unless these settings give a server that is not open to everybody."""
    if not TOKEN.fullmatch(settings.quack_token):
        raise RemoteError("请设置 JUESUAN_QUACK_TOKEN：16 个以上的字母、数字、- 或 _，不设口令不提供服务。")
    if host not in LOOPBACK and not plain:
        raise RemoteError(
            f"在 {host} 上口令和数据都不加密。请监听 127.0.0.1，由反向代理加密（见 docs/remote.zh-CN.md）；"
            "网络本身可信的，加 --plain。"
        )
    try:
        published(settings.warehouse)
    except NotPublishedError:
        raise RemoteError("还没有发布过数据仓库。请先运行 juesuan ingest 或 juesuan run。") from None


def supervise(host: str, port: int) -> Iterator[str]:
    """Keep a server process until the caller stops; yields a Chinese sentence for what happens.

    Raises RemoteError if it cannot be opened.
    """
    while True:
        with _started(host, port) as process:
            first = process.stdout.readline().decode().strip() if process.stdout else ""
            if first != "ready":
                process.wait()
                raise RemoteError(first or f"服务进程无法启动（退出码 {process.returncode}）")
            yield f"远程查询在 quack:{host}:{port} 。"
            code = process.wait()
        yield _REASONS.get(code, f"服务进程异常退出（退出码 {code}），已重新开始。")
        time.sleep(0 if code in _REASONS else 1)


@contextlib.contextmanager
def _started(host: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server process; it ends when this one does, whose end of the pipe closes then."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import live; live({host!r}, {port})"
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and code of ours
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def live(host: str, port: int) -> None:
    """The life of a server process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    settings = Settings.from_environment()
    with contextlib.suppress(ValueError, OSError):
        limit = (settings.quack_memory + OVERHEAD) * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    file = published(settings.warehouse)
    try:
        with closed_off(file, {"memory_limit": f"{settings.quack_memory}MB"}) as con:
            serve(con, host, port, settings.quack_token)
            print("ready", flush=True)
            os._exit(_watch(con, settings, file))  # closing would wait for the questions that are running
    except RemoteError as error:
        print(error, flush=True)
        sys.exit(FAILED)


def _watch(con: duckdb.DuckDBPyConnection, settings: Settings, file: Path) -> int:
    """Look around every second, until there is a reason to end."""
    since: dict[tuple[str, str], float] = {}
    changed: float | None = None
    while not select.select([sys.stdin], [], [], 0)[0]:
        busy = time.process_time()
        time.sleep(1)
        now, busy = time.monotonic(), time.process_time() - busy
        since = {question: since.get(question, now) for question in running(con)}
        # an answer that is not fetched to its end stays as active as one that is computed, but costs nothing
        if busy > 0.05 and any(now - first > settings.quack_seconds for first in since.values()):
            return SLOW
        if changed is None and published(settings.warehouse) != file:
            changed = now
        if changed is not None and (not since or now - changed > DRAIN):
            return CHANGED
    return 0
