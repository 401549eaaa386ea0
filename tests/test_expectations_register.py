"""Who must publish: from earlier reports, departments' lists and the bureau's own list; and that nobody is accused."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pytest

from assets import published
from assets.settings import NO_REGISTER
from expectations import findings
from expectations.evaluate import evaluate
from expectations.identities.department import D02
from expectations.register import HEADINGS, enrol, read_register, write_register
from expectations.standing import stand
from tests.readings import document, frames, publication
from tests.test_expectations_standing import nothing_judged
from warehouse.load import load_frames
from warehouse.marts.create import create_marts

TODAY, DEADLINE = date(2025, 12, 24), (11, 24)
OFFICE = "柳州市教育局"


def rows(con, sql):
    answer = con.execute(sql)
    return [dict(zip([column[0] for column in answer.description], row, strict=True)) for row in answer.fetchall()]


class City:
    """Reports, each with its publication and the units that it lists."""

    def __init__(self):
        self.heads, self.publications, self.lists = [], [], []

    def report(self, unit, year, published=None, *, covers=(), site="liuzhou", title="", **known):
        key = f"d{len(self.heads)}"
        day = date.fromisoformat(published) if published else date((year or 2024) + 1, 9, 1)
        self.heads.append(document(key, unit=unit, fiscal_year=year, **known))
        fetched = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self.publications.append(
            publication(key, site=site, published_on=day, fetched_at=fetched, title=title or key, region="柳州市")
        )
        place = dict.fromkeys(("x0", "top", "x1", "bottom"), 1.0)
        for number, listed in enumerate(covers):
            name, _, remark = listed.partition("|")
            self.lists.append({"document": key, "unit_no": number, "name": name, "remark": remark, "page": 4, **place})
        return self

    def department(self, year, *covers, **known):
        return self.report(OFFICE, year, covers=covers, level="部门", **known)

    def unit(self, name, *years, **known):
        for year in years:
            self.report(name, year, department=OFFICE, **known)
        return self

    def standing(self, *csv, today=TODAY, judge=False, view="SELECT 1", **options):
        """(state, days late, note) by unit and year; all rows of the register in `self.register`.

        With `judge`, D-02 is evaluated as well; `view` is a query that is answered in `self.shown`.
        """
        with duckdb.connect() as con:
            load_frames(con, frames(document=self.heads, publication=self.publications, covered_unit=self.lists))
            if not judge:
                nothing_judged(con)
            self.said = enrol(con, read_register(sheet(*csv)))
            if judge:
                evaluate(con, [D02])
                findings.judge(con, None, today, comments=False)
                broken = rows(con, "FROM quality.identity_result WHERE outcome = 'fail'")
                self.broken = {row["instance"] for row in broken}
            stand(con, DEADLINE, today, comments=False, **options)
            self.register = rows(con, "SELECT * FROM quality.register")
            self.punctuality = rows(con, "SELECT * FROM quality.punctuality")
            if "决算." in view:
                create_marts(con)
            self.shown = rows(con, view)
        assert len({(row["unit_id"], row["fiscal_year"]) for row in self.register}) == len(self.register)
        self.agree()
        return {
            (row["unit"], row["fiscal_year"]): (row["state"], row["days_late"], row["note"]) for row in self.register
        }

    def agree(self):
        """One truth: what is missing in one table is so in the other, and what is published is a report."""
        missing = {(row["unit_id"], row["fiscal_year"]) for row in self.punctuality if row["state"] == "missing"}
        assert missing == {(row["unit_id"], row["fiscal_year"]) for row in self.register if row["state"] == "missing"}
        assert all((row["note"] != "") for row in self.register if row["state"] in ("unknown", "exempt", "pending"))
        assert all((row["days_late"] is None) == (row["state"] not in ("late", "missing")) for row in self.register)


def sheet(*lines):
    return "\n".join([",".join(HEADINGS), *lines]).encode()


def listed_city(city=None, *, place="柳州市", remark="", also=True):
    """A department whose list names two schools, of which one has published (if `also`)."""
    city = city or City()
    office = f"{place}教育局"
    city.report(
        office, 2024, covers=(f"{office}（本级）", f"{place}第一中学", f"{place}第二中学{remark}"), level="部门"
    )
    return city.report(f"{place}第一中学", 2024, department=office) if also else city


# the sources


def test_a_unit_on_its_departments_list_is_missing_when_another_of_it_is_there():
    city = listed_city()
    found = city.standing(
        judge=True,
        view="SELECT * EXCLUDE (unit_id) FROM 决算.公开情况, (SELECT 依据, 状态 FROM 决算.应公开单位 WHERE 逾期天数 = 30)",
    )
    assert found["柳州市第二中学", 2024] == ("missing", 30, "")
    assert found["柳州市第一中学", 2024][0] == found[OFFICE, 2024][0] == "published"
    (row,) = (row for row in city.register if row["unit"] == "柳州市第二中学")
    assert (row["sources"], row["known_from"], row["department"], row["region"]) == (
        ["department"],
        "柳州市教育局2024年度决算所列单位",
        OFFICE,
        "柳州市",
    )
    assert city.broken == {"missing:柳州市第二中学"}
    assert city.shown == [
        {
            "地区": "柳州市", "部门": OFFICE, "年度": 2024, "应公开数": 3, "已公开": 2, "逾期": 0, "未公开": 1,
            "期限未到": 0, "不明": 0, "不公开": 0, "依据": "主管部门所列", "状态": "未公开",
        }
    ]  # fmt: skip


def test_the_bureau_knows_of_a_unit_that_nobody_else_does():
    city = City().unit("柳州市甲局", 2023, 2024).unit("柳州市戊局", 2021)
    found = city.standing(
        "柳州市,柳州市乙局,,2024,,,,新设",
        "柳州市,柳州市丙局,,2022,2023,,,撤销",
        "桂林市,桂林市丁局,,2024,,,,",
        "柳州市,柳州市戊局,,2022,2022,,,",
    )
    assert found["柳州市乙局", 2024] == ("missing", 30, "")
    assert ("柳州市乙局", 2023) not in found
    assert found["柳州市丙局", 2023][0] == "missing"
    assert (("柳州市丙局", 2021) in found, ("柳州市丙局", 2024) in found) == (False, False)
    # nothing is known of a city that was not collected, and that is said
    assert (found["桂林市丁局", 2024][0], "没有收集到" in found["桂林市丁局", 2024][2]) == ("unknown", True)
    assert city.said == [
        "地区“桂林市”（第4行等1行）没有收集到任何决算，请核对地区的写法；没有收集的地区不能判断是否公开。"
    ]
    # what ended is owed no more, whatever was published before
    assert found["柳州市戊局", 2023] == ("exempt", None, "名录所载的起止年度不含这一年度")
    (row,) = (row for row in city.register if row["unit"] == "柳州市乙局")
    assert (row["sources"], row["known_from"]) == (["bureau"], "财政部门名录")


def test_all_sources_of_a_duty_are_named_and_a_gone_unit_that_is_still_listed_is_not_gone():
    city = (
        City().department(2024, "柳州市第一中学", "柳州市第二中学", "柳州市第三中学").unit("柳州市第一中学", 2023, 2024)
    )
    city.unit("柳州市第三中学", 2020).unit("柳州市第四中学", 2020)
    found = city.standing("柳州市,柳州市第一中学,,2020,,,,")
    sources = {(row["unit"], row["fiscal_year"]): row["sources"] for row in city.register}
    assert sources["柳州市第一中学", 2024] == ["bureau", "department", "previous", "published"]
    assert sources["柳州市第一中学", 2023] == ["bureau", "published"]
    assert sources["柳州市第二中学", 2024] == ["department"]
    assert found["柳州市第三中学", 2024][0] == "missing"
    assert (found["柳州市第四中学", 2024][0], "撤销" in found["柳州市第四中学", 2024][2]) == ("unknown", True)


def test_late_pending_and_a_report_that_is_still_lacking():
    city = City().report("柳州市甲局", 2024, "2025-12-04").report("柳州市乙局", 2023, scope="本级")
    city.report("柳州市乙局", 2023, scope="汇总").report("柳州市乙局", 2024, scope="本级")
    found = city.standing()
    assert found["柳州市甲局", 2024] == ("late", 10, "")
    assert found["柳州市乙局", 2024] == ("missing", 30, "尚缺：汇总")
    early = City().unit("柳州市甲局", 2023).unit("柳州市乙局", 2024)
    assert early.standing(today=date(2025, 11, 24))["柳州市甲局", 2024] == ("pending", None, "期限未到")


def test_days_count_from_the_approval_where_it_is_known():
    """A department has 20 days; its units 15 more, in which it passes the approval on."""
    city = City().department(2024, published="2025-09-22").unit("柳州市第一中学", 2024, published="2025-10-05")
    city.report("柳州市甲局", 2023).report("柳州市乙局", 2024, "2025-11-20", region="桂林市")
    approved = "柳州市,,,2024,,,2025年9月1日,"
    found = city.standing(approved)
    assert found[OFFICE, 2024] == ("late", 1, "")
    assert found["柳州市第一中学", 2024][0] == "published"
    assert found["柳州市甲局", 2024] == ("missing", (TODAY - date(2025, 10, 6)).days, "")
    assert found["柳州市乙局", 2024][0] == "published"
    longer = city.standing(approved, approval_days=200)
    assert (longer[OFFICE, 2024][0], longer["柳州市甲局", 2024][0]) == ("published", "pending")


def test_short_names_of_a_list_are_matched_to_units():
    """局本级 is the department, 信息中心 its own one, 市第一中学 the city's; more of a name is the same unit."""
    city = City().department(2024, "局本级", "信息中心", "市第一中学", "教育考试院", "柳州市特殊教育学校")
    city.unit("柳州市教育局信息中心", 2024).unit("柳州市第一中学", 2024).unit("广西柳州教育考试院", 2024)
    city.unit("柳州市特殊教育学校", 2023)
    found = city.standing()
    assert {key: state for key, (state, *_) in found.items()} == {
        (OFFICE, 2024): "published",
        ("柳州市教育局信息中心", 2024): "published",
        ("柳州市第一中学", 2024): "published",
        ("广西柳州教育考试院", 2024): "published",
        ("柳州市特殊教育学校", 2023): "published",
        ("柳州市特殊教育学校", 2024): "missing",
    }


