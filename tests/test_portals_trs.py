"""TRS pages as they are on real portals, in our own words: lists, paging, detail pages, characters."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.portals.families import families
from pipeline.portals.html import first_date
from pipeline.portals.titles import Verdict, fiscal_year, judge, names_a_unit, only_final_accounts
from pipeline.portals.verify import fault_of
from pipeline.read.formats.encoding import decode

TRS = families()["trs"]
LIST = "http://www.town.gov.cn/zwgk/bmjs/"


def page(body, head=""):
    return f"<!DOCTYPE html><html><head>{head}</head><body><!-- {'x' * 3} -->{body}</body></html>"


def listing(body, url=LIST, head=""):
    return TRS.listing(page(body, head), url)


def test_list_items_have_full_names_addresses_and_dates():
    found = listing(
        """
        <ul><li><span class="date">2025-09-29</span>
                <a href="./202509/t20250930_120.html" title="甲局2024年度部门决算公开说明">甲局2024年度…</a></li>
            <li><a href="./202510/t20251015_121.shtml">乙局2024年度部门决算公开</a></li>
            <li><a href="./t19700101_122.htm">丙局2023年度部门决算</a><i>[2024年9月2日]</i></li>
            <li><a href="./t19700101_123.htm">丁局2023年度部门决算</a></li>
            <li><a href="../P020250930.pdf">戊局2024年度部门决算.pdf 2025-10-01</a></li>
            <!-- <li><a href="./202509/t20250930_999.html">庚局2024年度部门决算</a></li> -->
            <li><a href="/zwgk/xw/">新闻</a></li>
            <li><a href="javascript:void(0)">更多</a><a href="http://[附件]">坏</a></li></ul>
        <div class="footer"><a href="./t20200101_1.html">网站2019年度部门决算</a></div>
        """,
        head='<meta name=" columnname " content="2024年部门决算 ">',
    )
    assert [(i.title, i.url.removeprefix("http://www.town.gov.cn/zwgk/"), i.published_on) for i in found.items] == [
        ("甲局2024年度部门决算公开说明", "bmjs/202509/t20250930_120.html", date(2025, 9, 29)),
        ("乙局2024年度部门决算公开", "bmjs/202510/t20251015_121.shtml", date(2025, 10, 15)),
        ("丙局2023年度部门决算", "bmjs/t19700101_122.htm", date(2024, 9, 2)),
        ("丁局2023年度部门决算", "bmjs/t19700101_123.htm", None),
        ("戊局2024年度部门决算.pdf", "P020250930.pdf", date(2025, 10, 1)),
    ]
    assert found.column == "2024年部门决算"
    assert found.pages == found.columns == found.issues == ()


@pytest.mark.parametrize(
    ("script", "url", "pages"),
    [
        ('createPageHTML(3, 0, "index", "html");', LIST, ["index_1.html", "index_2.html"]),
        ("createPageHTML(3,1,'index','shtml')", LIST + "index_1.shtml", ["index_1.shtml", "index_2.shtml"]),
        ("createPageHTML('page_div',3, 1,'list','shtml',45);", LIST + "list.shtml", ["list_2.shtml", "list_3.shtml"]),
        ("var countPage = 3//共多少页\nvar currentPage = 0", LIST + "index.htm", ["index_1.htm", "index_2.htm"]),
        ('var countPage=2; document.write("index_"+1+".shtml");', LIST, ["index_1.shtml"]),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sName, _sExt){ if(_nPageCount<=1) return; }", LIST, []),
        ('createPageHTML(1, 0, "index", "html");', LIST, []),
    ],
)
def test_pages_of_a_list(script, url, pages):
    found = listing(f"<script>{script}</script><ul><li><a href='./t20250101_1.html'>某</a></li></ul>", url)
    assert [link.url for link in found.pages] == [LIST + name for name in pages]


def test_pages_linked_without_a_script():
    found = listing('<a href="index_1.shtml">2</a> <a href="index_2.shtml">3</a> <a href="other_2.shtml">x</a>')
    assert [link.url for link in found.pages] == [LIST + "index_1.shtml", LIST + "index_2.shtml"]


def test_a_list_that_claims_absurdly_many_pages_is_not_believed():
    found = listing('<script>createPageHTML(99999, 0, "index", "html")</script>')
    assert found.pages == ()
    assert found.issues == ("列表声称有 99999 页，未采信",)


def test_columns_are_directories_below_the_list():
    found = listing(
        '<a href="../">上级</a><a href="./">本栏</a><a href="/">首页</a><a href="bmjs2024_86507/">2024年</a>'
        '<a href="./jia/index.shtml">甲局</a><a href="http://other.gov.cn/zwgk/bmjs/x/">别处</a>'
    )
    assert [c.url for c in found.columns] == [LIST + "bmjs2024_86507/", LIST + "jia/index.shtml"]


def test_detail_page():
    html = page(
        """<h1>页面</h1><table><tr><td>[ 发布机构 ]</td><td> 某市甲局 </td></tr></table>
        <div class="trs_editor_view"><p>请见附件。</p>
        <p><a appendix="true" href="./P020250930123.pdf" title="某市甲局2024年度部门决算.pdf">某市甲局</a></p>
        <p><a href="http://img.gov.cn/W0202.xlsx">附表</a> <a href="./t20250929_7.html">某市乙局</a></p>
        <p><a data-appendix="true" href="/download?id=7">附件2</a></p></div>
        <a href="./t20250929_8.html">上一篇</a><a href="./t20250929_9.html">下一篇：丙局2024年度部门决算</a>
        <div id="footer"><a href="/help.pdf">使用帮助</a></div>""",
        '<META Name="ArticleTitle" Content="某市甲局2024年度部门决算公开">'
        '<meta name="PubDate" content="2025/09/29 16:00">',
    )
    found = TRS.detail(html, "http://www.town.gov.cn/x/202509/t20250930_1.html")
    assert (found.title, found.published_on, found.unit) == (
        "某市甲局2024年度部门决算公开", date(2025, 9, 29), "某市甲局",
    )  # fmt: skip
    assert [(a.title, a.url) for a in found.attachments] == [
        ("某市甲局2024年度部门决算.pdf", "http://www.town.gov.cn/x/202509/P020250930123.pdf"),
        ("附表", "http://img.gov.cn/W0202.xlsx"),
        ("附件2", "http://www.town.gov.cn/download?id=7"),
    ]
    assert [p.title for p in found.pages] == ["某市乙局", "下一篇：丙局2024年度部门决算"]
    assert found.article == ""


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="PubDate" content="1970-01-01 08:00">', "<p>来源: 县财政局</p><p>发布日期: 2025-09-17</p>"),
        ("", "<span class=tit>日期：</span><span>2019-11-05</span><p>【发布时间】</p><p>2025年9月17日</p>"),
        ('<meta name="PubDate" content="2025-09-17 09:23">', "<p>发布日期：2025-10-15</p>"),
    ],
)
def test_date_of_a_detail_page(head, body):
    assert TRS.detail(page(body, head), LIST + "t19700101_5.shtml").published_on == date(2025, 9, 17)


def test_title_of_a_detail_page_without_metas():
    found = TRS.detail(page("", "<title>甲局2024年度部门决算_决算公开_某市人民政府</title>"), LIST)
    assert found.title == "甲局2024年度部门决算"


def test_a_report_in_the_page_itself():
    tables = "<table><tr><td>收入支出决算总表</td></tr></table><p>收入决算表</p><p>支出决算表</p>"
    text = f'<div id="zoom"><script>var visits={{}}</script>{tables}<p>{"情况说明。" * 300}</p></div><b>访问量 7</b>'
    found = TRS.detail(page(text, '<meta name="ArticleTitle" content="甲&amp;乙">'), LIST)
    assert "收入支出决算总表" in found.article
    assert "<title>甲&amp;乙</title>" in found.article
    assert "访问量" not in found.article
    assert "visits" not in found.article
    assert TRS.detail(page(f'<div id="zoom">{tables}</div>'), LIST).article == ""


_BITS = st.sampled_from(
    [
        *(
            "<a href='",
            "'>",
            "</a>",
            "http://[",
            "./P0.pdf",
            "t20250230_1.html",
            "<base href='//x:y/'>",
            "<li>",
            "<h1>",
        ),
        *("<script>createPageHTML(", ", 'index', ", "99999999)", "</script>", "<!--", "<meta name=PubDate content='"),
        *("发布日期", "2025-02-30", "决算", "\0"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_BITS | st.text(max_size=5), max_size=25).map("".join))
def test_no_page_is_too_broken_to_be_looked_at(html):
    for url in (LIST, LIST + "index_1.shtml"):
        found = TRS.listing(html, url)
        assert len(found.pages) <= 1000
        assert all(link.url.startswith("http") for link in (*found.items, *found.pages, *found.columns))
        TRS.detail(html, url)


@given(st.binary(max_size=60))
def test_any_bytes_have_characters(data):
    assert isinstance(decode(data, "text/html; charset=nonsense"), str)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", "charset=gb2312"),
        ("gbk", ""),
        ("gb18030", "charset=utf-8"),
        ("utf-16", ""),
        ("utf-8-sig", "charset=gbk"),
        ("big5", "charset=big5"),
    ],
)
def test_characters_whatever_the_page_says(encoding, declared):
    text = f'<meta http-equiv="Content-Type" content="text/html; {declared}"/><p>甲局部門決算公開</p>'
    assert decode(text.encode(encoding)) == text


def test_a_few_broken_bytes_do_not_make_a_page_gbk():
    data = ("柳州市决算" * 100).encode() + b"\xe5\x86" + "公开".encode()
    assert decode(data).endswith("柳州市决算\ufffd公开")


def test_dates():
    assert first_date("成文 2025-13-01，发布 2025/9/7") == date(2025, 9, 7)
    assert first_date("1970-01-01") is None


@pytest.mark.parametrize(
    "title",
    [
        "柳州市审计局2024年度部门决算",
        "柳州市统计局2022年度部门决算公开",
        "市培训中心 2024 年度单位 决 算",
        "2024年度单位决算（本级）.pdf",
        "一般公共预算财政拨款支出决算表.xls",
        "甲局2025年部门预算和2024年部门决算公开",
        "甲局２０２４年预决算公开",
        "二〇二四年度部门决算",
        "2024年度部门决算-市审计局.pdf",
        "2024年度决算公开（市检察院）",
        "财政拨款收入支出决算总表",
        "住房公积金管理中心2024年度部门决算",
        "项目支出决算明细表",
        "2024年甲局财政决算公开",
        "2024年度部门决算公开情况说明",
    ],
)
def test_wanted_titles(title):
    assert judge(title, since=2020) is Verdict.WANTED


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        ("甲局2026年部门预算", Verdict.BUDGET),
        ("关于做好2024年度部门决算公开工作的通知", Verdict.NOTICE),
        ("2024年度部门决算编制工作会议召开", Verdict.NOTICE),
        ("2023年度部门决算审计结果公告", Verdict.NOTICE),
        ("部门决算统计口径", Verdict.NOTICE),
        ("柳州市2024年本级财政决算", Verdict.OTHER_ACCOUNTS),
        ("关于2024年决算（草案）的报告", Verdict.NOTICE),
        ("甲桥工程竣工财务决算", Verdict.OTHER_ACCOUNTS),
        ("社会保险基金决算", Verdict.OTHER_ACCOUNTS),
        ("甲局2019年度部门决算", Verdict.TOO_OLD),
        ("甲局统计公报", Verdict.SILENT),
        ("附件1", Verdict.SILENT),
        ("决算公开管理办法", Verdict.NOTICE),
    ],
)
def test_unwanted_titles(title, verdict):
    assert judge(title, since=2020) is verdict


def test_silent_names_inherit_but_budgets_and_notices_do_not():
    assert judge("附件1.pdf", inherited=True) is Verdict.WANTED
    assert judge("预算绩效自评表.pdf", inherited=True) is Verdict.WANTED
    assert judge("2025年部门预算.pdf", inherited=True) is Verdict.BUDGET
    assert judge("公开通知.doc", inherited=True) is Verdict.NOTICE
    assert judge("甲局", inherited=True, since=2024, published_on=date(2024, 9, 1)) is Verdict.TOO_OLD


@pytest.mark.parametrize(
    "name", ["中共重庆市委办公厅", "甲局（本级）", "5．重庆市版权保护中心", "市残联", "甲县第一中学"]
)
def test_bare_names_of_units(name):
    assert names_a_unit(name)


@pytest.mark.parametrize("name", ["甲局召开预算绩效管理培训会", "附件1", "更多", "甲局开展志愿活动"])
def test_what_is_no_name_of_a_unit(name):
    assert not names_a_unit(name)


def test_columns_of_final_accounts_only():
    assert only_final_accounts("2024年部门决算")
    assert not only_final_accounts("预算/决算")
    assert not only_final_accounts("财政预决算")
    assert not only_final_accounts("通知公告")


def test_fiscal_year_is_the_one_before_final_accounts():
    assert fiscal_year("2025年部门预算及2024年部门决算公开（2025年9月）") == 2024
    assert fiscal_year("部门决算（2023年度）") == 2023
    assert fiscal_year("418024001-甲局") is None


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"%PDF-1.7 ... %%EOF\n", ""),
        (b"\xef\xbb\xbf%PDF-1.7 %%EOF", ""),
        (b"%PDF-1.7 cut", "damaged"),
        (b" \n", "empty"),
        (b"<!DOCTYPE HTML><p>404", "not_a_file"),
        (b"\n<script>challenge()</script>", "not_a_file"),
        (b"PK\x03\x04...", ""),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>', ""),
        (b'{"code":500}', "damaged"),
    ],
)
def test_what_is_a_file(data, fault):
    assert fault_of(data) == fault
