"""Connections that keep to the addresses that were looked at and to a moment by which an answer must have come.

httpx bounds each wait for bytes, not their sum: a server that sends one byte in time, and another, would hold a site's
night for ever. And it resolves a name by itself, so that a name which has just been found public may mean a private
address a moment later: here a connection goes to addresses, not to names. Its transport takes no network backend, so
the pool, which does, is put in its place here.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable


_TRIED = 3
"""Addresses of a host to be tried: each may keep us waiting."""


class Bounds(threading.local):
    """What this thread's request is bound to.

    `until` is the moment, in seconds of the caller's clock, by which it must be answered, `addresses` are the IP
    addresses to which a new connection may be made.
    """

    until: float = float("inf")
    addresses: tuple[str, ...] = ()


class Transport(httpx.HTTPTransport):
    """httpx's transport on connections that keep the bounds; it may be used by several threads."""

    def __init__(self, context: ssl.SSLContext, bounds: Bounds, monotonic: Callable[[], float]) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        # as many connections as there may be threads; hosts are many, and each is asked one thing at a time
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=50,
            keepalive_expiry=30,
            network_backend=_Backend(bounds, monotonic),
        )


class _Backend(httpcore.SyncBackend):
    def __init__(self, bounds: Bounds, monotonic: Callable[[], float]) -> None:
        self._bounds, self._monotonic = bounds, monotonic

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"no address of {host} is known")
        for address in self._bounds.addresses[:_TRIED]:
            left = self._bounds.until - self._monotonic()
            if left <= 0:
                break
            waited = left if timeout is None else min(timeout, left)
            try:
                stream = super().connect_tcp(address, port, waited, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._bounds, self._monotonic)
        raise failure


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, bounds: Bounds, monotonic: Callable[[], float]) -> None:
        self._inner, self._bounds, self._monotonic = inner, bounds, monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._bounds.until - self._monotonic()
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
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._bounds, self._monotonic)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
