"""All that a document says in prose, from its pages to its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.narrative.model import Narrative
from pipeline.narrative.structure import structure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.issues import Issue
    from pipeline.model import Page, ReportHead


def read_narrative(pages: Sequence[Page], head: ReportHead) -> tuple[Narrative | None, tuple[Issue, ...]]:
    """The narrative of final accounts, None where there is no prose, and what could not be read of it."""
    structure = structure_of(pages, head.unit)
    if not structure.paragraphs:
        return None, ()
    return Narrative(structure, (), (), (), ()), ()
