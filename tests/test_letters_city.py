"""From published files to letters: reports of the sample city, one of them with two figures exchanged."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from docx import Document
from PIL import Image

from assets.cli import main
from pipeline.lake import Lake
from pipeline.read.picture import picture_page
from tests.test_letters_clip import frame
from warehouse.packing import RED
from warehouse.query import opened

if TYPE_CHECKING:
    from pathlib import Path

WRONG, CLEAN = "农业技术推广站", "群众文化馆"


@pytest.fixture(scope="module")
def home(city_home, tmp_path_factory):
    """A copy: files are taken out of its lake."""
    return shutil.copytree(city_home, tmp_path_factory.mktemp("home"), symlinks=True, dirs_exist_ok=True)


@pytest.fixture
def juesuan(home, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    monkeypatch.setenv("JUESUAN_OFFICE", "澄川市财政局")
    monkeypatch.setenv("JUESUAN_LETTER_DATE", "2026-01-06")
    return lambda *arguments: CliRunner().invoke(main, arguments)


def document_of(home: Path, unit: str) -> str:
    with opened(home / "warehouse") as con:
        found = con.execute("SELECT document FROM core.report WHERE contains(unit, $1) AND fiscal_year = 2024", [unit])
        return found.fetchall()[0][0]


def test_a_letter_shows_the_very_cells_of_the_published_document(home, juesuan, tmp_path):
    result = juesuan("letter", WRONG, "2024", "-o", str(tmp_path), "--format", "both")
    assert result.exit_code == 0, result.output
    assert "需更正 1 处" in result.output
    docx, page = sorted(tmp_path.iterdir())
    document = Document(io.BytesIO(docx.read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "“科技转化与推广服务”项目支出为86.28万元" in text
    assert "应为68.28万元" in text
    assert "涉及的勾稽关系：" in text
    assert "请于2026年1月21日前" in text
    pictures = [shape._inline.graphic.graphicData.pic.blipFill.blip.embed for shape in document.inline_shapes]
    blobs = [document.part.related_parts[key].blob for key in pictures]
    assert len(blobs) == 1
    with opened(home / "warehouse") as con:
        stated = con.execute(
            "SELECT c.page, c.x0, c.top, c.x1, c.bottom FROM quality.finding f JOIN quality.finding_cell c "
            "USING (finding_id) WHERE c.role = 'stated' ORDER BY f.page, f.identity"
        ).fetchall()
    data = Lake(home / "lake").get(document_of(home, WRONG))
    for blob, (number, *box) in zip(blobs, stated, strict=True):
        picture = Image.open(io.BytesIO(blob)).convert("RGB")
        whole, scale = picture_page(data, number)
        x0, top, x1, bottom = (round(value * scale) for value in box)
        inside = np.asarray(whole.crop((x0 + 4, top + 4, x1 - 4, bottom - 4))).astype(int)
        left, above, right, below = frame(picture, RED)
        cut = np.asarray(picture.crop((left + 4, above + 4, right - 5, below - 5))).astype(int)
        assert cut.shape == inside.shape
        assert np.abs(cut - inside).max() <= 1  # shades of grey, two fewer
        assert (inside < 128).any()  # there is print in it
    assert page.read_text(encoding="utf-8").count("data:image/png;base64,") == 1


def test_no_open_finding_no_letter(juesuan, tmp_path):
    result = juesuan("letter", CLEAN, "2024", "-o", str(tmp_path))
    assert (result.exit_code, list(tmp_path.iterdir())) == (0, [])
    assert "不必发函" in result.output


def test_ambiguous_and_unknown_units(juesuan, tmp_path):
    ambiguous = juesuan("letter", "澄川市", "2024", "-o", str(tmp_path))
    assert ambiguous.exit_code == 2
    assert WRONG in ambiguous.output
    assert CLEAN in ambiguous.output
    assert juesuan("letter", "没有的局", "2024").exit_code == 1
    assert "已有的年度：2023、2024" in juesuan("letter", WRONG, "1999").output


def test_all_letters_twice_are_the_same(juesuan, tmp_path):
    first = juesuan("letters", "-o", str(tmp_path), "--format", "both")
    assert first.exit_code == 0, first.output
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert len(before) == 3
    assert "（内容未变）" in juesuan("letters", "-o", str(tmp_path), "--format", "both").output
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("harm", ["gone", "broken"])
def test_a_document_that_cannot_be_shown_costs_its_pictures_alone(home, juesuan, tmp_path, harm):
    path = Lake(home / "lake").path(document_of(home, WRONG))
    data = path.read_bytes()
    try:
        path.unlink()
        if harm == "broken":
            path.write_bytes(data[:500])
        result = juesuan("letters", "-o", str(tmp_path), "--format", "html")
    finally:
        path.write_bytes(data)
    assert result.exit_code == 0, result.output
    assert ("不在数据湖中" if harm == "gone" else "无法显示") in result.output
    (page,) = tmp_path.glob("*.html")
    assert "68.28" in page.read_text(encoding="utf-8")
    assert "data:image" not in page.read_text(encoding="utf-8")


def test_before_the_first_publication(tmp_path, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path))
    for arguments in (["letter", "甲", "2024"], ["letters"], ["docs"]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1
        assert "还没有发布过数据仓库" in result.output
