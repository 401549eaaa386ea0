"""Which identities look at what a text says: they are tested with reports that have one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from expectations.vocabulary import PF
from pipeline.narrative.topics import TOPICS

if TYPE_CHECKING:
    from expectations.model import Identity


def speaks_of_prose(identity: Identity) -> bool:
    """Whether it looks at what a text says, by its checks or in its query."""
    read = identity.predicate.breaches if identity.predicate else ""
    tables = ("told", "claim", "section", "covered_unit", "project", "project_figure")
    return bool(set(identity.forms) & {*TOPICS, PF}) or any(re.search(rf"core\.{table}\b", read) for table in tables)
