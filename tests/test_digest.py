"""The digest: what is told of a published warehouse to a reader who knows some of it, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from expectations.declared import insert
from expectations.digest.compare import Change, compare
from expectations.digest.replaced import differences
from expectations.digest.subjects import State, Subject
from expectations.digest.survey import survey
from expectations.digest.wording import message
from expectations.findings import FINDING

TODAY = date(2026, 3, 2)
OLD, NEW = "a" * 64, "b" * 64
URL = "http://czj.example.cn/2026/t1.pdf"


def finding(number=1, **different):
    row = {
        "finding_id": f"{number:016x}", "report_id": "u-2024", "unit_id": "u", "unit": "甲局", "fiscal_year": 2024, "scope": "",
        "identity": "R5", "instance": "", "severity": "E", "status": "new", "first_seen": date(2026, 3, 1), "resolved_on": None,
        "stated": Decimal(10), "expected": Decimal(12), "difference": Decimal(-2), "form": "income", "line": "total",
        "measure": "total", "page": 8, "box": None, "sentence": "《收入决算表》合计不等于各项之和，相差2元。",
    }  # fmt: skip
    return {**row, **different}


def fact(document, line, amount, printed=None):
    return {
        "document": document, "form": "income", "line": line, "measure": "total", "label": f"名{line}", "amount": amount,
        "printed": str(amount) if printed is None else printed, "page": 5, "row_no": int(line),
    }  # fmt: skip


@pytest.fixture
def con():
    """A published file with one report in two versions, an unreadable file and no finding."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA raw; CREATE SCHEMA core; CREATE SCHEMA ref; CREATE SCHEMA quality")
        report = {
            "report_id": "u-2024",
            "document": NEW,
            "unit_id": "u",
            "unit": "甲局",
            "fiscal_year": 2024,
            "scope": "",
        }
        moment = datetime(2026, 3, 1, 18, tzinfo=UTC)
        text = dict.fromkeys(
            ("document", "report_id", "name", "unit", "kind", "url", "form", "line", "measure", "label", "printed"),
            "VARCHAR",
        )
        insert(con, "TABLE core.report", dict.fromkeys(report, "VARCHAR") | {"fiscal_year": "INTEGER"}, [report])
        con.execute(
            "CREATE TABLE raw.document (document VARCHAR, name VARCHAR, unit VARCHAR, kind VARCHAR, fiscal_year INTEGER, parts INTEGER[])"
        )
        con.executemany(
            "INSERT INTO raw.document VALUES (?, ?, '', '', NULL, [])",
            [[OLD, "旧.pdf"], [NEW, "新.pdf"], ["c" * 64, "坏.pdf"]],
        )
        con.execute("CREATE TABLE raw.publication (document VARCHAR, url VARCHAR, fetched_at TIMESTAMPTZ)")
        con.executemany("INSERT INTO raw.publication VALUES (?, ?, ?)", [[OLD, URL, moment], [NEW, URL, moment]])
        for table in ("version", "document"):
            con.execute(
                f"CREATE TABLE core.{table} AS SELECT d.document, 'u-2024' AS report_id, name, $1::TIMESTAMPTZ AS fetched_at FROM raw.document d",
                [moment],
            )
        con.execute("CREATE TABLE core.issue (document VARCHAR, report_id VARCHAR, kind VARCHAR)")
        con.execute(
            "INSERT INTO core.issue VALUES ($1, NULL, 'damaged_file'), ($2, 'u-2024', 'unknown_line')", ["c" * 64, NEW]
        )
        columns = {key: text.get(key, "INTEGER") for key in fact(OLD, "1", 0)} | {"amount": "DECIMAL(18,4)"}
        insert(
            con,
            "TABLE core.fact",
            columns,
            [fact(OLD, "1", 5), fact(OLD, "2", 7), fact(OLD, "3", 0, ""), fact(NEW, "1", 5), fact(NEW, "2", 8)],
        )
        con.execute("CREATE TABLE ref.form AS SELECT 'income' AS form, '收入决算表' AS title")
        con.execute("CREATE TABLE ref.form_measure AS SELECT 'income' AS form, 'total' AS measure, '合计' AS title")
        insert(con, "TABLE quality.finding", FINDING, [])
        yield con


