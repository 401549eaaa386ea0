"""The life of findings over several nights: events, waivers, acknowledgement; the lake is all that is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from assets import life
from assets.nightly import past_events
from assets.settings import NO_WAIVERS, Settings
from expectations.findings import judge
from expectations.history import events_of, live
from expectations.waivers import HEADINGS, Waiver, read_waivers, waive
from pipeline.lake import Lake
from pipeline.schema import FINDING_EVENT
from tests.evaluated import Evaluated
from tests.test_expectations_findings import CLASS, GOOD, WRONG, findings, published

START = date(2026, 1, 1)
PLACE = ("H-01", "expenditure.basic:20103")
"""The identity and instance under which the finding is told that most tests follow: one wrong cell in 支出决算表."""
BAD = GOOD.moved(("expenditure", "2010399", "basic"), "1", "first")
WORSE = GOOD.moved(("expenditure", "2010399", "basic"), "2", "second")
RIGHT = replace(GOOD, report_id="third")


@pytest.fixture(scope="module")
def judged():
    """Opens a database in which the findings of accounts stand, but not yet how they stand to the past."""
    with Evaluated(lambda con: judge(con, None, START, comments=False, events=False)) as opened:
        yield opened


class City:
    """Nights that follow each other; nothing is kept between them but the lake."""

    def __init__(self, folder, judged):
        self.judged = judged
        self.lake = Lake(folder / "lake")

    def night(self, day, *accounts, waivers=(), keep=True):
        """The findings, the events of the place that is followed, and the sentences on idle waivers."""
        today = START + timedelta(days=day)
        with self.judged(*accounts) as con:
            live(con, self.lake.finding_events(), today)
            self.idle = waive(con, waivers, today)
            events = con.execute(f"SELECT {', '.join(FINDING_EVENT)} FROM quality.finding_event").fetchall()
            if keep:
                self.lake.add_finding_events(pl.DataFrame(events, schema=FINDING_EVENT, orient="row"))
            self.findings = rows(con, "SELECT * FROM quality.finding")
            self.cells = rows(con, "SELECT * FROM quality.finding_cell")
            self.waivers = rows(con, "SELECT * FROM quality.waiver ORDER BY row_no")
        return next((f for f in self.findings if (f["identity"], f["instance"]) == PLACE), None)

    def events(self, finding_id):
        found = self.lake.finding_events().filter(pl.col("finding_id") == finding_id).sort("event_no")
        return [((day - START).days, event) for day, event in found.select("on_date", "event").iter_rows()]


def rows(con, sql):
    answer = con.execute(sql)
    return [dict(zip([column[0] for column in answer.description], row, strict=True)) for row in answer.fetchall()]


@pytest.fixture
def city(tmp_path, judged):
    return City(tmp_path, judged)


def days(number):
    return START + timedelta(days=number)


def test_a_corrected_version_that_is_still_wrong_has_changed(city):
    first = city.night(0, BAD)
    second = city.night(1, WORSE)
    assert (second["finding_id"], second["first_seen"]) == (first["finding_id"], START)
    assert (second["status"], second["changed_on"]) == ("changed", days(1))
    third = city.night(2, WORSE)
    assert (third["status"], third["changed_on"]) == ("persisting", days(1))
    assert city.events(first["finding_id"]) == [(0, "new"), (1, "changed")]
    # the same figures in another version are news too: it was published anew, and this is still wrong in it
    assert city.night(3, replace(WORSE, report_id="third"))["status"] == "changed"
    note = city.lake.finding_events().filter(pl.col("event") == "changed")["note"].unique().to_list()
    assert "换了新版本；所列金额有变" in note or "换了新版本；应为金额有变" in note


def test_from_new_to_resolved_and_back(city):
    first = city.night(0, BAD)
    resolved = city.night(1, RIGHT)
    assert (resolved["status"], resolved["resolved_on"]) == ("resolved", days(1))
    assert (resolved["sentence"], resolved["box"], resolved["stated"]) == (
        first["sentence"],
        first["box"],
        first["stated"],
    )
    assert {cell["finding_id"] for cell in city.cells} >= {first["finding_id"]}
    later = city.night(2, RIGHT)
    assert (later["status"], later["resolved_on"]) == ("resolved", days(1))
    back = city.night(3, BAD)
    assert (back["status"], back["first_seen"], back["resolved_on"]) == ("new", START, None)
    again = city.night(4, RIGHT)
    assert (again["status"], again["resolved_on"]) == ("resolved", days(4))
    assert city.events(first["finding_id"]) == [(0, "new"), (1, "resolved"), (3, "returned"), (4, "resolved")]


@pytest.mark.parametrize(
    "story", [[BAD, WORSE], [BAD, RIGHT, BAD], [BAD, None, BAD]], ids=["changed", "returned", "unverified"]
)
def test_the_same_night_again_adds_nothing(city, story):
    waivers = [
        Waiver(2, identity="R3", unit="甲局", fiscal_year=2024, approved_by="张三", reason="已说明", until=days(9))
    ]
    for day, account in enumerate(story):
        accounts = [account] if account else []
        city.night(day, *accounts, waivers=waivers)
        before, told = city.lake.finding_events(), strip(city.findings)
        city.night(day, *accounts, waivers=waivers)
        assert city.lake.finding_events().equals(before)
        assert strip(city.findings) == told


def strip(findings):
    """Findings without what says how they stand to the publication before."""
    return sorted(str({key: value for key, value in f.items() if key != "status"}) for f in findings)


def test_a_night_that_was_not_published_did_not_happen(city):
    city.night(0, BAD)
    assert city.night(1, WORSE, keep=False)["status"] == "changed"
    assert city.night(2, WORSE)["status"] == "changed"


def test_another_reading_of_the_same_file_is_told_apart_from_a_correction(city):
    city.night(0, BAD)
    city.night(1, replace(RIGHT, report_id="first"))
    city.night(2, BAD)
    city.night(3, RIGHT)
    events = city.lake.finding_events().filter(pl.col("event") == "resolved").sort("on_date")
    assert list(dict.fromkeys(events["note"])) == ["文件没有更换，重新读取或核对后不再出现", "新版本中已不再出现"]


def test_what_cannot_be_verified_stays_open_and_without_event(city):
    found = city.night(0, BAD)
    lost = city.night(1)
    assert (lost["status"], lost["sentence"]) == ("unverified", found["sentence"])
    assert city.night(2, BAD)["status"] == "persisting"
    assert city.events(found["finding_id"]) == [(0, "new")]


def test_a_finding_that_another_one_tells_now_is_neither_resolved_nor_told_twice(city):
    """A cause may explain tomorrow what was a finding of its own today."""
    found = city.night(0, BAD)
    with city.judged(BAD) as con:
        judge(con, None, days(1), comments=False)
        con.execute("UPDATE quality.finding_symptom SET finding_id = 'cause'")
        con.execute("UPDATE quality.finding SET finding_id = 'cause' WHERE identity = 'H-01'")
        con.execute("DELETE FROM quality.finding WHERE finding_id <> 'cause'")
        live(con, city.lake.finding_events(), days(1))
        assert con.execute("SELECT finding_id, status FROM quality.finding").fetchall() == [("cause", "new")]
        events = con.execute(
            "SELECT event FROM quality.finding_event WHERE finding_id = $1 ORDER BY event_no", [found["finding_id"]]
        )
        assert events.fetchall() == [("new",), ("merged",)]
        past = con.execute(f"SELECT {', '.join(FINDING_EVENT)} FROM quality.finding_event").fetchall()
    with city.judged(RIGHT) as con:  # the symptoms come back with the finding, and all of them hold
        judge(con, None, days(2), comments=False)
        con.execute(
            "CREATE OR REPLACE TABLE quality.finding_symptom (finding_id VARCHAR, identity VARCHAR, instance VARCHAR, sentence VARCHAR)"
        )
        live(con, pl.DataFrame(past, schema=FINDING_EVENT, orient="row"), days(2))
        assert con.execute("SELECT finding_id, status FROM quality.finding").fetchall() == [("cause", "resolved")]
        assert con.execute("SELECT count(*) > 1 FROM quality.finding_symptom").fetchall() == [(True,)]


def test_events_of_an_older_version_are_understood(city):
    """A snapshot may lack columns that are there today, or have some that are gone."""
    found = city.night(0, BAD)
    told = city.lake.finding_events().to_dicts()
    for event in told:
        content = json.loads(event["snapshot"])
        content["finding"][0] |= {"box": None, "forgotten": 1}
        del content["finding"][0]["measure"], content["finding_cell"]
        event["snapshot"] = json.dumps(content, ensure_ascii=False)
    older = City(city.lake.root.parent / "older", city.judged)
    older.lake.add_finding_events(pl.DataFrame(told, schema=FINDING_EVENT))
    resolved = older.night(1, RIGHT)
    assert (resolved["status"], resolved["measure"], resolved["sentence"]) == ("resolved", None, found["sentence"])


def test_history_survives_a_lost_file_and_a_night_that_was_stopped(tmp_path):
    settings = Settings(home=tmp_path)
    settings.warehouse.mkdir()
    file = published(settings.warehouse, "warehouse-1.duckdb", WRONG)
    (settings.warehouse / "current.duckdb").symlink_to(file.name)
    # the night ended after publication and before its events were kept: the next one keeps them
    said = []
    past = past_events(settings, said.append)
    assert past.height == events_of(file).height > 0
    # the published file is lost
    file.write_bytes(b"no database" * 1000)
    assert past_events(settings, said.append).equals(past)
    assert "无法打开" in said[0]
    file.unlink()
    assert past_events(settings, said.append).equals(past)
    with duckdb.connect() as con:
        found = findings(con, WRONG, today=days(5), past=past)
    assert {(f["status"], f["first_seen"]) for f in found} == {("persisting", START)}


# waivers


def waived(until, **place):
    return Waiver(
        2,
        **({"unit": "甲局", "fiscal_year": 2024, "identity": "H-01"} | place),
        approved_by="张三",
        reason="口径不同",
        until=until,
    )


def test_a_waived_finding_stays_and_comes_back_when_the_waiver_expires(city):
    found = city.night(0, BAD)
    waiver = waived(days(2))
    for day in (1, 2):
        silent = city.night(day, BAD, waivers=[waiver])
        assert (silent["status"], silent["waived_until"], silent["waived_by"], silent["waived_for"]) == (
            "persisting",
            days(2),
            "张三",
            "口径不同",
        )
        assert city.idle == []
    back = city.night(3, BAD, waivers=[waiver])
    assert (back["status"], back["waived_until"]) == ("persisting", None)
    assert ("第2行" in city.idle[0], "到期" in city.idle[0]) == (True, True)
    city.night(4, BAD, waivers=[waiver])
    assert city.events(found["finding_id"]) == [(0, "new"), (1, "waived"), (3, "waiver_expired")]
    expired = city.lake.finding_events().filter(pl.col("event") == "waiver_expired")
    assert expired["note"].to_list() == [f"豁免到期：口径不同，至 {days(2)}"]
    # renewed, then taken back
    city.night(5, BAD, waivers=[waived(days(90))])
    city.night(6, BAD)
    assert city.events(found["finding_id"])[3:] == [(5, "waived"), (6, "waiver_expired")]
    assert "豁免撤销" in city.lake.finding_events().filter(pl.col("on_date") == days(6))["note"][0]


def test_a_waiver_that_is_prolonged_is_told_once(city):
    found = city.night(0, BAD, waivers=[waived(days(2))])
    city.night(1, BAD, waivers=[waived(days(9))])
    city.night(2, BAD, waivers=[waived(days(9))])
    assert city.events(found["finding_id"]) == [(0, "new"), (0, "waived"), (1, "waived")]


def test_a_waiver_does_not_outlive_its_finding(city):
    found = city.night(0, BAD, waivers=[waived(days(2))])
    city.night(1, RIGHT, waivers=[waived(days(2))])
    assert "已不再出现" in city.idle[0]
    city.night(5, RIGHT)
    city.night(6, BAD)
    assert city.events(found["finding_id"]) == [(0, "new"), (0, "waived"), (1, "resolved"), (6, "returned")]


def test_which_findings_a_waiver_speaks_of(city):
    found = city.night(0, BAD)
    for place, count in [
        ({}, 1),
        ({"line": "2010399"}, 1),
        ({"line": "2010301"}, 0),
        ({"fiscal_year": 2023}, 0),
        ({"unit": "乙局"}, 0),
        ({"scope": "本级"}, 0),
        ({"unit": "", "identity": "", "fiscal_year": None, "finding_id": found["finding_id"]}, 1),
    ]:
        city.night(0, BAD, waivers=[waived(days(2), **place)], keep=False)
        (row,) = city.waivers
        assert (row["findings"], row["state"]) == (count, "applied" if count else "unmatched")
        assert len([f for f in city.findings if f["waived_until"]]) == count
        assert bool(city.idle) == (count == 0)


def csv_file(*lines):
    return "\n".join([",".join(HEADINGS), *lines]).encode()


def test_a_good_file_in_the_ways_that_spreadsheets_save_it():
    text = csv_file(
        ",甲局,2024,,R3,2010399,张三,口径不同,2026/6/30,", "", f'{"0a" * 8},,,,,,李四,"已,核",2026年12月1日'
    ).decode()
    for data in (text.encode("utf-8-sig"), text.encode("gb18030"), text.replace("\n", "\r\n").encode()):
        one, other = read_waivers(data, START)
        assert (one.row_no, one.unit, one.fiscal_year, one.line, one.until) == (
            2,
            "甲局",
            2024,
            "2010399",
            date(2026, 6, 30),
        )
        assert (other.row_no, other.finding_id, other.reason, other.until) == (4, "0a" * 8, "已,核", date(2026, 12, 1))
        assert {one.state, other.state} == {"valid"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",甲局,2024,,R3,,,口径不同,2026-06-30", "没有填批准人"),
        (",甲局,2024,,R3,,张三,,2026-06-30", "没有填理由"),
        (",甲局,2024,,R3,,张三,口径不同,", "没有填截止日期"),
        (",甲局,2024,,R3,,张三,口径不同,2026-02-30", "不是日期"),
        (",甲局,2024,,R3,,张三,口径不同,长期", "不是日期"),
        (",甲局,2024,,R3,,张三,口径不同,2028-02-01", "超过两年"),
        (",甲局,,,R3,,张三,口径不同,2026-06-30", "没有填年度"),
        (",,,,,,张三,口径不同,2026-06-30", "没有填单位、年度、勾稽关系"),
        (",甲局,24,,R3,,张三,口径不同,2026-06-30", "不是四位年份"),
        (",甲局,2024,,R33,,张三,口径不同,2026-06-30", "没有这个代号"),
        (",甲局,2024,全部,R3,,张三,口径不同,2026-06-30", "范围"),
        ("1.23E+15,,,,,,张三,口径不同,2026-06-30", "设为文本"),
        (f"{'0a' * 8},甲局,,,,,张三,口径不同,2026-06-30", "只留一种写法"),
        (",甲局,2024,,R3,,张三,口径,不同,2026-06-30", "英文逗号"),
        (",甲局,2024", "应为9栏"),
    ],
)
def test_a_row_that_is_not_in_order_is_told_and_waives_nothing(line, said):
    bad, good = read_waivers(csv_file(line, ",甲局,2024,,R3,,张三,口径不同,2026-06-30"), START)
    assert (bad.state, good.state) == ("invalid", "valid")
    assert bad.message.startswith("第2行")
    assert said in bad.message
    assert bad.message.endswith("这一行没有生效。")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x81", b"", "单位,年度\n甲局,2024".encode(), b'"open\n'])
def test_a_file_that_is_none_is_told(data):
    (row,) = read_waivers(data, START)
    assert row.state == "invalid"
    assert "没有豁免任何问题" in row.message


def test_an_invalid_row_is_shown_and_the_default_file_is_empty(city):
    city.night(0, BAD, waivers=read_waivers(csv_file(",甲局,2024,,R3,,张三,口径不同,"), START))
    assert [(w["state"], w["row_no"]) for w in city.waivers] == [("invalid", 2)]
    assert city.idle == ["第2行没有填截止日期，请补填。这一行没有生效。"]
    assert read_waivers(NO_WAIVERS.read_bytes(), START) == []


# acknowledgement


def test_seen_is_not_closed_and_not_seen_after_a_change(city):
    found = city.night(0, BAD)
    number = found["finding_id"]
    for _ in range(2):
        assert life.acknowledge(city.lake.root, number[:6], "已电话通知", "张三", days(1)) == number
    assert city.events(number) == [(0, "new"), (1, "acknowledged")]
    shown = life.with_acknowledgements(city.lake.root, [f for f in city.findings if f["finding_id"] == number])
    assert (shown[0]["acknowledged_on"], shown[0]["acknowledged_by"]) == (days(1), "张三")
    seen = city.night(2, BAD)
    assert (seen["status"], seen["acknowledged_on"], seen["acknowledged_by"]) == ("persisting", days(1), "张三")
    changed = city.night(3, WORSE)
    assert (changed["status"], changed["acknowledged_on"]) == ("changed", None)
    assert life.with_acknowledgements(city.lake.root, [changed]) == [changed]
    assert city.night(4, WORSE)["acknowledged_on"] is None


def test_the_life_of_one_finding_is_told_in_order(city):
    found = city.night(0, BAD)
    number = found["finding_id"]
    life.acknowledge(city.lake.root, number, "", "李四", days(1))
    city.night(2, WORSE, waivers=[waived(days(3))])
    city.night(4, RIGHT)
    told = life.history(city.lake.root, number)
    assert [(row["on_date"], row["event"]) for row in told] == [
        (START, "new"), (days(1), "acknowledged"), (days(2), "changed"), (days(2), "waived"), (days(4), "resolved"),
    ]  # fmt: skip
    assert told[0]["sentence"] == found["sentence"] != told[2]["sentence"]
    with pytest.raises(life.UnknownFindingError, match="已不再出现"):
        life.acknowledge(city.lake.root, number, "", "李四", days(5))


def test_numbers_that_name_no_finding(city):
    city.night(0, BAD)
    for number, said in (("zzzz", "没有编号"), ("a", "至少")):
        with pytest.raises(life.UnknownFindingError, match=said):
            life.history(city.lake.root, number)


def test_amounts_and_boxes_survive_the_snapshot(city):
    """Amounts pass through JSON: they must come back to the last digit."""
    account = replace(BAD, cells={**BAD.cells, CLASS: "99999999.99"})
    city.night(0, account)
    before = {f["finding_id"]: (f["stated"], f["expected"], f["difference"], f["box"]) for f in city.findings}
    city.night(1, RIGHT)
    after = {f["finding_id"]: (f["stated"], f["expected"], f["difference"], f["box"]) for f in city.findings}
    assert after == before
