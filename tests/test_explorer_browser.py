"""Ways through the pages in a real browser: to the number on its page, to what was corrected, to an answer in Excel.

One browser for all of them: to start it takes longer than any of the ways.
"""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from assets.asking import asking
from assets.settings import Settings
from pipeline.lake import Lake
from pipeline.read.picture import picture_page
from tests.browsing import chromium, needs_chromium, served, sync_api
from warehouse.explorer.app import create_app
from warehouse.explorer.model import Explorer
from warehouse.packing import packed

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def site(city_home, tmp_path_factory):
    lake = Lake(city_home / "lake")
    with asking(Settings(home=city_home, ask_seconds=20)) as ask:
        app = create_app(
            Explorer(
                city_home / "warehouse",
                lambda document, number: packed(picture_page(lake.get(document), number)),
                originals=lake.path,
                drawn=tmp_path_factory.mktemp("drawn"),
                ask=ask,
            )
        )
        with served(app) as address:
            yield address


@pytest.fixture(scope="module")
def corrected(corrected_home):
    """The address of a server that shows a report and its corrected version."""

    def no_pictures(document, number):
        raise AssertionError

    with served(create_app(Explorer(corrected_home / "warehouse", no_pictures))) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize(("size", "scripts"), [((1280, 900), True), ((390, 844), False)], ids=["desktop", "phone"])
def test_from_the_first_page_to_the_number_on_its_page(site, browser, size, scripts):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts)
    page, told, outside = context.new_page(), [], []
    page.on("console", lambda message: told.append(message.text))  # a breach of the policy is told there
    page.on(
        "request", lambda request: outside.append(request.url) if not request.url.startswith((site, "data:")) else None
    )
    page.goto(site)
    assert fits(page, size[0])
    page.locator(".find-e .sentence").first.click()
    picture = page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert picture.bounding_box()["width"] > 100
    assert fits(page, size[0])
    page.get_by_role("link", name="看整页").first.click()
    page.wait_for_load_state("networkidle")
    whole = page.locator(".sheet img")
    assert "?mark=" in whole.get_attribute("src")
    assert whole.bounding_box()["height"] > 200
    assert fits(page, size[0])
    page.get_by_role("link", name="下一页").first.click()
    assert page.url.split("?")[0] != whole.get_attribute("src").split(".png")[0]
    context.close()
    assert not told
    assert not outside


def fits(page, width):
    """Whether nothing stands out of the page at its side."""
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_looking_for_a_unit_by_hand(site, browser):
    page = browser.new_page()
    page.goto(site)
    page.get_by_role("searchbox", name="单位或科目").fill("农业 推广")
    page.keyboard.press("Enter")
    sync_api.expect(page.get_by_role("link", name="澄川市农业技术推广站").first).to_be_visible()
    page.close()


@pytest.fixture
def phone(browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def test_from_a_unit_to_what_its_corrected_version_changed(corrected, phone):
    phone.goto(f"{corrected}/units")
    phone.get_by_role("textbox", name="名称").fill("来访接待")
    phone.get_by_role("button", name="显示").click()
    phone.get_by_role("link", name="澄川市人民来访接待服务中心").click()
    phone.get_by_role("link", name="2 个版本，看差异").click()
    changed = phone.get_by_role("row").filter(has_text="社会保障和就业支出")
    assert changed.get_by_role("cell").all_inner_texts() == ["532.50万元", "53.25万元", "-479.25万元"]
    old, new = (link.get_attribute("href") for link in changed.get_by_role("link").all())
    assert old.split("?")[0] != new.split("?")[0]
    assert "mark=" in new


def test_the_pages_keep_to_the_policy_and_to_the_width_of_a_phone(corrected, phone):
    complaints = []
    phone.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    phone.goto(f"{corrected}/units")
    phone.get_by_role("link", name="澄川市人民来访接待服务中心").click()
    charts = phone.get_by_role("img").all()
    assert len(charts) == 4
    for chart in charts:
        chart.scroll_into_view_if_needed()
        assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)")
    address = phone.url
    for path in ("", "/tables/expenditure", "/tables/income_expenditure?all=1"):
        phone.goto(address + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not complaints


@pytest.fixture
def tab(browser, site):
    context = browser.new_context(base_url=site, accept_downloads=True)
    tab = context.new_page()
    tab.wrong = []
    tab.on("console", lambda message: tab.wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.on("request", lambda request: tab.wrong.append(request.url) if site not in request.url else None)
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


def test_it_works_without_javascript(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/sql")
    tab.fill("#q", "SELECT count(*) AS 份数 FROM 决算.报告")
    tab.get_by_role("button", name="查询").click()
    assert tab.locator(".answer tbody").inner_text() == "4"
    assert "q=SELECT" in tab.url
    context.close()
