"""One module per vendor of portal software, holding one `FAMILY`; found by a walk, there is no list to edit.

Belongs here: pure functions from a fetched page to what it lists or publishes. No requests, no files.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.portals.base import Family


@cache
def families() -> dict[str, Family]:
    """All families by key."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: list[Family] = [module.FAMILY for module in modules]
    return {family.key: family for family in found}