# never crying wolf: what speaks against 'missing', each in a town of its own


def unread(title):
    return lambda city: city.report("", None, title=title)


DOUBTS = {
    "甲": ({"remark": "|预算不单列，并入本级"}, None, "none", ""),
    "乙": ({"also": False}, None, "unknown", "其他单位这一年度的决算也没有收集到"),
    "丙": ({}, unread("云丙市第二中学2024年度单位决算"), "unknown", "没有读懂"),
    "丁": ({}, unread("云丁市第三中学2024年度决算"), "missing", ""),
    "戊": ({}, lambda c: c.report("广西云戊市第二中学", 2024), "unknown", "名称相近"),
    "己": ({}, lambda c: c.report("广西云己市第二中学", 2024, department="云己市教育局"), "none", ""),
    "庚": ({}, lambda c: c.report("云庚市第二中学", 2024, site="elsewhere"), "published", ""),
    "癸": ({"place": "云癸县"}, unread("关于第二职业中学和第二幼儿园2024年度决算"), "missing", ""),
    "辛": ({}, unread("云辛市第二中学2023年度单位决算"), "missing", ""),
    "壬": (
        {"remark": "|并入教育局"}, lambda c: c.report("云壬市第二中学", 2023), "unknown", "主管部门2024年度决算注明“并入教育局”",
    ),
}  # fmt: skip


