"""Letters: which findings they ask about, what they say, and that both ways to print them hold whatever reports say."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import duckdb
import pytest
from docx import Document
from lxml import html
from PIL import Image, ImageDraw

from expectations.causes.slips import Kind
from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.vocabulary import N5, T3, T5
from pipeline.read.picture import NoPictureError, PagePicture
from tests.accounts import Account, catalogue, load, rounded
from tests.sample_books import PLAIN, cells
from warehouse.letters.compose import compose
from warehouse.letters.folder import MANIFEST, Order, file_stem, left_over, write_all, write_letters
from warehouse.letters.model import Office, Picture, Surroundings
from warehouse.letters.select import (
    AmbiguousUnitError,
    ReportKey,
    UnknownReportError,
    all_reports,
    open_findings,
    reports_of,
)
from warehouse.letters.text import KINDS, clean, numeral
from warehouse.letters.web import to_html
from warehouse.letters.word import to_docx
from warehouse.packing import packed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.letters.model import Letter

TODAY = date(2026, 1, 5)
OFFICE = Office("澄川市财政局", "澄财函〔{year}〕{number}号", "李明 0000-1234567")
NAME = "甲局<script>alert(1)</script>&\x01\u202e"
GOOD = Account("good", rounded(cells(PLAIN)), unit_id="乙局")
WRONG = replace(GOOD, unit_id=NAME, labels={"201": "<b>一般</b>公共\x02服务"}).moved((T3, "201", "total"), "1", "wrong")


def no_pictures(document, page):
    raise NoPictureError("原文件是Excel 工作簿（.xlsx），没有固定的版面")


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory):
    made.clear()
    made[""] = tmp_path_factory.mktemp("made")


made: dict[str, Path] = {}
"""Files of warehouses that were made once, by their accounts, in the folder under no name."""
numbers = count()


def warehouse(*accounts: Account) -> duckdb.DuckDBPyConnection:
    """A warehouse of one's own of these accounts."""
    key, folder = repr(accounts), made[""]
    if key not in made:
        made[key] = folder / f"{len(made)}.duckdb"
        make(made[key], accounts)
    # a name that was never used: a database that is still open would be given again under its path
    return duckdb.connect(str(shutil.copy(made[key], folder / f"copy{next(numbers)}.duckdb")))


def make(path: Path, accounts: Iterable[Account]) -> None:
    con = duckdb.connect(str(path))
    load(con, *accounts)
    catalogue(con)
    con.execute(
        "CREATE SCHEMA raw; CREATE TABLE raw.document AS SELECT DISTINCT document, document || '.xlsx' AS name FROM core.report;"
        "CREATE TABLE raw.publication AS SELECT document, 'site' AS site, 'https://example.org/<x>' AS url, '' AS page_url,"
        " DATE '2025-08-20' AS published_on, now() AS fetched_at FROM raw.document"
    )
    evaluate(con)
    judge(con, None, TODAY)
    con.close()


def letter_on(con: duckdb.DuckDBPyConnection, report: str = "wrong", office: Office = OFFICE) -> Letter:
    return compose(con, open_findings(con, TODAY)[report], office, TODAY, no_pictures)


@pytest.fixture(scope="module")
def con():
    return warehouse(GOOD, WRONG)


@pytest.fixture(scope="module")
def letter(con):
    return letter_on(con)


