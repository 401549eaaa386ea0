"""Self-evaluation forms from their tables to findings: consistent ones give none, a wrong number its own."""

from __future__ import annotations

from collections import defaultdict

import pytest

from assets.inspect import check
from pipeline.model import Reading, ReportHead, Source
from pipeline.performance.read import read_projects
from tests.drawn_tables import table
from tests.performance_forms import LAYOUTS, TITLE, central, guangxi, seed_2024


def report(name: str, *forms) -> Reading:
    projects, issues = read_projects([table(rows, TITLE, page=page) for page, rows in enumerate(forms, 1)])
    assert len(projects) == len(forms)
    assert issues == ()
    head = ReportHead(name, "", "", 2024, "单位", "", "决算")
    return Reading(name, Source(f"{name}.pdf"), len(forms), head, (), (), (), projects=projects)


CLEAN = [
    report(f"{name} {seed}", *(layout(10 * seed + n)[0] for n in range(3)))
    for name, layout in LAYOUTS.items()
    for seed in range(4)
]
CLEAN.append(report("seed", seed_2024()[0]))


def spoilt(rows, find: str, column: int, new: str):
    """The rows with another number in the row in which `find` stands."""
    number = next(n for n, row in enumerate(rows) if find in row)
    assert rows[number][column] != new
    return [[new if (n, c) == (number, column) else text for c, text in enumerate(row)] for n, row in enumerate(rows)]


FAULTS = {
    "adjustment": (guangxi(3)[0], "本级", 4, "123456.78", {"P-01-A", "P-01-B"}),
    "source": (central(3)[0], "其他资金", 5, "999999.99", {"P-01-B"}),
    "sum": (central(3)[0], "年度资金总额：", 3, "999999.99", {"P-01-B"}),
    "rate": (central(3)[0], "年度资金总额：", 7, "12.34%", {"P-02-A"}),
    "rate of a source": (guangxi(3)[0], "本级", 9, "12.34%", {"P-02-B"}),
    "total score": (guangxi(3)[0], "自评得分（满分100分）", 2, "99.99", {"P-03-A"}),
    "score of execution": (central(3)[0], "年度资金总额：", 8, "0.01", {"P-03-A"}),
    "score of an indicator": (central(3)[0], "资料合格率", 7, "0.05", {"P-03-A"}),
    "more than full marks": (guangxi(3)[0], "资料合格率", 7, "99", {"P-03-A", "P-03-C"}),
    "weight": (central(3)[0], "资料合格率", 6, "70", {"P-03-B"}),
}
SPENT = ("100.00", "50.00", "25.00", "30.00")
CURVES = {
    "one by another curve": (("10.00", "5.00", "2.50", "9.00"), {"P-02-C"}),
    "all by steps that are not known": (("10.00", "9.00", "8.00", "7.00"), set()),
    "no full marks for all that was spent": (("9.00", "9.00", "8.00", "7.00"), {"P-02-C"}),
}


def scored(spent: str, score: str) -> list[list[str]]:
    return [
        ["项目名称", f"专项{spent}", *["<"] * 5],
        ["资金来源", "年初预算数（万元）", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "100.00", "100.00", spent, "10", f"{spent[:-3]}%", score],
        ["一级指标", "三级指标", "指标值", "实际完成值", "分值", "得分", "偏差原因"],
        ["产出指标", "检查次数", "≥9次", "9次", "90", "90", ""],
        ["总分", "<", "<", "<", "100", f"{90 + float(score):.2f}", ""],
    ]


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """By report, the identities of forms of which it has findings."""
    faulty = [report(name, spoilt(*fault[:4])) for name, fault in FAULTS.items()]
    curves = [report(name, *map(scored, SPENT, scores)) for name, (scores, _) in CURVES.items()]
    identities = defaultdict(set)
    for finding in check([*CLEAN, *faulty, *curves])["findings"]:
        if finding["identity"].startswith("P-0"):
            identities[finding["file"].removesuffix(".pdf")].add(finding["identity"])
    return identities


def test_consistent_forms_give_no_finding(found):
    assert {one.source.name for one in CLEAN} & {f"{name}.pdf" for name in found} == set()


def test_a_wrong_number_is_found(found):
    assert {name: found[name] for name, fault in FAULTS.items() if not found[name] & fault[4]} == {}
    assert {name for name, fault in FAULTS.items() if found[name] - fault[4]} <= {"source", "sum", "adjustment"}


def test_scores_of_execution_are_held_against_rates_where_no_curve_explains_them(found):
    assert {name: found[name] for name in CURVES} == {name: expected for name, (_, expected) in CURVES.items()}
