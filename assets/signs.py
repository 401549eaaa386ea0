"""How the sites of the settings stand: what the asset checks show, and the subjects of a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.digest.subjects import State, Subject
from pipeline.portals.signs import Outcome

if TYPE_CHECKING:
    from datetime import date

    from assets.settings import Settings
    from pipeline.portals.base import Site
    from pipeline.portals.signs import Sign


def standing(settings: Settings, today: date) -> list[tuple[Site, tuple[Sign, ...]]]:
    """Every site of the settings with one sign of each kind, from all that the lake holds."""
    if not settings.sites:
        return []
    from assets.collect import configured_sites
    from pipeline.lake import Lake
    from pipeline.portals.watch import signs

    lake = Lake(settings.lake)
    fetches, publications = lake.fetches(), lake.publications()
    return [(site, signs(site.id, fetches, publications, today)) for site in configured_sites(settings)]


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
