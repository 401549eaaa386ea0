"""One file per portal site, holding one `SITE`; found by a walk, there is no list to edit.

Belongs here: addresses, since when, whose portal it is, and where that is known from. A site that needs a
function is a new family.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.portals.base import Site


@cache
def sites() -> dict[str, Site]:
    """All declared sites by id."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: list[Site] = [module.SITE for module in modules]
    return {site.id: site for site in found}
