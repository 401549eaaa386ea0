"""A reader's way through the pages in a real browser: from a unit to the number that was corrected."""

import pytest

from tests.browsing import chromium, needs_chromium, served
from warehouse.explorer.app import create_app
from warehouse.explorer.model import Explorer

pytestmark = needs_chromium


def no_pictures(document, number):
    raise AssertionError


@pytest.fixture(scope="module")
def site(corrected_home):
    """The address of a server that shows a report and its corrected version."""
    app = create_app(Explorer(corrected_home / "warehouse", no_pictures))
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def test_from_a_unit_to_what_its_corrected_version_changed(site, tab):
    tab.goto(f"{site}/units")
    tab.get_by_role("textbox", name="名称").fill("来访接待")
    tab.get_by_role("button", name="显示").click()
    tab.get_by_role("link", name="澄川市人民来访接待服务中心").click()
    tab.get_by_role("link", name="2 个版本，看差异").click()
    changed = tab.get_by_role("row").filter(has_text="社会保障和就业支出")
    assert changed.get_by_role("cell").all_inner_texts() == ["532.50万元", "53.25万元", "-479.25万元"]
    old, new = (link.get_attribute("href") for link in changed.get_by_role("link").all())
    assert old.split("?")[0] != new.split("?")[0]
    assert "mark=" in new


def test_the_pages_keep_to_the_policy_and_to_the_width_of_a_phone(site, tab):
    complaints = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.goto(f"{site}/units")
    tab.get_by_role("link", name="澄川市人民来访接待服务中心").click()
    charts = tab.get_by_role("img").all()
    assert len(charts) == 4
    for chart in charts:
        chart.scroll_into_view_if_needed()
        assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)")
    address = tab.url
    for path in ("", "/tables/expenditure", "/tables/income_expenditure?all=1"):
        tab.goto(address + path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert not complaints