def judged(con, *findings, columns=()):
    insert(con, "TABLE quality.finding", FINDING | dict(columns), findings)
    return survey(con, TODAY)


def changes(news):
    return [item.change for item in news.items]


def test_a_finding_is_told_once_in_every_state(con):
    first = compare(judged(con, finding()), None)
    assert (first.first, changes(first)) == (True, [Change.NEW, Change.UNREAD])
    (item, _) = first.items
    assert (item.subject.url, item.subject.source, item.subject.since) == (URL, "新.pdf", date(2026, 3, 1))

    again = compare(judged(con, finding(status="persisting")), first.known)
    assert not again
    changed = compare(judged(con, finding(status="changed", expected=Decimal(13))), first.known)
    assert changes(changed) == [Change.CHANGED]
    gone = compare(judged(con, finding(status="resolved", resolved_on=TODAY)), changed.known)
    assert changes(gone) == [Change.RESOLVED]
    assert not compare(judged(con, finding(status="resolved", resolved_on=TODAY)), gone.known)
    assert changes(compare(judged(con, finding()), gone.known)) == [Change.NEW]


def test_what_could_not_be_checked_stands_as_it_did(con):
    first = compare(judged(con, finding()), None)
    unverified = compare(judged(con, finding(status="unverified")), first.known)
    assert not unverified
    assert not compare(judged(con, finding()), unverified.known)
    never = compare(judged(con, finding(2, status="unverified")), {})
    assert changes(compare(judged(con, finding(2)), never.known)) == [Change.NEW]


def test_found_and_corrected_while_the_channel_was_down_is_told(con):
    known = compare(judged(con), None).known
    assert changes(compare(judged(con, finding(status="resolved", resolved_on=TODAY)), known)) == [Change.RESOLVED]
    assert changes(compare(judged(con, finding(status="resolved", resolved_on=TODAY)), None)) == [Change.UNREAD]


def test_a_waiver_silences_until_it_expires(con):
    until = {"waived_until": "DATE"}
    waived = compare(judged(con, finding(waived_until=TODAY), columns=until), None)
    assert changes(waived) == [Change.UNREAD]
    expired = compare(judged(con, finding(waived_until=date(2026, 3, 1)), columns=until), waived.known)
    assert changes(expired) == [Change.EXPIRED]
    assert not compare(judged(con, finding(waived_until=date(2026, 3, 1)), columns=until), expired.known)
    again = compare(judged(con, finding(waived_until=TODAY), columns=until), expired.known)
    assert not again  # and a waiver of what was told is no news either
    assert not compare(judged(con, finding(waived_until=TODAY, status="resolved"), columns=until), again.known)
    assert changes(compare(judged(con, finding(waived_until=None), columns=until), {})) == [Change.NEW, Change.UNREAD]


def test_changed_on_marks_a_change(con):
    column = {"changed_on": "DATE"}
    known = compare(judged(con, finding(changed_on=None), columns=column), None).known
    assert changes(compare(judged(con, finding(changed_on=TODAY, status="changed"), columns=column), known)) == [
        Change.CHANGED
    ]


def test_findings_that_are_nowhere_any_more_are_counted(con):
    known = compare(judged(con, finding(), finding(2), finding(3, status="resolved")), None).known
    news = compare(judged(con), known)
    assert (changes(news), news.vanished) == ([], 2)
    assert "此前通知过的2条发现已不在清单中" in message(news, TODAY).body
    assert not compare(judged(con), news.known)


