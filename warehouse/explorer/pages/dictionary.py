"""The dictionary: what every table and column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.catalogue import catalogue
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked


def dictionary(asked: Asked) -> Mapping[str, Any]:
    """All schemas with their tables, columns and comments."""
    return {"schemas": catalogue(asked.con)}


ROUTES = (page("/dictionary", dictionary, "dictionary.html"),)
