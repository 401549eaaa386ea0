"""Every number of the sample city, read from its PDF, against what its books say was printed."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.document import read_document
from pipeline.model import Source
from tests.city.expected import expected_facts, report_of
from tests.city.plan import reports
from tests.city.units import UNITS

CITY = Path(__file__).parent / "city" / "reports"
NAMES = {unit.key: unit.name for unit in UNITS}
FILES = [report.file for report in reports()]


@pytest.mark.parametrize("file", FILES)
def test_every_printed_cell_is_a_fact_and_every_fact_was_printed(file):
    reading = read_document((CITY / file).read_bytes(), Source(Path(file).name))

    printed = Counter(cell for cell in expected_facts(file) if cell[3] not in {"", "-"})
    read = Counter((f.form, f.line, f.measure, f.printed) for f in reading.facts if f.printed not in {"", "-"})

    assert set(read) - set(printed) == set()
    assert set(printed) - set(read) == set()
    assert all(form.lifted == form.numbers for form in reading.forms)
    report = report_of(file)
    assert (reading.head.unit, reading.head.fiscal_year) == (NAMES[report.unit], report.year)
