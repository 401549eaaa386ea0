"""The rules of the suites as plain values: a query for the rows that should not be there. No Great Expectations here.

`{batch}` in a query is the table of the rule. A rule of the structure suite that is critical gates the publication;
rules of identities, a suite for each family, never do: a unit that published wrong totals is news, not a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations.identities import IDENTITIES
from expectations.model import Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

STRUCTURE = "structure"
CRITICAL, WARNING, INFO = "critical", "warning", "info"
_GRAVITY = {Severity.ERROR: CRITICAL, Severity.WARNING: WARNING, Severity.INFORMATION: INFO}
COVERAGE = 0.99
"""Share of the printed numbers of a form that must have become facts."""

# as text: Great Expectations takes longer over the Decimals of its examples than DuckDB over the query
_AMOUNTS = ", ".join(f"CAST({side} AS VARCHAR) AS {side}" for side in ("lhs", "rhs", "difference", "slack"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation: `query` selects the rows of `table` that break it. Severity in the words of the suites.

    `suite` is STRUCTURE, or the family of the identity.
    """

    id: str
    suite: str
    table: str
    severity: str
    description: str
    query: str
    identity_id: str = ""


def identity_rules() -> tuple[Rule, ...]:
    """One rule for each declared identity, over the results of all units."""
    return tuple(
        Rule(
            id=f"identity_{identity.id}",
            suite=identity.family,
            table="quality.identity_result",
            severity=_GRAVITY[identity.severity],
            description=f"{identity.id} {identity.title}",
            query=f"SELECT report_id, instance, {_AMOUNTS}, detail FROM {{batch}} "
            f"WHERE identity = '{identity.id}' AND outcome = '{Outcome.FAIL}'",
            identity_id=identity.id,
        )
        for identity in IDENTITIES.values()
    )


def _rule(name: str, table: str, severity: str, description: str, query: str) -> Rule:
    return Rule(f"structure_{name}", STRUCTURE, table, severity, description, query)


def _values(members: object) -> str:
    return ", ".join(f"'{member}'" for member in members)  # type: ignore[attr-defined] # an enumeration