def test_punctuality_by_the_contract(con):
    con.execute("""
        CREATE TABLE quality.punctuality (unit_id VARCHAR, unit VARCHAR, fiscal_year INTEGER, scope VARCHAR, state VARCHAR,
            published_on DATE, deadline DATE, days_late INTEGER);
        INSERT INTO quality.punctuality VALUES
            ('u', '甲局', 2024, '', 'late', '2026-01-05', '2025-12-31', 5),
            ('v', '乙局', 2024, '', 'missing', NULL, '2025-12-31', 60),
            ('w', '丙局', 2024, '', 'on_time', '2025-12-01', '2025-12-31', 0),
            ('x', '丁局', 2024, '', 'unknown', NULL, NULL, NULL)
    """)
    news = compare(judged(con), {})
    assert [(item.change, item.subject.unit, item.subject.url) for item in news.items[:2]] == [
        (Change.MISSING, "乙局", ""), (Change.LATE, "甲局", URL),
    ]  # fmt: skip
    body = message(news, TODAY).body
    assert "[逾期公开] 甲局 2024年度：应于2025-12-31前公开，实际于2026-01-05公开，逾期5天。" in body
    assert "[逾期未公开] 乙局 2024年度：应于2025-12-31前公开，至今未收集到决算报告。" in body
    con.execute("UPDATE quality.punctuality SET days_late = 61 WHERE state = 'missing'")
    assert not compare(judged(con), news.known)
    con.execute("UPDATE quality.punctuality SET state = 'late', published_on = '2026-03-01' WHERE unit_id = 'v'")
    assert changes(compare(judged(con), news.known)) == [Change.LATE]


def test_units_that_are_new_in_the_register_are_counted(con):
    con.execute("""
        CREATE TABLE quality.punctuality (unit_id VARCHAR, unit VARCHAR, fiscal_year INTEGER, scope VARCHAR, state VARCHAR,
            published_on DATE, deadline DATE, days_late INTEGER);
        INSERT INTO quality.punctuality VALUES ('v', '乙局', 2024, '', 'missing', NULL, '2025-12-31', 60);
    """)
    before = compare(judged(con), {}).known  # as a reader of an older version was told
    con.execute("""
        CREATE TABLE quality.register (unit_id VARCHAR, unit VARCHAR, fiscal_year INTEGER, sources VARCHAR[], known_from VARCHAR, state VARCHAR);
        INSERT INTO quality.register VALUES
            ('u', '甲局', 2024, ['published'], '本年度已公开', 'published'),
            ('v', '乙局', 2024, ['department'], '某委2024年度决算所列单位', 'missing')
    """)
    for known in (before, None):
        first = compare(judged(con), known)
        assert Change.REGISTERED not in changes(first)
    assert "至今未收集到决算报告（依据：某委2024年度决算所列单位）。" in message(first, TODAY).body
    con.execute("""
        INSERT INTO quality.register
        SELECT 'n' || n, '新局' || n, 2024, ['bureau'], '财政部门名录', 'pending' FROM range(5) t(n)
    """)
    con.execute("INSERT INTO quality.register VALUES ('x', '密局', 2024, ['bureau'], '财政部门名录', 'exempt')")
    news = compare(judged(con), first.known)
    assert changes(news) == [Change.REGISTERED] * 5
    told = message(news, TODAY)
    assert "新列入名录5个" in told.title
    assert (
        "新列入名录的单位：共5个，新局0（财政部门名录）；新局1（财政部门名录）；新局2（财政部门名录）等。" in told.body
    )
    assert not compare(judged(con), news.known)


def test_a_replaced_report_names_the_cells_that_differ(con):
    known = compare(judged(con), None).known | {"report:u-2024": f"current|{OLD[:16]}"}
    news = compare(judged(con), known)
    assert changes(news) == [Change.REPLACED]
    details = differences(con, news.items)
    assert details == {
        "report:u-2024": "同一网址的文件被替换；与上一版相比，1个单元格的数字不同：《收入决算表》名2“合计”由7改为8。"
    }
    assert details["report:u-2024"] in message(news, TODAY, details).body
    assert not compare(judged(con), news.known)

    con.execute("DELETE FROM core.fact WHERE document = $1", [OLD])
    con.execute("DELETE FROM raw.publication WHERE document = $1", [OLD])
    assert differences(con, news.items)["report:u-2024"] == "另行公开了新的版本；上一版没有读出数字，无法逐格比较。"


