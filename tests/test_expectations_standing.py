"""How reports and units stand: punctuality, and grades that can be computed again by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from expectations.declared import insert
from expectations.findings import FINDING, judge
from expectations.standing import stand
from pipeline.schema import FINDING_EVENT
from tests.readings import document, frames, issue, publication
from warehouse.frames import create_table
from warehouse.load import load_frames
from warehouse.marts import create_marts

TODAY = date(2025, 12, 24)
DEADLINE = (11, 24)
TEXT = "VARCHAR"


def rows(con, sql):
    answer = con.execute(sql)
    return [dict(zip([column[0] for column in answer.description], row, strict=True)) for row in answer.fetchall()]


# punctuality


def report(key, unit, year, published=None, fetched="2025-12-20", **known):
    """A document of a unit and year, with its publication."""
    fetched_at = datetime.fromisoformat(fetched).replace(tzinfo=UTC)
    site = known.pop("site", "liuzhou")
    day = date.fromisoformat(published) if published else None
    place = {"title": known.pop("title", key), "name": known.pop("file", f"{key}.pdf")}
    return document(key, unit=unit, fiscal_year=year, **known), publication(
        key, published_on=day, fetched_at=fetched_at, site=site, **place
    )


def punctuality(*documents, issues=(), today=TODAY, deadline=DEADLINE):
    """state, days late and note of every (unit, year, scope)."""
    with duckdb.connect() as con:
        heads, publications = zip(*documents, strict=True)
        load_frames(con, frames(document=heads, publication=publications, issue=issues))
        from expectations.evaluate import evaluate

        evaluate(con, ())
        judge(con, None, today, comments=False)
        stand(con, deadline, today, comments=False)
        found = rows(con, "SELECT * FROM quality.punctuality")
    assert {row["state"] for row in found} <= {"on_time", "late", "missing", "unknown"}
    assert all((row["note"] != "") == (row["state"] == "unknown") == (row["days_late"] is None) for row in found)
    return {(row["unit"], row["fiscal_year"], row["scope"]): (row["state"], row["days_late"], row["note"]) for row in found}


def neighbour(*years):
    """Another unit of the same site that published in time."""
    return [report(f"n{year}", "柳州市乙局", year, f"{year + 1}-09-01") for year in years]


@pytest.mark.parametrize(
    ("published", "fetched", "state", "days"),
    [
        ("2025-11-24", "2025-12-20", "on_time", 0),
        ("2025-11-25", "2025-12-20", "late", 1),
        ("2025-12-24", "2025-12-24", "late", 30),
        (None, "2025-12-20", "unknown", None),
        (None, "2025-10-01", "on_time", 0),  # it was there by then
        ("1970-01-01", "2025-12-20", "unknown", None),
        ("2024-12-31", "2025-12-20", "unknown", None),  # before the year was over
        ("2026-02-01", "2025-12-20", "unknown", None),  # not yet
    ],
)
def test_in_time_or_late(published, fetched, state, days):
    found = punctuality(report("a", "柳州市甲局", 2024, published, fetched))["柳州市甲局", 2024, ""]
    assert found[:2] == (state, days)


def test_the_deadline_is_a_setting():
    one = report("a", "柳州市甲局", 2024, "2025-10-01")
    assert punctuality(one, deadline=(9, 30))["柳州市甲局", 2024, ""] == ("late", 1, "")


def test_a_corrected_version_makes_nobody_late():
    first = report("a", "柳州市甲局", 2024, "2025-09-01", "2025-09-02")
    corrected = report("b", "柳州市甲局", 2024, "2025-12-01")
    assert punctuality(first, corrected)["柳州市甲局", 2024, ""] == ("on_time", 0, "")
    # a dated correction says nothing about an undated first version that was fetched late
    undated = report("a", "柳州市甲局", 2024, None, "2025-11-30")
    assert punctuality(undated, corrected)["柳州市甲局", 2024, ""][0] == "unknown"


def test_what_is_missing_when_others_are_there():
    mine = report("a", "柳州市甲局", 2023, "2024-09-01")
    assert punctuality(mine, *neighbour(2023, 2024))["柳州市甲局", 2024, ""] == ("missing", 30, "")
    # on the last day nothing is missing yet
    assert ("柳州市甲局", 2024, "") not in punctuality(mine, *neighbour(2023, 2024), today=date(2025, 11, 24))
    # and it was not there before it first published
    assert ("柳州市甲局", 2022, "") not in punctuality(mine, *neighbour(2022, 2023, 2024))


def test_years_that_were_never_collected_are_not_missing():
    mine = report("a", "柳州市甲局", 2023, "2024-09-01")
    state, _, note = punctuality(mine, *neighbour(2023))["柳州市甲局", 2024, ""]
    assert (state, "没有收集" in note) == ("unknown", True)
    elsewhere = report("x", "南宁市丙局", 2024, "2025-09-01", site="nanning")
    assert punctuality(mine, *neighbour(2023), elsewhere)["柳州市甲局", 2024, ""][0] == "unknown"
    # its own report of another scope is no evidence that the site was collected
    own = report("b", "柳州市甲局", 2024, "2025-09-01", scope="本级")
    assert punctuality(mine, *neighbour(2023), own)["柳州市甲局", 2024, ""][0] == "unknown"


def test_scopes_that_change_their_names_are_not_missing():
    before = [report("a", "柳州市甲局", 2022, "2023-09-01")]
    after = [report(f"b{y}", "柳州市甲局", y, f"{y + 1}-09-01", scope="汇总") for y in (2023,)]
    found = punctuality(*before, *after, *neighbour(2022, 2023, 2024))
    assert found["柳州市甲局", 2023, ""][0] == "unknown"
    assert found["柳州市甲局", 2024, ""][0] == "unknown"
    assert found["柳州市甲局", 2024, "汇总"][0] == "missing"
    both = [report("a", "柳州市甲局", 2023, "2024-09-01", scope=scope) for scope in ("本级",)]
    both += [report("b", "柳州市甲局", 2023, "2024-09-01", scope="汇总"), report("c", "柳州市甲局", 2024, "2025-09-01", scope="汇总")]
    assert punctuality(*both, *neighbour(2023, 2024))["柳州市甲局", 2024, "本级"][0] == "missing"


def test_a_file_that_was_not_understood_may_be_the_missing_one():
    mine = report("a", "柳州市甲局", 2023, "2024-09-01")
    for unit, year, title in (("", None, "柳州市甲局2024年度决算"), ("柳州市甲局", None, "决算"), ("", 2024, "柳州市甲局决算公开")):
        unread = report("u", unit, year, "2025-09-01", title=title)
        state, _, note = punctuality(mine, *neighbour(2023, 2024), unread)["柳州市甲局", 2024, ""]
        assert (state, "没有读懂" in note) == ("unknown", True)
    for unit, year, title in (("", None, "柳州市甲局2022年度决算"), ("", None, "柳州市丁局2024年度决算"), ("", 2022, "柳州市甲局")):
        other = report("u", unit, year, "2025-09-01", title=title)
        assert punctuality(mine, *neighbour(2023, 2024), other)["柳州市甲局", 2024, ""][0] == "missing"


def test_a_unit_that_is_gone_is_not_missing_for_ever():
    mine = report("a", "柳州市甲局", 2020, "2021-09-01")
    found = punctuality(mine, *neighbour(2020, 2021, 2022, 2023, 2024), issues=[issue("a", "no_tables")])
    assert [found["柳州市甲局", year, ""][0] for year in (2021, 2022, 2023, 2024)] == ["missing", "missing", "unknown", "unknown"]


# grades

HOLDS, MENDED, BROKEN, WAIVED, SKIPPED, UNVERIFIED, REREAD = "holds", "mended", "broken", "waived", "skipped", "unverified", "reread"
_OUTCOME = {BROKEN: "fail", WAIVED: "fail", SKIPPED: "not_evaluated", UNVERIFIED: "not_evaluated"}
_STATUS = {BROKEN: "persisting", WAIVED: "persisting", UNVERIFIED: "unverified", MENDED: "resolved", REREAD: "resolved"}


def graded(*reports, days_late=0, missing=()):
    """The rows of `quality.grade` for reports that are lists of (severity, state), one for each identity.

    `days_late` of all of them; `missing` are the days that further reports of the unit are missing.
    """
    found, results, findings, events, versions = [], [], [], [], []
    published = date(2025, 11, 24) + timedelta(days=days_late)
    for number, states in enumerate(reports):
        report_id = f"r{number}"
        found.append({"report_id": report_id, "unit_id": "甲局", "unit": "甲局", "fiscal_year": 2024, "scope": report_id})
        versions.append({"report_id": report_id, "version_no": 1, "published_on": published, "fetched_at": "2025-12-20"})
        for place, (severity, state) in enumerate(states):
            key = {"report_id": report_id, "identity": f"{severity}{place}", "instance": ""}
            results.append({**key, "outcome": _OUTCOME.get(state, "rounding" if place % 2 else "exact")})
            if state in _STATUS:
                finding = {**key, "finding_id": f"{report_id}-{place}", "status": _STATUS[state], "unit_id": "甲局"}
                findings.append({**finding, "waived_until": TODAY if state == WAIVED else None})
                events.append(_event(finding, 1, "new", "old", "{}"))
            if state in (MENDED, REREAD):
                events.append(_event(finding, 2, "resolved", "new" if state == MENDED else "old", None))
    identities = {result["identity"]: result["identity"][0] for result in results}
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA quality; CREATE SCHEMA raw")
        insert(con, "TABLE core.report", {"report_id": TEXT, "unit_id": TEXT, "unit": TEXT, "fiscal_year": "INTEGER", "scope": TEXT}, found)
        insert(con, "TABLE core.version", {"report_id": TEXT, "version_no": "INTEGER", "published_on": "DATE", "fetched_at": "TIMESTAMPTZ"}, versions)
        insert(con, "TABLE core.document", {"document": TEXT, "report_id": TEXT, "status": TEXT, "unit": TEXT, "fiscal_year": "INTEGER"}, [])
        insert(con, "TABLE raw.publication", {"document": TEXT, "site": TEXT, "title": TEXT, "name": TEXT, "url": TEXT}, [])
        insert(con, "TABLE quality.identity", {"identity": TEXT, "severity": TEXT}, [{"identity": i, "severity": s} for i, s in identities.items()])
        insert(con, "TABLE quality.identity_result", {"report_id": TEXT, "identity": TEXT, "instance": TEXT, "outcome": TEXT}, results)
        insert(con, "TABLE quality.finding", FINDING, findings)
        create_table(con, "TABLE quality.finding_event", FINDING_EVENT.to_frame())
        insert(con, "TEMP TABLE happened", {"finding_id": TEXT, "event_no": "INTEGER", "event": TEXT, "document": TEXT, "snapshot": TEXT}, events)
        con.execute("INSERT INTO quality.finding_event BY NAME FROM happened")
        stand(con, DEADLINE, TODAY, comments=False)
        if missing:
            for place, days in enumerate(missing):
                con.execute("INSERT INTO quality.punctuality BY NAME SELECT '甲局' AS unit_id, '甲局' AS unit, 2024 AS fiscal_year, $1 AS scope, 'missing' AS state, $2 AS days_late", [f"m{place}", days])
            _grade_again(con)
        return rows(con, "SELECT * FROM quality.grade ORDER BY subject, scope")


def _grade_again(con):
    from importlib.resources import files

    from expectations import standing
    from expectations.history import create_symptoms

    create_symptoms(con)
    con.execute(standing._CORRECTIONS)
    con.execute(files("expectations.sql").joinpath("90_grade.sql").read_text("utf-8"))


def _event(finding, number, event, document, snapshot):
    return {"finding_id": finding["finding_id"], "event_no": number, "event": event, "document": document, "snapshot": snapshot}


def by_hand(row):
    """The score as a unit computes it again from the columns of its row."""
    held = 3 * (row["error_holds"] + Fraction(9, 10) * row["error_corrected"]) + row["warning_holds"] + Fraction(9, 10) * row["warning_corrected"]
    whole = 3 * (row["error_holds"] + row["error_corrected"] + row["error_broken"])
    whole += row["warning_holds"] + row["warning_corrected"] + row["warning_broken"]
    score = max(100 * held / whole - min(Fraction(row["days_late"] or 0, 3), 20), 0)
    return Fraction(int(score * 10 + Fraction(1, 2)), 10)


def letter(score):
    return next(letter for letter, bound in (("A", 98), ("B", 90), ("C", 80), ("D", 60), ("E", 0)) if score >= bound)


SEVERITY = st.sampled_from(["E", "E", "E", "W", "I"])
STATE = st.sampled_from([HOLDS] * 6 + [MENDED, BROKEN, WAIVED, SKIPPED, UNVERIFIED, REREAD])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(SEVERITY, STATE), min_size=1, max_size=60), st.integers(0, 90), st.data())
@example([("E", HOLDS)] * 3 + [("E", WAIVED)], 0, None)
@example([("E", BROKEN)], 0, None)
def test_grades_are_computed_by_hand_and_move_the_right_way(states, days_late, data):
    place = data.draw(st.integers(0, len(states) - 1)) if data else len(states) - 1
    severity = states[place][0]

    def instead(state):
        return [*states[:place], (severity, state), *states[place + 1 :]]

    found = graded(*map(instead, (HOLDS, MENDED, BROKEN, WAIVED, UNVERIFIED)), days_late=min(days_late, 30))
    later = graded(instead(HOLDS), days_late=min(days_late, 29) + 1)
    for row in found[:5]:
        if row["score"] is not None:
            assert Fraction(row["score"]) == by_hand(row)
            assert row["grade"] == letter(row["score"])
        else:
            assert row["grade"] == ""
    holds, mended, broken, waived, unverified = (row["score"] for row in found[:5])
    if severity == "I":
        assert holds == mended == broken == waived == unverified
    if None in (holds, mended, broken, waived):
        return
    # one more broken identity never raises the grade, a correction never lowers it, nor does a waiver
    assert broken <= mended <= holds
    assert broken <= waived <= holds
    assert unverified == broken
    assert later[0]["score"] <= holds


def test_what_could_hardly_be_evaluated_has_no_grade():
    half = [("E", HOLDS)] * 5 + [("E", SKIPPED)] * 5
    (report_, unit) = graded(half)
    assert (report_["grade"], report_["score"], report_["not_evaluated"]) == ("A", 100, 5)
    (report_, unit) = graded([*half, ("W", SKIPPED)])
    assert (report_["grade"], report_["score"]) == (unit["grade"], unit["score"]) == ("", None)
    assert (report_["error_holds"], report_["not_evaluated"]) == (5, 6)
    assert graded([("E", WAIVED)])[0]["grade"] == ""
    assert graded([])[0]["grade"] == ""


def test_another_reading_of_the_same_file_was_no_fault_of_the_unit():
    assert graded([("E", REREAD), ("E", HOLDS)])[0]["score"] == 100
    assert graded([("E", MENDED), ("E", HOLDS)])[0]["score"] == 95


def test_no_day_of_delay_is_a_cliff():
    fine = [("E", HOLDS)] * 10
    scores = [graded(fine, days_late=days)[0]["score"] for days in (0, 1, 3, 30)]
    assert [float(score) for score in scores] == [100, 99.7, 99, 90]


def test_the_example_of_the_documentation():
    text = (Path(__file__).parents[1] / "docs" / "grades.zh-CN.md").read_text(encoding="utf-8")
    rest = [("W", HOLDS)] * 9 + [("W", BROKEN), ("E", WAIVED)] + [("E", SKIPPED)] * 3
    before = [("E", HOLDS)] * 38 + [("E", MENDED)] + [("E", BROKEN)] * 4 + rest
    after = [("E", HOLDS)] * 38 + [("E", MENDED)] * 5 + rest
    row, _ = graded(before, days_late=12)
    assert f"错误级成立 {row['error_holds']} 条、已改正 {row['error_corrected']} 条、不成立 {row['error_broken']} 条" in text
    assert f"警告级成立 {row['warning_holds']} 条、不成立 {row['warning_broken']} 条；豁免 {row['waived']} 条，未核对 {row['not_evaluated']} 条；逾期 {row['days_late']} 天" in text
    assert f"125.7 ÷ 139 = {row['share']}" in text
    assert f"得分 = 90.4317 − 12 ÷ 3 = {row['score']}，等级 {row['grade']}" in text
    corrected, unit = graded(after, days_late=12, missing=[30])
    assert f"136.5 ÷ 139 = {corrected['share']}" in text
    assert f"得分 = 98.2014 − 4 = {corrected['score']}，等级 {corrected['grade']}" in text
    assert f"（{corrected['score']} + 70）÷ 2 = {unit['score']}，等级 {unit['grade']}" in text
    assert (unit["reports"], unit["graded_reports"], unit["missing_reports"]) == (1, 1, 1)


def test_the_views_show_it_in_chinese():
    with duckdb.connect() as con:
        heads, publications = zip(report("a", "柳州市甲局", 2023, "2024-09-01"), *neighbour(2023, 2024), strict=True)
        load_frames(con, frames(document=heads, publication=publications))
        from expectations.evaluate import evaluate

        evaluate(con)
        judge(con, None, TODAY)
        stand(con, DEADLINE, TODAY)
        create_marts(con)
        found = con.execute("SELECT 单位, 年度, 状态, 期限, 逾期天数 FROM 决算.公开时间 WHERE 状态 = '未公开'").fetchall()
        assert found == [("柳州市甲局", 2024, "未公开", date(2025, 11, 24), 30)]
        assert con.execute("SELECT 得分, 未公开报告数 FROM 决算.评级 WHERE 对象 = '单位' AND 年度 = 2024 AND 单位 = '柳州市甲局'").fetchall() == [(70, 1)]
        missing = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'quality' AND comment IS NULL").fetchall()
        assert missing == []