STRUCTURE_RULES = (
    _rule(
        "report_key",
        "core.report",
        CRITICAL,
        "每个单位、年度、范围只有一份报告",
        "SELECT unit_id, fiscal_year, scope, count(*) AS reports FROM {batch} GROUP BY ALL HAVING count(*) > 1",
    ),
    _rule(
        "report_id",
        "core.report",
        CRITICAL,
        "报告编号不重复、不为空",
        "SELECT report_id, count(*) AS reports FROM {batch} GROUP BY ALL HAVING count(*) > 1 OR report_id IS NULL",
    ),
    _rule(
        "report_facts",
        "core.report",
        WARNING,
        "每份报告都读出了数字",
        "SELECT report_id, unit, fiscal_year FROM {batch} WHERE report_id NOT IN (SELECT report_id FROM core.cell)",
    ),
    _rule(
        "cell_key",
        "core.cell",
        CRITICAL,
        "报告、报表、行、栏对应的单元格只有一个",
        # a group of one hash is a key: only the hashes that meet again are worth comparing as text
        "SELECT report_id, form, line, measure, count(*) AS cells FROM core.cell "
        "WHERE hash(report_id, form, line, measure) IN (SELECT hash(report_id, form, line, measure) AS key "
        "FROM {batch} GROUP BY key HAVING count(*) > 1) GROUP BY ALL HAVING count(*) > 1",
    ),
    _rule(
        "cell_amount",
        "core.cell",
        CRITICAL,
        "单元格的金额和精度不为空，空白格的金额为零",
        "SELECT report_id, form, line, measure, amount FROM {batch} "
        "WHERE amount IS NULL OR precision IS NULL OR precision < 0 OR (printed = '' AND amount <> 0)",
    ),
    _rule(
        "cell_report",
        "core.cell",
        CRITICAL,
        "单元格属于已登记的报告",
        "SELECT DISTINCT report_id FROM {batch} WHERE report_id NOT IN (SELECT report_id FROM core.report)",
    ),
    _rule(
        "cell_measure",
        "core.cell",
        CRITICAL,
        "报表和金额栏都是已声明的",
        "SELECT DISTINCT form, measure FROM {batch} "
        "WHERE (form, measure) NOT IN (SELECT form, measure FROM ref.form_measure)",
    ),
    _rule(
        "told_key",
        "core.told",
        CRITICAL,
        "情况说明、绩效自评表中的同一个数只有一行",
        "SELECT report_id, form, line, measure, count(*) AS figures FROM {batch} GROUP BY ALL HAVING count(*) > 1",
    ),
    _rule(
        "told_measure",
        "core.told",
        WARNING,
        "情况说明、绩效自评表中的数所属的部分和种类都是已声明的",
        "SELECT DISTINCT form, measure FROM {batch} "
        "WHERE (form, measure) NOT IN (SELECT form, measure FROM ref.form_measure)",
    ),
    _rule(
        "form_coverage",
        "core.form_reading",
        WARNING,
        f"每张表印出的数字至少{COVERAGE:.0%}读成金额",
        "SELECT report_id, form, first_page, numbers, lifted FROM {batch} "
        f"WHERE numbers > 0 AND lifted < {COVERAGE} * numbers",
    ),
    _rule(
        "form_declared",
        "core.form_reading",
        CRITICAL,
        "读到的报表都是已声明的，读成的金额不多于印出的数字",
        "SELECT report_id, form, numbers, lifted FROM {batch} "
        "WHERE form NOT IN (SELECT form FROM ref.form) OR lifted > numbers",
    ),
    _rule(
        "result_closed",
        "quality.identity_result",
        CRITICAL,
        "核对结果只有规定的几种，未核对的都有原因",
        "SELECT report_id, identity, instance, outcome, reason FROM {batch} "
        f"WHERE outcome IS NULL OR outcome NOT IN ({_values(Outcome)}) OR reason IS NULL "
        "OR (outcome = 'not_evaluated') <> (reason IN (SELECT reason FROM quality.reason))",
    ),
    _rule(
        "result_key",
        "quality.identity_result",
        CRITICAL,
        "每份报告的每项核对只有一个结果",
        "SELECT report_id, identity, instance, count(*) AS results FROM quality.identity_result "
        "WHERE hash(report_id, identity, instance) IN (SELECT hash(report_id, identity, instance) AS key "
        "FROM {batch} GROUP BY key HAVING count(*) > 1) GROUP BY ALL HAVING count(*) > 1",
    ),
    _rule(
        "result_complete",
        "quality.identity_result",
        CRITICAL,
        "每份报告对每条勾稽关系都有结果",
        "SELECT identity, count(DISTINCT report_id) AS reports "
        "FROM quality.identity LEFT JOIN {batch} USING (identity) GROUP BY identity "
        "HAVING count(DISTINCT report_id) < (SELECT count(*) FROM core.report)",
    ),
    _rule(
        "finding_key",
        "quality.finding",
        CRITICAL,
        "问题编号不重复",
        "SELECT finding_id, count(*) AS findings FROM {batch} GROUP BY ALL HAVING count(*) > 1",
    ),
    _rule(
        "finding_result",
        "quality.finding",
        CRITICAL,
        "每个未通过的核对都归入一条问题记录",
        "SELECT result.report_id, result.identity, result.instance FROM quality.identity_result result "
        f"WHERE outcome = '{Outcome.FAIL}' AND (report_id, identity, instance) NOT IN ("
        "SELECT f.report_id, s.identity, s.instance FROM {batch} f JOIN quality.finding_symptom s USING (finding_id) "
        "WHERE f.status NOT IN ('resolved', 'unverified'))",
    ),
)


def floor_rules(previous: Mapping[str, int]) -> tuple[Rule, ...]:
    """Nothing that was published may be lost on the way: `previous` counts the rows of the last published tables."""
    return tuple(
        _rule(
            f"floor_{table.replace('.', '_')}",
            table,
            CRITICAL,
            f"{table} 的行数不少于上次发布的{rows}行",
            f"SELECT count(*) AS rows FROM {{batch}} HAVING count(*) < {rows}",
        )
        for table, rows in previous.items()
    )
