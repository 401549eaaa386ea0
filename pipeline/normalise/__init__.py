"""Facts become comparable between units, places and years.

Here belongs the meaning of codes and names outside their report: standard names of subjects by year, ids of units.
Not here: anything of how a report prints them.
"""

from pipeline.normalise.subjects import normalise_facts
from pipeline.normalise.units import covered_ids, unit_id

__all__ = ["covered_ids", "normalise_facts", "unit_id"]
