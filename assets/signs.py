"""How the sites of the settings stand: what the asset checks show, and the subjects of a digest."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from expectations.digest.subjects import State, Subject
from pipeline.portals.signs import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assets.settings import Settings
    from pipeline.lake import Lake
    from pipeline.portals.base import Site
    from pipeline.portals.signs import Sign


def standing(settings: Settings, today: date) -> list[tuple[Site, tuple[Sign, ...]]]:
    """Every site of the settings with one sign of each kind, from all that the lake holds."""
    if not settings.sites:
        return []
    from assets.collect import configured_sites
    from pipeline.lake import Lake

    lake, sites = Lake(settings.lake), configured_sites(settings)
    return list(zip(sites, _signs(lake, tuple(site.id for site in sites), today, lake.state()), strict=True))


@lru_cache(maxsize=1)
def _signs(lake: Lake, sites: Sequence[str], today: date, state: str) -> list[tuple[Sign, ...]]:  # noqa: ARG001 - part of the key
    """The signs of each site. The checks and the digest of a night ask for the same, of the same lake."""
    return [signs_of(lake, site, today) for site in sites]


def signs_of(lake: Lake, site: str, today: date) -> tuple[Sign, ...]:
    """One sign of each kind of a site (its id): one site's evidence at a time is in memory."""
    from pipeline.portals.watch import signs

    return signs(site, lake.fetches(site), lake.publications(site), lake.crawls(), today)


def subjects(settings: Settings, today: date) -> list[Subject]:
    """The same as subjects; what cannot be judged today stands as it did."""
    return [_subject(site, sign) for site, signs in standing(settings, today) for sign in signs]


def _subject(site: Site, sign: Sign) -> Subject:
    told = {
        Outcome.AMISS: f"网站“{site.name}”{sign.kind.label}：{sign.text}{sign.kind.advice}",
        Outcome.AS_USUAL: f"网站“{site.name}”：“{sign.kind.label}”的情况不再出现。",
    }
    return Subject(
        f"site:{site.id}:{sign.kind}",
        _STATES[sign.outcome],
        told.get(sign.outcome, ""),
        # a sign of last year whose end could not be judged is told anew this year, one that has grown at once
        mark=f"{sign.since.year}.{sign.degree}" if sign.since else "",
        since=sign.since,
        url=sign.url,
    )


_STATES = {Outcome.AMISS: State.AMISS, Outcome.AS_USUAL: State.AS_USUAL, Outcome.NOT_JUDGED: State.UNVERIFIED}
