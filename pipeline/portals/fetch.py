"""The polite client: only where a site, the network and robots.txt allow, patiently, and with evidence.

Kept libraries do what is not ours to invent. httpx sends: connections, TLS, decoding, limits of silence. tenacity
retries and backs off: its waits, its clock and what it retries are replaceable. Protego reads robots.txt, as Scrapy has
it read too: the standard library's parser knows neither wildcards nor the longest match, and would fetch what
`Disallow: /*.pdf$` forbids. Own code is what is ours to decide: hosts, delays, limits, evidence.

Why not Scrapy: it would give up politeness where it matters here, and take the program's shape. Its retry middleware
asks again at once, without backoff, and pays no heed to Retry-After; its defaults do not verify certificates; its cache
keeps answers for replay, not evidence, and every limit of ours (private addresses after resolving, hosts shared by
sites, a record of each request and of each that was not made) would be a middleware around it. It needs an event loop
and with it a process of its own under Dagster, and the crawl, here a generator whose steps a test drives, would be
callbacks. What it is better at, many requests at once, is of no use where a host is asked one thing at a time.

Certificates are verified against the authorities that httpx ships (certifi). A site may except its own host, with a
reason (`Site.insecure`), which every record of such a request repeats. Pages are decoded by what they are before what
they claim to be, GBK and GB 2312 as GB 18030 (`pipeline.read.formats.encoding`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt, wait_exponential

from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.exchange import REDIRECTS, REPEATED, Answer, Clock, Exchange, Limits, Request
from pipeline.portals.headers import file_name, repeatable, whole_number
from pipeline.portals.network import CLOSED, NO_RULES, Robots
from pipeline.read.formats.encoding import decode

if TYPE_CHECKING:
    from pipeline.portals.base import Site


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its record, its bytes (none after a 304), the robots.txt requests made on the way."""

    record: Fetch
    data: bytes
    robots: tuple[Fetch, ...] = ()


