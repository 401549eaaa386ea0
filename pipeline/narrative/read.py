"""All that a document says in prose, from its pages to its claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.narrative.claims import read_claims
from pipeline.narrative.model import Narrative
from pipeline.narrative.overview import covered_of, headcounts_of
from pipeline.narrative.structure import structure_of
from pipeline.narrative.titles import ANNEX, GLOSSARY, OVERVIEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Fact, Page, ReportHead, Table
    from pipeline.narrative.model import Structure

_AMOUNT = re.compile(r"\d(?:%|％|[百千万亿]*元)")
_AMOUNTS = 5  # fewer are told in passing


def read_narrative(
    pages: Sequence[Page], tables: Sequence[Table], head: ReportHead, facts: Sequence[Fact]
) -> tuple[Narrative | None, tuple[Issue, ...]]:
    """The narrative of final accounts, None where there is no prose, and what could not be read of it."""
    structure = structure_of(pages, head.unit)
    if not structure.paragraphs:
        return None, ()
    claims, amounts = read_claims(structure, head, facts)
    narrative = Narrative(structure, claims, amounts, headcounts_of(structure, tables), covered_of(structure, tables))
    return narrative, _unknown(structure)


def _unknown(structure: Structure) -> tuple[Issue, ...]:
    """That no heading of an explanation was recognised, although amounts are told somewhere."""
    if any(section.topic for section in structure.sections):
        return ()
    elsewhere = {section.number for section in structure.sections if section.part in {OVERVIEW, GLOSSARY, ANNEX}}
    told = [paragraph for paragraph in structure.paragraphs if paragraph.section not in elsewhere]
    amounts = sum(len(_AMOUNT.findall(paragraph.text)) for paragraph in told)
    if amounts < _AMOUNTS:
        return ()
    mark = next(paragraph.marks[0] for paragraph in told if _AMOUNT.search(paragraph.text))
    text = f"这份文件的文字中有 {amounts} 处金额或比例，没有认出任何一项情况说明的标题，没有读取，请打开原文件核对。"
    return (Issue(IssueKind.NARRATIVE_UNKNOWN, text, page=mark.page, box=mark.box),)
