"""Standard names of subjects by code and year, and how a printed name stands to them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipeline.forms import FORMS
from pipeline.reference import aliases, codes_of_names, renames, subjects
from pipeline.wording import bare, near

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERIC_CODES = 3
"""A name that so many codes bear (行政运行, 事业运行) says the same under a code that is not known."""

_KEYS = ("form", "line", "label", "fiscal_year")
_HINT = re.compile(r"\([^()]*\)$")


class Standing(NamedTuple):
    """Standard name of a line in a year, and how the printed one stands to it.

    same: as in that year's classification; alias: another spelling, cut, with a hint, or one character off; renamed:
    a name that the code bore in other years; generic: an unknown code under a name that many codes bear; different:
    a name of something else; unknown_code: not in our list, which is not complete; line: no code but a declared line.
    """

    subject: str
    name_status: str


def normalise_facts(facts: pl.DataFrame, years: Mapping[str, int]) -> pl.DataFrame:
    """Facts with `level`, `parent`, `subject` and `name_status`; `years` gives the fiscal year of each document.

    Levels count digits: 3, 5, 7 are 1, 2, 3; a declared line without code has 0 and no parent.
    """
    dated = facts.with_columns(
        fiscal_year=pl.col("document").replace_strict(dict(years), default=None, return_dtype=pl.Int32)
    )
    distinct = dated.select(_KEYS).unique()
    found = [standing(form, line, label, year or 0) for form, line, label, year in distinct.iter_rows()]
    named = distinct.with_columns(
        subject=pl.Series([item.subject for item in found], dtype=pl.String),
        name_status=pl.Series([item.name_status for item in found], dtype=pl.String),
    )
    is_code = pl.col("line").str.contains(r"^\d+$")
    length = pl.col("line").str.len_chars().cast(pl.Int32)
    result = dated.join(named, on=_KEYS, how="left", nulls_equal=True, maintain_order="left").with_columns(
        level=pl.when(is_code).then((length - 1) // 2).otherwise(0),
        parent=pl.when(is_code & (length > 3)).then(pl.col("line").str.head(-2)).otherwise(pl.lit("")),
    )
    own = ["fiscal_year"] if "fiscal_year" in facts.columns else []
    return result.select(*(column for column in facts.columns if column not in own), *own, *_ADDED)


_ADDED = ("level", "parent", "subject", "name_status")


@lru_cache(maxsize=100_000)
def standing(form: str, line: str, label: str, year: int) -> Standing:
    """How the printed `label` of a line stands to its standard name in a fiscal year (0 if not known)."""
    if not line.isdecimal():
        return Standing(_titles().get((form, line), label), "line")
    classification = FORMS[form].codes or "functional"
    known, name = subjects(classification).get(line), bare(label)
    if known is None:
        generic = len(codes_of_names(classification).get(name, ())) >= GENERIC_CODES
        return Standing(label, "generic" if generic else "unknown_code")
    standard = name_in_year(line, known.name, year)
    if not name or name in {bare(standard), bare(known.name)}:
        # a unit that already prints the next year's name is not behind, whatever we saw first
        return Standing(known.name if name == bare(known.name) else standard, "same")
    if any(name == bare(rename.old_name) for rename in renames().get(line, ())):
        return Standing(standard, "renamed")
    spellings = (bare(standard), bare(known.name), *aliases().get(line, ()))
    if name in spellings or _HINT.sub("", name) in spellings or near(name, spellings):
        return Standing(standard, "alias")
    return Standing(standard, "different")


def name_in_year(code: str, current: str, year: int) -> str:
    """The name that a code bore in a fiscal year, as far as renames were seen."""
    for rename in renames().get(code, ()):
        if 0 < year <= rename.until:
            return rename.old_name
    return current


@lru_cache(maxsize=1)
def _titles() -> dict[tuple[str, str], str]:
    return {(form.key, line.key): line.title for form in FORMS.values() for line in form.lines}
