"""The SQL page in a browser: a name is clicked, the question is sent, the answer is taken away and is the same."""

from decimal import Decimal

import openpyxl
import pytest

from tests.browsing import chromium, needs_chromium
from tests.web_server import Server

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def server(city_home, tmp_path_factory):
    with Server(city_home, tmp_path_factory.mktemp("log") / "log", JUESUAN_ASK_SECONDS="20") as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser, server):
    context = browser.new_context(base_url=server.address, accept_downloads=True)
    tab = context.new_page()
    tab.wrong = []
    tab.on("console", lambda message: tab.wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.on("request", lambda request: tab.wrong.append(request.url) if server.address not in request.url else None)
    yield tab
    assert tab.wrong == []
    context.close()


def test_a_question_is_asked_and_its_answer_taken_away(tab, tmp_path):
    tab.goto("/sql")
    tab.fill("#q", "SELECT 单位, 科目编码, 科目名称, 本年支出合计 FROM")
    tab.locator("summary", has_text="支出决算表").filter(has_text="支出决算表").nth(0).scroll_into_view_if_needed()
    tab.get_by_text("支出决算表", exact=True).click()
    tab.locator("code[data-insert='决算.支出决算表']").click()
    tab.locator("#q").press("End")
    tab.keyboard.type(" WHERE 年度 = 2024 ORDER BY 单位, 行序")
    with tab.expect_navigation():
        tab.keyboard.press("Control+Enter")
    assert (
        tab.locator("#q")
        .input_value()
        .startswith("SELECT 单位, 科目编码, 科目名称, 本年支出合计 FROM 决算.支出决算表 WHERE")
    )
    shown = [row.locator("td").all_inner_texts() for row in tab.locator(".answer tbody tr").all()]
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "查询结果.xlsx"
    download.value.save_as(tmp_path / "answer.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "answer.xlsx")["查询结果"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] not in (None, "单位")]
    assert len(rows) == len(shown) > 20
    for row, texts in zip(rows, shown, strict=True):
        assert [text if text is not None else "—" for text in row[:3]] == texts[:3]
        assert Decimal(str(row[3])) == Decimal(texts[3].replace(",", ""))


def test_it_works_without_javascript(browser, server):
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/sql")
    tab.fill("#q", "SELECT count(*) AS 份数 FROM 决算.报告")
    tab.get_by_role("button", name="查询").click()
    assert tab.locator(".answer tbody").inner_text() == "4"
    assert "q=SELECT" in tab.url
    context.close()