def test_only_files_that_gave_nothing_are_trouble(con):
    con.execute(
        "INSERT INTO core.issue VALUES ($1, NULL, 'not_final_accounts'), ($1, NULL, 'no_tables'), ($2, 'u-2024', 'unit_unknown')",
        [OLD, NEW],
    )
    con.execute(
        "UPDATE raw.document SET kind = '决算', unit = '甲局', fiscal_year = 2024, parts = [1] WHERE document = $1",
        [OLD],
    )
    news = compare(judged(con), {})
    assert [item.subject.source for item in news.items] == ["坏.pdf"]
    body = message(news, TODAY).body
    assert body.splitlines() == [
        "文件未能读取1份。",
        "未能读取的文件（不是核对发现）：共1份，坏.pdf（文件损坏）。请打开原文件核对。",
    ]


def test_the_gravest_come_first(con):
    rows = [
        finding(1, severity="I"), finding(2, severity="W"), finding(3, difference=Decimal(1)), finding(4, difference=Decimal(-900)),
        finding(5, status="resolved"), finding(6, severity="W", status="resolved"),
    ]  # fmt: skip
    news = compare(judged(con, *rows), {})
    assert [item.subject.key[-1] for item in news.items][:-1] == ["4", "3", "2", "1", "5", "6"]
    assert (
        message(news, TODAY).title
        == "【决算核对】2026-03-02 新发现4条（错误2、警告1、提示1），已消除2条，文件未能读取1份"
    )


SUBJECT = Subject(
    "finding:1",
    State.OPEN,
    "相差2元（第8页）。",
    severity="E",
    unit="甲局",
    fiscal_year=2024,
    scope="本级",
    page=8,
    since=TODAY,
    url=URL,
)


def test_an_item_says_who_when_what_where_since_and_the_link():
    news = compare([SUBJECT], {})
    assert (
        message(news, TODAY).body.splitlines()[1]
        == f"1. [新发现·错误] 甲局 2024年度（本级）：相差2元（第8页）。 首见2026-03-02 {URL}"
    )
    assert "（第9页）" in message(compare([replace(SUBJECT, page=9)], {}), TODAY).body
    assert "文件：a.pdf" in message(compare([replace(SUBJECT, url="", source="a.pdf")], {}), TODAY).body
    html = message(news, TODAY, html=True).body
    assert (
        f'<li>[新发现·错误] 甲局 2024年度（本级）：相差2元（第8页）。 首见2026-03-02 <a href="{URL}">原文</a></li>'
        in html
    )


@pytest.mark.parametrize("limit", [700, 2048, 4096, 20_000, 32_768])
@pytest.mark.parametrize("html", [False, True])
def test_a_digest_keeps_within_its_limit_and_counts_the_rest(limit, html):
    subjects = [replace(SUBJECT, key=f"finding:{number}", weight=number) for number in range(900)]
    subjects += [Subject(f"file:{number}", State.UNREAD, "文件损坏", source="坏" * 300) for number in range(9)]
    text = message(compare(subjects, {}), TODAY, limit=limit, html=html)
    assert len(f"{text.title}\r\n{text.body}".encode()) <= max(limit, 1600)
    assert text.told + text.left == 900
    assert f"另有{text.left}条未列出" in text.body
    assert text.told > 0 or limit < 2048
    assert "共9份" in text.body


def test_the_first_digest_is_a_summary():
    subjects = [replace(SUBJECT, key=f"finding:{number}") for number in range(900)]
    text = message(compare(subjects, None), TODAY)
    assert (text.told, text.left) == (10, 890)
    assert text.title.endswith("现有问题900条（错误900）")
    assert "今后只通知新情况" in text.body


def test_names_from_files_do_no_harm():
    hostile = '<at user_id="all">所有人</at>\n@all \u202e<script>alert(1)</script>' + "长" * 5000
    subject = replace(SUBJECT, unit=hostile, url='http://a.cn/"><b>\n2')
    news = compare([subject, replace(SUBJECT, key="finding:2", unit="乙局")], {})
    plain, html = message(news, TODAY).body, message(news, TODAY, html=True).body
    assert not set("<>@\u202e") & set(plain)
    assert len(plain.splitlines()) == 3
    assert "乙局" in plain
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
