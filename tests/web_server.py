"""`juesuan serve` as a process of its own, on this machine only, for tests that attack it or drive a browser."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.ports import free_port

LIMITS = {"JUESUAN_ASK_SECONDS": "1", "JUESUAN_ASK_MEMORY": "128", "JUESUAN_ASKED_AT_ONCE": "4"}


class Server:
    """The server of a home on a port of its own, and what its processes hold."""

    def __init__(self, home, log, **variables):
        self.home, self.log = home, log
        self.port = free_port()
        environment = {**os.environ, "JUESUAN_HOME": str(home), **LIMITS, **variables}
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from assets.cli import main; main()", "serve", "--port", str(self.port)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=Path(__file__).parents[1],
            )
        try:
            self._wait()
        except BaseException:
            self.process.kill()
            raise
        self.address = f"http://127.0.0.1:{self.port}"

    def _wait(self):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if "网页在" in self.log.read_text(encoding="utf-8"):
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def get(self, path, *, method="GET", body=None, headers=(), seconds=10, of="127.0.0.1"):
        """Status and text of an answer to the visitor of an address."""
        connection = HTTPConnection("127.0.0.1", self.port, seconds, (of, 0))
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def ask(self, sql):
        return self.get("/sql?" + urlencode({"q": sql}))

    def raw(self, data, seconds=5):
        """All that comes back for these bytes, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), seconds) as line:
            received = b""
            try:
                line.sendall(data)
                while part := line.recv(65536):
                    received += part
            except (ConnectionError, TimeoutError):
                pass
            return received

    def megabytes(self):
        """What the server and its workers hold, by Linux's own count."""
        return sum(_resident(pid) for pid in (self.process.pid, *_children(self.process.pid)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _resident(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s*(\d+)", status)
    return int(found[1]) / 1024 if found else 0


def _children(pid):
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for of_thread in lists for child in of_thread.read_text().split()]
