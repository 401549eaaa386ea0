"""A night of a declared site at the imitation of its family: whether its declaration works with its vendor's pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.imitations import imitations
from tests.imitations.town import posts
from tests.portal_server import serving
from tests.test_portals_crawl import Nights

if TYPE_CHECKING:
    from pipeline.portals.base import Site


def night_at_an_imitation(site: Site) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(name, path) of every file that the site collects, and of every file of a report that the imitation publishes.

    The imitation lies where its vendor's lists lie; everything else is as the site declares it.
    """
    kind = next(kind for kind in imitations().values() if kind.family == site.family)
    since = min(site.since, 2025)  # the nights of tests are in January 2026
    imitation = kind(posts(4, (since - 1, since)))
    with serving() as portal:
        imitation.open(portal)
        here = replace(site, base_url=portal.base, start=kind.start, since=since, local=True, insecure="", hosts=())
        nights = Nights(portal, here)
        nights.run()
        if nights.issues:
            raise AssertionError(nights.issues)
        collected = sorted((f.publication.name, f.publication.url.removeprefix(portal.base[:-1])) for f in nights.files)
    wanted = (post for post in imitation.posts if post.wanted and post.day.year > since)
    return collected, sorted((paper.name, imitation.file(paper)) for post in wanted for paper in post.papers)
