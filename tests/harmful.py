"""Documents that crash, hang, eat memory or print without end, as a worker meets them.

A worker imports this module and not the tests: pytest would take it most of the time that it needs to start.
"""

import ctypes
import logging
import os
import signal
import subprocess
import time
from pathlib import Path

MEMORY = 600

leaked = []


def treat(document):
    ways = {
        "exit": lambda: os._exit(7),
        "segfault": lambda: ctypes.string_at(0),
        "hang": lambda: time.sleep(60),
        "hang in C": lambda: ctypes.PyDLL(None).sleep(60),  # holds the interpreter's lock
        "hang in a child": lambda: subprocess.run(["sleep", "61"], check=False),
        "C memory": lambda: ctypes.memset(ctypes.c_void_p(malloc(20 * 2**30)), 1, 20 * 2**30),
        "Python memory": lambda: bytearray(20 * 2**30),
        "slow memory": lambda: [bytearray(2**20) for _ in range(20_000)],
        "print": lambda: os.write(1, b"x" * 10_000_000) and os.write(2, b"y" * 10_000_000),
        "log": lambda: [logging.getLogger("library").warning("complaint %d", n) for n in range(10_000)],
        "leak": lambda: leaked.append(bytearray(200 * 2**20)),
        "bug": lambda: 1 / 0,
        "alien": lambda: (_ for _ in ()).throw(AlienError()),
    }
    if document in ways:
        ways[document]()
    return document.upper()


class AlienError(Exception):
    """Cannot be sent from one process to the other."""

    def __reduce__(self):
        raise TypeError("not to be pickled")


def malloc(size):
    function = ctypes.CDLL(None).malloc
    function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    return function(size)


def kill_once(path):
    """Die as by the system's want of memory, the first time."""
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "read"


def kill_worker(document):
    """Kill the worker of the cluster so many times as the document says; if it runs elsewhere, end as by a crash."""
    folder, number, kills, parent = document
    (folder / f"{number}-{os.getpid()}").touch()
    if len(list(folder.glob(f"{number}-*"))) <= kills:
        if os.getppid() == parent:
            os._exit(9)
        os.kill(os.getppid(), signal.SIGKILL)
    return number


def tell_and_hang(path):
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    ctypes.PyDLL(None).sleep(60)
