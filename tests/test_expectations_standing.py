"""How reports and units stand: punctuality, and grades that can be computed again by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from expectations.findings import FINDING, judge
from expectations.standing import stand
from pipeline.schema import FINDING_EVENT
from tests.readings import document, frames, publication
from warehouse.frames import create_table
from warehouse.load import load_frames
from warehouse.marts.create import create_marts

TODAY = date(2025, 12, 24)
DEADLINE = (11, 24)


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


def punctuality(*documents, today=TODAY, deadline=DEADLINE):
    """state, days late and note of every (unit, year, scope)."""
    with duckdb.connect() as con:
        heads, publications = zip(*documents, strict=True)
        load_frames(con, frames(document=heads, publication=publications))
        nothing_judged(con)
        stand(con, deadline, today, comments=False)
        found = rows(con, "SELECT * FROM quality.punctuality")
    assert {row["state"] for row in found} <= {"on_time", "late", "missing", "unknown"}
    assert all((row["note"] != "") == (row["state"] == "unknown") == (row["days_late"] is None) for row in found)
    return {
        (row["unit"], row["fiscal_year"], row["scope"]): (row["state"], row["days_late"], row["note"]) for row in found
    }


def nothing_judged(con):
    """The tables of schema quality that are read, empty."""
    con.execute(f"""
        CREATE SCHEMA quality;
        CREATE TABLE quality.identity (identity VARCHAR, severity VARCHAR);
        CREATE TABLE quality.identity_result (report_id VARCHAR, identity VARCHAR, instance VARCHAR, outcome VARCHAR);
        CREATE TABLE quality.finding ({", ".join(f"{name} {type_}" for name, type_ in FINDING.items() if name != "box")});
    """)
    create_table(con, "TABLE quality.finding_event", FINDING_EVENT.to_frame())


def neighbour(*years, site="liuzhou"):
    """Another unit of the same site that published in time."""
    return [report(f"{site}{year}", f"{site}乙局", year, f"{year + 1}-09-01", site=site) for year in years]


def test_in_time_or_late():
    cases = [
        ("2025-11-24", "2025-12-20", "on_time", 0),
        ("2025-11-25", "2025-12-20", "late", 1),
        ("2025-12-24", "2025-12-24", "late", 30),
        (None, "2025-12-20", "unknown", None),
        (None, "2025-10-01", "on_time", 0),  # it was there by then
        ("1970-01-01", "2025-12-20", "unknown", None),
        ("2024-12-31", "2025-12-20", "unknown", None),  # before the year was over
        ("2026-02-01", "2025-12-20", "unknown", None),  # not yet
    ]
    found = punctuality(*(report(f"a{n}", f"柳州市{n}局", 2024, *case[:2]) for n, case in enumerate(cases)))
    for n, case in enumerate(cases):
        assert found[f"柳州市{n}局", 2024, ""][:2] == case[2:], case


def test_a_file_from_a_folder_was_not_seen_published():
    mine = report("a", "柳州市甲局", 2023, "2024-12-30", site="folder")
    others = [
        report(f"b{year}", "柳州市乙局", year, f"{year + 1}-09-01", "2025-09-01", site="folder")
        for year in (2023, 2024)
    ]
    found = punctuality(mine, *others)
    assert {row[0] for row in found.values()} == {"unknown"}
    assert "没有见到公开" in found["柳州市甲局", 2023, ""][2]


def test_the_deadline_is_a_setting():
    one = report("a", "柳州市甲局", 2024, "2025-10-01")
    assert punctuality(one, deadline=(9, 30))["柳州市甲局", 2024, ""] == ("late", 1, "")


def test_a_corrected_version_makes_nobody_late():
    first = report("a", "柳州市甲局", 2024, "2025-09-01", "2025-09-02")
    corrected = report("b", "柳州市甲局", 2024, "2025-12-01")
    # a dated correction says nothing about an undated first version that was fetched late
    undated = report("c", "柳州市丙局", 2024, None, "2025-11-30")
    dated = report("d", "柳州市丙局", 2024, "2025-12-01")
    found = punctuality(first, corrected, undated, dated)
    assert found["柳州市甲局", 2024, ""] == ("on_time", 0, "")
    assert found["柳州市丙局", 2024, ""][0] == "unknown"


def test_what_is_missing_when_others_are_there():
    mine = report("a", "柳州市甲局", 2023, "2024-09-01")
    found = punctuality(mine, *neighbour(2022, 2023, 2024))
    assert found["柳州市甲局", 2024, ""] == ("missing", 30, "")
    # it was not there before it first published
    assert ("柳州市甲局", 2022, "") not in found
    # and on the last day nothing is missing yet
    assert ("柳州市甲局", 2024, "") not in punctuality(mine, *neighbour(2023, 2024), today=date(2025, 11, 24))


def test_years_that_were_never_collected_are_not_missing():
    mine = report("a", "柳州市甲局", 2023, "2024-09-01")
    elsewhere = report("x", "南宁市丙局", 2024, "2025-09-01", site="nanning")
    # its own report of another scope is no evidence that the site was collected
    own = report("b", "柳州市甲局", 2024, "2025-09-01", scope="本级")
    found = punctuality(mine, *neighbour(2023), elsewhere, own)
    state, _, note = found["柳州市甲局", 2024, ""]
    assert (state, "没有收集" in note) == ("unknown", True)


def test_scopes_that_change_their_names_are_not_missing():
    renamed = [
        report("a", "柳州市甲局", 2022, "2023-09-01"),
        report("b", "柳州市甲局", 2023, "2024-09-01", scope="汇总"),
    ]
    both = [report(f"c{scope}", "柳州市丙局", 2023, "2024-09-01", scope=scope) for scope in ("本级", "汇总")]
    one = report("d", "柳州市丙局", 2024, "2025-09-01", scope="汇总")
    found = punctuality(*renamed, *both, one, *neighbour(2022, 2023, 2024))
    assert found["柳州市甲局", 2023, ""][0] == "unknown"
    assert found["柳州市甲局", 2024, ""][0] == "unknown"
    assert found["柳州市甲局", 2024, "汇总"][0] == "missing"
    assert found["柳州市丙局", 2024, "本级"][0] == "missing"


def test_a_file_that_was_not_understood_may_be_the_missing_one():
    cases = [
        ("", None, "柳州市{}局2024年度决算", "unknown"),
        ("柳州市{}局", None, "决算", "unknown"),
        ("", 2024, "柳州市{}局决算公开", "unknown"),
        ("", None, "柳州市{}局2022年度决算", "missing"),
        ("", None, "柳州市九局2024年度决算", "missing"),
        ("", 2022, "柳州市{}局", "missing"),
    ]
    documents = []
    for n, (unit, year, title, _) in enumerate(cases):
        documents.append(report(f"a{n}", f"柳州市{n}局", 2023, "2024-09-01"))
        documents.append(report(f"u{n}", unit.format(n), year, "2025-09-01", title=title.format(n)))
    found = punctuality(*documents, *neighbour(2023, 2024))
    for n, (*_, state) in enumerate(cases):
        got, _, note = found[f"柳州市{n}局", 2024, ""]
        assert (got, "没有读懂" in note) == (state, state == "unknown"), n


def test_a_unit_that_is_gone_is_not_missing_for_ever():
    mine = report("a", "柳州市甲局", 2020, "2021-09-01")
    found = punctuality(mine, *neighbour(2020, 2021, 2022, 2023, 2024))
    states = [found["柳州市甲局", year, ""][0] for year in (2021, 2022, 2023, 2024)]
    assert states == ["missing", "missing", "unknown", "unknown"]


# grades

HOLDS, MENDED, BROKEN, WAIVED, SKIPPED, UNVERIFIED, REREAD = (
    "holds",
    "mended",
    "broken",
    "waived",
    "skipped",
    "unverified",
    "reread",
)
_OUTCOME = {BROKEN: "fail", WAIVED: "fail", SKIPPED: "not_evaluated", UNVERIFIED: "not_evaluated"}
_STATUS = {BROKEN: "persisting", WAIVED: "persisting", UNVERIFIED: "unverified", MENDED: "resolved", REREAD: "resolved"}


def graded(*reports, days_late=0, missing=()):
    """The rows of `quality.grade` for reports that are lists of (severity, state), one for each identity.

    `days_late` of all of them, or one number for each; `missing` are the days that further reports of the unit are
    missing.
    """
    found, results, findings, events, versions, publications = [], [], [], [], [], []
    late = [days_late] * len(reports) if isinstance(days_late, int) else days_late
    for number, states in enumerate(reports):
        report_id = f"r{number:04}"
        published = date(2025, 11, 24) + timedelta(days=late[number])
        found.append(
            {"report_id": report_id, "unit_id": "甲局", "unit": "甲局", "fiscal_year": 2024, "scope": report_id}
        )
        versions.append({"report_id": report_id, "version_no": 1, "document": report_id})
        publications.append({"document": report_id, "site": "s", "published_on": published, "fetched_at": "2025-12-20"})
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
        nothing_judged(con)
        con.execute("""
            CREATE SCHEMA core; CREATE SCHEMA raw;
            CREATE TABLE core.report (report_id VARCHAR, unit_id VARCHAR, unit VARCHAR, fiscal_year INTEGER, scope VARCHAR,
                level VARCHAR, region VARCHAR, department VARCHAR, department_id VARCHAR);
            CREATE TABLE core.unit (unit_id VARCHAR, series VARCHAR, first_year INTEGER);
            CREATE TABLE core.unit_name (series VARCHAR, name VARCHAR);
            CREATE TABLE core.covered_unit (report_id VARCHAR, name VARCHAR, remark VARCHAR, unit_id VARCHAR);
            CREATE TABLE core.version (report_id VARCHAR, version_no INTEGER, document VARCHAR, narrative VARCHAR);
            CREATE TABLE core.document (document VARCHAR, report_id VARCHAR, status VARCHAR, unit VARCHAR, fiscal_year INTEGER);
            CREATE TABLE raw.publication (
                document VARCHAR, site VARCHAR, region VARCHAR, title VARCHAR, name VARCHAR, url VARCHAR, published_on DATE, fetched_at TIMESTAMPTZ);
        """)
        fill(con, "core.report", found)
        con.execute("INSERT INTO core.unit SELECT unit_id, unit_id, min(fiscal_year) FROM core.report GROUP BY unit_id")
        fill(con, "core.version", versions)
        fill(con, "raw.publication", publications)
        fill(con, "quality.identity", [{"identity": i, "severity": s} for i, s in identities.items()])
        fill(con, "quality.identity_result", results)
        fill(con, "quality.finding", findings)
        fill(con, "quality.finding_event", events)
        stand(con, DEADLINE, TODAY, comments=False)
        if missing:
            for place, days in enumerate(missing):
                con.execute(
                    "INSERT INTO quality.punctuality BY NAME SELECT '甲局' AS unit_id, '甲局' AS unit, 2024 AS fiscal_year, "
                    "$1 AS scope, 'missing' AS state, $2 AS days_late",
                    [f"m{place}", days],
                )
            _grade_again(con)
        return rows(con, "SELECT * FROM quality.grade ORDER BY subject, scope")


def fill(con, table, content):
    types = dict(con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall())
    if content:
        shape = json.dumps([{name: types[name] for name in content[0]}])
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT unnest(from_json($1::JSON, '{shape}'), recursive := true)",
            [json.dumps(content, default=str)],
        )


def _grade_again(con):
    from importlib.resources import files

    from expectations import standing
    from expectations.history import create_symptoms

    create_symptoms(con)
    con.execute(standing._CORRECTIONS)
    con.execute(files("expectations.sql").joinpath("90_grade.sql").read_text("utf-8"))


def _event(finding, number, event, document, snapshot):
    return {
        "finding_id": finding["finding_id"],
        "event_no": number,
        "event": event,
        "document": document,
        "snapshot": snapshot,
    }


def by_hand(row):
    """The score as a unit computes it again from the columns of its row."""
    held = (
        3 * (row["error_holds"] + Fraction(9, 10) * row["error_corrected"])
        + row["warning_holds"]
        + Fraction(9, 10) * row["warning_corrected"]
    )
    whole = 3 * (row["error_holds"] + row["error_corrected"] + row["error_broken"])
    whole += row["warning_holds"] + row["warning_corrected"] + row["warning_broken"]
    score = max(100 * held / whole - min(Fraction(row["days_late"] or 0, 3), 20), 0)
    return Fraction(int(score * 10 + Fraction(1, 2)), 10)


def letter(score):
    return next(letter for letter, bound in (("A", 98), ("B", 90), ("C", 80), ("D", 60), ("E", 0)) if score >= bound)


SEVERITY = st.sampled_from(["E", "E", "E", "W", "I"])
STATE = st.sampled_from([HOLDS] * 6 + [MENDED, BROKEN, WAIVED, SKIPPED, UNVERIFIED, REREAD])


REPORT = st.lists(st.tuples(SEVERITY, STATE), min_size=1, max_size=60)
INSTEAD = (HOLDS, MENDED, BROKEN, WAIVED, UNVERIFIED, HOLDS)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(REPORT, st.integers(0, 59), st.integers(0, 29)), min_size=12, max_size=12))
@example(
    [
        ([("E", HOLDS)] * 3 + [("E", WAIVED)], 3, 0),
        ([("E", BROKEN)], 0, 0),
        ([("E", BROKEN)] * 9 + [("E", HOLDS)], 9, 29),
    ]
)
def test_grades_are_computed_by_hand_and_move_the_right_way(drawn):
    reports, late = [], []
    for states, at, days in drawn:  # six variants of each, which differ in one identity, or are one day later
        place = at % len(states)
        reports += [[*states[:place], (states[place][0], state), *states[place + 1 :]] for state in INSTEAD]
        late += [days] * (len(INSTEAD) - 1) + [days + 1]
    found = [row for row in graded(*reports, days_late=late) if row["subject"] == "report"]
    for row in found:
        if row["score"] is not None:
            assert Fraction(row["score"]) == by_hand(row)
            assert row["grade"] == letter(row["score"])
        else:
            assert row["grade"] == ""
    for number, (states, at, _) in enumerate(drawn):
        holds, mended, broken, waived, unverified, later = (row["score"] for row in found[6 * number : 6 * number + 6])
        if states[at % len(states)][0] == "I":
            assert holds == mended == broken == waived == unverified
        if None in (holds, mended, broken, waived):
            continue
        # one more broken identity never raises the grade, a correction never lowers it, nor does a waiver
        assert broken <= mended <= holds
        assert broken <= waived <= holds
        assert unverified == broken
        assert later <= holds


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
    found = graded(*[fine] * 4, days_late=[0, 1, 3, 30])
    assert [float(row["score"]) for row in found if row["subject"] == "report"] == [100, 99.7, 99, 90]


def test_the_example_of_the_documentation():
    text = (Path(__file__).parents[1] / "docs" / "grades.zh-CN.md").read_text(encoding="utf-8")
    rest = [("W", HOLDS)] * 9 + [("W", BROKEN), ("E", WAIVED)] + [("E", SKIPPED)] * 3
    before = [("E", HOLDS)] * 38 + [("E", MENDED)] + [("E", BROKEN)] * 4 + rest
    after = [("E", HOLDS)] * 38 + [("E", MENDED)] * 5 + rest
    row, _ = graded(before, days_late=12)
    assert (
        f"错误级成立 {row['error_holds']} 条、已改正 {row['error_corrected']} 条、不成立 {row['error_broken']} 条"
        in text
    )
    assert (
        f"警告级成立 {row['warning_holds']} 条、不成立 {row['warning_broken']} 条；豁免 {row['waived']} 条，未核对 {row['not_evaluated']} 条；逾期 {row['days_late']} 天"
        in text
    )
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
        found = con.execute(
            "SELECT 单位, 年度, 状态, 期限, 逾期天数 FROM 决算.公开时间 WHERE 状态 = '未公开'"
        ).fetchall()
        assert found == [("柳州市甲局", 2024, "未公开", date(2025, 11, 24), 30)]
        assert con.execute(
            "SELECT 得分, 未公开报告数 FROM 决算.评级 WHERE 对象 = '单位' AND 年度 = 2024 AND 单位 = '柳州市甲局'"
        ).fetchall() == [(70, 1)]
        unit = con.execute("SELECT unit_id FROM 决算.单位 WHERE 单位 = '柳州市甲局'").fetchone()[0]
        assert con.execute(
            "SELECT 年度, unit_id, report_id FROM 决算.公开时间 WHERE 单位 = '柳州市甲局' ORDER BY 年度"
        ).fetchall() == [(2023, unit, f"{unit}-2023"), (2024, unit, None)]
        assert con.execute(
            "SELECT DISTINCT unit_id FROM 决算.应公开单位 WHERE 单位 = '柳州市甲局' UNION ALL "
            "SELECT DISTINCT unit_id FROM 决算.公开情况 WHERE 部门 = '柳州市甲局'"
        ).fetchall() == [(unit,), (unit,)]
        assert con.execute(
            "SELECT 对象, 网页, 链接 IS NOT NULL, unit_id FROM 决算.评级 WHERE 单位 = '柳州市甲局' AND 年度 = 2023 ORDER BY 1"
        ).fetchall() == [("单位", None, False, unit), ("报告", f"/reports/{unit}-2023", True, unit)]
        missing = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'quality' AND comment IS NULL"
        ).fetchall()
        assert missing == []
