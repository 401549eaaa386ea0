"""Pages read by their pictures: what is found in them, how far it is trusted, and what follows from a doubt."""

import io
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from assets.inspect import check
from pipeline.document import read_document
from pipeline.issues import IssueKind
from pipeline.lift.confirm import confirm, likeliest
from pipeline.model import Box, Cell, Page, RawTable, Source
from pipeline.read import ocr
from pipeline.read.characters import improbable_share
from pipeline.read.document import read_pages
from pipeline.read.pieces import PIECE_GAP
from pipeline.read.skew import as_displayed
from tests.city.expected import expected_facts
from tests.excerpt import excerpt
from tests.scans import Scan, scanned_pages, scanned_pdf

cv2 = pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

from pipeline.read.ocr import numbers, picture, posture, rules, words  # noqa: E402 - only where the extra is installed
from pipeline.read.ocr.doubts import with_confidence  # noqa: E402
from pipeline.read.ocr.engine import Said  # noqa: E402
from pipeline.read.ocr.misfits import misfits, parted  # noqa: E402
from pipeline.read.ocr.page import glyphs_of  # noqa: E402
from pipeline.read.ocr.picture import Picture  # noqa: E402
from pipeline.read.ocr.reading import DOUBTFUL, READ_TWICE, UNREAD, Word, read_words  # noqa: E402
from pipeline.read.ocr.words import Place  # noqa: E402

CITY = Path(__file__).parent / "city" / "reports" / "2024"
COVER, FORM, FUND, VISITS = 1, 8, 10, 12
"""Pages of a report: the first, that with its general budget table, and two with few figures."""


def form_page(name="hotline", pages=(COVER, FORM)):
    """The cover and the page of one table, as a PDF of their own."""
    return excerpt(CITY / f"{name}.pdf", pages)


@pytest.fixture(scope="module")
def digital():
    return read_document(form_page(), Source("form.pdf"))


@pytest.fixture(scope="module")
def recognised():
    """A scan read once: the reading, and its pages as recognition gave them."""
    scan = Scan(200, skew=1.5, noise=8, quality=70, stamp=True, seed=3)
    pages = []

    def kept(*args):
        page, issues = read_page(*args)
        pages.append(page)
        return page, issues

    read_page = ocr.read_page
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "read_page", kept)
        reading = read_document(scanned_pdf(form_page(), [1, 2], scan), Source("scan.pdf"))
    return reading, pages


@pytest.fixture(scope="module")
def scanned(recognised):
    return recognised[0]


def cells_of(reading):
    return {(fact.form, fact.line, fact.measure, fact.printed) for fact in reading.facts}


# the whole way


def test_a_scan_gives_the_facts_of_its_page(scanned, digital):
    assert cells_of(scanned) == cells_of(digital)
    printed = {cell for cell in expected_facts("2024/hotline.pdf") if cell[0] == "general_budget"}
    assert cells_of(scanned) == printed
    assert {fact.confidence for fact in scanned.facts} == {READ_TWICE}
    assert {fact.reader for fact in scanned.facts} == {ocr.READER}
    assert [issue for issue in scanned.issues if issue.page] == []


def test_boxes_of_a_scan_are_those_of_the_sheet_as_it_lies(recognised, digital):
    """The sheet lies askew: a cell is where it was drawn, turned around the middle of the page."""
    where = {(fact.line, fact.measure): fact.box for fact in digital.facts}
    scanned, page = recognised
    skew = page[1].skew
    assert 0.1 < abs(skew) < 1.5
    for fact in scanned.facts:
        drawn = as_displayed(where[fact.line, fact.measure], page[1])
        assert fact.box == pytest.approx(drawn, abs=3.0)


def test_a_font_without_encoding_is_read_by_its_picture_on_the_grid_of_the_file():
    """Without its map to characters the text of the file is nonsense; the rules are still exact."""
    data = form_page(pages=(VISITS,))
    digital = read_document(data, Source("form.pdf"))
    assert len(digital.facts) == 12
    assert b"/ToUnicode" in data
    reading = read_document(data.replace(b"/ToUnicode", b"/ToUnicodX"), Source("broken.pdf"))
    assert cells_of(reading) == cells_of(digital)
    boxes = {(fact.line, fact.measure): fact.box for fact in digital.facts}
    assert all(fact.box == pytest.approx(boxes[fact.line, fact.measure], abs=0.01) for fact in reading.facts)
    assert all(fact.confidence < 1 for fact in reading.facts)


