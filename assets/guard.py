"""One worker process, and what it may use: the document that takes more, or crashes it, costs itself alone.

The limits are the kernel's, set by the worker on itself, so that they hold inside C code, without anybody watching,
and when the parent has died: an alarm ends it (time), RLIMIT_DATA refuses what it asks for too much (memory: that of
its own, not of mapped files; Linux only, other systems ignore it), RLIMIT_FSIZE what it writes to one file. Its
standard output goes nowhere and its log is cut short. Here belongs nothing of documents.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from concurrent.futures import CancelledError
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

MEGABYTE = 2**20
FILE_BYTES = 1024 * MEGABYTE
LOG_RECORDS = 50
"""Log records of one document that are let through; damaged files make libraries complain without end."""

DOCUMENTS_PER_WORKER = 500
"""After so many a worker is replaced, so that what libraries leak does not add up."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A document that gave nothing: it crashed its worker, or needed more than it may.

    `why` is a Chinese clause; `over_limit` tells the second from the first.
    """

    why: str
    over_limit: bool = False


@dataclass(frozen=True, slots=True)
class _Reply(Generic[R]):
    """What a worker answers: a value or an error; `tired` says that it wants to be replaced."""

    value: R | None
    error: BaseException | None
    tired: bool


class _Crash(Exception):  # noqa: N818 - an event, caught below
    """The worker has gone; `exitcode` is negative for a signal."""

    def __init__(self, exitcode: int) -> None:
        super().__init__(exitcode)
        self.exitcode = exitcode


class Guard:
    """Worker processes with so many megabytes of memory each; as many as there are threads that call `run`."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def run(self, function: Callable[[T], R], document: T, seconds: float) -> R | Lost:
        """Apply a picklable function to a document in a worker process, and wait for it.

        A worker that dies is no proof against its document: documents before it may have hurt the worker, or the
        system may have run out of memory. So the document gets a fresh one, once. What the function raises is raised
        here, except MemoryError, which is a loss as well.
        """
        try:
            return self._attempt(self._idle.pop() if self._idle else _Worker(self.memory), function, document, seconds)
        except (_Crash, MemoryError):
            if self._closed:
                raise CancelledError from None
        try:
            return self._attempt(_Worker(self.memory), function, document, seconds)
        except MemoryError:
            return Lost(f"所需内存超过上限（{self.memory} MB）", over_limit=True)
        except _Crash as crash:
            return Lost(f"读取进程两次异常退出（退出码 {crash.exitcode}）")

    def close(self) -> None:
        """End all workers; who waits for one gets CancelledError."""
        self._closed = True
        for worker in (*self._idle, *self._busy):
            worker.kill()

    def _attempt(self, worker: _Worker, function: Callable[[T], R], document: T, seconds: float) -> R | Lost:
        self._busy.add(worker)
        reusable = False
        try:
            reply = worker.ask(function, document, seconds)
            reusable = not reply.tired and not isinstance(reply.error, MemoryError)
        except _Crash as crash:
            if crash.exitcode == -signal.SIGALRM:
                return Lost(f"读取超过 {seconds:g} 秒，已中止", over_limit=True)
            raise
        finally:
            self._busy.discard(worker)
            if reusable and not self._closed:
                self._idle.append(worker)
            else:
                worker.kill()
        if reply.error is not None:
            raise reply.error
        return reply.value  # type: ignore[return-value]


class _Worker:
    """A process that does one document after another, at the other end of a pipe of its own."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        # a worker of dask counts as a daemon, and daemons may start nothing; this one takes its worker with it
        multiprocessing.current_process().daemon = False
        context = multiprocessing.get_context("spawn")
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=_work, args=(there, memory), daemon=True)
        self.process.start()
        self.pid = self.process.pid
        there.close()
        try:
            self.pipe.recv()
        except (EOFError, ConnectionResetError):  # the machine's fault: no document has had a chance to be one
            self.process.join()
            raise OSError(f"工作进程无法启动（退出码 {self.process.exitcode}）") from None

    def ask(self, function: Callable[[T], R], document: T, seconds: float) -> _Reply[R]:
        try:
            self.pipe.send((function, document, seconds))
            reply: _Reply[R] = self.pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self.process.join()
            raise _Crash(self.process.exitcode or 0) from None
        return reply

    def kill(self) -> None:
        """Kill the process and what it has started, once: later the number may be that of another process."""
        pid, self.pid = self.pid, None
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # not there any more, or not yet a group
                os.killpg(pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()


def _work(pipe: Connection, memory: int) -> None:
    """The life of a worker."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end of the pipe ends us
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _lower(resource.RLIMIT_DATA, memory * MEGABYTE)
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    _lower(resource.RLIMIT_CORE, 0)
    quota = _hush()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send("ready")
        for number in range(1, sys.maxsize):
            function, document, seconds = pipe.recv()
            signal.alarm(ceil(seconds))
            quota.left = LOG_RECORDS
            reply = _reply(function, document)
            tired = number >= DOCUMENTS_PER_WORKER or _peak() > memory * MEGABYTE / 2
            _send(pipe, _Reply(reply.value, reply.error, tired))
            signal.alarm(0)


def _reply(function: Callable[[Any], Any], document: Any) -> _Reply[Any]:
    try:
        return _Reply(function(document), None, tired=False)
    except Exception as error:  # noqa: BLE001 - it is raised again in the parent
        error.add_note("".join(traceback.format_exception(error)))
        return _Reply(None, error, tired=False)


def _send(pipe: Connection, reply: _Reply[Any]) -> None:
    try:
        pipe.send(reply)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - pickling an alien error or value raises anything
        told = RuntimeError(f"cannot be sent: {error!r}; {reply.error!r}")
        pipe.send(_Reply(None, told, reply.tired))


def _lower(kind: int, limit: int) -> None:
    """Set a limit of the system, unless a lower one is in force or the system knows no such limit."""
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or limit < hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))


def _peak() -> int:
    """The most memory that this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class _Quota(logging.Filter):
    """Lets `left` records pass."""

    left = LOG_RECORDS

    def filter(self, record: logging.LogRecord) -> bool:
        self.left -= 1
        if self.left == 0:
            record.msg, record.args = "%s … (no more of this document)", (record.getMessage(),)
        return self.left >= 0


def _hush() -> _Quota:
    """Keep standard error for the log alone, and cut it short; send everything else that is printed nowhere."""
    log = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    quota = _Quota()
    handler = logging.StreamHandler(log)
    handler.addFilter(quota)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    return quota
