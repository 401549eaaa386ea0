"""Asset checks: what Great Expectations says of the judged warehouse, one check an expectation.

The structural suites are blocking: if a key repeats or a report has vanished, nothing is published. The suites of
the identities are news about the units, and never stop the night.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from assets.settings import Settings
from assets.warehouse import findings, previous_publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from expectations.run import Checked