def test_what_speaks_against_missing():
    city = City()
    for name, (options, change, *_) in DOUBTS.items():
        listed_city(city, **{"place": f"云{name}市"} | options)
        if change:
            change(city)
    found = city.standing()
    for name, (options, _, state, said) in DOUBTS.items():
        place = options.get("place", f"云{name}市")
        got, _, note = found.get((f"{place}第二中学", 2024), ("none", None, ""))
        assert (got, said in note) == (state, True), (name, got, note)


PRINTED = (
    lambda place, name: f"{place}{name}",
    lambda place, name: f"{place[-1]}{name}",
    lambda _, name: name,
    lambda place, name: f"广西{place}{name}",
    lambda place, name: f"广西壮族自治区{place}{name}（本部）",
    lambda place, name: " ".join(f"{place}{name}"),
    lambda place, name: f"{place}{name.replace('疾病预防控制', '疾控').replace('服务中心', '中心')}",
    lambda place, name: f"{place[-1]}{name.replace('疾病预防控制', '疾控').replace('服务中心', '中心')}",
)
"""Ways to print the name of a unit of a place."""
KINDS = (
    *(
        "疾病预防控制中心",
        "第一中学",
        "第十一中学",
        "特殊教育学校",
        "机关后勤服务中心",
        "图书馆",
        "人民医院",
        "中医医院",
    ),
    *("公证处", "农业技术推广站", "政务服务中心", "林场"),
)


