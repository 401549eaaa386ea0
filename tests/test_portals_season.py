"""A season at imaginary sites: none of what honest sites do is told, and each thing that goes wrong is, in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.portals.evidence import Fault
from pipeline.portals.night import End
from pipeline.portals.signs import SignKind
from tests.imaginary import Life, pages, season

LAST, THIS = date(2025, 8, 25), date(2026, 8, 25)
UNTIL = date(2026, 11, 12)
HOLIDAY = date(2026, 10, 1), date(2026, 10, 8)


def until(day, *reports):
    return [report for report in reports if report.day <= day]


def past(count=15, *, delay=0, **more):
    return season(count, LAST + timedelta(days=delay), **more)


# -- honest lives: functions from a day to the pages that the portal shows on it


def steady(day):
    return pages(until(day, *past(), *season(15, THIS)))


def later_and_in_service(day):
    """Twelve days later than last year, nothing in the holiday, nights of maintenance of each kind, some dead links."""
    reports = [
        replace(report, day=HOLIDAY[1] + timedelta(days=1)) if HOLIDAY[0] <= report.day <= HOLIDAY[1] else report
        for report in season(15, THIS + timedelta(days=12), span=25)
    ]
    shown = pages(until(day, *past(), *reports))
    files = [path for path in shown if path.endswith(".pdf")]
    shown = shown | dict.fromkeys(files[::25], Fault.MISSING)
    if day in (date(2026, 9, 12), date(2026, 9, 13)):
        return dict.fromkeys(shown, Fault.SERVER_ERROR)
    if day == date(2026, 9, 19):  # and one with a page that says so, with status 200
        return dict.fromkeys(shown, "<p>系统维护中</p>".encode())
    if day in (date(2026, 9, 26), date(2026, 9, 27)):  # its file server, alone
        return {path: Fault.SERVER_ERROR if path in files else body for path, body in shown.items()}
    return shown


def all_on_one_day(day):
    """A city whose finance bureau publishes everything on one day, this year thirteen days later."""
    return pages(until(day, *season(15, LAST, span=1), *season(15, THIS + timedelta(days=13), span=1)))


def redesigned(day):
    """In mid-season everything moves to other addresses; what was there before bears the day of the move."""
    move = date(2026, 9, 7)
    reports = until(day, *past(), *season(15, THIS))
    if day < move:
        return pages(reports)
    moved = [replace(report, place="xxgk", printed=max(report.day, move)) for report in reports]
    return pages(moved, ["xxgk"])


def few_units(day):
    return pages(until(day, *past(4), *season(4, THIS + timedelta(days=10))))


def merged_and_renamed(day):
    """A third of the units are merged into others, the others get new names, and three files become one."""
    return pages(until(day, *past(files=3), *season(10, THIS, names="第{}委员会")))


def columns_of_years(day):
    """A column for every year; the new one is there before anything is in it, the old one goes when it has filled."""
    reports = [replace(r, place=f"bmjs{r.year}") for r in until(day, *past(), *season(15, THIS))]
    years = [2025, 2024] if day < date(2026, 10, 20) else [2025]
    return pages(reports, [f"bmjs{year}" for year in years])


def corrected_and_taken_down(day):
    """Some reports are replaced, some go, one of them while its page stays."""
    reports = until(day, *past(), *season(15, THIS))
    if day >= date(2026, 9, 20):
        reports = [replace(report, edition=2) if n % 9 == 0 else report for n, report in enumerate(reports)]
        reports = [report for n, report in enumerate(reports) if n not in (4, 17)]
        reports[5] = replace(reports[5], files=0)
    return pages(reports)


NOTABLE = [date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 13), date(2026, 9, 14), date(2026, 9, 19), date(2026, 9, 20),
           date(2026, 9, 27), date(2026, 10, 20)]  # fmt: skip
HONEST = [
    steady, later_and_in_service, all_on_one_day, redesigned, few_units, merged_and_renamed, columns_of_years,
    corrected_and_taken_down,
]  # fmt: skip


def judged(day):
    """The nights after which something may look amiss: of changes, and one of each week."""
    return day.weekday() == 1 or day in NOTABLE


@pytest.mark.parametrize("shows", HONEST)
def test_an_honest_site_is_never_told(shows):
    life = Life(shows)
    told = life.live(UNTIL, judged)
    assert {day: signs for day, signs in told.items() if signs} == {}
    assert len({one.document for one in life.published}) >= 8


# -- what goes wrong, from a day on

WRONG = date(2026, 9, 8)


def spoiled(change):
    return lambda day: change(steady(day)) if day >= WRONG else steady(day)


def scripted(shown):
    """Lists are drawn by a script from now on."""
    return {path: b"<script src=list.js></script>" if path == "/bmjs/" else body for path, body in shown.items()}


def without_files(shown):
    return {path: body.replace(b".pdf", b".js") if "/t2026" in path else body for path, body in shown.items()}


def only(suffix, fault):
    return lambda shown: {path: fault if path.endswith(suffix) else body for path, body in shown.items()}


def stopped(day):
    """A season in two parts, of which the second takes place elsewhere this year."""
    return pages(until(day, *past(25), *past(15, names="第{}中学", delay=60), *season(25, THIS)))


def a_third(day):
    return pages(until(day, *past(), *season(15, THIS)[::3]))


@pytest.fixture(scope="module")
def steadily():
    life = Life(steady)
    assert life.live(WRONG - timedelta(days=1), lambda day: day.day == WRONG.day - 1)[WRONG - timedelta(days=1)] == {}
    return life


@pytest.mark.parametrize(
    ("kind", "nights", "changed"),
    [
        (SignKind.SILENT, 2, {"shows": spoiled(lambda shown: dict.fromkeys(shown, Fault.TIMEOUT))}),
        (SignKind.UNFINISHED, 2, {"ends": lambda _: End.TIME_UP}),
        (SignKind.UNFINISHED, 2, {"ends": lambda _: End.NONE}),
        (SignKind.UNFINISHED, 0, {"ends": lambda _: End.BROKEN}),
        (SignKind.LAYOUT, 1, {"shows": spoiled(scripted)}),
        (SignKind.CHALLENGE, 1, {"shows": spoiled(only(".pdf", Fault.DENIED))}),
        (SignKind.CHALLENGE, 1, {"shows": spoiled(only(".pdf", Fault.NOT_A_FILE))}),
        (SignKind.ERRORS, 2, {"shows": spoiled(only(".pdf", Fault.FOREIGN_HOST))}),
        (SignKind.NO_FILES, 1, {"shows": spoiled(without_files)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_goes_wrong_in_a_night_is_told_within_nights(steadily, kind, nights, changed):
    told = steadily.copy(**changed).live(WRONG + timedelta(days=nights), lambda _: True)
    assert [list(signs) for signs in told.values()] == [[]] * nights + [[kind]]


@pytest.mark.parametrize(
    ("kind", "day", "shows"),
    [(SignKind.NOTHING_NEW, date(2026, 11, 12), stopped), (SignKind.FEWER, date(2026, 9, 19), a_third)],
)
def test_what_goes_wrong_in_a_season_is_told_within_the_season(kind, day, shows):
    told = Life(shows).live(day, lambda one: one >= day - timedelta(days=2))
    assert [list(signs) for signs in told.values()] == [[], [], [kind]]
