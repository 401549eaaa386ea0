"""Where requests may go: public addresses only, and only what robots.txt allows."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protego import Protego

if TYPE_CHECKING:
    import httpx

AGENT = "juesuan"
"""The name by which robots.txt may address us."""


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, not loopback, private, link-local or reserved."""
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def resolves_to_public(host: str) -> bool:
    """Whether every address of a host is public. Raises OSError if the name does not resolve."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return all(is_public(str(entry[4][0])) for entry in found)


def connected_to_public(response: httpx.Response) -> bool:
    """Whether the connection really went to a public address: a name may resolve anew between check and use."""
    address = response.extensions["network_stream"].get_extra_info("server_addr")
    return is_public(str(address[0]))


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
        """Seconds between requests that the host asks for; 0 if it does not say."""
        return float(self.rules.crawl_delay(AGENT) or 0) if self.rules is not None else 0.0


NO_RULES = Robots.read("")
CLOSED = Robots(None)