def texts(data: bytes) -> list[str]:
    document = Document(io.BytesIO(data))
    found = [paragraph.text for paragraph in document.paragraphs]
    return found + [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def test_a_letter_says_what_where_and_until_when(letter):
    name = "甲局<script>alert(1)</script>&"
    assert letter.name == f"关于核实{name}2024年度决算公开数据的函"
    assert (letter.to, letter.number, letter.dated) == (name, "澄财函〔2026〕　　　号", TODAY)
    assert "2025年8月20日公开的2024年度决算文件“wrong.xlsx”（https://example.org/<x>）" in letter.opening[0]
    assert letter.requests[-1] == "请于2026年1月20日前将核实和更正情况书面反馈我局。"
    assert letter.contact == "（联系人及电话：李明 0000-1234567）"


def test_a_finding_has_its_place_its_figures_and_the_relations_that_it_breaks(con, letter):
    (finding,) = open_findings(con, TODAY)["wrong"]
    (item,) = letter.items
    assert (item.finding_id, item.sentence) == (finding["finding_id"], clean(finding["sentence"]))
    assert dict(item.values) == {
        "报表": "支出决算表", "页码": "第7页", "行": "<b>一般</b>公共服务（201）", "栏": "合计",
        "表列数": "279.65万元", "推算应为": "278.65万元", "相差": "1.00万元", "疑似情形": "一位数字录错",
    }  # fmt: skip
    assert len(item.relations) == finding["symptoms"] == 4
    assert any("各类级科目之和为385.00万元" in text for text in item.relations)


def test_errors_come_first_and_a_relation_told_as_such_has_none_under_it():
    con = warehouse(named("a", "甲局"))
    letter = letter_on(con, "a")
    assert [len(letter.wrong), len(letter.doubtful)] == [1, 8]
    assert {item.finding_id for item in letter.items} == {row["finding_id"] for row in open_findings(con, TODAY)["a"]}
    assert {item.relations for item in letter.doubtful} == {()}
    assert {item.note for item in letter.doubtful} == {"该问题不涉及单个数字，未附图。"}


TOLD = replace(
    GOOD, report_id="told", unit_id="丙局", told={(N5, "total", "final"): "999.99万元"},
    labels={"total": "一般公共预算财政拨款支出"},
)  # fmt: skip


def test_a_wrong_sentence_is_told_and_quoted():
    con = warehouse(TOLD)
    con.execute("UPDATE core.told SET document = 'text'; UPDATE core.claim SET document = 'text'")
    con.execute("UPDATE core.claim SET sentence = '一般公共预算财政拨款支出999.99万元。'")
    (item,) = letter_on(con, "told").items
    values = dict(item.values)
    assert {name: values[name] for name in ("文字部分", "页码", "事项", "数", "文中所列")} == {
        "文字部分": "一般公共预算财政拨款支出决算情况说明", "页码": "第14页", "事项": "一般公共预算财政拨款支出",
        "数": "决算数", "文中所列": "999.99万元",
    }  # fmt: skip
    assert values["推算应为"].removesuffix("万元") == GOOD.cells[T5, "total", "total"]
    quoted = item.evidence[0]
    assert isinstance(quoted, Surroundings)
    assert quoted.rows == (("一般公共预算财政拨款支出999.99万元。",),)
    assert quoted.caption == "《一般公共预算财政拨款支出决算情况说明》（情况说明文件）第14页摘录"
    assert to_docx(letter_on(con, "told"))


def test_a_sentence_is_cut_out_of_the_file_in_which_it_stands():
    con = warehouse(TOLD)
    con.execute("UPDATE core.told SET document = 'text', x0 = 100, top = 300, x1 = 160, bottom = 312")
    con.execute(f"UPDATE quality.finding_cell SET x0 = 100, top = 300 WHERE form = '{N5}'")
    asked = []

    def pictures(document, page):
        asked.append((document, page))
        image = Image.new("RGB", (595, 842), "white")
        ImageDraw.Draw(image).line([(90, 330), (500, 330)], fill="black", width=8)
        return packed(PagePicture(image, 1.0))

    (item,) = compose(con, open_findings(con, TODAY)["told"], OFFICE, TODAY, pictures).items
    assert asked[0] == ("text", 14)
    assert set(asked[1:]) == {("told", 9)}
    picture = item.evidence[0]
    assert isinstance(picture, Picture)
    assert 100 < picture.pixels[1] < 200
    assert picture.caption.endswith("第14页（红框内为所指数字）")


def test_every_kind_of_slip_has_its_words():
    assert set(KINDS) == set(Kind)


def test_the_number_that_a_relation_alone_calls_wrong_may_be_right():
    con = warehouse(WRONG)
    con.execute("UPDATE quality.finding SET kind = ''")
    names = dict(letter_on(con).items[0].values)
    assert "比较数" in names
    assert not {"推算应为", "疑似情形"} & set(names)


def test_without_a_page_the_neighbouring_cells_are_shown_and_that_is_said(letter):
    item = letter.items[0]
    (shape, *_) = item.evidence
    assert isinstance(shape, Surroundings)
    ((row, column),) = shape.marked
    assert shape.rows[row][column].replace(",", "") + "万元" == dict(item.values)["表列数"].replace(",", "")
    assert "没有固定的版面" in item.note
    assert len(shape.headings) == len(shape.rows[0])


def test_what_is_settled_or_waived_is_not_asked_about():
    con = warehouse(named("a", "甲局"))
    for form, change in (
        ("income", "status = 'resolved'"),
        ("general_budget", "status = 'unverified'"),
        ("three_public", "waived_until = DATE '2026-01-05'"),
    ):
        con.execute(f"UPDATE quality.finding SET {change} WHERE instance = 'form:{form}'")
    assert len(open_findings(con, TODAY)["a"]) == 6
    assert len(open_findings(con, date(2026, 1, 6))["a"]) == 7


def test_informations_stand_in_an_annex_and_never_make_a_letter(tmp_path):
    con = warehouse(named("a", "甲局"))
    con.execute("UPDATE quality.finding SET severity = 'I' WHERE severity = 'W'")
    letter = letter_on(con, "a")
    assert len(letter.hints) == 8
    assert letter.enclosures == ("需核实数据明细及原文截图", "供参考的提示事项")
    assert any("不要求反馈" in text for text in texts(to_docx(letter)))
    con.execute("UPDATE quality.finding SET severity = 'I'")
    assert write_letters(con, all_reports(con, None), order(tmp_path), no_pictures) == []


def test_a_cell_of_another_report_is_shown_at_no_place_of_this_one():
    con = warehouse(WRONG)
    con.execute("UPDATE quality.finding_cell SET x0 = x0 + 300")
    letter = letter_on(con)
    assert {item.evidence for item in letter.items} == {()}


def test_the_word_document_says_all_and_is_laid_out_as_official_documents_are(letter):
    data = to_docx(letter)
    found = texts(data)
    assert [text for text in found if text in letter.title] == list(letter.title)
    for item in letter.items:
        assert sum(item.sentence in text for text in found) == 2
        assert {value for _, value in item.values} <= set(found)
    assert {"2026年1月5日", "澄川市财政局", letter.contact, f"{letter.to}："} <= set(found)
    section = Document(io.BytesIO(data)).sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in margins] == [37, 35, 28, 26]
    normal = Document(io.BytesIO(data)).styles["Normal"]
    assert (normal.font.name, normal.font.size.pt, normal.paragraph_format.line_spacing.pt) == ("仿宋_GB2312", 16, 28)


