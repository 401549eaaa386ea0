"""Posts, people and covered units, as sentences, lists and tables say them."""

import pytest

from pipeline.issues import IssueKind
from pipeline.model import ReportHead
from pipeline.narrative.overview import covered_of, headcounts_of
from pipeline.narrative.read import read_narrative
from pipeline.narrative.structure import structure_of
from pipeline.read.stitch import stitch
from tests.laid_pages import Layout


def laid(*paragraphs: str) -> Layout:
    return Layout().text("第一部分 某市某局概况", "二、机构设置及部门决算单位构成", *paragraphs)


def headcounts(layout: Layout) -> list[tuple[str, int]]:
    pages = layout.text(
        "第三部分 2024年度部门决算情况说明", "一、收入决算情况说明", "聘用人员12人，工资增加20万元。"
    ).pages()
    return [(count.kind, count.value) for count in headcounts_of(structure_of(pages), stitch(pages))]


def covered(layout: Layout) -> list[tuple[str, str]]:
    pages = layout.text("第三部分 2024年度部门决算情况说明").pages()
    return [(unit.name, unit.remark) for unit in covered_of(structure_of(pages), stitch(pages))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("某中心是正科级参公事业单位，编制数10人，实有人数7人。", [("编制数", 10), ("实有人数", 7)]),
        ("某站是公益类事业单位，编制24人，实有22人。", [("编制", 24), ("实有", 22)]),
        ("核定行政编制12名，工勤编制2名，领导职数4名。", [("行政编制", 12), ("工勤编制", 2)]),
        ("截至2024年12月31日，在职人员46人，离退休26人。", [("在职人员", 46), ("离退休", 26)]),
        ("现有在职职工25人（其中行政8人、工勤3人），退休人员共有9人。", [("在职职工", 25), ("行政", 8), ("工勤", 3), ("退休人员", 9)]),
        ("全局共有10名在职人员和3名退休干部。", [("在职人员", 10), ("退休干部", 3)]),
        ("事业编制数为15个，年末实有人数14人。", [("事业编制数", 15), ("实有人数", 14)]),
        ("内设5个科室，下设3个事业单位，2024年处理来信1200件次。", []),
        ("2024年接待来访群众3000人次。", []),
    ],
)  # fmt: skip
def test_headcounts_in_sentences(sentence, expected):
    assert headcounts(laid(sentence)) == expected


def test_headcounts_in_tables():
    rows = [["单位名称", "编制数", "在职人数"], ["某市某局（本级）", "30", "28"], ["某市某中心", "12", "11"]]
    assert headcounts(laid("各单位人员情况如下：").table(rows)) == [
        ("编制数", 30), ("在职人数", 28), ("编制数", 12), ("在职人数", 11),
    ]  # fmt: skip
    assert headcounts(laid().table([["行政编制", "20", "退休人员", "6"]])) == [("行政编制", 20), ("退休人员", 6)]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            [
                "纳入某市某局2024年度部门决算编制范围的单位包括：",
                "1.某市某局本级",
                "2.某市某局财政所（预算不单列，并入本级）",
            ],
            [("某市某局本级", ""), ("某市某局财政所", "预算不单列，并入本级")],
        ),
        (
            ["某局部门决算包括：局本级决算、离退休干部办公室决算、机关服务中心决算和信息中心决算。"],
            [("局本级", ""), ("离退休干部办公室", ""), ("机关服务中心", ""), ("信息中心", "")],
        ),
        (
            [
                "从决算单位构成看，纳入编制范围的二级预算单位共3个，分别是：某市住房和城乡建设局、某市档案馆、某市第一医院。"
            ],
            [("某市住房和城乡建设局", ""), ("某市档案馆", ""), ("某市第一医院", "")],
        ),
        (["我部门没有下属单位，按照部门决算编报要求，单独编制本部门决算。"], []),
        (["某局内设办公室、综合科、法规科等5个职能科室。"], []),
    ],
)
def test_covered_units_in_text(paragraphs, expected):
    assert covered(laid(*paragraphs)) == expected


def test_covered_units_in_a_table_over_two_pages():
    layout = laid("纳入编制范围的单位包括：").table([["序号", "单位名称", "备注"], ["1", "某市某局（本级）", ""]])
    layout.next_page().table([["2", "某市某局财政所", "预算不单列，并入本级"]])
    assert covered(layout) == [("某市某局（本级）", ""), ("某市某局财政所", "预算不单列，并入本级")]


def test_a_document_without_prose_has_no_narrative():
    head = ReportHead("某市某局", "", "", 2024, "部门", "", "决算")
    pages = Layout().table([["项目", "决算数"], ["合计", "20.00"]]).pages()
    assert read_narrative(pages, stitch(pages), head, ()) == (None, ())


def test_amounts_under_no_heading_that_is_known_are_told():
    head = ReportHead("某市某局", "", "", 2024, "部门", "", "决算")
    told = "本年收入合计20.00万元，占100.00%；本年支出合计20.00万元，其中基本支出15.00万元，项目支出5.00万元。"
    pages = Layout().text("某市某局2024年度决算", told).pages()
    _, issues = read_narrative(pages, (), head, ())
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.NARRATIVE_UNKNOWN, 1)]
    assert "5 处" in issues[0].text
    known = Layout().text("一、收入支出决算总体情况说明", told).pages()
    assert read_narrative(known, (), head, ())[1] == ()
