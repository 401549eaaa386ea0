"""One request to one host: in its turn, after its delay, cut off at limits of size and time."""

from __future__ import annotations

import ssl
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pipeline.portals import body
from pipeline.portals.base import host_of
from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.headers import repeatable, whole_number
from pipeline.portals.network import AGENT, is_public, resolved
from pipeline.portals.transport import Bounds, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.portals.base import Site

REDIRECTS = frozenset({301, 302, 303, 307, 308})
REPEATED = frozenset({307, 308})
"""Redirects after which a form is sent again, to the new address."""

_COOKIES = 8_000
"""Characters of names and values; servers commonly take as much in all headers together."""
_MISSING = frozenset({404, 410})
_DENIED = frozenset({401, 403, 405, 406, 412, 451, 521})
"""405, 412 and 521 are also what the portals' firewalls answer with a challenge page."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The caller's time: `now` in UTC for evidence, `monotonic` seconds for delays, `sleep` seconds."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch, in seconds and bytes.

    `attempts` requests at most for one address, `backoff` seconds before the second, doubling, never more than
    `longest_wait`; a server that asks for more (Retry-After) is left alone for the night, as is a host that has
    failed `strikes` addresses in a row. `silence` bounds the time without a byte, `total` that of one answer, headers
    and all. Of a robots.txt the first `robots_bytes` count, as RFC 9309 has it.
    """

    attempts: int = 4
    backoff: float = 2.0
    longest_wait: float = 120.0
    silence: float = 30.0
    total: float = 300.0
    page_bytes: int = 20_000_000
    file_bytes: int = 200_000_000
    robots_bytes: int = 512_000
    redirects: int = 5
    strikes: int = 5


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `posted` is a form (urlencoded) that is sent to the address, "" where it is only got."""

    url: str
    kind: Kind
    posted: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request. `wait` is what the server asks us to wait, in seconds; `again`: worth retrying."""

    fault: Fault
    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    wait: float = 0.0
    again: bool = False


