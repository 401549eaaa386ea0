"""Sites that have given nothing for some nights, as subjects of a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.digest.subjects import State, Subject

if TYPE_CHECKING:
    from assets.settings import Settings

NIGHTS = 3
"""Nights without one good answer after which a site is told to be silent."""


def sites(settings: Settings) -> list[Subject]:
    """The sites of the settings that have been asked at all: silent, or heard."""
    if not settings.sites:
        return []
    from assets.collect import configured_sites
    from pipeline.lake import Lake
    from pipeline.portals.state import silences

    found = silences(Lake(settings.lake).fetches())
    return [
        Subject(
            f"site:{site.id}",
            State.SILENT if found[site.id].nights >= NIGHTS else State.HEARD,
            f"网站“{site.name}”已连续{found[site.id].nights}夜没有给出可用的页面，请查看网站是否改版、迁移或不可访问。"
            if found[site.id].nights >= NIGHTS
            else f"网站“{site.name}”又有数据了。",
            since=found[site.id].since,
        )
        for site in configured_sites(settings)
        if site.id in found
    ]