def test_where_everybody_has_published_nobody_is_missing_however_lists_and_reports_print_their_names():
    drawn, city = random.Random(7), City()
    lines = []
    for number in range(40):
        place = f"云{chr(0x4E00 + 37 * number)}{'市县区'[number % 3]}"
        office, whose = f"{place}卫生健康局", {"department": f"{place}卫生健康局"} if number % 2 else {}
        names = drawn.sample(KINDS, 6)
        covers = [drawn.choice(PRINTED)(place, name) for name in names]
        city.report(office, 2024, covers=["局本级", *covers], level="部门", region=place)
        for name in names:
            city.report(drawn.choice(PRINTED[:5])(place, name), 2024, region=place, **whose)
        lines += [f"{place},{drawn.choice(PRINTED[:4])(place, name)},,2024,,,," for name in names[:2]]
    found = city.standing(*lines)
    assert {key for key, (state, *_) in found.items() if state == "missing"} == set()
    assert sum(row["state"] == "published" for row in city.register) == 40 * 7


def test_a_list_counts_for_its_year_and_the_next_and_until_there_is_a_newer_one():
    city = City()
    for place, later in (("云甲市", ()), ("云乙市", (2022,))):
        office, schools = f"{place}教育局", (f"{place}第一中学", f"{place}第二中学")
        city.report(office, 2021, covers=schools, level="部门")
        for year in later:
            city.report(office, year, covers=schools[:1], level="部门")
        for year in (2021, 2022, 2023):
            city.report(schools[0], year, department=office)
    found = city.standing()
    states = [found.get(("云甲市第二中学", year), ("none",))[0] for year in (2020, 2021, 2022, 2023)]
    assert states == ["none", "missing", "missing", "unknown"]
    assert "两年以前" in found["云甲市第二中学", 2023][2]
    assert [found.get(("云乙市第二中学", year), ("none",))[0] for year in (2021, 2022, 2023)] == [
        "missing",
        "none",
        "none",
    ]


def test_a_unit_of_the_bureaus_list_that_published_under_another_name_is_not_missing():
    city = City().report("柳州市教育局", 2024).report("广西柳州市卫生健康委员会", 2024)
    found = city.standing(
        "柳州市,柳州市教育局招生考试院,,2024,,,,",  # more than the name of another unit that is on the list itself
        "柳州市,柳州市教育局,,2024,,,,",
        "柳州市,柳州市卫生健康委员会,,2024,,,,",
    )
    assert found["柳州市教育局招生考试院", 2024][0] == "missing"
    assert (found["柳州市卫生健康委员会", 2024][0], "名称相近" in found["柳州市卫生健康委员会", 2024][2]) == (
        "unknown",
        True,
    )


def test_an_exempt_unit_that_publishes_anyhow_is_never_late():
    city = City().report("柳州市甲局", 2024, "2025-12-20").report("柳州市乙局", 2023).report("柳州市丙局", 2024)
    found = city.standing("柳州市,柳州市甲局,,2024,,涉密,,", "柳州市,柳州市乙局,,2024,,涉密,,")
    assert found["柳州市甲局", 2024] == ("published", None, "名录载明不公开：涉密，但已公开")
    assert found["柳州市乙局", 2024] == ("exempt", None, "名录载明不公开：涉密")
    assert {row["state"] for row in city.punctuality if row["unit"] != "柳州市丙局"} == {"exempt", "on_time"}


# a unit that was renamed, which the code tells that it prints

PALACE, HALL = "柳州市工人文化宫", "柳州市群众文化馆"


