"""The dictionary: what every table and column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.base import page
from warehouse.explorer.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.base import Asked


def dictionary(asked: Asked) -> Mapping[str, Any]:
    """All schemas with their tables, columns and comments."""
    return {"schemas": catalogue(asked.con)}


ROUTES = (page("/dictionary", dictionary, "dictionary.html"),)
