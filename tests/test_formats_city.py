"""Reports of the sample city in every format: the same facts as their PDF, to the last printed digit."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.document import read_document
from pipeline.model import Source
from tests.city.expected import expected_facts, report_of
from tests.city.formats import SAMPLED, SAMPLES, Variant, rendered, varied

STYLES = {
    "guangxi": "2024/hotline.pdf", "shanghai": "2024/library.pdf", "word": "2024/petition.pdf",
    "excel": "2024/patrol.pdf", "yuan": "2024/theatre.pdf", "yuan_whole": "2024/rescue.pdf",
}  # fmt: skip
FOR_WORD = {"guangxi", "word", "yuan_whole"}
NOTHING = {"", "-"}
VARIANTS = {
    "all in one sheet": Variant(one_sheet=True),
    "all in one sheet, framed": Variant(one_sheet=True, framed_captions=True),
    "no cells merged": Variant(merged=False),
    "no rules": Variant(ruled=False),
    "no rules, no cells merged, one sheet": Variant(ruled=False, merged=False, one_sheet=True),
    "numbers": Variant(numbers=True),
    "titles on the tabs": Variant(titled_by_tab=True),
    "titles on the tabs, no rules": Variant(titled_by_tab=True, ruled=False, merged=False),
    "empty columns at the left": Variant(apart=2, ruled=False, numbers=True),
}


def compare(data: bytes, file: str, name: str):
    reading = read_document(data, Source(name))
    printed = Counter(cell for cell in expected_facts(file) if cell[3] not in NOTHING)
    read = Counter((f.form, f.line, f.measure, f.printed) for f in reading.facts if f.printed not in NOTHING)
    assert set(read) - set(printed) == set()
    assert set(printed) - set(read) == set()
    assert {fact.reader for fact in reading.facts} == {name.partition(".")[2]}
    return reading


@pytest.mark.parametrize("style", STYLES)
def test_every_layout(style, thorough):
    """As a web page, and as a workbook or a document for Word: these take long to write, and one of both will do."""
    file = STYLES[style]
    report = report_of(file)
    written = ("xlsx", "docx") if thorough else ("docx",) if style in FOR_WORD else ("xlsx",)
    for kind in ("html", *written):
        reading = compare(rendered(report, kind), file, f"a.{kind}")
        assert reading.issues == ()
        assert (reading.head.unit, reading.head.fiscal_year) == (report.book.unit.name, report.year)
        assert reading.head.parts == (1, 2, 3, 4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_way_to_lay_out_a_workbook(variant, thorough):
    """In three styles, or in one of them, each in its turn."""
    styles = ["guangxi", "shanghai", "yuan"]
    for style in styles if thorough else [styles[list(VARIANTS).index(variant) % 3]]:
        file = STYLES[style]
        compare(varied(report_of(file), VARIANTS[variant]), file, "a.xlsx")


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_samples_made_by_libreoffice(kind):
    reading = compare((SAMPLES / f"hotline.{kind}").read_bytes(), SAMPLED, f"a.{kind}")
    assert [form.pages for form in reading.forms] == [(n, n) for n in range(1, 10)]
    assert {fact.precision for fact in reading.facts if fact.printed} == {100}


def test_a_file_without_a_cover_takes_unit_and_year_from_its_name():
    data = varied(report_of("2024/library.pdf"), Variant())
    reading = read_document(data, Source("澄川市少年儿童图书馆2024年度单位决算公开表.xlsx"))
    assert (reading.head.unit, reading.head.fiscal_year, reading.head.kind) == ("澄川市少年儿童图书馆", 2024, "决算")
