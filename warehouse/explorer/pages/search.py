"""Units and subjects by name: parts of names, of earlier names too, or a code."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked

MOST = 50
_FINDING = re.compile(r"[0-9a-f]{16}")


def search(asked: Asked) -> Mapping[str, Any] | Response:
    """What all words of the question stand in; the number of a finding leads to it."""
    sought = asked.word("q")[:100]
    words = sought.casefold().split()
    if _FINDING.fullmatch(sought):
        return RedirectResponse(f"/findings/{sought}", HTTPStatus.SEE_OTHER)
    found = {
        "units": asked.rows(_UNITS, {"words": words, "most": MOST + 1}) if words else [],
        "subjects": asked.rows(_SUBJECTS, {"words": words, "most": MOST + 1}) if words else [],
    }
    return {"sought": sought, "most": MOST, **found}


_UNITS = """
    WITH hit AS (
        SELECT series, arg_max(name, last_year) AS name
        FROM core.unit_name
        WHERE list_bool_and(list_transform($words, lambda word: contains(lower(name), word)))
        GROUP BY series
        UNION ALL
        SELECT series, unit FROM core.unit WHERE unit_code = $words[1]
    )
    SELECT u.unit_id, u.unit, u.department, u.region, if(h.name <> u.unit, h.name, '') AS former,
        concat_ws('–', y.first_year, nullif(y.last_year, y.first_year)) AS years, y.reports
    FROM hit h
    JOIN core.unit u ON u.unit_id = h.series
    JOIN (
        SELECT n.series, min(u.fiscal_year) AS first_year, max(u.fiscal_year) AS last_year,
            sum(u.reports)::INTEGER AS reports
        FROM core.unit_year u JOIN core.unit n USING (unit_id) GROUP BY n.series
    ) y ON y.series = h.series
    ORDER BY lower(u.unit) <> array_to_string($words, ' '), length(u.unit), u.unit, u.unit_id
    LIMIT $most
"""
_SUBJECTS = """
    WITH subject AS (
        SELECT 'functional' AS kind, code, name, level FROM ref.functional_subject
        UNION ALL
        SELECT 'economic', code, name, level FROM ref.economic_subject
    ), named AS (
        SELECT kind, code, name FROM subject UNION SELECT kind, code, name FROM ref.subject_name
    ), hit AS (
        SELECT kind, code, list(DISTINCT name ORDER BY name) AS names
        FROM named
        WHERE list_bool_and(list_transform($words, lambda word: starts_with(code, word) OR contains(lower(name), word)))
        GROUP BY kind, code
    )
    SELECT kind, code, s.name, s.level, if(list_contains(names, s.name), '', array_to_string(names, '、')) AS former
    FROM hit JOIN subject s USING (kind, code)
    ORDER BY code <> $words[1], kind DESC, s.level, code
    LIMIT $most
"""

ROUTES = (page("/search", search, "search.html"),)
