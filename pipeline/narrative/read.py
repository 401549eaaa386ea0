"""All that a document says in prose, from its pages to its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.narrative.claims import read_claims
from pipeline.narrative.model import Narrative
from pipeline.narrative.overview import covered_of, headcounts_of
from pipeline.narrative.structure import structure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.issues import Issue
    from pipeline.model import Fact, Page, ReportHead, Table


def read_narrative(
    pages: Sequence[Page], tables: Sequence[Table], head: ReportHead, facts: Sequence[Fact]
) -> tuple[Narrative | None, tuple[Issue, ...]]:
    """The narrative of final accounts, None where there is no prose, and what could not be read of it."""
    structure = structure_of(pages, head.unit)
    if not structure.paragraphs:
        return None, ()
    claims, amounts = read_claims(structure, head, facts)
    return Narrative(structure, claims, amounts, headcounts_of(structure, tables), covered_of(structure, tables)), ()
