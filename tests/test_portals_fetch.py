"""The polite client, measured at the server."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.portals import network
from pipeline.portals.base import Site
from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.exchange import Clock, Limits
from pipeline.portals.fetch import Fetcher
from tests.portal_server import Reply, serving

SITE = Site("town", "某市", "某省某市", "trs", "", ("",), 2020, delay=1.0, local=True)


@dataclass
class Night:
    """A clock that only sleeping moves."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        if seconds:
            self.slept.append(round(seconds, 3))

    @property
    def clock(self) -> Clock:
        start = datetime(2026, 1, 1, 17, tzinfo=UTC)
        return Clock(lambda: start + timedelta(seconds=self.passed), lambda: self.passed, self.sleep)


@pytest.fixture
def portal():
    with serving() as portal:
        yield portal


@pytest.fixture
def night():
    return Night()


@pytest.fixture
def fetcher(night):
    with Fetcher(night.clock, contact="mailto:nobody@example.org", limits=Limits(file_bytes=4096)) as fetcher:
        yield fetcher


@pytest.fixture
def site(portal):
    return SITE.at(portal.base)


def get(fetcher, site, path, kind=Kind.FILE, **more):
    return fetcher.fetch(site, site.base_url + path, kind, **more)


@contextmanager
def dripping(pieces, pause):
    """A server that answers one request in pieces, each after a pause."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve():
            client, _ = server.accept()
            with client, suppress(OSError):
                client.recv(65536)
                for piece in pieces:
                    client.sendall(piece.encode())
                    time.sleep(pause)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(15)


def test_evidence_says_what_was_asked_and_what_came(portal, fetcher, site):
    body = portal.pdf("/a.pdf", "one", headers={"Last-Modified": "Wed, 15 Oct 2025 08:00:00 GMT"})
    fetched = get(fetcher, site, "a.pdf", page_url=f"{site.base_url}list/")
    record = fetched.record
    assert fetched.data == body
    assert (record.site, record.kind, record.url, record.page_url) == (
        "town", "file", f"{site.base_url}a.pdf", f"{site.base_url}list/",
    )  # fmt: skip
    assert (record.status, record.content_length, record.size, record.attempts) == (200, len(body), len(body), 1)
    assert record.content_type == "application/pdf"
    assert record.last_modified == "Wed, 15 Oct 2025 08:00:00 GMT"
    assert record.etag
    assert len(record.sha256) == 64
    assert record.fault is Fault.NONE
    assert record.issue is None
    assert [r.kind for r in fetched.robots] == [Kind.ROBOTS]


def test_one_request_at_a_time_and_the_delay_between_them(portal):
    for name in "abcd":
        portal.pdf(f"/{name}.pdf", name, pause=0.02)
    site = replace(SITE.at(portal.base), delay=0.1)
    with Fetcher(Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep)) as fetcher:
        get(fetcher, site, "a.pdf")
        threads = [threading.Thread(target=get, args=(fetcher, site, f"{name}.pdf")) for name in "bcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    hits = sorted(portal.hits, key=lambda hit: hit.at)
    gaps = [later.at - earlier.until for earlier, later in pairwise(hits)]
    assert len(hits) == 5
    assert min(gaps) >= 0.1, gaps


def test_user_agent_is_honest_and_robots_is_asked_once(portal, fetcher, site):
    portal.pdf("/a.pdf", "a")
    get(fetcher, site, "a.pdf")
    get(fetcher, site, "a.pdf")
    assert portal.paths() == ["/robots.txt", "/a.pdf", "/a.pdf"]
    assert {hit.headers["User-Agent"] for hit in portal.hits} == {"juesuan/1.0 (+mailto:nobody@example.org)"}


def test_robots_forbids_by_wildcard_and_sets_the_delay(portal, night, fetcher, site):
    portal.page("/robots.txt", "User-agent: *\nDisallow: /*.pdf$\nAllow: /open/\nCrawl-delay: 7\n")
    portal.pdf("/a.pdf", "a")
    portal.page("/a.html", "<p>a")
    assert get(fetcher, site, "a.pdf").record.fault is Fault.ROBOTS
    assert get(fetcher, site, "a.html").record.fault is Fault.NONE
    assert portal.paths() == ["/robots.txt", "/a.html"]
    assert night.slept == [7.0]


@pytest.mark.parametrize("delay", ["3600", "120.5"])
def test_a_delay_that_would_hold_the_night_closes_the_host(portal, night, fetcher, site, delay):
    portal.page("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}\n")
    fetched = get(fetcher, site, "a.pdf")
    assert fetched.record.fault is Fault.HOST_CLOSED
    assert "要求每次访问间隔" in fetched.robots[0].issue.text
    assert (portal.paths(), night.slept) == (["/robots.txt"], [])


@pytest.mark.parametrize(
    ("status", "fault"), [(404, Fault.NONE), (403, Fault.NONE), (500, Fault.HOST_CLOSED), (429, Fault.HOST_CLOSED)]
)
def test_robots_that_is_missing_allows_and_that_fails_forbids(portal, fetcher, site, status, fault):
    portal.replies["/robots.txt"] = Reply(status=status)
    portal.pdf("/a.pdf", "a")
    assert get(fetcher, site, "a.pdf").record.fault is fault


def test_unchanged_is_not_sent_again(portal, fetcher, site):
    body = portal.pdf("/a.pdf", "a")
    first = get(fetcher, site, "a.pdf").record
    second = get(fetcher, site, "a.pdf", last=first)
    assert (second.record.status, second.data) == (304, b"")
    assert (second.record.sha256, second.record.size, second.record.etag) == (first.sha256, len(body), first.etag)


def test_a_server_that_only_dates_its_files_is_asked_by_date(portal, fetcher, site):
    dated = {"Last-Modified": "Wed, 15 Oct 2025 08:00:00 GMT"}
    portal.replies["/a.pdf"] = [Reply(b"%PDF-1.4 a", headers=dated, tagged=False), Reply(status=304)]
    first = get(fetcher, site, "a.pdf").record
    second = get(fetcher, site, "a.pdf", last=first).record
    assert portal.hits[-1].headers["If-Modified-Since"] == dated["Last-Modified"]
    assert "If-None-Match" not in portal.hits[-1].headers
    assert (second.status, second.fault, second.sha256) == (304, Fault.NONE, first.sha256)


@pytest.mark.parametrize("again", ["30", "Thu, 01 Jan 2026 17:00:30 GMT"])
def test_waits_as_long_as_the_server_asks(portal, night, fetcher, site, again):
    portal.pdf("/a.pdf", "a")
    portal.replies["/a.pdf"] = [Reply(status=429, headers={"Retry-After": again}), portal.replies["/a.pdf"]]
    record = get(fetcher, site, "a.pdf").record
    assert (record.status, record.attempts, record.fault) == (200, 2, Fault.NONE)
    assert 29 <= night.slept[-1] <= 30


def test_backs_off_exponentially_and_gives_up(portal, night, fetcher, site):
    site = replace(site, delay=0.0)
    portal.replies["/a.pdf"] = Reply(status=500)
    record = get(fetcher, site, "a.pdf").record
    assert (record.status, record.attempts, record.fault) == (500, 4, Fault.SERVER_ERROR)
    assert night.slept == [2.0, 4.0, 8.0]
    assert portal.paths().count("/a.pdf") == 4
    assert "服务器内部错误，状态 500" in record.issue.text
    assert record.url in record.issue.text


def test_recovers_from_a_passing_error(portal, fetcher, site):
    portal.pdf("/a.pdf", "a")
    portal.replies["/a.pdf"] = [Reply(status=500), Reply(status=503), portal.replies["/a.pdf"]]
    assert get(fetcher, site, "a.pdf").record.attempts == 3


def test_leaves_a_host_alone_that_asks_for_a_long_wait(portal, fetcher, site):
    portal.replies["/a.pdf"] = Reply(status=503, headers={"Retry-After": "3600"})
    portal.pdf("/b.pdf", "b")
    assert get(fetcher, site, "a.pdf").record.attempts == 1
    assert get(fetcher, site, "b.pdf").record.fault is Fault.HOST_CLOSED
    assert portal.paths() == ["/robots.txt", "/a.pdf"]


def test_leaves_a_host_alone_after_five_failed_addresses(portal, fetcher, site):
    faults = []
    for name in "abcdef":
        portal.replies[f"/{name}.pdf"] = Reply(status=500)
        faults.append(get(fetcher, site, f"{name}.pdf").record.fault)
    assert faults == [Fault.SERVER_ERROR] * 5 + [Fault.HOST_CLOSED]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (404, Fault.MISSING),
        (403, Fault.DENIED),
        (412, Fault.DENIED),
        (405, Fault.DENIED),
        (418, Fault.UNEXPECTED_STATUS),
    ],
)
def test_final_answers_are_not_retried(portal, fetcher, site, status, fault):
    portal.replies["/a.pdf"] = Reply(b"<html>challenge", status=status)
    record = get(fetcher, site, "a.pdf").record
    assert (record.fault, record.attempts) == (fault, 1)


def test_truncated_against_content_length(portal, fetcher, site):
    portal.replies["/a.pdf"] = Reply(b"%PDF-1.4 abc", announce=2000)
    record = get(fetcher, site, "a.pdf").record
    assert (record.fault, record.size, record.content_length, record.attempts) == (Fault.TRUNCATED, 12, 2000, 4)
    assert "收到 12 字节，应为 2000" in record.note


@pytest.mark.parametrize("announce", [None, 100_000])
def test_oversize_is_cut_off(portal, fetcher, site, announce):
    portal.replies["/a.pdf"] = Reply(b"x" * 100_000, announce=announce)
    record = get(fetcher, site, "a.pdf").record
    assert record.fault is Fault.TOO_LARGE
    assert record.attempts == 1
    assert record.size < 100_000


def test_an_unannounced_flood_is_cut_off(portal, fetcher, site):
    portal.replies["/a.pdf"] = Reply(b"x" * 5_000_000, headers={"Connection": "close"}, announce=None)
    portal.replies["/robots.txt"] = Reply(status=404)
    record = get(fetcher, site, "a.pdf").record
    assert record.fault is Fault.TOO_LARGE


def test_what_unpacks_to_more_than_the_limit_is_cut_off(portal, fetcher, site):
    packed = gzip.compress(b"0" * 30_000_000)
    portal.replies["/a.pdf"] = Reply(packed, "application/pdf", headers={"Content-Encoding": "gzip"})
    record = get(fetcher, site, "a.pdf").record
    assert record.fault is Fault.TOO_LARGE


def test_a_silent_server_times_out(portal, night, site):
    portal.pdf("/a.pdf", "a", pause=0.3)
    limits = Limits(attempts=2, silence=0.05)
    with Fetcher(night.clock, limits=limits) as fetcher:
        record = get(fetcher, site, "a.pdf").record
    assert (record.fault, record.attempts, record.status) == (Fault.TIMEOUT, 2, None)


@pytest.mark.parametrize("where", ["headers", "body"])
def test_an_answer_that_never_ends_is_cut_off(portal, night, site, where):
    portal.pdf("/robots.txt", "")
    drips = ["HTTP/1.1 200 OK\r\n", *(f"X-{n}: y\r\n" for n in range(500))]
    if where == "body":
        drips = ["HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", *("x" for _ in range(500))]
    limits = Limits(attempts=1, silence=1.0, total=0.3)
    with (
        dripping(drips, 0.02) as base,
        Fetcher(Clock(lambda: datetime.now(UTC), time.monotonic, night.sleep), limits=limits) as fetcher,
    ):
        begin = time.monotonic()
        record = fetcher.fetch(SITE.at(base), f"{base}a.pdf", Kind.ROBOTS).record
        assert time.monotonic() - begin < 2
    assert (record.fault, record.attempts) == (Fault.TIMEOUT, 1)


def test_redirects_are_followed_within_the_site_only(portal, fetcher, site):
    body = portal.pdf("/b.pdf", "b")
    portal.replies["/a.pdf"] = Reply(status=302, headers={"Location": "/b.pdf"})
    foreign = f"http://localhost:{site.base_url.rpartition(':')[2]}b.pdf"
    portal.replies["/c.pdf"] = Reply(status=302, headers={"Location": foreign})
    followed = get(fetcher, site, "a.pdf")
    assert followed.data == body
    assert followed.record.final_url == f"{site.base_url}b.pdf"
    refused = get(fetcher, site, "c.pdf").record
    assert refused.fault is Fault.FOREIGN_HOST
    assert foreign in refused.note
    assert portal.paths() == ["/robots.txt", "/a.pdf", "/b.pdf", "/c.pdf"]


@pytest.mark.parametrize(("status", "posted"), [(302, ""), (303, ""), (307, "page=2"), (308, "page=2")])
def test_a_form_is_sent_and_sent_again_only_where_the_server_wants_it(portal, fetcher, site, status, posted):
    portal.replies["/list.do page=2"] = Reply(status=status, headers={"Location": "/page"})
    portal.replies["/page page=2" if posted else "/page"] = Reply(b"{}", "application/json")
    fetched = fetcher.fetch(site, f"{portal.base}list.do", Kind.LIST, posted="page=2")
    assert (fetched.data, fetched.record.posted, fetched.record.fault) == (b"{}", "page=2", Fault.NONE)
    assert [(hit.path, hit.posted) for hit in portal.hits[-2:]] == [("/list.do", "page=2"), ("/page", posted)]
    assert portal.hits[-2].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_name_that_a_server_gives_a_file_is_kept(portal, fetcher, site):
    named = {"Content-Disposition": "attachment; filename*=UTF-8''%E5%86%B3%E7%AE%97.pdf"}
    portal.pdf("/download.jsp?id=1", "report", headers=named)
    assert fetcher.fetch(site, f"{portal.base}download.jsp?id=1", Kind.FILE).record.file_name == "决算.pdf"


def test_a_redirect_loop_ends(portal, fetcher, site):
    portal.replies["/a.pdf"] = Reply(status=302, headers={"Location": "/a.pdf"})
    assert get(fetcher, site, "a.pdf").record.fault is Fault.REDIRECTS
    assert portal.paths().count("/a.pdf") == 6


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_refused_unless_the_site_is_local(portal, fetcher, site, host):
    portal.pdf("/a.pdf", "a")
    public = replace(site.at(site.base_url.replace("127.0.0.1", host)), local=False)
    assert get(fetcher, public, "a.pdf").record.fault is Fault.PRIVATE_ADDRESS
    assert portal.hits == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("10.0.0.1", False), ("169.254.169.254", False), ("::1", False), ("fe80::1%eth0", False),
     ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True), ("::127.0.0.1", False), ("100.64.0.1", False),
     ("2002:0a00:0001::1", False), ("2002:0808:0808::1", True), ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True),
     ("64:ff9b:1::808:808", False), ("2001:4860:4860::8888", True), ("fec0::1", False), ("ff02::1", False),
     ("224.0.0.1", False), ("::", False)],
)  # fmt: skip
def test_public_addresses(address, public):
    assert network.is_public(address) is public


def test_an_impossible_name_is_not_asked_for(fetcher, portal):
    site = replace(SITE.at("http://www.town.gov.cn/"), local=False, hosts=(".town.gov.cn",))
    record = fetcher.fetch(site, f"http://{'x' * 70}.town.gov.cn/a.pdf", Kind.FILE).record
    assert (record.fault, record.attempts) == (Fault.NOT_UNDERSTOOD, 1)


def test_a_dead_server_is_unreachable(night, fetcher):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        record = get(fetcher, SITE.at(f"http://127.0.0.1:{free.getsockname()[1]}"), "a.pdf").record
    assert record.fault is Fault.HOST_CLOSED  # not even its robots.txt can be read
    assert record.status is None


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory):
    """A server's side of TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(1), today + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(key.private_bytes(*form) + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(night, self_signed):
    with serving(self_signed) as portal, Fetcher(night.clock) as fetcher:
        record = get(fetcher, SITE.at(portal.base.replace("http:", "https:")), "a.pdf").record
        assert portal.hits == []
    assert (record.fault, record.attempts) == (Fault.CERTIFICATE, 1)


