"""Pages and answers of single vendors, as they are on real portals, in our own words."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.portals.answers import read_json, stated_date
from pipeline.portals.families import families
from pipeline.portals.html import labelled, parse
from pipeline.portals.sites import sites

HOST = "http://www.town.gov.cn"
PROXY = f"{HOST}/module/web/jpage/dataproxy.jsp"
SERVICE = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit"


def listing(family, html, path="/xxgk/czgk.htm"):
    return families()[family].listing(html, path if path.startswith("http") else HOST + path)


def paths(links):
    return [link.url.removeprefix(HOST) for link in links]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("发布日期：2025-09-12　来源：市甲局　点击：[5]", "市甲局"),
        ("来源：市甲局 发布时间：2025-09-12", "市甲局"),
        ("发布时间:2025-09-12 09:30 信息来源:市甲局", "市甲局"),
        ("【来源：市甲局】 【字体：大 中 小】", "市甲局"),
        ("本文来源于市乙局", ""),
    ],
)
def test_labels_that_share_a_line(line, unit):
    assert next(labelled(parse(f"<p>{line}</p>"), ("信息来源", "来源")), "") == unit


def test_the_column_of_a_unit_below_a_vsb_list_and_the_pager_that_leaves_pages_out():
    found = listing(
        "vsb",
        """<ul><li><a href="info/1/2.htm">甲局2024年度部门决算</a></li>
        <li><a href="http://other.gov.cn/a/b.html">乙局2024年度部门决算</a><span>2025-09-01</span></li>
        <li><a href="http://other.gov.cn/">友情链接</a></li><li><a href="czgk/bmjs.htm">部门决算</a></li></ul>
        共31条 <a href="czgk/3.htm">2</a>…<a href="czgk/1.htm">4</a><a href="/other/9.htm">9</a>""",
    )
    assert [item.title for item in found.items] == ["甲局2024年度部门决算", "乙局2024年度部门决算"]
    assert paths(found.pages) == ["/xxgk/czgk/3.htm", "/xxgk/czgk/2.htm", "/xxgk/czgk/1.htm"]
    assert paths(found.columns) == ["/xxgk/czgk/bmjs.htm"]
    assert found.count == 31
    last = listing("vsb", '<a href="2.htm">上页</a><a href="../czgk.htm">首页</a>', "/xxgk/czgk/1.htm")
    assert paths(last.pages) == ["/xxgk/czgk/2.htm", "/xxgk/czgk/1.htm"]


def test_columns_of_a_cmsres_list_are_below_it_or_named_like_one():
    found = listing(
        "cmsres",
        '<a href="/nian2024/index.html">2024年</a><a href="/xw/index.html">新闻</a><a href="jia/">甲局</a>'
        '<!-- <li><a href="/czxx/20250901/0123456789abcdef.html">甲局2024年度部门决算</a></li> -->',
        "/czxx/index.html",
    )
    assert paths(found.columns) == ["/nian2024/index.html", "/czxx/jia/"]
    assert found.items == ()


def jpage(unit, total, records=""):
    fields = f"ajaxParam:{{col:1,appid:1,webid:49,path:'/',columnid:{unit}1,unitid:'{unit}',webname:'某市 政府'}}"
    return f"<script>{records}$('#{unit}').jpage({{perPage:15, totalRecord:{total}, proxyUrl:'/module/jpage/dataproxy.jsp', {fields}}})</script>"


def test_a_jcms_page_may_hold_several_lists():
    found = listing("jcms", jpage(7, 20) + jpage(8, 400), "/col/col282/index.html")
    asked = [(link.url.partition("record=")[2], "unitid=7" in link.posted) for link in found.pages]
    assert asked == [
        ("1&endrecord=20&perpage=300", True),
        ("1&endrecord=300&perpage=300", False),
        ("301&endrecord=400&perpage=300", False),
    ]
    assert {link.url.partition("?")[0] for link in found.pages} == {f"{HOST}/module/jpage/dataproxy.jsp"}
    assert "webname=%E6%9F%90%E5%B8%82" in found.pages[0].posted
    assert found.count == 420


def test_a_jcms_page_that_holds_all_its_records_asks_for_no_more():
    record = "<record><![CDATA[<li><a href='/art/2025/9/10/art_1_2.html'>甲局2024年度部门决算</a><b>2025-09-10</b></li>]]></record>"
    found = listing("jcms", jpage(7, 1, record), "/col/col282/index.html")
    assert found.pages == found.issues == ()
    assert [(item.title, item.published_on) for item in found.items] == [("甲局2024年度部门决算", date(2025, 9, 10))]


def test_a_jcms_page_without_its_parameters_says_so():
    found = listing("jcms", "<script>$('#1').jpage({totalRecord:99})</script>", "/col/col282/index.html")
    assert found.issues == ("列表有 99 条，但没有找到翻页所需的参数",)


def test_an_empty_answer_to_a_short_request_says_so():
    found = listing("jcms", "<datastore/>", f"{PROXY}?startrecord=46&endrecord=60&perpage=15&columnid=1&unitid=2")
    assert found.issues == ("翻页接口的回答没有任何条目",)


@pytest.mark.parametrize(
    "pager",
    [
        "<div class='pagination' rows=15 count=31></div>",
        """<div id="p" queryData="{'rows':'15','count':'31','pageNo':'1'}"></div>""",
    ],
)
def test_pages_of_a_jpaas_answer(pager):
    text = json.dumps({"success": True, "data": {"html": pager}})
    found = listing("jpaas", text, f"{SERVICE}?webId=1&tagId=%E5%BD%93%E5%89%8D#%E5%86%B3%E7%AE%97")
    assert [link.url.partition("paramJson=")[2] for link in found.pages] == [
        "%7B%22pageNo%22%3A2%2C%22pageSize%22%3A%2215%22%7D#%E5%86%B3%E7%AE%97",
        "%7B%22pageNo%22%3A3%2C%22pageSize%22%3A%2215%22%7D#%E5%86%B3%E7%AE%97",
    ]
    assert (found.count, found.column) == (31, "决算")
    assert listing("jpaas", text, found.pages[0].url).pages == ()


def test_the_service_that_a_jpaas_page_names():
    script = (
        f"""<script url="{SERVICE}" queryData="{{'webId':'3516','tagId':'list'}}"></script><script url="/x"></script>"""
    )
    found = listing("jpaas", f'<meta name="ColumnName" content="决算">{script}', "/col/col1/index.html")
    assert [link.url for link in found.columns] == [f"{SERVICE}?webId=3516&tagId=list#%E5%86%B3%E7%AE%97"]


def test_the_columns_of_money_in_a_tree_behind_a_departments_path():
    tree = [
        {"id": 1, "name": "法定主动公开", "children": [{"id": 2, "name": "财政预决算", "children": []}]},
        {
            "id": 3,
            "name": "财政资金",
            "children": [{"id": 4, "name": "部门预算", "children": [{"id": 5, "name": "2024年"}]}],
        },
    ]
    html = f"<script>window._CONFIG = {{ SID: '200025', TREE: {json.dumps(tree)}, X: 1 }}</script>"
    found = listing("gkmlpt", html, "/gzybj/gkmlpt/index")
    assert paths(found.columns) == [
        "/gzybj/gkmlpt/api/all/2?page=1&sid=200025",
        "/gzybj/gkmlpt/api/all/3?page=1&sid=200025",
    ]


def test_an_article_without_a_page_is_its_attachments():
    file = {"name": "附件1.pdf", "url": "/attachment/0/542/1/2.pdf", "type": "pdf", "size": 3}
    article = {"title": "甲局2024年度部门决算", "date": 1757433600, "attachment": json.dumps([file])}
    found = listing("gkmlpt", json.dumps({"articles": [article]}), "/gkmlpt/api/all/5?page=0&sid=1")
    (item,) = found.items
    assert (item.title, item.published_on) == ("甲局2024年度部门决算 附件1.pdf", date(2025, 9, 10))
    assert paths(found.items) == ["/attachment/0/542/1/2.pdf"]
    assert found.count is None


@pytest.mark.parametrize("address", ["http://[附件]", "javascript:void(0)", "//x:y/a.pdf"])
def test_an_address_that_is_none_is_no_item(address):
    file = {"name": "附件1.pdf", "url": address}
    articles = [{"title": "甲局", "url": address, "attachment": [file]}, {"title": "乙局", "attachment": [file]}]
    assert listing("gkmlpt", json.dumps({"articles": articles}), "/gkmlpt/api/all/5?page=1&sid=1").items == ()
    script = f"<script url='{address}/jpaas-publish-server/' queryData=\"{{'a':'b'}}\"></script>"
    assert listing("jpaas", script, "/col/col1/index.html").columns == ()
    group = f"<nextgroup><![CDATA[<a href='{address}dataproxy.jsp?page=2'></a>]]></nextgroup>"
    assert listing("jcms", f"<datastore>{group}</datastore>", f"{PROXY}?page=1").pages == ()


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ((1757433600,), date(2025, 9, 10)),
        (("1757433600000",), date(2025, 9, 10)),
        ((0, "2025-09-10 00:00:00"), date(2025, 9, 10)),
        ((None, "", "1970-01-01"), None),
        ((10**30,), None),
    ],
)
def test_dates_as_services_write_them(values, day):
    assert stated_date(*values) == day


def test_json_nested_too_deeply_is_no_json():
    with pytest.raises(ValueError, match="nested"):
        read_json("[" * 200_000)


def test_sites_that_nobody_has_seen_answer_say_so():
    declared = {site.family for site in sites().values() if not site.local}
    assert declared == set(families())
    assert not any(site.verified for site in sites().values())


_BITS = st.sampled_from(
    [
        *("<a href='", "'>", "</a>", "/info/1/2.htm", "czgk/3.htm", "http://[", "<li>", "2025-09-01", "决算", "\0"),
        *(
            "<record><![CDATA[",
            "]]></record>",
            "totalRecord:",
            "99999",
            "columnid:1,unitid:2,",
            ".jpage(",
            "<nextgroup>",
        ),
        *(
            '{"data":{"html":"',
            '"}}',
            "<div rows=0 count=9>",
            "window._CONFIG={SID:'1',TREE:",
            '[{"id":1,"name":"决算"}]',
        ),
        *(
            '{"articles":[',
            '{"url":"//[","date":-1}',
            "]}",
            '"classify":{"post_count":1e9},',
            "null",
            "[]",
            "[1]",
            "DETAIL:",
        ),
        *(
            "totalPage: 9",
            '{"budgetTemplates":[{"uuid":1}]}',
            '{"iid":1,"t_uploaddate":99999999999999999999}',
            "{}",
            ",",
        ),
    ]
)
_ADDRESSES = [
    "/xxgk/czgk.htm",
    "/",
    "/col/col1/index.html",
    f"{PROXY}?startrecord=x&endrecord=9&unitid=1&columnid=1",
    f"{PROXY}?startrecord=1&endrecord=90&unitid=1&columnid=1",
    f"{SERVICE}?webId=1",
    "/gkmlpt/api/all/5?page=1&sid=1",
    "/front/department/getdepartmentname.do?pid=1",
    "/front/budgetfinal/itemsandpag.do?page_num=1#%E7%94%B2",
]


@pytest.mark.parametrize("family", families())
@settings(max_examples=60, deadline=None)
@given(
    html=st.lists(_BITS | st.text(max_size=5), max_size=20).map("".join),
    addresses=st.lists(st.sampled_from(_ADDRESSES), min_size=3, max_size=3, unique=True),
)
def test_no_answer_is_too_broken_to_be_looked_at(family, html, addresses):
    for address in addresses:
        found = listing(family, html, address)
        assert len(found.pages) <= 2000
        assert all(link.url.startswith("http") for link in (*found.items, *found.pages, *found.columns))
    families()[family].detail(html, address if address.startswith("http") else HOST + address)
