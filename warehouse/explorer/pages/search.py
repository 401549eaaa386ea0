"""Units and subjects by name: parts of names, of earlier names too, or the beginning of a code."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from warehouse.explorer.base import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from warehouse.explorer.base import Asked

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
    WITH name AS (
        SELECT unit_id, unit AS name, max(fiscal_year) AS last_year FROM core.report GROUP BY ALL
    ), hit AS (
        SELECT n.unit_id, arg_max(n.name, n.last_year) AS name
        FROM name n
        JOIN core.unit u USING (unit_id)
        WHERE list_bool_and(list_transform($words, lambda word:
            contains(lower(n.name), word) OR contains(lower(u.unit), word) OR u.unit_code = word))
        GROUP BY n.unit_id
    )
    SELECT u.unit_id, u.unit, u.department, u.region, if(h.name <> u.unit, h.name, '') AS former, r.years, r.reports
    FROM hit h
    JOIN core.unit u USING (unit_id)
    LEFT JOIN (
        SELECT unit_id, count(*) AS reports,
            concat_ws('–', min(fiscal_year), nullif(max(fiscal_year), min(fiscal_year))) AS years
        FROM core.report GROUP BY unit_id
    ) r USING (unit_id)
    ORDER BY lower(u.unit) <> array_to_string($words, ' '), length(u.unit), u.unit, u.unit_id
    LIMIT $most
"""
_SUBJECTS = """
    SELECT kind, code, name, level FROM (
        SELECT 'functional' AS kind, code, name, level FROM ref.functional_subject
        UNION ALL
        SELECT 'economic', code, name, level FROM ref.economic_subject
    )
    WHERE list_bool_and(list_transform($words, lambda word: starts_with(code, word) OR contains(lower(name), word)))
    ORDER BY code <> $words[1], kind DESC, level, code
    LIMIT $most
"""

ROUTES = (page("/search", search, "search.html"),)
