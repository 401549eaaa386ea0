"""Reports published in two files, the narrative in one and the tables in another: which belong together.

Two files are halves of one report if only one of them has tables, neither contradicts the other on unit, year, scope
and level, and they were published together or name the same report. What one of them leaves out, as spreadsheets
often do, the other says. Where more than one partner is possible, nothing is paired.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipeline.bundle import SEPARATOR
from pipeline.wording import plain
from warehouse.frames import create_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import duckdb

    _Keys = Callable[["Half"], set[object]]
    _Place = tuple[str, str, str]
    _Publication = tuple[str, str, int, str, str, str, str]

_WORDS = re.compile(
    r"20\d{2}|二[〇○零][〇○零一二三四五六七八九]{2}|年度?|信息公开|公开信息|公开|部门|单位|预?决算|收支|情况|文字|正文|说明"
    r"|报告|报表|表格|附表|附件|数据表|表$|[^\u4e00-\u9fffA-Za-z]|[及和与的]"
)
"""What file names say of any report; the rest is whose it is."""
_SHORTENED = 3


class Half(NamedTuple):
    """A file of final accounts that may be half of a report; of several the one of the highest rank goes first.

    What it does not say is "" or 0.
    """

    document: str
    tables: bool
    unit_id: str
    unit: str
    year: int
    scope: str
    level: str
    stems: frozenset[str]
    rank: str

    @property
    def named(self) -> bool:
        """Whether it says whose accounts of which year it holds."""
        return bool(self.unit_id and self.year)

    def agrees(self, other: Half) -> bool:
        """Whether the two are of different kinds and contradict each other in nothing."""
        if self.tables == other.tables:
            return False
        said = ((self.year, other.year), (self.scope, other.scope), (self.level, other.level))
        return all(not one or not two or one == two for one, two in said) and _one_unit({self.unit, other.unit})


def pair_halves(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table pair(document, narrative): the file with the tables and the one with the text."""
    halves = [
        Half(document, tables, unit_id, unit, year, scope, level, frozenset(_stems(names)), rank)
        for document, tables, unit_id, unit, year, scope, level, names, rank in con.execute(_HALVES).fetchall()
    ]
    found = pairs({half.document: half for half in halves}, con.execute(_PLACES).fetchall())
    schema = {"document": pl.String, "narrative": pl.String}
    create_table(con, "TEMP TABLE pair", pl.DataFrame(found, schema=schema, orient="row"))


def pairs(halves: dict[str, Half], publications: Iterable[_Publication]) -> list[tuple[str, str]]:
    """(tables, narrative) by sha256; `publications` are those of all files, halves or not."""
    places: dict[_Place, set[str]] = defaultdict(set)
    units: dict[_Place, set[str]] = defaultdict(set)
    years: dict[_Place, set[int]] = defaultdict(set)
    for document, unit, year, *published in publications:
        for place in _places(*published):
            places[place].add(document)
            units[place].add(unit)
            years[place].add(year)
    pairing = _Pairing()
    # the narrowest place first: what lies in one folder belongs together rather than what is linked on one page
    for place in sorted(places, key=lambda place: (len(places[place]), place)):
        here = [halves[document] for document in places[place] if document in halves]
        pairing.take(here, _report, _same_report)
        pairing.take(here, _names, _same_name)
        if len(here) == 2 and _one_unit(units[place]) and len(years[place] - {0}) == 1:
            pairing.take(here, _anything, _only_one)
    pairing.take(list(halves.values()), _report, _same_report)
    return pairing.found


