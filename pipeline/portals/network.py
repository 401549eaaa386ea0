"""Where requests may go: public addresses only, and only what robots.txt allows."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from protego import Protego

AGENT = "juesuan"
"""The name by which robots.txt may address us."""

_TRANSLATION, _LOCAL_TRANSLATION = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48")
_IPV4_BITS = 32


def is_public(address: str) -> bool:
    """Whether an IP address is a host's on the public internet: not loopback, private, link-local, multicast, reserved.

    An IPv6 address that stands for an IPv4 address is as public as that one.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local or found in _LOCAL_TRANSLATION:
            return False
    return found.is_global and not found.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, 6to4 or translated (NAT64)."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    embedded = address in _TRANSLATION or int(address) >> _IPV4_BITS == 0
    return ipaddress.IPv4Address(int(address) % 2**_IPV4_BITS) if embedded else None


def resolved(host: str) -> tuple[str, ...]:
    """All IP addresses of a host, best first. Raises OSError if it has none, UnicodeError if its name can be none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to us. `rules` is None where everything is forbidden for now."""

    rules: Protego | None

    @classmethod
    def read(cls, text: str) -> Robots:
        """The rules of a robots.txt; a page that is none (an error page served with status 200) has no rules."""
        return cls(Protego.parse(text))

    def allows(self, url: str) -> bool:
        """Whether we may fetch an address of this host."""
        return self.rules is not None and bool(self.rules.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        """Seconds between requests that the host asks for, as a delay or as a rate; 0 if it does not say."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(AGENT)
        return max(float(self.rules.crawl_delay(AGENT) or 0), rate.seconds / rate.requests if rate else 0.0)


NO_RULES = Robots.read("")
CLOSED = Robots(None)