def renamed(*years, before=(2022, 2023), city=None, **known):
    """PALACE in the years before, HALL under its code in `years`; another unit published throughout."""
    city = (city or City()).unit("柳州市图书馆", *range(2021, 2025))
    return city.unit(PALACE, *before, unit_code="341002", **known).unit(HALL, *years, unit_code="341002", **known)


def side_by_side(*cases):
    """What `standing` gives for each (city, lines of the list), with all of them in one database, in towns of their own."""
    whole, lines, towns = City(), [], [f"云{chr(0x4E00 + 37 * number)}市" for number in range(len(cases))]
    for town, (city, csv) in zip(towns, cases, strict=True):
        whole.heads += [moved(head, town) for head in city.heads]
        whole.publications += [moved(one, town) | {"site": f"{one['site']} {town}"} for one in city.publications]
        whole.lists += [moved(one, town) for one in city.lists]
        lines += [line.replace("柳州市", town) for line in csv]
    whole.standing(*lines)
    for town, (city, _) in zip(towns, cases, strict=True):
        own = [row for row in whole.register if row["unit"].startswith(town)]
        city.register = [{key: back(value, town) for key, value in row.items()} for row in own]
        yield {
            (row["unit"], row["fiscal_year"]): (row["state"], row["days_late"], row["note"]) for row in city.register
        }


def moved(row, town):
    there = {key: value.replace("柳州市", town) if isinstance(value, str) else value for key, value in row.items()}
    return there | {"document": f"{row['document']} {town}"}


def back(value, town):
    return value.replace(town, "柳州市") if isinstance(value, str) else value


def lists(*names, year=2024):
    return City().department(year, "柳州市图书馆", *names)


def missing(city):
    return [(row["unit"], row["fiscal_year"]) for row in city.register if row["state"] == "missing"]


def test_a_renamed_unit_owes_a_year_once():
    """Whatever the department's list and the bureau's call it."""
    told = [
        (None, ()),
        (None, (PALACE,)),
        ((PALACE,), ()),
        ((HALL,), (PALACE,)),
        ((PALACE, HALL), (PALACE, HALL)),
        ((), (HALL,)),
    ]

    def cases(*years, **known):
        for covers, line in told:
            city = renamed(*years, city=None if covers is None else lists(*covers), **known)
            yield city, [f"柳州市,{name},,2022,,,," for name in line]

    published_all = list(cases(2024))
    for (covers, line), (city, _), found in zip(told, published_all, side_by_side(*published_all), strict=True):
        assert missing(city) == [], (covers, line)
        assert {key for key in found if key[0] in (PALACE, HALL)} == {(PALACE, 2022), (PALACE, 2023), (HALL, 2024)}
        (row,) = (row for row in city.register if row["unit"] == HALL)
        assert row["known_from"].endswith("单位2023年度决算；本年度已公开"), (covers, line)
        assert [source in row["sources"] for source in ("bureau", "department")] == [bool(line), bool(covers)]
    # and the year that it does not publish under its new name either, once, under that name
    lacking = list(cases(2023, before=(2021, 2022)))
    for (covers, line), (city, _), found in zip(told, lacking, side_by_side(*lacking), strict=True):
        assert found[HALL, 2024][:2] == ("missing", 30), (covers, line)
        assert missing(city) == [(HALL, 2024)], (covers, line)


def test_before_it_publishes_under_its_new_name_it_is_missing_once():
    city = renamed()
    city.standing()
    assert missing(city) == [(PALACE, 2024)]
    city = renamed(city=lists(PALACE, year=2023).department(2024, "柳州市图书馆", HALL))
    assert city.standing()[PALACE, 2024][0] == "unknown"
    assert missing(city) == [(HALL, 2024)]


def test_a_renamed_unit_has_one_grade_a_year():
    city = renamed(2024)
    city.standing(judge=True, view="SELECT 单位, 年度 FROM 决算.评级 WHERE 对象 = '单位' AND 年度 = 2024")
    assert [row["单位"] for row in city.shown] == ["柳州市图书馆", HALL]


