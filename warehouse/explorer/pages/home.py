"""The first page: the state of the newest publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.base import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.base import Asked


def home(asked: Asked) -> Mapping[str, Any]:
    """How much there is, by year."""
    return {
        "edition": asked.edition,
        "years": asked.rows(
            "SELECT fiscal_year, count(*) AS reports FROM core.report GROUP BY ALL ORDER BY fiscal_year DESC"
        ),
    }


ROUTES = (page("/", home, "home.html"),)