def test_an_image_turned_on_its_side_is_a_document():
    """Pages of a TIFF; the second lies on its side, and its boxes are those of the picture as it is."""
    sheets = scanned_pages(form_page(pages=(FUND,)), [1], Scan(150, quarter=1))
    data = io.BytesIO()
    sheets[0].save(data, "TIFF", dpi=(150, 150), compression="jpeg")
    (page,), issues = read_pages(data.getvalue(), "scan.tif")
    assert page.rotation == 90
    assert (page.width, page.height) == pytest.approx((sheets[0].width * 0.48, sheets[0].height * 0.48), abs=1)
    assert issues == ()
    texts = {cell.text for table in page.tables for cell in table.cells}
    assert {"本年收入", "科目名称", "合计", "0.00"} <= texts
    total = next(cell for table in page.tables for cell in table.cells if cell.text == "合计")
    assert total.box.bottom - total.box.top > total.box.x1 - total.box.x0


# what is not installed, damaged or blank


def test_without_the_extra_a_scan_is_an_issue(monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    pages, issues = read_pages(scanned_pdf(form_page(), [2], Scan(100)), "scan.pdf")
    assert [issue.kind for issue in issues] == [IssueKind.NO_TEXT, IssueKind.NO_TABLES]
    assert "没有安装文字识别" in issues[0].text
    assert not pages[0].tables
    sheet = io.BytesIO()
    scanned_pages(form_page(), [2], Scan(50))[0].save(sheet, "PNG")
    assert [issue.kind for issue in read_pages(sheet.getvalue(), "scan.png")[1]] == [IssueKind.UNSUPPORTED_FORMAT]


def test_text_of_a_pdf_needs_no_recognition(monkeypatch, digital):
    monkeypatch.setattr(ocr, "read_page", lambda *_: pytest.fail("a page with text was recognised"))
    assert cells_of(read_document(form_page(), Source("form.pdf"))) == cells_of(digital)


def illustrated_page(*pictures):
    """A page of two lines and of pictures below one another, each as wide as the text."""
    data = io.BytesIO()
    sheet = canvas.Canvas(data, pagesize=(595, 842))
    sheet.drawString(90, 780, "Final accounts 2024, current year 1,165.30")
    for place, image in enumerate(pictures):
        sheet.drawImage(ImageReader(Image.fromarray(image)), 90, 480 - 260 * place, 415, 250)
    sheet.save()
    return data.getvalue()


def plain():
    return np.full((500, 830, 3), 255, np.uint8)


def chart(kind):
    """A chart in its frame: slices, or columns on the lines of a scale."""
    image = plain()
    cv2.rectangle(image, (2, 2), (827, 497), (120, 120, 120), 2)
    if kind == "pie":
        cv2.ellipse(image, (415, 250), (180, 180), 0, 0, 250, (79, 129, 189), -1)
        cv2.ellipse(image, (415, 250), (180, 180), 0, 250, 360, (192, 80, 77), -1)
        return image
    for number, height in enumerate((120, 300, 220)):
        cv2.rectangle(image, (150 + 220 * number, 450 - height), (230 + 220 * number, 450), (79, 129, 189), -1)
    cv2.line(image, (60, 450), (780, 450), (90, 90, 90), 2)
    return image


@pytest.mark.parametrize("kind", ["pie", "columns"])
def test_charts_beside_a_text_are_not_recognised(monkeypatch, kind):
    monkeypatch.setattr(ocr, "read_page", lambda *_: pytest.fail("a chart was recognised"))
    (page,), _ = read_pages(illustrated_page(chart(kind), chart(kind)), "chart.pdf")
    assert [line.text for line in page.lines] == ["Final accounts 2024, current year 1,165.30"]


@pytest.mark.parametrize("down", [True, False], ids=["ruled", "three-line"])
def test_a_table_in_a_picture_beside_a_text_is_recognised(monkeypatch, down):
    seen = []
    monkeypatch.setattr(ocr, "read_page", lambda document, ink, before: seen.append(ink.number))
    image = plain()
    for y in (20, 100, 480):
        cv2.line(image, (20, y), (810, y), (0, 0, 0), 2)
    for x in (20, 400, 810) if down else ():
        cv2.line(image, (x, 20), (x, 480), (0, 0, 0), 2)
    read_pages(illustrated_page(image, image), "picture.pdf")
    assert seen == [1]


def test_a_damaged_image_is_an_issue():
    sheet = io.BytesIO()
    scanned_pages(form_page(), [1], Scan(50))[0].save(sheet, "PNG")
    _, issues = read_pages(sheet.getvalue()[:200], "scan.png")
    assert [issue.kind for issue in issues] == [IssueKind.DAMAGED_FILE]


# doubt


class Voices:
    """A recogniser that says what it is told, one list for each time that it is asked, always as sure of it."""

    def __init__(self, *answers, score=0.99):
        self.answers = list(answers)
        self.score = score

    def read(self, crops):
        texts = self.answers.pop(0) if crops else []
        assert len(crops) == len(texts)
        return [Said(t, (self.score,) * len(t), tuple((n + 0.5) / len(t) for n in range(len(t)))) for t in texts]


def heard(*answers, score=0.99):
    cell = Box(0, 0, 200, 40)
    place = Place(Box(20, 10, 120, 30), Box(15, 5, 125, 35), cell, seen=True)
    blank = np.full((60, 220), 255, np.uint8)
    (word,) = read_words(Voices(*([answer] for answer in answers), score=score), blank, blank * 0, [place])
    return word


def test_figures_on_which_two_readings_agree_are_trusted():
    assert heard("1,234.50", "1,234.50")[::4] == ("1,234.50", READ_TWICE)
    assert heard("1,234,50", "1，234.5O")[::4] == ("1,234.50", READ_TWICE)
    assert heard("1,234.50", "1,234.50", "1,234.50", score=0.9)[::4] == ("1,234.50", READ_TWICE)


def test_figures_that_two_readings_are_not_certain_of_need_a_third_one():
    word = heard("12.43", "12.43", "12.13", score=0.9)
    assert word[::4] == ("12.43", DOUBTFUL)
    assert word.readings == ("12.43", "12.43", "12.13")


def test_a_point_where_only_a_comma_can_stand_is_one_and_a_doubt():
    assert heard("1.234.50", "1.234.50")[::4] == ("1,234.50", DOUBTFUL)
    assert heard("2.430,924", "2,430,924")[::4] == ("2,430,924", DOUBTFUL)
    assert heard("1.234", "1.234")[::4] == ("1.234", READ_TWICE)


def test_figures_on_which_readings_differ_are_doubtful_whatever_a_third_says():
    word = heard("1,234.50", "1,284.50", "1,284.50")
    assert word[::4] == ("1,284.50", DOUBTFUL)
    assert word.readings == ("1,234.50", "1,284.50", "1,284.50")


def test_a_minus_seen_once_is_a_doubt():
    assert heard("12.30", "-12.30", "12.30").confidence == DOUBTFUL


def table_of(rows):
    cells = tuple(
        Cell(1, Box(60 * c, 20 * r, 60 * c + 60, 20 * r + 20), r, c, text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return RawTable(1, Box(0, 0, 60 * len(rows[0]), 20 * len(rows)), len(rows), len(rows[0]), cells)


def doubts_of(rows, doubtful=()):
    table = table_of(rows)
    read = [
        Word(
            cell.text,
            cell.box,
            cell.box,
            (),
            DOUBTFUL if cell.text in doubtful else READ_TWICE,
            (cell.text, "9") if cell.text in doubtful and numbers.figures(cell.text) else (),
        )
        for cell in table.cells
        if cell.text
    ]
    page, issues = with_confidence(Page(1, 600, 800, 0, (), (table,), ocr.READER), read)
    return {cell.text: cell.confidence for cell in page.tables[0].cells}, issues


def test_a_doubtful_figure_is_told_with_its_row_and_all_readings():
    confidence, (issue,) = doubts_of([["行政运行", "1.23", "4.56"]], {"4.56"})
    assert confidence == {"行政运行": READ_TWICE, "1.23": READ_TWICE, "4.56": DOUBTFUL}
    assert issue.kind is IssueKind.DOUBTFUL_CELL
    assert issue.box == Box(120, 0, 180, 20)
    assert all(word in issue.text for word in ("第1页", "行政运行", "第3列", "“4.56”、“9”", "请对照原件"))


def test_a_doubtful_name_is_left_to_the_lists_of_names():
    assert doubts_of([["行政运行", "1.23"]], {"行政运行"})[1] == ()


def test_print_that_nobody_could_read_is_a_doubt_and_no_blank():
    confidence, (issue,) = doubts_of([["行政运行", UNREAD]], {UNREAD})
    assert confidence[UNREAD] == DOUBTFUL
    assert "有字迹而未能识别" in issue.text


@pytest.mark.parametrize(
    ("rows", "amiss"),
    [
        ([["甲", "1.23"], ["乙", "45.67"], ["丙", "8901"], ["丁", "0.00"]], "8901"),
        ([["甲", "123.45", "6.78", "1011", "2.13", "4.15"]], "1011"),
        ([["2010301", "1.23"], ["2010302", "45.67"], ["2010399", "8.90"]], None),
        ([["1", "2"], ["5", "4.15"], ["6.78", "7.18"]], None),
        ([["甲", "123"], ["乙", "4567"], ["丙", "8901"]], None),
    ],
)
def test_figures_that_lack_the_point_of_their_neighbours_are_doubtful(rows, amiss):
    confidence, _ = doubts_of(rows)
    assert {text for text, sure in confidence.items() if sure < READ_TWICE} == ({amiss} if amiss else set())


@pytest.mark.parametrize(
    ("cells", "amiss"),
    [
        # a rule lost between two figures, and between a figure and a blank; below it, a whole column of merged cells
        ([(0, 0, 1, "甲"), (0, 1, 1, "1"), (0, 2, 1, "2"), (1, 0, 1, "乙"), (1, 1, 2, "3 4")], {"3 4"}),
        ([(0, 0, 1, "1"), (0, 1, 1, "2"), (1, 0, 2, "3"), (2, 0, 1, "4"), (2, 1, 1, "")], {"3"}),
        ([(0, 0, 1, "类"), (0, 1, 1, "款"), (1, 0, 2, "201"), (2, 0, 2, "202")], set()),
        ([(0, 0, 1, "1"), (0, 1, 1, "2"), (1, 0, 2, "合计"), (2, 0, 1, "4"), (2, 1, 1, "5")], set()),
    ],
)
def test_figures_that_do_not_fit_the_grid_are_doubtful(cells, amiss):
    words_of = {}
    for row, column, span, text in cells:
        box = Box(60 * column, 20 * row, 60 * (column + span), 20 * row + 20)
        read = [Word(part, box, box, (), READ_TWICE) for part in text.split()]
        words_of[Cell(1, box, row, column, text, 1, span)] = read
    assert {cell.text for cell in misfits(words_of)} == amiss


def test_a_number_parted_by_an_imagined_rule_is_doubtful():
    left, right = Box(0, 0, 50, 20), Box(50, 0, 100, 20)
    near = [
        Word("12", Box(20, 5, 52, 15), left, (), READ_TWICE),
        Word("3.45", Box(47, 5, 80, 15), right, (), READ_TWICE),
    ]
    assert {word.confidence for word in parted(near)} == {DOUBTFUL}
    apart = [near[0]._replace(box=Box(10, 5, 42, 15)), near[1]]
    assert {word.confidence for word in parted(apart)} == {READ_TWICE}


def test_no_finding_stands_on_a_doubtful_figure(digital, scanned):
    """A digit misread and in doubt: what it breaks is not evaluated; the same digit without a doubt is a finding."""

    def of(unit, *, more=0, confidence=READ_TWICE):
        facts = tuple(
            replace(fact, amount=fact.amount + more, confidence=confidence)
            if (fact.line, fact.measure) == ("2010301", "project")
            else fact
            for fact in scanned.facts
        )
        head, source = replace(scanned.head, unit=unit), Source(unit, unit)
        return replace(scanned, document=unit, source=source, head=head, facts=facts)

    told = check([of("right"), of("sure", more=800), of("unsure", more=800, confidence=DOUBTFUL)])
    found = {(row["file"], row["identity"]) for row in told["findings"] if row["identity"] != "C-01"}
    assert found & {("sure", "R5"), ("sure", "H-01")}
    assert {file for file, _ in found} == {"sure"}
    assert {row["file"] for row in told["not_evaluated"] if row["reason"] == "low_confidence"} == {"unsure"}


# codes and names


@pytest.mark.parametrize(
    ("code", "name", "seen", "expected"),
    [
        ("2080505", "机关事业单位基本养老保险缴费支出", {"208", "20805"}, ("2080505", True)),
        ("2080505", "机关事业単位基本养者保险缴费支岀", {"208", "20805"}, ("2080505", True)),
        ("2080506", "机关事业单位基本养老保险缴费支出", {"208", "20805"}, ("2080505", True)),
        ("2010801", "行政运行", {"201", "20103"}, ("2010301", True)),
        ("2010801", "行政运行", {"201", "20108"}, ("2010801", True)),
        ("2080501", "未归口管理的行政单位离退休", {"208", "20805"}, ("2080504", True)),
        ("2080502", "事业单位离退休机关事业单位基本养老保险缴费支出", {"208", "20805"}, ("2080502", True)),
        ("2080502", "", {"208", "20805"}, ("2080502", False)),
        ("2080505", "完全不同的名称", {"208", "20805"}, ("2080505", False)),
    ],
)
def test_a_code_and_its_name_confirm_each_other(code, name, seen, expected):
    found = confirm(code, name, "functional", seen)
    assert (found.code, found.sure) == expected


def test_a_misread_name_is_taken_for_the_only_one_that_it_can_be():
    known = ["年初结转和结余", "年末结转和结余", "抗疫特别国债安排的支出", "债务付息支出"]
    assert likeliest("抗疫特别国债女排的又出", known) == "抗疫特别国债安排的支出"
    assert likeliest("年未结转和结余", known) == ""


# what is seen in pictures


def drawing(width=600, height=400, paper=240):
    return np.full((height, width), paper, np.uint8)


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    xs=st.lists(st.integers(3, 55), min_size=3, max_size=6, unique=True),
    ys=st.lists(st.integers(3, 36), min_size=3, max_size=6, unique=True),
    shade=st.integers(0, 170),
    thickness=st.integers(1, 4),
    noise=st.integers(0, 10),
)
def test_every_rule_of_a_grid_is_found_whatever_its_shade_and_the_noise(xs, ys, shade, thickness, noise):
    xs, ys = sorted(x * 20 for x in xs), sorted(y * 20 for y in ys)
    if min(np.diff(xs)) < 60 or min(np.diff(ys)) < 40:
        xs, ys = [xs[0], xs[0] + 200, xs[0] + 300], [ys[0], ys[0] + 60, ys[0] + 120]
    gray = drawing(1200, 800)
    for y in ys:
        cv2.line(gray, (xs[0], y), (xs[-1], y), shade, thickness)
    for x in xs:
        cv2.line(gray, (x, ys[0]), (x, ys[-1]), shade, thickness)
    rng = np.random.default_rng(0)
    gray = np.clip(gray + rng.normal(0, noise, gray.shape), 0, 255).astype(np.uint8)
    found = rules.find_rules(Picture(gray, 200))
    scale = 200 / 72
    assert sorted(rule.at for rule in found.across) == pytest.approx([y / scale for y in ys], abs=1.2)
    assert sorted(rule.at for rule in found.down) == pytest.approx([x / scale for x in xs], abs=1.2)
    for rule in found.across:
        assert (rule.start, rule.stop) == pytest.approx((xs[0] / scale, xs[-1] / scale), abs=2.5)


def test_a_broken_rule_is_one_and_words_are_none():
    gray = drawing(1200, 400)
    for start in range(100, 1000, 130):
        cv2.line(gray, (start, 60), (start + 118, 60), 0, 2)
    for x in (100, 600, 1008):
        cv2.line(gray, (x, 60), (x, 300), 0, 2)
    cv2.line(gray, (100, 300), (1008, 300), 0, 2)
    cv2.putText(gray, "EHTL 1,234.56 FEEL THE EEL", (120, 180), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    found = rules.find_rules(Picture(gray, 200))
    assert [round(rule.at * 200 / 72) for rule in found.across] == pytest.approx([60, 300], abs=2)
    assert len(found.down) == 3
    assert not found.mask[140:190].any(axis=0)[120:590].any()


def faded(text=""):
    """A grid of grey rules, of which one stretch is broken and pale."""
    gray = drawing(900, 400)
    for y in (60, 140, 220, 300):
        cv2.line(gray, (100, y), (800, y), 130, 2)
    for x in (100, 400, 800):
        cv2.line(gray, (x, 60), (x, 300), 130, 2)
    cv2.line(gray, (400, 144), (400, 216), 240, 2)
    if text:
        cv2.putText(gray, text, (330, 192), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    else:
        cv2.line(gray, (400, 141), (400, 219), 222, 2)
    rng = np.random.default_rng(0)
    gray = np.clip(gray + rng.normal(0, 5, gray.shape), 0, 255).astype(np.uint8)
    found = rules.find_rules(Picture(gray, 200))
    return [rule for rule in found.down if abs(rule.at * 200 / 72 - 400) < 4 and rule.start < 60 < rule.stop]


def test_a_pale_stretch_between_stretches_of_a_rule_is_one_and_a_letter_is_none():
    assert faded()
    assert not faded("HHHHH")


@pytest.mark.parametrize(("gap", "bridged"), [((460, 490), True), ((400, 620), False), ((430, 560), False)])
def test_a_gap_in_the_middle_of_a_cell_is_bridged_and_a_merged_cell_is_none(gap, bridged):
    """Rules end at rules; what is missing between two ends in the air was lost among the characters that touch it."""
    gray = drawing(1000, 400)
    for y in (60, 140, 220, 300):
        cv2.line(gray, (100, y), (850, y), 60, 2)
    for x in (100, 400, 620, 850):
        cv2.line(gray, (x, 60), (x, 300), 60, 2)
    gray[137:144, gap[0] : gap[1]] = 240
    found = rules.find_rules(Picture(gray, 200))
    scale = 200 / 72
    middle = (gap[0] + gap[1]) / 2 / scale
    there = [rule for rule in found.across if abs(rule.at * scale - 140) < 4 and rule.start < middle < rule.stop]
    assert bool(there) is bridged
    assert bool(found.mask[141, round(middle * scale)]) is bridged


@pytest.mark.parametrize("angle", [-3.3, -0.6, 0.0, 1.4, 5.0])
def test_skew_is_measured_and_undone(angle):
    gray = drawing(1200, 900, 255)
    for y in range(100, 800, 50):
        cv2.putText(gray, "1,234.56  ABC  7,890.12", (150, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
        cv2.line(gray, (100, y + 12), (1100, y + 12), 0, 2)
    seen = Picture(posture.rotated(gray, angle, 255), 100)
    assert posture.skew_of(seen) == pytest.approx(angle, abs=0.06)


@given(st.floats(-5, 5), st.floats(50, 500), st.floats(50, 700), st.floats(5, 80), st.floats(5, 80))
def test_a_box_set_straight_lies_inside_where_it_lay(skew, x, y, width, height):
    page = Page(1, 595, 842, 0, (), (), ocr.READER, skew)
    box = Box(x, y, x + width, y + height)
    turned = as_displayed(box, page)
    middle = ((box.x0 + box.x1) / 2 - 297.5, (box.top + box.bottom) / 2 - 421)
    angle = np.radians(skew)
    where = 297.5 + middle[0] * np.cos(angle) - middle[1] * np.sin(angle)
    assert turned.x0 <= where <= turned.x1
    assert turned.x1 - turned.x0 <= width + height * abs(np.sin(angle)) + 1e-6


def test_a_stamp_is_taken_off_and_red_figures_stay():
    page = np.full((900, 900, 3), 250, np.uint8)
    cv2.putText(page, "5,678.90", (300, 460), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)
    print_alone = picture.clean(page, 200)
    cv2.circle(page, (400, 450), 160, (40, 32, 214), 8)
    cv2.putText(page, "5,678.90", (300, 460), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)
    cv2.putText(page, "-12.34", (600, 800), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (30, 30, 220), 3)
    clean = picture.clean(page, 200)
    assert np.abs(clean[:700].astype(int) - print_alone[:700]).max() < 70
    assert clean[760:810, 600:800].min() < 130


def test_rims_of_a_stamp_that_jpeg_leaves_dark_are_taken_off_and_print_stays():
    """JPEG halves the resolution of colour: along its strokes a stamp is dark and hardly red."""
    page = np.full((600, 900, 3), 245, np.uint8)
    cv2.line(page, (0, 300), (900, 300), (90, 90, 90), 2)
    cv2.putText(page, "5,678.90", (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    stamped = np.full(page.shape, 255, np.uint8)
    cv2.circle(stamped, (200, 250), 160, (40, 32, 214), 6)
    for index, sign in enumerate("EBRWEBRW"):
        cv2.putText(stamped, sign, (90 + 28 * index, 340), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 32, 214), 2)
    both = (page.astype(float) * stamped / 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", cv2.GaussianBlur(both, (3, 3), 0.7), [cv2.IMWRITE_JPEG_QUALITY, 60])
    clean = picture.clean(cv2.imdecode(data, cv2.IMREAD_COLOR), 200)
    signs = clean[318:345, 85:315]
    assert (signs < 245 - words.CONTRAST).mean() < 0.02
    assert (clean[300:302, 20:880].min(axis=0) < 245 - words.CONTRAST).all()
    assert clean[185:200, 100:200].min() < 90


def test_characters_of_a_word_stand_side_by_side_however_low_its_ink_is():
    """Places are known to a quarter of a character, and print without tall strokes seems smaller than it is."""
    middles = (0.07, 0.14, 0.22, 0.30, 0.38, 0.47, 0.55, 0.62, 0.70, 0.78, 0.86, 0.93)
    word = Word("国有资本经营预算财政拨款", Box(0, 0, 191, 14), None, middles, READ_TWICE)
    glyphs = glyphs_of([word])
    gaps = [right.x0 - left.x1 for left, right in itertools.pairwise(glyphs)]
    assert max(gaps) < PIECE_GAP * 14
    apart = word._replace(text="合计", places=(0.1, 0.9))
    left, right = glyphs_of([apart])
    assert right.x0 - left.x1 > 100


def test_ink_that_the_detector_passed_over_is_a_place():
    gray = drawing(400, 200)
    cv2.putText(gray, "5", (150, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    ink = words.ink_of(gray, drawing(400, 200), 200 / 72)
    cells = [Box(20, 50, 200, 150), Box(200, 50, 380, 150)]
    (place,) = words.places_of([], ink, cells, 200 / 72)
    assert (place.cell, place.seen) == (cells[0], False)


def test_a_lone_digit_outside_of_cells_is_a_place_and_makes_no_column_if_it_cannot_be_read():
    gray = drawing(400, 200)
    cv2.putText(gray, "0", (150, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    ink = words.ink_of(gray, drawing(400, 200), 200 / 72)
    (place,) = words.places_of([], ink, [], 200 / 72)
    assert (place.cell, place.seen) == (None, False)
    (word,) = read_words(Voices([""]), gray, ink, [place])
    assert (word.text, word.confidence) == (UNREAD, DOUBTFUL)
    page, (issue,) = with_confidence(
        Page(1, 600, 800, 0, (), (table_of([["合计", "", ""]]),), ocr.READER), [word._replace(box=Box(80, 5, 90, 15))]
    )
    assert [cell.confidence for cell in page.tables[0].cells] == [READ_TWICE, DOUBTFUL, READ_TWICE]
    assert "有字迹而未能识别" in issue.text


def test_a_line_over_two_cells_is_two_words_and_a_lone_stroke_a_dash():
    gray = drawing(400, 200)
    cv2.putText(gray, "12.3", (60, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    cv2.line(gray, (260, 100), (275, 100), 0, 2)
    ink = words.ink_of(gray, drawing(400, 200), 200 / 72)
    cells = [Box(20, 50, 200, 150), Box(200, 50, 380, 150)]
    left, right = words.places_of([(50, 80, 300, 120)], ink, cells, 200 / 72)
    assert (left.cell, left.dash) == (cells[0], False)
    assert (right.cell, right.dash) == (cells[1], True)


def test_a_line_that_reaches_into_the_word_of_the_next_cell_makes_no_second_word_there():
    gray = drawing(400, 200)
    cv2.putText(gray, "04", (140, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    cv2.putText(gray, "FEE", (210, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    ink = words.ink_of(gray, drawing(400, 200), 200 / 72)
    cells = [Box(20, 50, 200, 150), Box(200, 50, 380, 150)]
    found = words.places_of([(135, 80, 185, 120), (162, 80, 300, 120)], ink, cells, 200 / 72)
    assert [place.cell for place in found] == cells
    assert found[0].box.x0 < 145


@pytest.mark.parametrize(
    ("text", "figure"),
    [("1,234.56", "1,234.56"), ("１，２３４．５６", "1,234.56"), ("O.OO", ""), ("0.0O", "0.00"), ("1,119,63", "1,119.63"),
     ("2010301", "2010301"), ("-12.30", "-12.30"), ("行政运行", ""), ("1", "1"), ("12,345", "12,345"), ("", "")],
)  # fmt: skip
def test_figures(text, figure):
    assert numbers.figures(text) == figure


def test_numbers_of_glyphs_are_no_text():
    assert improbable_share("支出决算表１,234.56（万元）αβ①㎡") == 0
    assert improbable_share("èÄÅ ÛHÙîıˆ䒆Ⰼ") > 0.8
