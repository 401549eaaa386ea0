"""OFD files in the manners of several producers give what the same pages give as PDF; damaged ones give issues."""

import random
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.document import read_document
from pipeline.issues import IssueKind
from pipeline.model import Source
from pipeline.read import pdfium
from pipeline.read.document import read_pages
from pipeline.read.formats.ofd_ink import POINTS
from tests.city.expected import expected_facts
from tests.ofd_writer import NAMESPACE, Manner, ofd, packed

CITY = Path(__file__).parent / "city" / "reports" / "2024"
MANNERS = {
    "agriculture.pdf": Manner(steps="none", filled=True),
    "bureau_department.pdf": Manner(steps="plain", template=True, glyphs=True),
    "patrol.pdf": Manner(),
    "rescue.pdf": Manner(turned=True),
    "theatre.pdf": Manner(grouped=True, parameters=True),
}
PATH = "Doc_0/Pages/Page_0/Content.xml"


def inks(file):
    with pdfium.opened((CITY / file).read_bytes()) as document:
        return [pdfium.read_ink(document, number + 1) for number in range(len(document))]


@pytest.mark.parametrize(("file", "manner"), MANNERS.items())
def test_a_report_as_ofd_gives_every_printed_cell(file, manner):
    reading = read_document(ofd(inks(file), manner), Source("报告.ofd"))

    printed = Counter(cell for cell in expected_facts(f"2024/{file}") if cell[3] not in {"", "-"})
    read = Counter((f.form, f.line, f.measure, f.printed) for f in reading.facts if f.printed not in {"", "-"})
    assert set(read) == set(printed)
    assert reading.issues == ()
    assert {fact.reader for fact in reading.facts} == {"ofd"}


@pytest.fixture(scope="module")
def table():
    """The page of the first table of a report, as marks."""
    return next(ink for ink in inks("agriculture.pdf") if len(ink.across) > 10)


def test_boxes_are_points_of_the_displayed_page(table):
    (page,), _ = read_pages(ofd([table]), "a.ofd")
    (turned,), _ = read_pages(ofd([table], Manner(turned=True)), "a.ofd")
    assert (page.width, page.height) == pytest.approx((table.width, table.height), abs=0.01)
    assert (turned.width, turned.height, turned.rotation) == (
        pytest.approx(page.height),
        pytest.approx(page.width),
        270,
    )
    edges = sorted(rule.at for rule in table.down)
    assert page.tables[0].box.x0 == pytest.approx(edges[0], abs=1.5)
    assert page.tables[0].box.x1 == pytest.approx(edges[-1], abs=1.5)
    assert [cell.text for cell in turned.tables[0].cells] == [cell.text for cell in page.tables[0].cells]


def one_page(objects, area="0 0 100 100", more=""):
    """A file of one page, 100 mm square, with these objects."""
    wrap = f"<ofd:{{0}} {NAMESPACE}>{{1}}</ofd:{{0}}>"
    return packed(
        {
            "OFD.xml": wrap.format("OFD", "<ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"),
            "Doc_0/Document.xml": wrap.format(
                "Document",
                "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
                f'<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>{more}</ofd:Pages>',
            ),
            PATH: wrap.format(
                "Page",
                f"<ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area>"
                f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>",
            ),
        }
    )


def text(content, code='X="0" Y="5"', **attributes):
    named = {"Boundary": "10 10 80 10", "Size": "4", **attributes}
    return f"<ofd:TextObject {' '.join(f'{k}={v!r}' for k, v in named.items())}><ofd:TextCode {code}>{content}</ofd:TextCode></ofd:TextObject>"


def lines(objects, **page):
    pages, _ = read_pages(one_page(objects, **page), "a.ofd")
    return [line.text for line in pages[0].lines]


def test_text_without_steps_goes_on_by_the_width_of_its_characters():
    (page,), _ = read_pages(one_page(text("决算12.30")), "a.ofd")
    (line,) = page.lines
    assert line.text == "决算12.30"
    assert line.box.x0 == pytest.approx(10 * POINTS)
    assert 10 + 2 * 4 + 4 * 2 < line.box.x1 / POINTS < 10 + 2 * 4 + 5 * 2.5


def test_steps_repeat_and_the_last_one_goes_on():
    for steps in ("g 5 4", "4 g 2 4 4 4", "4"):
        assert lines(text("某市财政局报", f'X="0" Y="5" DeltaX="{steps}"')) == ["某市财政局报"]


