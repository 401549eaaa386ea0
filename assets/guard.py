"""One worker process, and what it may use: the document that takes more, or crashes it, costs itself alone.

The limits are the kernel's, set by the worker on itself, so that they hold inside C code, without anybody watching,
and when the parent has died: an alarm ends it (time), RLIMIT_DATA refuses what it asks for too much (memory: that of
its own, not of mapped files; Linux only, other systems ignore it), RLIMIT_FSIZE what it writes to one file. Its
standard output goes nowhere and its log is cut short. Here belongs nothing of documents.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import CancelledError
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._lock = Lock()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False

    def run(self, function: Callable[[T], R], document: T, seconds: float) -> R | Lost:
        """Apply a picklable function to a document in a worker process, and wait for it.

        A worker that dies is no proof against its document: documents before it may have hurt the worker, or the
        system may have run out of memory. So the document gets a fresh one, once. What the function raises is raised
        here, except MemoryError, which is a loss as well. Raises OSError if no worker can be started.
        """
        try:
            return self._attempt(self._idle_one() or self._started(), function, document, seconds)
        except (_Crash, MemoryError):
            self._check_open()
        try:
            return self._attempt(self._started(), function, document, seconds)
        except MemoryError:
            return Lost(f"所需内存超过上限（{self.memory} MB）", over_limit=True)
        except _Crash as crash:
            self._check_open()
            return Lost(f"工作进程两次异常退出（退出码 {crash.exitcode}）")

    def close(self) -> None:
        """End all workers; who waits for one gets CancelledError."""
        with self._lock:
            self._closed = True
            workers = tuple(self._workers)
        for worker in workers:
            worker.end()

    def _check_open(self) -> None:
        if self._closed:
            raise CancelledError

    def _idle_one(self) -> _Worker | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _started(self) -> _Worker:
        """A new worker, known to `close` from its first moment."""
        with self._lock:
            self._check_open()
            worker = _Worker(self.memory)
            self._workers.add(worker)
        try:
            worker.wait_until_ready()
        except OSError:
            self._check_open()
            raise
        return worker

    def _attempt(self, worker: _Worker, function: Callable[[T], R], document: T, seconds: float) -> R | Lost:
        reusable = False
        try:
            reply = worker.ask(function, document, seconds)
            reusable = not reply.tired and not isinstance(reply.error, MemoryError)
        except _Crash as crash:
            if crash.exitcode == -signal.SIGALRM:
                return Lost(f"超过 {seconds:g} 秒，已中止", over_limit=True)
            raise
        finally:
            with self._lock:
                if reusable := reusable and not self._closed:
                    self._idle.append(worker)
                else:
                    self._workers.discard(worker)
            if not reusable:
                worker.end()
        if reply.error is not None:
            raise reply.error
        return reply.value  # type: ignore[return-value]


class _Worker:
    """A process that does one document after another, at the other end of a pipe of its own.

    It is a new interpreter that imports this module and nothing of the program that starts it (`multiprocessing` would
    import its main module as well: dagster). It leads a process group, and has a folder for temporary files that goes
    when it goes.
    """

    def __init__(self, memory: int) -> None:
        self.pipe, there = multiprocessing.Pipe()
        self._lock = Lock()
        self._folder = TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True)
        arguments = there.fileno(), memory, self._folder.name
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import live; live{arguments!r}"
        with there:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and code of ours
                [sys.executable, "-c", code], stdin=subprocess.DEVNULL, pass_fds=[there.fileno()], process_group=0
            )

    def wait_until_ready(self) -> None:
        """Wait until it can take a document; raises OSError if it cannot start, which is no document's fault."""
        try:
            self.pipe.recv()
        except (EOFError, ConnectionResetError):
            raise OSError(f"工作进程无法启动（退出码 {self.end()}）") from None

    def ask(self, function: Callable[[T], R], document: T, seconds: float) -> _Reply[R]:
        """The reply of a document; raises _Crash if the process dies of it."""
        try:
            self.pipe.send((seconds, pickle.dumps((function, document))))
            reply: _Reply[R] = self.pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise _Crash(self.end()) from None
        return reply

    def end(self) -> int:
        """Kill the process and what it has started, if they still run; the exit code.

        Who has closed its pipe is dead already, so that the signal does not change its code; it keeps its number until
        it is waited for, so that the signal meets no other.
        """
        with self._lock:
            if self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS refuses for a group of the dead
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
                self._folder.cleanup()
            return self._process.returncode


def live(descriptor: int, memory: int, folder: str) -> None:
    """The life of a worker: documents come through the pipe of this descriptor until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end of the pipe ends us
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _lower(resource.RLIMIT_DATA, memory * MEGABYTE)
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    _lower(resource.RLIMIT_CORE, 0)
    tempfile.tempdir = folder
    quota = _hush()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError), Connection(descriptor) as pipe:
        pipe.send("ready")
        for number in range(1, sys.maxsize):
            seconds, job = pipe.recv()
            quota.left = LOG_RECORDS
            reply = _reply(job, seconds)
            tired = number >= DOCUMENTS_PER_WORKER or peak() > memory * MEGABYTE / 2
            _send(pipe, _Reply(reply.value, reply.error, tired))
            signal.setitimer(signal.ITIMER_REAL, 0)
            if number == 1:  # what is imported by now stays: the collector need not go through it again and again
                del job, reply
                gc.collect()
                gc.freeze()


def _reply(job: bytes, seconds: float) -> _Reply[Any]:
    try:
        function, document = pickle.loads(job)  # noqa: S301 - the parent wrote it
        # from here on: importing the function's module is not the document's doing
        signal.setitimer(signal.ITIMER_REAL, seconds)
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


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    if sys.platform == "linux":  # whose getrusage counts what the parent held when it started this one
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


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
