"""The main way through the pages in a real browser: from what does not add up to the page on which it stands."""

from __future__ import annotations

import pytest

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
    app = create_app(
        Explorer(
            city_home / "warehouse",
            lambda document, number: packed(picture_page(lake.get(document), number)),
            originals=lake.path,
            drawn=tmp_path_factory.mktemp("drawn"),
        )
    )
    with served(app) as address:
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