def test_what_leaves_no_mark_is_not_read():
    hidden = (
        text("看不见", Visible="false"),
        text("看不见", Alpha="0"),
        text("看不见", Fill="false"),
        text("水印文字", CTM="0.7 0.7 -0.7 0.7 20 20"),
        text("页外", Boundary="200 200 10 10"),
    )
    assert lines("".join(hidden) + text("看得见")) == ["看得见"]


def test_text_set_downwards_and_the_origin_of_the_page():
    assert lines(text("竖", 'X="0" Y="5" DeltaY="5 5"')) == ["竖"]
    (page,), _ = read_pages(one_page(text("竖排字", 'X="0" Y="5" DeltaY="5 5"'), area="5 5 90 90"), "a.ofd")
    assert [line.text for line in page.lines] == ["竖", "排", "字"]
    assert page.lines[0].box.x0 == pytest.approx(5 * POINTS)


def test_codes_without_characters_are_no_text(table):
    glyphs = '<ofd:CGTransform CodeCount="9"><ofd:Glyphs>1 2 3</ofd:Glyphs></ofd:CGTransform>'
    objects = text("\ue001\ue002\ue003" * 3).replace("><ofd:TextCode", f">{glyphs}<ofd:TextCode")
    (page,), issues = read_pages(one_page(objects), "a.ofd")
    assert page.lines == ()
    assert IssueKind.NO_TEXT in {issue.kind for issue in issues}


def test_a_scan_has_no_text():
    picture = '<ofd:ImageObject Boundary="0 0 100 100" CTM="100 0 0 100 0 0" ResourceID="1"/>'
    _, issues = read_pages(one_page(picture + text("- 3 -", Boundary="45 90 20 8")), "a.ofd")
    assert [issue.kind for issue in issues] == [IssueKind.NO_TEXT, IssueKind.NO_TABLES]


def test_places_are_given_from_the_part_that_names_them_or_from_the_root():
    for place in (f"/{PATH}", PATH, "../Doc_0/Pages/Page_0/Content.xml", "Pages\\Page_0\\Content.xml"):
        pages, _ = read_pages(one_page(text("好"), more=f'<ofd:Page ID="2" BaseLoc="{place}"/>'), "a.ofd")
        assert [line.text for page in pages for line in page.lines] == ["好", "好"]


def test_a_damaged_page_costs_itself_alone():
    data = one_page(
        text("好", Size="nan"), more=f'<ofd:Page ID="2" BaseLoc="/{PATH}x"/><ofd:Page ID="3" BaseLoc="/{PATH}"/>'
    )
    pages, issues = read_pages(data, "a.ofd")
    assert pages == ()
    assert [(issue.kind, issue.page) for issue in issues[:3]] == [(IssueKind.PAGE_UNREADABLE, n) for n in (1, 2, 3)]


def test_an_inside_that_is_none():
    for parts in (
        {"OFD.xml": "<x"},
        {"OFD.xml": "<OFD/>"},
        {"OFD.xml": "<OFD><DocBody/></OFD>"},
        {"OFD.xml": "<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"},
        {"OFD.xml": '<!DOCTYPE a [<!ENTITY b "cccc">]><OFD><DocBody><DocRoot>&b;</DocRoot></DocBody></OFD>'},
    ):
        pages, issues = read_pages(packed(parts), "a.ofd")
        assert pages == ()
        assert [issue.kind for issue in issues] == [IssueKind.DAMAGED_FILE]


def test_a_bomb_is_refused():
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", b" " * 60_000_000)
    _, issues = read_pages(target.getvalue(), "a.ofd")
    assert [issue.kind for issue in issues] == [IssueKind.DAMAGED_FILE]


def test_objects_too_deep_within_each_other_are_said():
    block = "<ofd:PageBlock>" * 20 + text("深") + "</ofd:PageBlock>" * 20
    pages, issues = read_pages(one_page(block + text("浅")), "a.ofd")
    assert pages == ()
    assert issues[0].kind == IssueKind.PAGE_UNREADABLE
    assert len(lines(text("某" * 20, 'X="0" Y="5" DeltaX="g 999999999 0.5"'))) == 1


def test_flipped_bits_never_raise(table):
    data = ofd([table])
    chance = random.Random(5)
    for _ in range(30):
        broken = bytearray(data)
        for _ in range(3):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        pages, issues = read_pages(bytes(broken), "a.ofd")
        assert pages or issues