def test_a_list_that_has_the_old_name_breaks_nothing():
    city = renamed(2024, city=lists(PALACE, "柳州市剧院"))
    city.standing(judge=True)
    assert city.broken == {"missing:柳州市剧院"}


def test_the_new_name_owes_the_reports_of_the_old_one():
    city = renamed(2024, scope="汇总").report(PALACE, 2023, scope="本级", unit_code="341002", department=OFFICE)
    assert city.standing()[HALL, 2024] == ("missing", 30, "尚缺：本级")
    assert missing(city) == [(HALL, 2024)]
    # as the old one would not have: what it no longer had, and what is another extent instead
    city = renamed(2024, scope="汇总").report(PALACE, 2022, scope="本级", unit_code="341002", department=OFFICE)
    city.standing()
    assert missing(city) == [(PALACE, 2023)]
    city = renamed().report(HALL, 2024, scope="本级", unit_code="341002", department=OFFICE)
    city.standing()
    assert missing(city) == []


def test_what_speaks_against_missing_is_asked_of_the_old_name_too():
    city = renamed(2023, before=(2021, 2022)).report("", None, title=f"{PALACE}2024年度单位决算")
    assert "没有读懂" in city.standing()[HALL, 2024][2]
    city = renamed(2023, before=(2021, 2022), city=lists(PALACE, year=2022).department(2024, "柳州市图书馆"))
    assert "已没有它" in city.standing()[HALL, 2024][2]


def test_the_end_of_the_old_name_in_the_bureaus_list_does_not_end_the_unit():
    city = renamed(2023, before=(2021, 2022))
    found = city.standing(f"柳州市,{PALACE},,2020,2022,,,更名")
    assert (found[HALL, 2023][0], missing(city)) == ("published", [(HALL, 2024)])


def test_different_units_are_not_joined():
    different = [{"unit_code": "341003"}, {"unit_code": "341002", "region": "桂林市"}, {}]
    cities = [renamed(city=lists(PALACE, HALL)).unit(HALL, 2024, **known) for known in different]
    for known, city, _ in zip(different, cities, side_by_side(*((city, ()) for city in cities)), strict=True):
        assert missing(city)[0] == (PALACE, 2024), known


def test_a_renamed_department_has_one_list():
    city = City().unit("柳州市图书馆", *range(2021, 2025))
    known = {"level": "部门", "unit_code": "341001"}
    city.report("柳州市文化局", 2023, covers=("柳州市图书馆", PALACE), **known)
    city.report("柳州市文化和旅游局", 2024, covers=("柳州市文化局", "柳州市图书馆"), **known).unit(PALACE, 2023)
    assert "已没有它" in city.standing()[PALACE, 2024][2]
    assert missing(city) == []


# the file


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",柳州市甲局,,2024,,,,", "没有填地区"),
        ("柳州市,柳州市甲局,,,,,,", "没有填起始年度"),
        ("柳州市,柳州市甲局,,24,,,,", "不是四位年份"),
        ("柳州市,柳州市甲局,,2024,长期,,,", "截止年度“长期”不是四位年份"),
        ("柳州市,柳州市甲局,,2024,2023,,,", "早于起始年度"),
        ("柳州市,柳州市甲局（本级）,,2024,,,,", "本级"),
        ("柳州市,柳州市甲局,,2024,,,2025-08-29,", "批复日期按地区填"),
        ("柳州市,,,2024,,,,", "没有填单位名称"),
        ("柳州市,,,2024,,,八月,", "不是日期"),
        ("柳州市,,,2024,,,2024-08-29,", "请核对年度和日期"),
        ("柳州市,,,2024,2025,,2025-08-29,", "截止年度请留空"),
        ("柳州市,,某局,2024,,,2025-08-29,", "不应再填主管部门"),
        ("柳州市,柳州市丁局,,2023,,涉密,,", "与第2行是同一单位、同一年度"),
        ("柳州市,,,2023,,,2024-08-30,", "与第3行是同一地区、同一年度"),
        ("柳州市,柳州市甲局,,2024,,涉密,,其一,其二", "英文逗号"),
        ("柳州市,柳州市甲局", "应为8栏"),
    ],
)
def test_a_row_that_is_not_in_order_is_told_and_counts_for_nothing(line, said):
    good, approval, bad = read_register(sheet("柳州市,柳州市丁局,,2020,,,,", "柳州市,,,2023,,,2024-08-29,", line))
    assert (good.state, approval.state, bad.state) == ("valid", "valid", "invalid")
    assert bad.message.startswith("第4行")
    assert said in bad.message
    assert bad.message.endswith("这一行没有生效。")


