"""Under which code the figures of a subject line up over the years."""

import pytest

from pipeline.normalise.series import names_of
from pipeline.normalise.subjects import name_in_year
from pipeline.reference import subjects


def of(classification: str, code: str) -> list[tuple[str, int | None, int | None, str, str]]:
    return [tuple(name[1:]) for name in names_of(classification) if name.code == code]


def test_a_subject_that_never_changed_is_its_own_series() -> None:
    assert of("functional", "2010301") == [("行政运行", None, None, "2010301", "same")]


def test_a_new_name_of_the_same_money_goes_on() -> None:
    assert of("functional", "20805") == [
        ("行政事业单位离退休", None, 2019, "20805", "renamed"),
        ("行政事业单位养老支出", 2020, None, "20805", "same"),
    ]


def test_a_code_given_to_another_subject_begins_anew_and_the_old_one_goes_on_under_its_new_code() -> None:
    assert of("economic", "30311") == [
        ("住房公积金", None, 2017, "30113", "recoded"),
        ("代缴社会保险费", 2018, None, "30311", "same"),
    ]
    assert of("economic", "30113") == [("住房公积金", None, None, "30113", "same")]


def test_what_nobody_carries_on_ends() -> None:
    assert of("functional", "21007") == [
        ("妇幼保健", None, 2009, "21007/2009", "ended"),
        ("计划生育事务", 2010, None, "21007", "same"),
    ]


def test_a_name_under_another_code_of_later_years_is_the_same_subject() -> None:
    assert of("functional", "2089901") == [("其他社会保障和就业支出", None, None, "2089999", "recoded")]


def test_where_the_last_year_of_a_name_is_not_known_nothing_is_parted() -> None:
    assert [series for *_, series, _ in of("economic", "311")] == ["311", "311"]


@pytest.mark.parametrize("classification", ["functional", "economic"])
def test_every_year_has_one_name_and_a_series_that_is_a_series(classification: str) -> None:
    names = list(names_of(classification))
    roots = {name.series for name in names if name.evidence in ("same", "ended")}
    assert {name.code for name in names} == set(subjects(classification))
    for year in (2009, 2017, 2019, 2024):
        current = [name for name in names if (name.first_year or 0) <= year <= (name.last_year or 9999)]
        assert len({name.code for name in current}) == len(current) == len(subjects(classification))
    assert {name.series for name in names} <= roots


def test_names_are_those_that_printed_names_are_held_against() -> None:
    for name in names_of("functional"):
        current = subjects("functional")[name.code].name
        if name.last_year and name.code != "215":  # whose older name is older than all reports
            assert name_in_year(name.code, current, name.last_year) == name.name
