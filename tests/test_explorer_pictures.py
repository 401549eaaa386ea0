"""Pictures of pages: where numbers are framed, what is kept on disk, that a page that cannot be drawn holds up nobody."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from docx import Document
from PIL import Image, ImageChops, PngImagePlugin
from starlette.testclient import TestClient

from pipeline.lake import Lake
from pipeline.model import Box
from pipeline.read.picture import NoPictureError, PagePicture, picture_page
from warehouse.explorer.app import create_app
from warehouse.explorer.drawn import Drawn
from warehouse.explorer.lane import BusyError, Lane
from warehouse.explorer.model import Explorer
from warehouse.explorer.originals import Originals, boxes
from warehouse.explorer.pages.documents import safe_name
from warehouse.letters.model import Office
from warehouse.packing import BLUE, RED, compact, packed, unpacked
from warehouse.publish import open_published

NOWHERE = "0" * 64


def lake_pages(home, drawn=None):
    lake = Lake(home / "lake")

    def source(document, number):
        if drawn is not None:
            drawn.append((document, number))
        return packed(picture_page(lake.get(document), number))

    return source


@pytest.fixture(scope="module")
def drawn():
    return []


@pytest.fixture(scope="module")
def client(city_home, tmp_path_factory, drawn):
    explorer = Explorer(
        city_home / "warehouse",
        lake_pages(city_home, drawn),
        originals=Lake(city_home / "lake").path,
        drawn=tmp_path_factory.mktemp("drawn"),
        office=Office("澄川市财政局"),
    )
    with TestClient(create_app(explorer)) as client:
        yield client


@pytest.fixture(scope="module")
def cell(city_home):
    """The suspect number of the finding on the report with a fault."""
    with open_published(city_home / "warehouse") as con:
        return con.execute(
            "SELECT f.finding_id, r.document, e.page, e.x0, e.top, e.x1, e.bottom FROM quality.finding f "
            "JOIN core.report r USING (report_id) JOIN quality.finding_cell e USING (finding_id) "
            "WHERE f.severity = 'E' AND e.role = 'stated'"
        ).fetchone()


def opened(answer):
    assert answer.status_code == 200
    return Image.open(BytesIO(answer.content))


def reds(image):
    """Where red pixels are: left, top, right, bottom."""
    red = image.convert("RGB").split()
    mask = Image.eval(red[0], lambda v: 255 * (v > 180))
    for band in red[1:]:
        mask = Image.composite(mask, Image.new("L", mask.size), Image.eval(band, lambda v: 255 * (v < 80)))
    return mask.getbbox()


def test_a_page_is_drawn_with_its_numbers_framed(client, cell):
    _, document, page, *box = cell
    plain = opened(client.get(f"/documents/{document}/pages/{page}.png"))
    marked = opened(client.get(f"/documents/{document}/pages/{page}.png?mark={','.join(map(str, box))}"))
    assert plain.size == marked.size
    assert reds(plain) is None
    scale = 150 / 72
    assert reds(marked) == pytest.approx([side * scale for side in box], abs=6)


def test_the_page_shows_its_picture_and_leads_on(client, cell):
    _, document, page, *box = cell
    mark = ",".join(f"{side:.1f}" for side in box)
    text = client.get(f"/documents/{document}/pages/{page}?mark={mark}").text
    assert f'src="/documents/{document}/pages/{page}.png?mark={mark}"' in text
    assert f'href="/documents/{document}/pages/{page + 1}"' in text
    assert client.get(f"/documents/{document}/pages/0").status_code == 404
    assert client.get(f"/documents/{document}/pages/999").status_code == 404
    assert (
        client.get(f"/documents/{document}/pages/{page}?mark=<script>;1,2;nan,1,2,3;9,9,1,1;1e9,1,1e9,2").status_code
        == 200
    )


def test_a_picture_is_drawn_once(client, cell, drawn):
    _, document, page, *_ = cell
    address = f"/documents/{document}/pages/{page}.png"
    first = client.get(address).content
    drawn.clear()
    assert client.get(address).content == first
    assert not drawn


def test_the_pictures_of_a_finding_show_its_numbers(client, cell):
    finding, document, page, *_ = cell
    text = client.get(f"/findings/{finding}").text
    assert f"/findings/{finding}/pictures/1.png" in text
    assert f'href="/documents/{document}/pages/{page}?mark=' in text
    assert reds(opened(client.get(f"/findings/{finding}/pictures/1.png")))
    assert client.get(f"/findings/{finding}/pictures/9.png").status_code == 404


def test_the_letter_can_be_read_and_taken_away(client, cell):
    page = client.get(f"/findings/{cell[0]}/letter")
    assert "澄川市财政局" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    word = client.get(f"/findings/{cell[0]}/letter?format=docx")
    assert word.headers["content-disposition"].startswith("attachment; filename*=UTF-8''2024-")
    assert any("澄川市" in paragraph.text for paragraph in Document(BytesIO(word.content)).paragraphs)


def test_the_file_is_given_as_it_was_published(client, city_home, cell):
    answer = client.get(f"/documents/{cell[1]}/file")
    assert answer.content == Lake(city_home / "lake").get(cell[1])
    assert "agriculture.pdf" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2024/决算.pdf", "决算.pdf"), ("a.zip!/部门/b.xls", "b.xls"), ("..\\..\\x.pdf", "x.pdf"), ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x", "a_Set-Cookie_x"), ("\u202efdp.exe", "fdp.exe"), ("..", "决算"), ("", "决算"), ("决" * 300, "决" * 120),
    ],
)  # fmt: skip
def test_names_of_files_are_harmless(name, safe):
    assert safe_name(name) == safe


def test_a_file_without_pages_is_told_and_its_numbers_shown_as_text(city_home, tmp_path, cell):
    sheet = tmp_path / "sheet"
    sheet.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    explorer = Explorer(city_home / "warehouse", lake_pages(city_home), originals=lambda document: sheet)
    with TestClient(create_app(explorer)) as client:
        assert "没有固定的版面" in client.get(f"/documents/{cell[1]}/pages/1").text
        text = client.get(f"/findings/{cell[0]}").text
    assert "/pictures/1.png" not in text
    assert '<td class="marked">' in text


def test_a_page_that_cannot_be_drawn_says_why_and_is_not_tried_again(city_home, cell):
    tried = []

    def source(document, number):
        tried.append(number)
        raise NoPictureError("读取超过 20 秒，已中止<b>")

    with TestClient(create_app(Explorer(city_home / "warehouse", source))) as client:
        answers = [client.get(f"/documents/{cell[1]}/pages/1.png") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].headers["content-type"] == "image/svg+xml"
    assert "已中止&lt;b&gt;" in answers[0].text
    assert tried == [1]


# what is kept


def test_pictures_are_kept_in_so_many_bytes_the_last_seen_longest(tmp_path):
    drawn = Drawn(tmp_path, 1_000)
    for number in range(10):
        drawn.get((number,), lambda: bytes(100))
        time.sleep(0.002)
    drawn.get((0,), lambda: b"anew")
    drawn.get((10,), lambda: bytes(100))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1_000
    after = Drawn(tmp_path, 1_000)  # after a restart
    assert len(after.get((0,), lambda: b"anew")) == 100
    assert after.get((1,), lambda: b"anew") == b"anew"


def test_what_a_killed_process_left_and_what_was_taken_away_hurts_nobody(tmp_path):
    (tmp_path / "x.part").write_bytes(b"half")
    drawn = Drawn(tmp_path, 1_000)
    assert not [*tmp_path.iterdir()]
    drawn.get(("a",), lambda: b"one")
    for path in tmp_path.iterdir():
        path.unlink()
    assert drawn.get(("a",), lambda: b"two") == b"two"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_takes_nothing_costs_only_the_keeping(tmp_path):
    drawn = Drawn(tmp_path, 1_000)
    tmp_path.chmod(0o500)
    assert drawn.get(("a",), lambda: b"one") == b"one"
    tmp_path.chmod(0o700)


def test_a_picture_for_many_is_drawn_by_one(tmp_path):
    calls = []

    def draw():
        calls.append(1)
        time.sleep(0.05)
        return b"one"

    drawn = Drawn(tmp_path, 1_000)
    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(lambda _: drawn.get(("a",), draw), range(8))} == {b"one"}
    assert len(calls) == 1


def test_a_page_without_colours_is_framed_in_its_palette():
    whole = Image.new("RGB", (60, 30), "white")
    whole.paste((120, 120, 120), (0, 0, 9, 9))
    pages = {1: whole, 2: Image.new("RGB", (60, 30), (200, 10, 10))}
    originals = Originals(lambda _, n: packed(PagePicture(pages[n], 2.5)), None, Drawn(None, 0))
    assert Image.open(BytesIO(originals.framed(NOWHERE, 1, []))).mode == "P"
    assert Image.open(BytesIO(originals.framed(NOWHERE, 2, []))).mode == "RGB"
    for number, page in pages.items():
        shown = unpacked(originals.picture(NOWHERE, number))
        assert shown.scale == 2.5
        assert max(most for _, most in ImageChops.difference(shown.image, page).getextrema()) <= 1
        framed = unpacked(originals.framed(NOWHERE, number, [Box(10, 5, 20, 10)])).image
        assert framed.getpixel((21, 10)) == RED
        assert framed.getpixel((58, 28)) == page.getpixel((58, 28))


def test_frames_do_not_make_a_page_one_in_colours():
    page = Image.new("RGB", (300, 20), "white")
    for level in range(256):
        page.putpixel((level, 3), (level, level, level))
    for x, color in ((5, RED), (9, BLUE)):
        page.paste(color, (x, 10, x + 3, 14))
    small = compact(page)
    assert small.mode == "P"
    back = small.convert("RGB")
    assert max(most for _, most in ImageChops.difference(back, page).getextrema()) <= 1
    assert (back.getpixel((5, 10)), back.getpixel((9, 10)), back.getpixel((290, 10))) == (RED, BLUE, (255, 255, 255))
    page.putpixel((100, 10), (214, 30, 31))
    assert compact(page).mode == "RGB"


def test_a_page_that_an_earlier_program_kept_in_grey_is_framed(tmp_path):
    told = PngImagePlugin.PngInfo()
    told.add_text("scale", "2.0")
    grey = BytesIO()
    Image.new("L", (60, 30), 200).save(grey, "PNG", pnginfo=told)
    originals = Originals(lambda _, n: grey.getvalue(), None, Drawn(tmp_path, 10_000_000))
    framed = unpacked(originals.framed(NOWHERE, 1, [Box(10, 5, 20, 10)])).image
    assert (framed.getpixel((17, 10)), framed.getpixel((58, 28))) == (RED, (200, 200, 200))


def test_places_in_an_address_are_numbers_on_a_page():
    assert boxes("1,2,3,4.5;x;1,2,3;5,6,7,8") == [Box(1, 2, 3, 4.5), Box(5, 6, 7, 8)]
    assert boxes("inf,0,inf,1;-1,0,1,1;nan,0,1,1;3,0,1,1") == []
    assert len(boxes("1,2,3,4;" * 5_000)) == 200


# lanes


def test_a_lane_takes_so_many_and_tells_the_others():
    release = threading.Event()
    lane = Lane(width=1, waiting=1, seconds=0.2)

    async def run():
        first, second = (asyncio.create_task(lane.run(lambda: release.wait(5))) for _ in range(2))
        await asyncio.sleep(0.01)
        with pytest.raises(BusyError, match="太多"):
            await lane.run(lambda: None)
        for task in (first, second):
            with pytest.raises(BusyError, match="时间过长"):
                await task
        release.set()
        await asyncio.sleep(0.05)
        return await lane.run(lambda: "free again")

    assert asyncio.run(run()) == "free again"


def test_pages_are_answered_while_pictures_take_long(city_home, cell):
    release = threading.Event()

    def source(document, number):
        release.wait(10)
        raise NoPictureError("")

    client = TestClient(create_app(Explorer(city_home / "warehouse", source)))
    with client, ThreadPoolExecutor(50) as threads:
        slow = [
            threads.submit(client.get, f"/documents/{cell[1]}/pages/{1 + n % 15}.png?mark={n},0,{n},1")
            for n in range(45)
        ]
        time.sleep(0.2)
        begun = time.monotonic()
        assert client.get("/missing").status_code == 200
        took = time.monotonic() - begun
        release.set()
        assert {one.result().status_code for one in slow} <= {404}
    assert took < 2
