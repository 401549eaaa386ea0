"""Connections that keep to a moment by which an answer must have come, headers and all.

httpx bounds each wait for bytes, not their sum: a server that sends one byte in time, and another, would hold a site's
night for ever. Its transport takes no network backend, so the pool, which does, is put in its place here.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable


class Deadline(threading.local):
    """The moment, in seconds of the caller's clock, by which this thread's request must be answered."""

    at: float = float("inf")


class Transport(httpx.HTTPTransport):
    """httpx's transport on connections that keep the deadline; it may be used by several threads."""

    def __init__(self, context: ssl.SSLContext, deadline: Deadline, monotonic: Callable[[], float]) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        # as many connections as there may be threads; hosts are many, and each is asked one thing at a time
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=50,
            keepalive_expiry=30,
            network_backend=_Backend(deadline, monotonic),
        )


class _Backend(httpcore.SyncBackend):
    def __init__(self, deadline: Deadline, monotonic: Callable[[], float]) -> None:
        self._deadline, self._monotonic = deadline, monotonic

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._deadline, self._monotonic)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, monotonic: Callable[[], float]) -> None:
        self._inner, self._deadline, self._monotonic = inner, deadline, monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline.at - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline, self._monotonic)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
