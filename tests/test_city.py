"""The sample city is what it says: consistent books, printed as they are, with the faults that are listed."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from tests.city.books import FIRST_DRAWN, YEARS, books
from tests.city.expected import expected_facts, expected_notes, report_of, wrong_cells
from tests.city.faults import FAULTS
from tests.city.ledger import POOLS
from tests.city.liuzhou import PRINTED_2024
from tests.city.make import REPORTS, index_rows
from tests.city.plan import reports
from tests.city.rules import broken, rules
from tests.city.serve import serving
from tests.city.site import CLOSED, FOLDER, attachment_path, detail_path
from tests.city.style import GUANGXI
from tests.city.units import MEMBERS, REMITTANCE

FILES = [report.file for report in reports()]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.mark.parametrize("key", books(), ids=lambda key: f"{key[0]}{key[2]}-{key[1]}")
def test_the_books_satisfy_every_equality_exactly(key):
    cells = books()[key].cells
    found = list(rules(cells))
    assert len(found) > 150
    assert [rule for rule in found if rule.difference(cells)] == []


@pytest.mark.parametrize("key", books(), ids=lambda key: f"{key[0]}{key[2]}-{key[1]}")
def test_the_books_keep_the_inequalities(key):
    cells = books()[key].cells
    assert min(cells.values()) >= 0
    codes = {line for form, line, _ in cells if form == "expenditure"}
    for code in codes:
        fiscal = sum(
            cells.get((form, code, "total"), 0) for form in ("general_budget", "government_fund", "state_capital")
        )
        assert fiscal <= cells["expenditure", code, "total"]
    for item, line in (("30212", "abroad"), ("30217", "reception"), ("30231", "vehicle_operation")):
        assert cells.get(("basic_expenditure", item, "amount"), 0) <= cells["three_public", line, "final"]
    for item, code in (("30108", "2080505"), ("30109", "2080506"), ("30113", "2210201")):
        assert cells["basic_expenditure", item, "amount"] >= cells["general_budget", code, "basic"]


def test_what_is_left_at_a_years_end_is_what_the_next_one_begins_with():
    for (unit, year, scope), book in books().items():
        if year == FIRST_DRAWN:
            continue
        before = books()[unit, year - 1, scope].cells
        now = book.cells
        assert (
            now["income_expenditure", "opening_carryover", "amount"]
            == before["income_expenditure", "closing_carryover", "amount"]
        )
        for pool in POOLS:
            assert (
                now["fiscal_appropriation", f"opening_carryover_{pool}", "amount"]
                == before["fiscal_appropriation", "closing_fiscal_carryover", pool]
            )


@pytest.mark.parametrize("year", YEARS)
def test_the_department_is_the_sum_of_its_units_less_what_they_paid_each_other(year):
    whole = books()["bureau", year, "汇总"].cells
    parts = [books()[key, year, "本级" if key == "bureau" else ""].cells for key in MEMBERS]

    def added(*key):
        return sum(cells.get(key, 0) for cells in parts)

    for key, amount in whole.items():
        if key[0] not in ("income_expenditure", "income", "expenditure"):
            assert amount == added(*key)
    subsidy = added("income", "total", "superior_subsidy")
    remitted = books()[REMITTANCE[0][0], year, ""].cells["expenditure", "total", "payment_to_superior"]
    assert subsidy == added("expenditure", "total", "affiliate_subsidy") > 0
    assert remitted == added("income", "total", "affiliate_remittance") > 0
    assert whole["income", "total", "total"] == added("income", "total", "total") - subsidy - remitted
    assert whole["expenditure", "total", "total"] == added("expenditure", "total", "total") - subsidy - remitted
    assert whole["income", "total", "superior_subsidy"] == whole["expenditure", "total", "affiliate_subsidy"] == 0


def test_the_hotline_of_liuzhou_prints_its_true_figures():
    facts = {fact[:3]: fact[3] for fact in expected_facts("2024/hotline.pdf")}
    assert {key: facts[key] for key in PRINTED_2024} == PRINTED_2024
    assert {text for key, text in facts.items() if key not in PRINTED_2024} == {"0.00"}
    assert facts["general_budget", "2010399", "total"] == "937.75"  # 913.87 + 23.87, as really printed


def test_printed_sums_miss_by_a_last_digit_and_never_by_more_than_rounding_can():
    misses = Counter()
    for key, book in books().items():
        printed = {cell: GUANGXI.money(amount) for cell, amount in book.cells.items()}
        assert list(broken(printed, GUANGXI)) == [], key
        amounts = {cell: int(Decimal(text.replace(",", "")) * 100) for cell, text in printed.items()}
        misses.update(abs(rule.difference(amounts)) for rule in rules(amounts))
    assert misses[1] > 500
    assert misses[2] > 10
    assert max(misses) <= 5


@pytest.mark.parametrize("file", FILES)
def test_only_the_listed_faults_are_printed(file):
    report = report_of(file)
    printed = {fact[:3]: fact[3] for fact in expected_facts(file)}
    failed = list(broken(printed, report.layout))
    wrong = {cell[:3] for cell in wrong_cells(file)}
    expected = set(FAULTS[report.fault].breaks) - {"C-01"} if report.fault else set()
    assert expected <= {rule.identity for rule in failed}
    assert bool(failed) == bool(wrong)
    assert all(wrong & {key for _, key in rule.terms} for rule in failed)


def test_every_empty_table_says_so_but_one():
    silent = []
    for file in FILES:
        facts = expected_facts(file)
        for form in ("government_fund", "state_capital", "three_public"):
            texts = {text for found, _, _, text in facts if found == form}
            if not any(re.search("[1-9]", text) for text in texts) and not expected_notes(file)[form]:
                silent.append((file, form))
    assert silent == [("2024/stateowned.pdf", "government_fund")]


def test_the_index_lists_the_committed_files():
    with (REPORTS.parent / "index.csv").open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == index_rows()
    found = {path.relative_to(REPORTS).as_posix(): path.stat().st_size for path in REPORTS.rglob("*.pdf")}
    assert sorted(found) == sorted(FILES)
    assert max(found.values()) < 130_000
    assert sum(found.values()) < 6_000_000
    assert {report.fault for report in reports()} - {""} == FAULTS.keys()


@pytest.mark.parametrize("file", FILES)
def test_a_committed_report_opens_with_embedded_fonts_and_prints_the_expected_numbers(file):
    with pypdfium2.PdfDocument(REPORTS / file) as document:
        assert len(document) >= 14
        text = ""
        for page in document:
            text += page.get_textpage().get_text_bounded() + "\n"
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
                assert pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item.raw))
    wanted = Counter(text for *_, text in expected_facts(file) if re.search("[1-9]", text))
    assert wanted - Counter(NUMBER.findall(text)) == Counter()
    report = report_of(file)
    assert report.book.unit.name in re.sub(r"\s", "", text)
    assert f"{report.year}年度" in re.sub(r"\s", "", text)


def fetch(url, **headers):
    with urlopen(Request(url, headers=headers)) as answer:  # noqa: S310 - the local portal
        return answer.read(), answer.headers


def test_the_portal_lists_every_report_and_serves_it():
    with serving() as portal:
        root = portal.base.removesuffix(FOLDER)
        page, _ = fetch(portal.base)
        count = int(re.search(r'createPageHTML\((\d+), 0, "index", "html"\)', page.decode())[1])
        lists = [page.decode(), *(fetch(f"{portal.base}index_{n}.html")[0].decode() for n in range(1, count))]
        titles = re.findall(r'title="([^"]+)" target', "".join(lists))
        published = [report for report in reports() if not report.file.startswith("corrected/")]
        assert set(titles) > {report.list_title for report in published}
        for report in published[::9]:
            detail, _ = fetch(root + detail_path(report.file))
            assert attachment_path(report.file).rpartition("/")[2].encode() in detail
            content, headers = fetch(root + attachment_path(report.file))
            assert content == (REPORTS / report.file).read_bytes()
            assert headers["Content-Type"] == "application/pdf"
        assert f"Disallow: {CLOSED}" in fetch(f"{root}/robots.txt")[0].decode()
        with pytest.raises(HTTPError, match="404"):
            fetch(f"{portal.base}nowhere.html")
        assert portal.most_at_once() == 1
        assert len(portal.asked(suffix=".pdf", status=200)) == len(published[::9])


def test_a_corrected_report_stands_at_the_same_address_and_an_unchanged_one_is_not_sent_again():
    path = attachment_path("2022/petition.pdf")
    assert path == attachment_path("corrected/2022/petition.pdf")
    with serving() as portal:
        url = portal.base.removesuffix(FOLDER) + path
        content, headers = fetch(url)
        for condition in (
            {"If-None-Match": headers["ETag"]},
            {"If-Modified-Since": headers["Last-Modified"]},
        ):
            with pytest.raises(HTTPError, match="304"):
                fetch(url, **condition)
        portal.publish_corrections()
        corrected, _ = fetch(url, **{"If-None-Match": headers["ETag"], "If-Modified-Since": headers["Last-Modified"]})
        assert content == (REPORTS / "2022/petition.pdf").read_bytes()
        assert corrected == (REPORTS / "corrected/2022/petition.pdf").read_bytes()
        assert portal.asked(status=304) == [path, path]


def test_the_portal_ends_by_itself():
    with serving(seconds=0.2) as portal:
        fetch(portal.base)
        portal.stopped.wait(5)
        assert portal.stopped.is_set()
        with pytest.raises(URLError, match="refused"):
            urlopen(portal.base, timeout=0.5)  # noqa: S310 - the local portal


def test_drawing_again_gives_the_same_books():
    first = {key: book.cells for key, book in books().items()}
    books.cache_clear()
    assert {key: book.cells for key, book in books().items()} == first


def test_the_sources_of_the_city_do_not_import_the_product():
    for path in Path(__file__).with_name("city").glob("*.py"):
        imports = re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        if path.name != "night.py":
            assert not {"pipeline", "warehouse", "expectations", "assets"} & set(imports), path.name