class _Pairing:
    """The pairs found so far; a file is in one at most."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.taken: set[str] = set()

    def take(self, halves: Sequence[Half], keys: _Keys, chosen: Callable[[Half, Sequence[Half]], Half | None]) -> None:
        """Pair those of `halves` that choose each other from those with which they share a key."""
        free = sorted((h for h in halves if h.document not in self.taken), key=lambda half: half.rank, reverse=True)
        if len({half.tables for half in free}) < 2:
            return
        sharing: dict[object, list[Half]] = defaultdict(list)
        for half in free:
            for key in keys(half):
                sharing[key].append(half)

        def choice(half: Half) -> Half | None:
            others = {other.document: other for key in keys(half) for other in sharing[key]}
            left = [other for other in others.values() if other.document not in self.taken]
            return chosen(half, sorted(left, key=lambda other: other.rank, reverse=True))

        for narrative in (half for half in free if not half.tables):
            tables = choice(narrative)
            if tables is not None and choice(tables) is narrative:
                self.found.append((tables.document, narrative.document))
                self.taken.update(self.found[-1])


def _report(half: Half) -> set[object]:
    return {(half.unit_id, half.year)} if half.named else set()


def _names(half: Half) -> set[object]:
    """How its file is called, and what its unit may be called for short."""
    unit = plain(half.unit)
    return {*half.stems, *(unit[start:] for start in range(len(unit) - _SHORTENED + 1))}


def _anything(_half: Half) -> set[object]:
    return {None}


def _same_report(half: Half, others: Sequence[Half]) -> Half | None:
    """The first of those that name the same report; none if they are of several scopes or levels."""
    same = [other for other in others if half.agrees(other)]
    exact = [other for other in same if (other.scope, other.level) == (half.scope, half.level)]
    several = len({(other.scope, other.level) for other in exact or same}) > 1
    return None if several else next(iter(exact or same), None)


def _same_name(half: Half, others: Sequence[Half]) -> Half | None:
    """The only one whose file is called like this one's, or like the unit that this one names."""
    return _only(other for other in others if _fit(half, other) and _named_alike(half, other))


def _only_one(half: Half, others: Sequence[Half]) -> Half | None:
    return _only(other for other in others if _fit(half, other))


def _only(found: Iterator[Half]) -> Half | None:
    candidates = list(found)
    return candidates[0] if len(candidates) == 1 else None


def _fit(half: Half, other: Half) -> bool:
    return half.agrees(other) and bool(half.unit_id or other.unit_id) and bool(half.year or other.year)


def _one_unit(names: Iterable[str]) -> bool:
    """Whether names are of one unit: tables often leave out the place before it; "" is any unit's."""
    known = sorted({plain(name) for name in names} - {""}, key=len)
    return all(len(name) >= _SHORTENED and known[-1].endswith(name) for name in known[:-1])


def _named_alike(half: Half, other: Half) -> bool:
    names = [(one, other_.stems) for one, other_ in ((plain(half.unit), other), (plain(other.unit), half))]
    return bool(half.stems & other.stems) or any(
        len(stem) >= _SHORTENED and unit.endswith(stem) for unit, stems in names for stem in stems
    )


def _stems(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if stem := _WORDS.sub("", plain(PurePosixPath(name).stem)):
            yield stem


def _places(site: str, url: str, page_url: str, fetched_at: str) -> Iterator[_Place]:
    """Where a file was published: the page that links it, and, in an archive or on our own disk, its folders."""
    if page_url:
        yield site, "page", page_url
    archive, inside, _ = url.partition(SEPARATOR)
    ours = "://" not in archive
    while "/" in url and (ours or (inside and url != archive)):
        url = url.rpartition("/")[0].removesuffix("!")
        yield site, "folder", url
    if ours:  # the folder that was given, whichever it was, as it was then
        yield site, "delivery", fetched_at


_HALVES = """
    SELECT d.document, f.document IS NOT NULL, coalesce(u.unit_id, ''), coalesce(u.unit, ''),
        coalesce(d.fiscal_year, 0), coalesce(d.scope, ''), coalesce(d.level, ''),
        list_distinct(list_append(coalesce(p.names, []), d.name)),
        -- what explains a report has several parts; an evaluation of projects, say, has none
        concat((len(coalesce(d.parts, [])) > 1)::INT, p.since, d.document)
    FROM raw.document d
    LEFT JOIN document_unit u USING (document)
    LEFT JOIN (SELECT DISTINCT document FROM raw.form_reading) f USING (document)
    LEFT JOIN (
        SELECT document, list(name) AS names,
            min(coalesce(published_on, fetched_at::DATE))::VARCHAR || min(fetched_at)::VARCHAR AS since
        FROM raw.publication GROUP BY document
    ) p USING (document)
    -- a file with tables and several parts of the text is a whole report
    WHERE d.kind = '决算' AND (f.document IS NULL OR len(coalesce(d.parts, [])) < 2)
        AND d.document NOT IN (SELECT document FROM raw.issue WHERE kind = 'not_final_accounts')
"""
_PLACES = """
    SELECT DISTINCT p.document, coalesce(u.unit, ''), coalesce(d.fiscal_year, 0),
        p.site, p.url, p.page_url, p.fetched_at::VARCHAR
    FROM raw.publication p LEFT JOIN raw.document d USING (document) LEFT JOIN document_unit u USING (document)
"""
