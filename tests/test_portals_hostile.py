"""Servers that mean harm or are broken, at the level of bytes: what they cost is bounded, and told as what it is."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.portals import exchange
from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.exchange import Limits
from pipeline.portals.fetch import Fetcher
from pipeline.portals.network import Robots
from pipeline.portals.state import fetch_frame
from pipeline.read.formats.encoding import decode
from tests.portal_server import Reply, serving
from tests.test_portals_fetch import SITE, Night, get

OK = b"HTTP/1.1 200 OK\r\n"
NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
GONE = NONE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.fixture
def portal():
    with serving() as portal:
        yield portal


@pytest.fixture
def night():
    return Night()


@pytest.fixture
def fetcher(night):
    with Fetcher(night.clock, contact="a@b.cn", limits=Limits(file_bytes=4096, page_bytes=4096, silence=3)) as fetcher:
        yield fetcher


@pytest.fixture
def site(portal):
    return replace(SITE.at(portal.base), delay=0.0)


@contextmanager
def answering(answer, *, once=False):
    """A server that gives `answer(path)` as it is; None closes the connection. Yields its address and its connections.

    `once`: it closes after every answer. One that could be kept alive must say so itself, or the next request may meet
    the connection just before it goes.
    """
    connections = []

    def converse(client):
        with client, suppress(OSError):
            while head := client.recv(65536):
                said = answer(head.split(b" ", 2)[1].decode())
                if said is None:
                    return
                client.sendall(said)
                if once:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    connections.append(client)
                    threading.Thread(target=converse, args=(client,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", connections
        server.shutdown(socket.SHUT_RDWR)


# -- what is sent


def packed_twice(size):
    return gzip.compress(gzip.compress(b"0" * size))


@pytest.mark.parametrize(
    ("coding", "body", "fault"),
    [
        ("gzip", gzip.compress(b"0" * 3000), Fault.NONE),
        ("deflate", zlib.compress(b"0" * 3000), Fault.NONE),
        ("gzip", gzip.compress(b"0" * 50_000_000), Fault.TOO_LARGE),
        ("gzip", gzip.compress(b"0" * 9) + b"x" * 9000, Fault.TOO_LARGE),
        ("gzip, gzip", packed_twice(50_000_000), Fault.DAMAGED),
        ("br", b"\x8b\x03\x80", Fault.DAMAGED),
        ("gzip", gzip.compress(b"0" * 3000)[:-9], Fault.TRUNCATED),
        ("gzip", b"<html>not packed", Fault.TRUNCATED),
    ],
    ids=["whole", "deflate", "bomb", "rubbish after it", "twice", "unknown", "cut off", "not packed"],
)
def test_what_is_packed_is_unpacked_no_further_than_the_limit(portal, fetcher, coding, body, fault):
    portal.replies["/a.pdf"] = Reply(body, "application/pdf", headers={"Content-Encoding": coding})
    site = SITE.at(portal.base)
    get(fetcher, site, "first.pdf")
    tracemalloc.start()
    fetched = get(fetcher, site, "a.pdf")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fetched.record.fault is fault
    assert len(fetched.data) <= 64_000 + 4096
    assert most < 1_500_000
    assert fetched.data == b"0" * 3000 if not fault else True


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\nzz\r\n", Fault.TRUNCATED),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\n", Fault.TRUNCATED),
        (OK + b"Connection: close\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", Fault.NONE),
        (OK + b"Content-Length: 99999999999999999999\r\n\r\nabc", Fault.TOO_LARGE),
        (OK + b"Content-Length: 9999999999999999999\r\n\r\nabc", Fault.TOO_LARGE),
        (OK + b"Content-Length: -5\r\n\r\nabc", Fault.UNREACHABLE),
        (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", Fault.UNREACHABLE),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Fault.UNREACHABLE),
        (b"HTTP/1.1 999 \xff\xfe\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Fault.SERVER_ERROR),
        (OK + b"X: " + b"y" * 300_000 + b"\r\n\r\n", Fault.UNREACHABLE),
        (OK + b"".join(b"X%d: y\r\n" % n for n in range(20_000)) + b"\r\n", Fault.UNREACHABLE),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", Fault.UNREACHABLE),
    ],
    ids=["chunk", "huge-chunk", "both", "length-20", "length-19", "negative", "two", "ssh", "status", "line", "heads", "tls"],
)  # fmt: skip
def test_answers_that_are_no_http_are_told_and_can_be_kept(night, sent, fault):
    limits = Limits(attempts=2, silence=3, file_bytes=4096)
    with (
        answering(lambda path: GONE if "robots" in path else sent, once=True) as (base, _),
        Fetcher(night.clock, limits=limits) as fetcher,
    ):
        record = get(fetcher, SITE.at(base), "a.pdf").record
    assert record.fault is fault
    assert fetch_frame([record]).height == 1


def test_an_endless_list_of_dead_addresses_costs_three_connections(monkeypatch, night):
    tried = []

    def connect(self, host, port, *_, **__):
        tried.append(host)
        raise httpcore.ConnectTimeout

    monkeypatch.setattr("pipeline.portals.exchange.resolved", lambda host: tuple(f"8.8.4.{n}" for n in range(100)))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    site = replace(SITE.at("http://www.town.gov.cn/"), local=False)
    with Fetcher(night.clock, contact="a@b.cn", limits=Limits(attempts=1)) as fetcher:
        assert get(fetcher, site, "a.pdf").robots[0].fault is Fault.TIMEOUT
    assert tried == ["8.8.4.0", "8.8.4.1", "8.8.4.2"]


# -- where a name leads


@pytest.fixture
def internet(monkeypatch, portal):
    """Names of which each is resolved to what comes next; whatever is connected to is noted, and is the portal."""
    names, asked, connected = {}, [], []
    connect = httpcore.SyncBackend.connect_tcp

    def getaddrinfo(host, *_, **__):
        asked.append(host)
        found = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [(0, 0, 0, "", (address, 0)) for address in found]

    def connect_tcp(self, host, port, *more, **others):
        connected.append(host)
        return connect(self, "127.0.0.1", int(portal.base.rpartition(":")[2].strip("/")), *more, **others)

    resolve = "pipeline.portals.network.socket"
    monkeypatch.setattr(resolve, type("Net", (), {"getaddrinfo": getaddrinfo, "SOCK_STREAM": 1}))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    portal.names, portal.asked, portal.connected = names, asked, connected
    return portal


FAR = replace(SITE.at("http://www.town.gov.cn/"), hosts=(".town.gov.cn",), local=False, delay=0.0)


def test_a_name_is_resolved_once_and_what_it_means_later_does_not_matter(internet, fetcher):
    internet.names["www.town.gov.cn"] = [["93.184.216.34"], ["127.0.0.1"]]
    internet.pdf("/a.pdf", "a", headers={"Connection": "close"})
    for _ in range(3):
        assert get(fetcher, FAR, "a.pdf").record.fault is Fault.NONE
    assert (internet.asked, set(internet.connected)) == (["www.town.gov.cn"], {"93.184.216.34"})


def test_a_name_that_means_a_private_address_once_its_connection_failed_gives_nothing(internet, fetcher, monkeypatch):
    internet.names["www.town.gov.cn"] = [["93.184.216.34"], ["10.0.0.1"]]

    def refuse(*_, **__):
        raise httpcore.ConnectError

    with monkeypatch.context() as patch:
        patch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
        fetched = get(fetcher, FAR, "a.pdf")
    assert "链接指向内部网络地址" in fetched.robots[0].note
    assert fetched.record.fault is Fault.PRIVATE_ADDRESS
    assert internet.connected == internet.hits == []


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["::1"], ["::ffff:10.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["93.184.216.34", "10.0.0.1"],
     ["169.254.169.254"], ["fe80::1%2"]],
)  # fmt: skip
def test_a_redirect_to_a_declared_host_at_a_private_address_is_not_followed(internet, fetcher, addresses):
    internet.names |= {"www.town.gov.cn": [["93.184.216.34"]], "in.town.gov.cn": [addresses]}
    internet.replies["/a.pdf"] = Reply(status=302, headers={"Location": "http://in.town.gov.cn/admin"})
    record = get(fetcher, FAR, "a.pdf").record
    assert record.fault is Fault.PRIVATE_ADDRESS
    assert "http://in.town.gov.cn/admin" in record.note
    assert set(internet.connected) == {"93.184.216.34"}
    assert internet.paths() == ["/robots.txt", "/a.pdf"]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/a", "http://2130706433/a", "http://[::ffff:127.0.0.1]/a", "file:///etc/passwd",
               "gopher://www.town.gov.cn/", "http://a@www.town.gov.cn/", "//10.0.0.1/a", "http://www.town.gov.cn:22/"]
)  # fmt: skip
def test_a_redirect_to_an_address_that_is_not_the_sites_is_not_followed(internet, fetcher, target):
    internet.names["www.town.gov.cn"] = [["93.184.216.34"]]
    internet.replies["/a.pdf"] = Reply(status=301, headers={"Location": target})
    assert get(fetcher, FAR, "a.pdf").record.fault is Fault.FOREIGN_HOST
    assert internet.paths() == ["/robots.txt", "/a.pdf"]


@pytest.mark.parametrize("location", ["", "http://[", "\x00", "/" + "x" * 70_000, "http://www.town.gov.cn:99999/"])
def test_redirects_to_nowhere_end(internet, fetcher, location):
    internet.names["www.town.gov.cn"] = [["93.184.216.34"]]
    internet.replies["/a.pdf"] = Reply(status=302, headers={"Location": location})
    assert get(fetcher, FAR, "a.pdf").record.fault
    assert len(internet.hits) <= 8


# -- robots.txt


def test_a_huge_robots_txt_is_read_as_far_as_it_counts(portal, fetcher, site):
    text = "User-agent: *\nDisallow: /a.pdf\n" + "# padding\n" * 90_000 + "Disallow: /b.pdf\n"
    portal.page("/robots.txt", text)
    portal.pdf("/b.pdf", "b")
    begin = time.monotonic()
    fetched = get(fetcher, site, "a.pdf")
    assert fetched.record.fault is Fault.ROBOTS
    assert (fetched.robots[0].fault, fetched.robots[0].note) == (Fault.NONE, "robots.txt 过长，只采用开头部分")
    assert get(fetcher, site, "b.pdf").record.fault is Fault.NONE
    assert time.monotonic() - begin < 5


def test_a_robots_txt_that_leads_round_in_circles_is_none(portal, fetcher, site):
    portal.replies["/robots.txt"] = Reply(status=302, headers={"Location": "/robots.txt"})
    portal.pdf("/a.pdf", "a")
    assert get(fetcher, site, "a.pdf").record.fault is Fault.NONE
    assert portal.paths().count("/robots.txt") == 6


def test_a_robots_txt_that_has_moved_counts(portal, fetcher, site):
    portal.replies["/robots.txt"] = Reply(status=301, headers={"Location": "/txt/robots.txt"})
    portal.page("/txt/robots.txt", "User-agent: juesuan\nDisallow: /")
    assert get(fetcher, site, "a.pdf").record.fault is Fault.ROBOTS


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("Crawl-delay: nan", 0), ("Crawl-delay: -7", 0), ("Crawl-delay: 1,5", 0), ("Crawl-delay: soon", 0),
        ("Crawl-delay: 0.5", 0.5), ("Request-rate: 1/10", 10), ("Request-rate: 2/1m", 30), ("Request-rate: 0/0", 0),
        ("Request-rate: 1/5\nCrawl-delay: 2", 5), (f"Crawl-delay: {'9' * 5000}", 0), ("\x00\xff\ufffd: %%%", 0),
        ("<html><body>Disallow: /</body></html>", 0),
    ],
)  # fmt: skip
def test_delays_that_make_no_sense_delay_nothing(text, delay):
    rules = Robots.read(f"User-agent: *\n{text}")
    assert rules.delay == delay
    assert rules.allows("http://a.gov.cn/x")


def test_rules_full_of_wildcards_take_no_time():
    rules = Robots.read("User-agent: *\n" + "".join(f"Disallow: /{'*a' * n}*b$\n" for n in range(1, 60)))
    begin = time.monotonic()
    rules.allows("http://a.gov.cn/" + "a" * 2000)
    assert time.monotonic() - begin < 1


# -- how long to wait


@pytest.mark.parametrize(
    ("again", "attempts"),
    [("-5", 2), ("soon", 2), ("", 2), ("1e9", 2), ("nan", 2), ("9" * 400, 1), ("99999999", 1), ("٣", 2), ("²", 2),
     ("Thu, 01 Jan 1970 00:00:00 GMT", 2), ("Thu, 01 Jan 2099 00:00:00 GMT", 1), ("Thu, 01 Jan 9999999 00:00:00 GMT", 2),
     ("Thu, 01 Jan 999999999999999999999 00:00:00 GMT", 2), ("Thu, 01 Jan 2026 00:00:00 -999999999999", 2)],
)  # fmt: skip
def test_no_wait_that_a_server_asks_for_holds_or_breaks_the_night(night, again, attempts):
    head = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: " + again.encode() + b"\r\n\r\n"
    with (
        answering(lambda path: NONE if "robots" in path else head) as (base, _),
        Fetcher(night.clock, limits=Limits(attempts=2)) as fetcher,
    ):
        record = get(fetcher, SITE.at(base), "a.pdf").record
    assert (record.fault, record.attempts) == (Fault.SERVER_ERROR, attempts)
    assert night.passed <= 120


# -- connections and cookies


def test_one_connection_serves_a_host_whatever_it_answers(night):
    said = {
        "/robots.txt": NONE,
        "/a": OK + b"Content-Length: 1\r\n\r\na",
        "/b": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
        "/c": b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone",
        "/d": b"HTTP/1.1 302 Found\r\nContent-Length: 4\r\nLocation: /a\r\n\r\nthat",
        "/e": b"HTTP/1.1 412 No\r\nContent-Length: 10\r\n\r\n<script/> ",
    }
    with answering(said.get) as (base, connections), Fetcher(night.clock) as fetcher:
        last = replace(get(fetcher, SITE.at(base), "a").record, etag="x")
        found = [get(fetcher, SITE.at(base), name, last=last).record.fault for name in "abcdea"]
    assert found == [Fault.NONE, Fault.NONE, Fault.MISSING, Fault.NONE, Fault.DENIED, Fault.NONE]
    assert len(connections) == 1


def test_a_server_that_hangs_up_after_every_answer_costs_nothing_but_connections(night):
    seen = []

    def once(path):
        seen.append(path)
        return None if len(seen) % 2 == 0 else OK + b"Content-Length: 1\r\n\r\na"

    with answering(once) as (base, _), Fetcher(night.clock) as fetcher:
        for n in range(6):
            assert get(fetcher, SITE.at(base), f"{n}.pdf").record.fault is Fault.NONE


def test_a_cookie_opens_the_gate_of_its_host_alone(portal, fetcher, site):
    gate = {"Location": "/a.pdf", "Set-Cookie": "wzws_sessionid=abc; Path=/; Domain=127.0.0.1"}
    portal.replies["/a.pdf"] = [Reply(status=302, headers=gate), Reply(b"%PDF- a %%EOF", "application/pdf")]
    assert get(fetcher, site, "a.pdf").record.fault is Fault.NONE
    assert portal.hits[-1].headers["Cookie"] == "wzws_sessionid=abc"
    with serving() as other:
        other.pdf("/b.pdf", "b")
        assert get(fetcher, SITE.at(other.base), "b.pdf").record.fault is Fault.NONE
        assert not [hit for hit in other.hits if "Cookie" in hit.headers]


def test_cookies_do_not_pile_up(portal, fetcher, site):
    portal.answers = lambda path, posted: Reply(b"x", headers={"Set-Cookie": f"k{path[1:]}={'v' * 900}"})
    for n in range(30):
        assert get(fetcher, site, str(n)).record.fault is Fault.NONE
    assert max(len(hit.headers.get("Cookie", "")) for hit in portal.hits) < 10_000


@pytest.mark.parametrize(
    "cookie", ["\xff\xfe=\xff", "a=b\x01c", "; ; ;", "=", "a=" + "b" * 60_000, "a=b; Expires=never"]
)
def test_cookies_that_are_none_break_nothing(portal, fetcher, site, cookie):
    portal.pdf("/a.pdf", "a", headers={"Set-Cookie": cookie})
    for _ in range(2):
        assert get(fetcher, site, "a.pdf").record.fault is Fault.NONE


# -- certificates


@pytest.fixture(scope="module")
def authority():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(9), today + timedelta(9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture
def certified(authority, tmp_path, monkeypatch):
    """A server's side of TLS with a certificate for an address and days of validity, by an authority that is trusted."""
    signer, root = authority
    trusted = ssl.create_default_context(cadata=root.public_bytes(serialization.Encoding.PEM).decode())
    monkeypatch.setattr(exchange, "_certificates", lambda: trusted)

    def of(address, first, last):
        key, today = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town")])
        own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        days = today + timedelta(first), today + timedelta(last)
        certificate = (
            x509.CertificateBuilder(root.subject, name, key.public_key(), 2, *days)
            .add_extension(own, critical=False)
            .sign(signer, hashes.SHA256())
        )
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        pem = tmp_path / "town.pem"
        pem.write_bytes(key.private_bytes(*form) + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    return of


@pytest.mark.parametrize(
    ("address", "days", "fault"),
    [
        ("127.0.0.1", (-1, 1), Fault.NONE),
        ("127.0.0.1", (-3, -1), Fault.CERTIFICATE),
        ("127.0.0.1", (1, 3), Fault.CERTIFICATE),
        ("127.0.0.2", (-1, 1), Fault.CERTIFICATE),
    ],
    ids=["valid", "expired", "not-yet", "another-host"],
)
def test_certificates_are_held_to_their_days_and_hosts(certified, night, address, days, fault):
    with serving(certified(address, *days)) as portal, Fetcher(night.clock) as fetcher:
        portal.pdf("/a.pdf", "a")
        record = get(fetcher, SITE.at(portal.base.replace("http:", "https:")), "a.pdf").record
        assert (record.fault, bool(portal.hits)) == (fault, not fault)


def test_plain_http_behind_https_is_told(portal, fetcher):
    site = SITE.at(portal.base.replace("http:", "https:"))
    assert get(fetcher, site, "a.pdf").robots[0].fault is Fault.UNREACHABLE


# -- charsets

TEXT = "<html><head>{}</head><body>甲局2024年度部门决算公开，附件如下，请下载查阅</body></html>"


@pytest.mark.parametrize("real", ["utf-8", "gbk", "gb18030"])
@pytest.mark.parametrize(
    "claimed", ["utf-8", "gb2312", "gbk", "iso-8859-1x", "hex", "undefined", "rot13", "utf-16-nonsense", "", "base64"]
)
def test_no_claim_of_a_charset_spoils_or_breaks_a_page(real, claimed):
    page = TEXT.format(f'<meta charset="{claimed}">')
    assert decode(page.encode(real), f"text/html; charset={claimed}") == page
    assert "2024" in decode(page.encode(real)[:-20] + b"\xff\xfe", f"text/html; charset={claimed}")


def test_evidence_takes_whatever_headers_say(night):
    head = (
        OK
        + b"Content-Length: 3\r\nETag: \xff\xfe\xb8\r\nLast-Modified: \xb4\xf3\r\nContent-Type: \x80;;charset=\xff\r\n"
    )
    head += b"Content-Disposition: attachment; filename*=UTF-16''%%%FF\xff; filename=\"\xb4\xff\r\n\r\nabc"
    with answering(lambda path: NONE if "robots" in path else head) as (base, _), Fetcher(night.clock) as fetcher:
        record = get(fetcher, SITE.at(base), "a.pdf", Kind.DETAIL).record
        again = get(fetcher, SITE.at(base), "a.pdf", Kind.DETAIL, last=record).record
    assert (record.fault, again.fault) == (Fault.NONE, Fault.NONE)
    assert fetch_frame([record, again]).height == 2
