"""Who may look at the pages, and who it is that asks: a token, or a user named by a reverse proxy.

A token comes in the header Authorization, or once through the login page, which answers with a cookie that holds not
the token but a signature with it. What a proxy says of users and addresses is believed only of the addresses that are
trusted. Without a token and a header everybody may look: then the server listens to its own machine only, or stands
behind something that asks.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Lock
from time import monotonic, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network

    from starlette.datastructures import Headers

    Network = IPv4Network | IPv6Network

COOKIE = "juesuan"
SECONDS = 12 * 3600
"""That a login lasts."""

TRIES, SECONDS_A_TRY = 5, 10.0
"""So many wrong tokens in a row from one address, then one in so many seconds."""

_ADDRESSES = 10_000  # of which is remembered how often they failed
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the pages: a token, the header in which these proxies name the user, or nothing at all."""

    token: str = field(default="", repr=False)
    user_header: str = ""
    proxies: tuple[Network, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether everybody may look."""
        return not self.token and not self.user_header

    def trusts(self, address: str) -> bool:
        """Whether what a sender with this address says of others is believed."""
        known = _parsed(address)
        return known is not None and any(known in network for network in self.proxies)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from: a name, if somebody tells one, its address, whether it came encrypted."""

    user: str = ""
    address: str = ""
    is_secure: bool = False


class Verdict(Enum):
    """Whether a visitor is let in."""

    WELCOME = "welcome"
    STRANGER = "stranger"
    THROTTLED = "throttled"


class Doorkeeper:
    """Lets in who may look, and remembers who has guessed too often. Thread-safe."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._tries: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def visitor(self, headers: Headers, address: str, scheme: str) -> Visitor:
        """Who sends a request with these headers from this address."""
        if not self.access.trusts(address):
            return Visitor(address=address, is_secure=scheme == "https")
        named = headers.getlist(self.access.user_header) if self.access.user_header else []
        name = named[0] if len(named) == 1 else ""  # twice: the visitor has written one of them
        secure = headers.get("x-forwarded-proto", scheme).strip().lower() == "https"
        return Visitor(_utf8(name).strip()[:_LONGEST_NAME], self._origin(headers, address), secure)

    def judge(self, visitor: Visitor, headers: Headers, cookie: str) -> Verdict:
        """Whether to let in a visitor who sends these headers and this cookie."""
        if self.access.is_open or visitor.user or (self.access.token and self._is_signed(cookie)):
            return Verdict.WELCOME
        kind, _, given = headers.get("authorization", "").partition(" ")
        if self.access.token and kind.lower() == "bearer" and given:
            return self.try_token(visitor, _utf8(given).strip())
        return Verdict.STRANGER

    def try_token(self, visitor: Visitor, given: str) -> Verdict:
        """Whether this is the token; who has been wrong too often is not even told."""
        if not self._may_try(visitor.address):
            return Verdict.THROTTLED
        if self.access.token and hmac.compare_digest(given.encode(), self.access.token.encode()):
            self._forgive(visitor.address)
            return Verdict.WELCOME
        return Verdict.STRANGER

    def cookie(self) -> str:
        """The value of a cookie that lets its bearer in for SECONDS."""
        until = str(int(time()) + SECONDS)
        return f"{until}.{self._signature(until)}"

    def _is_signed(self, cookie: str) -> bool:
        until, _, signature = cookie.partition(".")
        known = until.isascii() and until.isdecimal() and len(until) < 15
        return (
            known and int(until) > time() and hmac.compare_digest(signature.encode(), self._signature(until).encode())
        )

    def _signature(self, until: str) -> str:
        return hmac.new(self.access.token.encode(), f"login until {until}".encode(), "sha256").hexdigest()

    def _origin(self, headers: Headers, address: str) -> str:
        """The last address on the way that is no proxy of ours: what stands before it anybody may have written."""
        for told in reversed(headers.get("x-forwarded-for", "").split(",")):
            if _parsed(told.strip()) is None:
                break
            address = told.strip()
            if not self.access.trusts(address):
                break
        return address

    def _may_try(self, address: str) -> bool:
        """Take one try of an address: `_tries` holds the moment at which all its tries will have come back."""
        key, now = _subscriber(address), monotonic()
        with self._lock:
            full = max(self._tries.pop(key, now), now)
            allowed = full - now <= (TRIES - 1) * SECONDS_A_TRY
            self._tries[key] = full + SECONDS_A_TRY if allowed else full
            while len(self._tries) > _ADDRESSES:
                self._tries.popitem(last=False)
        return allowed

    def _forgive(self, address: str) -> None:
        with self._lock:
            self._tries.pop(_subscriber(address), None)


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks (10.0.0.0/8); raises ValueError, naming the one that is none."""
    found: list[Network] = []
    for text in texts:
        try:
            found.append(ip_network(text))
        except ValueError:
            raise ValueError(f"{text!r} 不是 IP 地址或网段") from None
    return tuple(found)


def _utf8(text: str) -> str:
    """Text of a header, which the protocol takes for Latin-1, as whoever wrote it meant it."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _subscriber(address: str) -> str:
    """One who asks: an IPv4 address, or the IPv6 network in which a subscriber has all addresses."""
    known = _parsed(address)
    return str(IPv6Network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address)
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known