def test_the_page_escapes_what_reports_say_and_fetches_nothing(letter):
    page = to_html(letter)
    root = html.document_fromstring(page)
    assert root.xpath("//script | //b | //link | //iframe") == []
    assert letter.to in root.text_content()
    assert "<b>一般</b>公共服务（201）" in root.text_content()
    addresses = [value for element in root.iter() for name, value in element.items() if name in {"src", "href"}]
    assert [address for address in addresses if not address.startswith("data:image/png;base64,")] == []
    assert "default-src 'none'" in page


def test_the_same_letter_gives_the_same_bytes(letter):
    assert to_docx(letter) == to_docx(letter)
    assert to_html(letter) == to_html(letter)
    with zipfile.ZipFile(io.BytesIO(to_docx(letter))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 1, 5, 0, 0, 0)}


def test_without_an_office_nothing_is_made_up(con):
    letter = letter_on(con, office=Office())
    assert (letter.office, letter.number, letter.contact) == ("", "", "")
    assert "我方" in letter.requests[-1]
    assert "财政局" not in "".join(texts(to_docx(letter))) + to_html(letter)


def named(report_id: str, unit: str, year: int = 2024, scope: str = "") -> Account:
    few = {key: value for key, value in WRONG.cells.items() if key[0] == T3}
    return Account(report_id, few, unit_id=unit, fiscal_year=year, scope=scope)