@dataclass(slots=True)
class Host:
    """What is remembered of a host during one night.

    `lock` is held while it is asked, `rules` while its robots.txt is got for the first time. `addresses` are its IP
    addresses, `lost` if none are known or no connection could be made to them, `cookies` what it gave us to show again.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: threading.Lock = field(default_factory=threading.Lock)
    last: float = float("-inf")
    delay: float = 0.0
    addresses: tuple[str, ...] = ()
    lost: bool = True
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    strikes: int = 0
    closed: bool = False


class Exchange:
    """Sends single requests. One at a time to a host, whatever the number of threads."""

    def __init__(self, clock: Clock, limits: Limits, contact: str) -> None:
        self._clock, self._limits = clock, limits
        self._hosts: dict[str, Host] = {}
        self._guard = threading.Lock()
        agent = f"{AGENT}/1.0 (+{contact})" if contact else f"{AGENT}/1.0"
        self._headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": body.PACKINGS}
        self._bounds = Bounds()
        # httpx's client above a transport would add redirects, cookies and proxies, which are ours to decide
        self._verified = Transport(_certificates(), self._bounds, clock.monotonic)
        self._unverified = Transport(_no_certificates(), self._bounds, clock.monotonic)

    def close(self) -> None:
        """Close all connections."""
        self._verified.close()
        self._unverified.close()

    def host(self, url: str) -> Host:
        """What is remembered of the address's host."""
        name = host_of(url)
        with self._guard:
            if name not in self._hosts:
                self._hosts[name] = Host()
            return self._hosts[name]

    def refusal(self, site: Site, url: str) -> Answer | None:
        """Why an address must not be asked for: not the site's host, or not on the public internet."""
        if not site.allows(url):
            return Answer(Fault.FOREIGN_HOST, url)
        host = self.host(url)
        try:
            if host.lost:
                host.addresses, host.lost = resolved(urlsplit(url).hostname or ""), False
        except OSError:
            return Answer(Fault.UNRESOLVED, url, again=True)
        except UnicodeError:  # no host can have such a name
            return Answer(Fault.NOT_UNDERSTOOD, url)
        return None if _may_go_to(host.addresses, site) else Answer(Fault.PRIVATE_ADDRESS, url)

    def send(self, site: Site, request: Request) -> Answer:
        """Ask for an address that was not refused."""
        url, host, clock = request.url, self.host(request.url), self._clock
        with host.lock:
            host.delay = max(host.delay, site.delay)
            if (wait := host.last + host.delay - clock.monotonic()) > 0:
                clock.sleep(wait)
            end = self._bounds.until = clock.monotonic() + self._limits.total
            self._bounds.addresses = host.addresses
            if not _may_go_to(self._bounds.addresses, site):  # another thread may have resolved the name anew
                return Answer(Fault.PRIVATE_ADDRESS, url)
            try:
                with closing(self._asked(site, request, host.cookies)) as response:
                    _keep_cookies(host.cookies, response)
                    return self._read(response, url, request.kind, end)
            except httpx.TransportError as error:
                host.lost = host.lost or isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                fault = _transport_fault(error)
                return Answer(fault, url, again=fault.passes and clock.monotonic() < end)
            except httpx.InvalidURL:
                return Answer(Fault.NOT_UNDERSTOOD, url)
            finally:
                host.last = clock.monotonic()

    def _asked(self, site: Site, request: Request, cookies: httpx.Cookies) -> httpx.Response:
        transport = self._unverified if site.unverified(request.url) else self._verified
        method, headers = "GET", {**self._headers, **request.headers}
        if request.posted:
            method, headers["Content-Type"] = "POST", "application/x-www-form-urlencoded"
        asked = httpx.Request(
            method,
            request.url,
            headers=headers,
            content=request.posted.encode() or None,
            cookies=cookies,
            extensions={"timeout": httpx.Timeout(self._limits.silence).as_dict()},
        )
        response = transport.handle_request(asked)
        response.request = asked
        return response

    def _read(self, response: httpx.Response, url: str, kind: Kind, end: float) -> Answer:
        status, headers, limits = response.status_code, dict(response.headers), self._limits
        fault = _status_fault(status, response.request)
        if fault or status != 200:
            wait = self._asked_wait(headers.get("retry-after", ""))
            again = fault.passes and wait <= limits.longest_wait
            body.discard(response)
            return Answer(fault, url, status, headers, wait=wait, again=again)
        most = {Kind.FILE: limits.file_bytes, Kind.ROBOTS: limits.robots_bytes}.get(kind, limits.page_bytes)
        if kind is not Kind.ROBOTS and (whole_number(headers.get("content-length", "")) or 0) > most:
            return Answer(Fault.TOO_LARGE, url, status, headers)
        fault, data = body.read(response, most, lambda: self._clock.monotonic() > end)
        return Answer(fault, url, status, headers, data, again=fault is Fault.TRUNCATED)

    def _asked_wait(self, retry_after: str) -> float:
        """Seconds that a Retry-After header asks for, as a number or as a date; 0 if it says nothing."""
        if retry_after.strip().isdecimal():
            return float(retry_after)
        try:
            until = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):
            return 0.0
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - self._clock.now()).total_seconds())


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that httpx trusts; loading them takes longer than many a request."""
    return httpx.create_ssl_context(trust_env=False)


@cache
def _no_certificates() -> ssl.SSLContext:
    """For hosts whose certificate a site's declaration says not to verify."""
    return httpx.create_ssl_context(verify=False, trust_env=False)


def _may_go_to(addresses: Sequence[str], site: Site) -> bool:
    return site.local or all(map(is_public, addresses))


def _keep_cookies(cookies: httpx.Cookies, response: httpx.Response) -> None:
    """Keep what a host gives us to show again; what it could not take back is forgotten, with all the rest."""
    if "set-cookie" not in response.headers:
        return
    cookies.extract_cookies(response)
    shown = "".join(f"{cookie.name}={cookie.value}" for cookie in cookies.jar)
    if len(shown) > _COOKIES or repeatable(shown) != shown:
        cookies.clear()


def _status_fault(status: int, request: httpx.Request) -> Fault:
    conditional = "if-none-match" in request.headers or "if-modified-since" in request.headers
    if status == 200 or status in REDIRECTS or (status == 304 and conditional):
        return Fault.NONE
    if status == 429:
        return Fault.THROTTLED
    if status in _MISSING:
        return Fault.MISSING
    if status in _DENIED:
        return Fault.DENIED
    return Fault.SERVER_ERROR if status >= 500 else Fault.UNEXPECTED_STATUS


def _transport_fault(error: BaseException) -> Fault:
    if isinstance(error, httpx.TimeoutException):
        return Fault.TIMEOUT
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Fault.CERTIFICATE
        cause = cause.__cause__ or cause.__context__
    return Fault.UNREACHABLE
