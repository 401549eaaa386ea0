from __future__ import annotations

from decimal import Decimal

from pipeline.document import read_document, read_forms, unreadable
from pipeline.forms import FORMS
from pipeline.frames import frames
from pipeline.issues import Issue, IssueKind
from pipeline.model import Reading, ReportHead, Source
from pipeline.read.characters import printed
from pipeline.schema import READING_TABLES
from pipeline.version import READER_VERSION
from tests.drawn_tables import table

HEAD = ReportHead("某市财政局", "101", "", 2024, "部门", "", "决算", (1, 2))


def reading(*rows):
    head = ["科目编码|科目名称|小计|基本支出|项目支出"]
    found = read_forms([table([*head, *rows], "一般公共预算财政拨款支出决算表", "单位：万元")], HEAD)
    return Reading("f" * 64, Source("a.pdf", region="某市"), 3, HEAD, *found)


def test_frames_have_the_schemas():
    found = frames(
        [reading("合计|<|9.123456|9|"), unreadable("0" * 64, Source("b.pdf"), Issue(IssueKind.DAMAGED_FILE, "坏"))]
    )
    assert {name: frame.schema for name, frame in found.items()} == READING_TABLES
    assert found["document"]["document"].to_list() == ["f" * 64, "0" * 64]
    assert set(found["document"]["reader_version"]) == {READER_VERSION}
    assert found["fact"]["amount"].to_list() == [Decimal("91234.5600"), Decimal(90000), Decimal(0)]
    assert found["issue"]["kind"].to_list() == ["damaged_file"]
    assert {name: frame.schema for name, frame in frames([]).items()} == READING_TABLES


def test_amounts_that_cannot_be_are_refused_and_never_break_a_batch():
    found = reading("合计|<|12345678901234567890|9.12345678901234|")
    assert [issue.kind for issue in found.issues][:1] == [IssueKind.UNREADABLE_NUMBER]
    assert (found.forms[0].numbers, found.forms[0].lifted) == (2, 1)
    assert frames([found])["fact"].height == 2


def test_what_is_no_pdf_gives_an_issue():
    found = read_document(b"", Source("a.pdf"))
    assert [issue.kind for issue in found.issues] == [IssueKind.EMPTY_FILE]
    assert (found.pages, found.forms, found.facts) == (0, (), ())


def test_budgets_give_no_facts(shared_reports):
    for path in sorted((shared_reports / "budget").glob("*.pdf")):
        found = read_document(path.read_bytes(), Source(path.name))
        assert (found.facts, found.forms) == ((), ()), path.name
        assert IssueKind.NOT_FINAL_ACCOUNTS in {issue.kind for issue in found.issues}, path.name


def test_declarations_are_consistent():
    assert [form.short for form in FORMS.values()] == ["T1", "T2", "T3", "T4", "T5", "T6", "TF", "TG", "TS"]
    for form in FORMS.values():
        keys = [line.key for line in form.lines]
        assert len(keys) == len(set(keys)), form.key
        assert set(form.required) <= set(form.measures), form.key
        sides = {side for side, _ in form.sides} | {""}
        assert {line.side for line in form.lines} | {line.total_of for line in form.lines} <= sides, form.key
        assert {line.after for line in form.lines} <= {*keys, ""}, form.key
        named = [(column.line, column.measure, column.side) for column in form.columns]
        assert len(named) == len(set(named)), form.key
        assert {column.line for column in form.columns} <= {*keys, ""}, form.key


def test_a_mistake_of_ours_costs_one_document(monkeypatch, caplog):
    monkeypatch.setattr("pipeline.document.read_pages", lambda *_: 1 / 0)

    found = read_document(b"%PDF-1.7", Source("a.pdf"))

    assert [issue.kind for issue in found.issues] == [IssueKind.READER_FAILED]
    assert "ZeroDivisionError" in found.issues[0].text
    assert "ZeroDivisionError" in caplog.text


def test_half_a_character_is_no_text_that_can_be_stored():
    assert [printed("\ud840"), printed("\udc0b"), printed("决")] == ["\ufffd", "\ufffd", "决"]


def test_tables_of_which_none_is_known_are_no_silence(monkeypatch):
    monkeypatch.setattr("pipeline.document.recognise", lambda tables: ([], []))

    forms, facts, issues = read_forms([table(["甲|乙", "1|2"], "附表", "")], HEAD)

    assert (forms, facts, [issue.kind for issue in issues]) == ((), (), [IssueKind.NO_TABLES])