@pytest.fixture(scope="module")
def city():
    return warehouse(
        named("a", "澄川市教育局"), named("b", "澄川市教育局第一幼儿园"), named("c", "澄川市水利局", scope="本级"),
        named("d", "澄川市水利局", scope="部门"), named("e", "澄川市水利局", 2023), named("f", "澄川市林业局"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scope", "found"),
    [("澄川市教育局", None, ["a"]), ("幼儿园", None, ["b"]), ("水利", None, ["c", "d"]), ("水利", "本级", ["c"])],
)
def test_a_unit_is_found_by_its_name_or_a_part_of_it(city, name, scope, found):
    assert [report.report_id for report in reports_of(city, name, 2024, scope)] == found


def test_an_ambiguous_name_gives_the_candidates(city):
    with pytest.raises(AmbiguousUnitError) as caught:
        reports_of(city, "教育", 2024, None)
    assert [str(one) for one in caught.value.candidates] == ["澄川市教育局 2024年度", "澄川市教育局第一幼儿园 2024年度"]


@pytest.mark.parametrize(
    ("name", "year", "scope", "says"),
    [
        ("审计局", 2024, None, "没有名称含有“审计局”"),
        ("水利", 2022, None, "2023、2024"),
        ("水利", 2024, "汇总", "本级、部门"),
    ],
)
def test_an_unknown_report_is_told_by_what_there_is(city, name, year, scope, says):
    with pytest.raises(UnknownReportError, match=says):
        reports_of(city, name, year, scope)


def order(folder, **more) -> Order:
    return Order(folder, ("html",), OFFICE, TODAY, **more)


def test_all_letters_once_and_the_list_of_them(city, tmp_path):
    written = write_all(city, 2024, order(tmp_path), no_pictures)
    assert len(written) == 5
    with (tmp_path / MANIFEST).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["单位"] for row in rows] == [one.letter.to for one in written]
    assert {name for row in rows for name in row["文件"].split()} == {
        path.name for one in written for path in one.files
    }
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = write_all(city, 2024, order(tmp_path), no_pictures)
    assert [one.changed for one in again] == [()] * 5
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert left_over(tmp_path, again) == []
    assert left_over(tmp_path, again[1:]) == list(again[0].files)


def test_only_errors_if_only_they_are_wanted(tmp_path):
    con = warehouse(named("a", "甲局"))
    (one,) = write_all(con, None, order(tmp_path, least="E"), no_pictures)
    assert (len(one.letter.doubtful), len(one.letter.wrong)) == (0, 1)


@pytest.mark.parametrize("unit", ["../../etc/passwd", 'a/b\\c:d*?"<>|', "局" * 300, "\x00\x1f", "CON.", " . "])
def test_file_names_are_safe_and_no_two_the_same(unit):
    stem = file_stem(ReportKey("r1", unit, 2024, "本级"))
    assert not set(stem) & set('/\\:*?"<>|.\x00\x1f ')
    assert len(f"{stem}.docx".encode()) < 200
    assert stem != file_stem(ReportKey("r2", unit, 2024, "本级"))


def test_a_list_begins_no_formula(tmp_path):
    con = warehouse(named("a", '=HYPERLINK("x")'))
    write_all(con, None, order(tmp_path), no_pictures)
    with (tmp_path / MANIFEST).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["单位"].startswith("'=")


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numerals(number, text):
    assert numeral(number) == text


def test_texts_are_cleaned_of_what_no_format_holds():
    assert clean("a\x00b\u202ec\nd\ud800 e\ufffe") == "abc d e"
