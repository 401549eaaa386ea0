"""A sample report cut into its narrative and its tables gives, file by file, what the whole one gives."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assets.cli import main
from pipeline.document import read_document
from pipeline.model import Source
from tests.archives import zipped
from tests.excerpt import excerpt

FARMING = Path(__file__).parent / "city" / "reports" / "2024" / "agriculture.pdf"


@pytest.fixture(scope="module")
def halves():
    reading = read_document(FARMING.read_bytes(), Source("a.pdf"))
    pages = {fact.page for fact in reading.facts}
    tables = range(min(pages), max(pages) + 1)
    return excerpt(FARMING, [n for n in range(1, reading.pages + 1) if n not in tables]), excerpt(FARMING, tables)


def check(path):
    return json.loads(CliRunner().invoke(main, ["check", str(path), "--format", "json"]).stdout)


def test_two_files_are_checked_as_one(halves, tmp_path):
    bundle = tmp_path / "公开.zip"
    bundle.write_bytes(zipped([("决算说明.pdf", halves[0]), ("决算公开表.pdf", halves[1])]))
    whole, answer = check(FARMING), check(bundle)

    narrative, tables = answer["reports"]
    assert (narrative["is_narrative"], narrative["checked"], narrative["passed"]) == (True, True, 0)
    assert tables["checked"] is True
    (one,) = whole["reports"]
    counts = ("forms", "numbers", "lifted", "passed", "failed", "not_evaluated")
    assert [tables[key] for key in counts] == [one[key] for key in counts]
    assert {f["identity"] for f in answer["findings"]} == {f["identity"] for f in whole["findings"]}
    assert {f["file"] for f in answer["findings"]} == {"公开.zip!/决算公开表.pdf"}
    assert answer["issues"] == []
    assert "文字说明：与报表分为两个文件" in CliRunner().invoke(main, ["check", str(bundle)]).stdout
