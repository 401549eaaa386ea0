"""Portals of each vendor's kind on the loopback interface, with texts of our own.

Belongs here: one module per family, holding one `Imitation` that gives a town's posts (`town`) in that vendor's page
structure. What goes wrong is switched on by the test: in the posts, in the imitation's own habits, or by putting
another reply in place of one of its own.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.imitations.base import Imitation


def imitations() -> dict[str, type[Imitation]]:
    """All imitations by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {kind.__name__.lower(): kind for module in modules for kind in getattr(module, "IMITATIONS", ())}