class Fetcher:
    """Fetches addresses of declared sites, for one night. Several threads may share it, one site each.

    `contact` is the mail address or page named in the User-Agent; sites that are not local need one.
    """

    def __init__(self, clock: Clock, *, contact: str = "", limits: Limits | None = None) -> None:
        if not contact.isascii():
            raise ValueError(f"联系方式须为英文邮箱或网址，现为 {contact!r}")
        self._clock, self._contact, self._limits = clock, contact, limits or Limits()
        self._exchange = Exchange(clock, self._limits, contact)
        self._robots: dict[str, Robots] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._exchange.close()

    def fetch(
        self, site: Site, url: str, kind: Kind, *, posted: str = "", page_url: str = "", last: Fetch | None = None
    ) -> Fetched:
        """Fetch an address, asking only for what has changed since `last` if that is given.

        `posted` is a form (urlencoded) to be sent to it.

        What the network or the server does never raises: it is the record's fault. Raises ValueError if a site
        on the internet is to be visited without a contact.
        """
        if not site.local and not self._contact:
            raise ValueError("访问外部网站须先设置联系方式（JUESUAN_CONTACT），写入 User-Agent")
        robots: list[Fetch] = []
        headers = {} if last is None else _conditions(last)
        answer, attempts = self._persist(site, Request(url, kind, posted, headers), robots)
        record = Fetch(
            site=site.id,
            kind=kind,
            url=url,
            page_url=page_url,
            fetched_at=self._clock.now(),
            status=answer.status,
            final_url=answer.url,
            content_type=answer.headers.get("content-type", ""),
            content_length=whole_number(answer.headers.get("content-length", "")),
            etag=repeatable(answer.headers.get("etag", "")),
            last_modified=repeatable(answer.headers.get("last-modified", "")),
            size=len(answer.data),
            sha256=hashlib.sha256(answer.data).hexdigest() if answer.data else "",
            attempts=attempts,
            fault=answer.fault,
            note=_note(answer, site.unverified(answer.url)),
            posted=posted,
            file_name=file_name(answer.headers.get("content-disposition", "")),
        )
        if last is not None and answer.status == 304:
            record = _unchanged(record, last)
        return Fetched(record, answer.data, tuple(robots))

    def _persist(self, site: Site, request: Request, robots: list[Fetch]) -> tuple[Answer, int]:
        """Try until an answer is final, waiting longer each time, and at least as long as the server asks."""
        host, limits = self._exchange.host(request.url), self._limits
        if host.closed:
            return Answer(Fault.HOST_CLOSED, request.url), 0
        backoff = wait_exponential(multiplier=limits.backoff, max=limits.longest_wait)
        retrying = Retrying(
            retry=retry_if_result(lambda answer: answer.again),
            stop=stop_after_attempt(limits.attempts),
            wait=lambda state: max(backoff(state), _result(state).wait),
            sleep=self._clock.sleep,
            retry_error_callback=_result,
        )
        answer: Answer = retrying(self._follow, site, request, robots)
        with host.lock:
            host.strikes = host.strikes + 1 if answer.fault.passes else 0
            host.closed = host.closed or host.strikes >= limits.strikes or answer.wait > limits.longest_wait
        return answer, int(retrying.statistics["attempt_number"])

    def _follow(self, site: Site, request: Request, robots: list[Fetch]) -> Answer:
        """One attempt: the address and its redirects, every hop allowed."""
        for _ in range(self._limits.redirects + 1):
            url = request.url
            refusal = self._exchange.refusal(site, url)
            if refusal is not None:
                return refusal
            rules = NO_RULES if request.kind is Kind.ROBOTS else self._rules(site, url, robots)
            if not rules.allows(url):
                return Answer(Fault.HOST_CLOSED if rules is CLOSED else Fault.ROBOTS, url)
            answer = self._exchange.send(site, request)
            if answer.status not in REDIRECTS:
                return answer
            try:
                target = urljoin(url, answer.headers["location"])
            except (KeyError, ValueError):
                return replace(answer, fault=Fault.NOT_UNDERSTOOD)
            # as browsers do: where a form has been taken, what it leads to is asked for
            request = replace(request, url=target, posted=request.posted if answer.status in REPEATED else "")
        return Answer(Fault.REDIRECTS, request.url)

    def _rules(self, site: Site, url: str, trail: list[Fetch]) -> Robots:
        """The rules of the address's host, fetched once a night.

        As RFC 9309 has it: without a robots.txt all is allowed, while its server fails nothing is.
        """
        origin, host = urljoin(url, "/"), self._exchange.host(url)
        with host.rules:  # sites that share a host ask for it once
            if origin not in self._robots:
                self._robots[origin] = self._get_rules(site, url, trail)
                with host.lock:
                    host.delay = max(host.delay, self._robots[origin].delay)
        return self._robots[origin]

    def _get_rules(self, site: Site, url: str, trail: list[Fetch]) -> Robots:
        fetched = self.fetch(site, urljoin(url, "/robots.txt"), Kind.ROBOTS, page_url=url)
        record, fault = fetched.record, fetched.record.fault
        if fault is Fault.TOO_LARGE:
            record = replace(record, fault=Fault.NONE, note="robots.txt 过长，只采用开头部分")
        if not record.fault:
            rules = Robots.read(decode(fetched.data, record.content_type))
            if rules.delay > self._limits.longest_wait:
                note = f"robots.txt 要求每次访问间隔 {rules.delay:g} 秒，超过上限，今晚不访问"
                rules, record = CLOSED, replace(record, fault=Fault.ROBOTS, note=note)
        elif fault.passes or fault is Fault.HOST_CLOSED:
            rules = CLOSED
        else:
            rules = NO_RULES
            note = f"没有可用的 robots.txt（{fault.label}），不限制访问"
            record = replace(record, fault=Fault.NONE, note=note)
        trail.append(record)
        return rules


def _result(state: RetryCallState) -> Answer:
    if state.outcome is None:
        raise AssertionError("tenacity asks only after an attempt")
    answer: Answer = state.outcome.result()
    return answer


def _conditions(last: Fetch) -> dict[str, str]:
    asked = {"If-None-Match": last.etag, "If-Modified-Since": last.last_modified}
    return {name: value for name, value in asked.items() if value}


def _unchanged(record: Fetch, last: Fetch) -> Fetch:
    """The record of a 304: of the content it says what is known from before."""
    return replace(
        record,
        content_type=last.content_type,
        etag=record.etag or last.etag,
        last_modified=record.last_modified or last.last_modified,
        size=last.size,
        sha256=last.sha256,
    )


def _note(answer: Answer, unverified: str) -> str:
    told = [f"未验证证书（{unverified}）"] if unverified else []
    if not answer.fault:
        return "".join(told)
    parts = [answer.fault.label, *told]
    if answer.status not in (None, 200):
        parts.append(f"状态 {answer.status}")
    if answer.fault in (Fault.FOREIGN_HOST, Fault.PRIVATE_ADDRESS, Fault.REDIRECTS):
        parts.append(f"目标 {answer.url}")
    if answer.fault is Fault.TRUNCATED:
        parts.append(f"收到 {len(answer.data)} 字节，应为 {answer.headers.get('content-length', '未说明')}")
    return "，".join(parts)