def test_one_unit_in_rows_of_different_years_and_in_the_ways_that_spreadsheets_save_it():
    text = sheet(
        "柳州市,柳州市甲局,,2020,2022,,,",
        "",
        "柳州市,柳州市 甲局,市委,2023年度,,涉密,,见文件,",
        "柳州市,,,2024,,,2025/8/29,",
    )
    for data in (text, text.decode().encode("utf-8-sig"), text.decode().encode("gb18030")):
        one, other, approval = read_register(data)
        assert (one.unit_id, one.last_year) == (other.unit_id, 2022)
        assert (other.first_year, other.reason, other.note, other.row_no) == (2023, "涉密", "见文件", 4)
        assert (approval.unit, approval.approved_on, approval.last_year) == ("", date(2025, 8, 29), 2024)
    (row,) = read_register("地区,单位\n柳州市,甲局".encode())
    assert (row.state, "没有采用名录" in row.message) == ("invalid", True)
    assert read_register(NO_REGISTER.read_bytes()) == []


def test_what_the_bureau_exempts_is_missing_nowhere_and_a_first_file_is_written_from_what_is_known():
    city = listed_city().report("柳州市旧局", 2018)
    csv = ("柳州市,柳州市第二中学,某委,2020,,涉密,,", "柳州市,,,2023,,,2024-08-29,")
    found = city.standing(*csv, judge=True, view=published._REGISTER)
    assert found["柳州市第二中学", 2024] == ("exempt", None, "名录载明不公开：涉密")
    assert city.broken == set()
    entries = read_register(write_register(city.shown))
    assert [entry.message for entry in entries if entry.state != "valid"] == []
    kept = [replace(entry, row_no=0) for entry in read_register(sheet(*csv))]
    assert [replace(entry, row_no=0) for entry in entries[:2]] == kept
    assert {entry.unit: (entry.first_year, entry.note) for entry in entries[2:]} == {
        OFFICE: (2024, "依据：本年度已公开"),
        "柳州市第一中学": (2024, "依据：柳州市教育局2024年度决算所列单位；本年度已公开"),
    }
    assert b"'=1+1" in write_register([dict.fromkeys(city.shown[0], None) | {"unit": "=1+1"}])


# a season


def test_a_season_of_a_city_with_mergers_renames_and_late_units_accuses_only_who_is_late():
    """Five units last year: this year one has a new name, two are one, one is early, one is late, one never comes."""
    school = "柳州市第{}中学".format
    last = City().department(2023, *(school(n) for n in "一二三四五"), published="2024-09-01")
    for n in "一二三四五":
        last.report(school(n), 2023, "2024-09-01", department=OFFICE)
    listed = (school("一"), "柳州市实验中学", school("四"), school("五"))
    comes = {"2025-09-01": school("一"), "2025-09-20": "柳州市实验中学", "2025-12-02": school("四")}
    states = {}
    for day in ("2025-10-08", "2025-11-25", "2025-12-24"):
        city = City()
        city.heads, city.publications, city.lists = [*last.heads], [*last.publications], [*last.lists]
        city.report(OFFICE, 2024, "2025-09-01", covers=listed, level="部门")
        for came, unit in comes.items():
            if came <= day:
                city.report(unit, 2024, came, department=OFFICE)
        found = city.standing(today=date.fromisoformat(day))
        states[day] = {unit: state for (unit, year), (state, *_) in found.items() if year == 2024}
    accused = {
        day: {unit for unit, state in one.items() if state in ("missing", "late")} for day, one in states.items()
    }
    assert accused == {
        "2025-10-08": set(), "2025-11-25": {school("四"), school("五")}, "2025-12-24": {school("四"), school("五")},
    }  # fmt: skip
    assert states["2025-12-24"][school("四")] == "late"
    assert {states["2025-12-24"][school(n)] for n in "二三"} == {"unknown"}  # merged, under a name that nobody says