def test_a_site_may_except_its_own_host_and_no_other_and_says_so(night, self_signed):
    with serving(self_signed) as own, serving(self_signed) as other, Fetcher(night.clock) as fetcher:
        body = own.pdf("/a.pdf", "a")
        own.replies["/b.pdf"] = Reply(status=302, headers={"Location": other.base.replace("http:", "https:") + "b.pdf"})
        other.pdf("/b.pdf", "b")
        site = SITE.at(own.base.replace("http:", "https:"))
        site = replace(site, insecure="证书2025年过期，已函告", hosts=(other.base[7:-1],))
        fetched = get(fetcher, site, "a.pdf")
        assert (fetched.data, fetched.record.fault) == (body, Fault.NONE)
        assert fetched.record.note == "未验证证书（证书2025年过期，已函告）"
        elsewhere = get(fetcher, site, "b.pdf").record
        assert (elsewhere.fault, other.hits) == (Fault.CERTIFICATE, [])
        assert get(fetcher, replace(site, insecure=""), "a.pdf").record.fault is Fault.CERTIFICATE


def test_an_exception_for_a_certificate_is_noted_only_where_it_was_used(portal, fetcher, site):
    portal.pdf("/a.pdf", "a")
    assert get(fetcher, replace(site, insecure="过期"), "a.pdf").record.note == ""


def test_internet_sites_need_a_contact(night, site):
    with Fetcher(night.clock) as fetcher, pytest.raises(ValueError, match="联系方式"):
        get(fetcher, replace(site, local=False), "a.pdf")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://a.gov.cn/x", True),
        ("https://a.gov.cn:443/x", True),
        ("http://img.b.gov.cn/x", True),
        ("http://b.gov.cn", True),
        ("http://a.gov.cn:8080/x", False),
        ("http://evila.gov.cn/", False),
        ("http://evilb.gov.cn/", False),
        ("http://a.gov.cn@evil.cn/", False),
        ("ftp://a.gov.cn/", False),
        ("file:///etc/passwd", False),
        ("http://[", False),
    ],
)
def test_only_declared_hosts(url, allowed):
    site = replace(SITE, base_url="http://a.gov.cn/", hosts=(".b.gov.cn",))
    assert site.allows(url) is allowed
