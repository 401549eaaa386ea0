"""Data Docs: everything that Great Expectations says, and nothing that goes out to another host."""

from __future__ import annotations

import re

import pytest
from lxml import html

from expectations.docs import sections, write_docs
from expectations.run import rules
from warehouse.publish import published


@pytest.fixture(scope="module")
def pages(city_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    written = write_docs(published(city_home / "warehouse"), folder)
    return {page.name: page.read_text(encoding="utf-8") for page in written}


def page_of(table, pages):
    (page,) = (text for name, text in pages.items() if name != "index.html" and f"{table}<" in text)
    return page


def test_every_rule_is_described_once_in_chinese_with_its_result(pages):
    bodies = [html.document_fromstring(text) for name, text in pages.items() if name != "index.html"]
    said = [" ".join(cell.text_content().split()) for body in bodies for cell in body.xpath("//td[2]")]
    for rule in rules():
        assert said.count(rule.description) == 1, rule.description
    (failed,) = {
        row.xpath("td[3]")[0].text_content().strip()
        for body in bodies
        for row in body.xpath("//tr[.//span[@class='failed']]")
        if "H-01" in row.text_content()
    }
    assert failed == "1"


def test_the_index_leads_to_every_page_and_back(pages):
    links = html.document_fromstring(pages["index.html"]).xpath("//a/@href")
    assert set(links) == set(pages) - {"index.html"}
    assert len(links) == len(set(links))
    assert all('href="index.html"' in text for name, text in pages.items() if name != "index.html")


def test_no_page_reaches_out(pages):
    for text in pages.values():
        assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
        root = html.document_fromstring(text)
        assert root.xpath("//script | //link | //img | //iframe | //object | //form") == []
        assert {name for element in root.iter("*") for name in element.attrib if name.startswith("on")} == set()
        assert "default-src 'none'" in text


def test_the_words_are_chinese(pages):
    text = html.document_fromstring(page_of("core.cell", pages)).text_content()
    for english in ("Overview", "Statistics", "Status", "Expectation Suite", "Data asset", "Show more", "Observed"):
        assert english not in text


def test_what_folds_opens_without_a_script(pages):
    root = html.document_fromstring(page_of("core.cell", pages))
    (details,) = root.xpath("//details")
    assert details.xpath("summary")[0].text == "运行信息"
    assert details.xpath(".//table")


def test_whatever_stands_in_a_page_only_its_text_gets_through():
    hostile = """<html><body><script>x</script><div class="ge-section" onclick="x()" style="background:url(http://h/)">
        <!-- http://h/ --><a href="http://h/">甲</a><img src="http://h/1"><iframe src="//h"></iframe>
        <svg onload="x()"></svg>&lt;script&gt;乙<i class="fas fa-times text-danger"></i><form action="http://h"></form>
        <a data-toggle="collapse" href="#none">丙</a></div><footer><a href="http://h/">丁</a></footer></body></html>"""
    found = str(sections(hostile))
    assert "http" not in found
    assert "//h" not in found
    assert "<script" not in found
    assert "&lt;script&gt;乙" in found
    assert '<span class="failed">✗</span>' in found
    assert "甲" in found
    assert "丁" not in found
