"""The rules of the suites as plain values: a query for the rows that should not be there. No Great Expectations here.

`{batch}` in a query is the table of the rule. A rule of the structure suite that is critical gates the publication;
rules of identities, a suite for each family, never do: a unit that published wrong totals is news, not a crash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.identities import IDENTITIES
from expectations.model import Outcome, Severity
from expectations.suites.model import CRITICAL, INFO, WARNING, Rule, structure_rule
from expectations.suites.structure import declared_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_GRAVITY = {Severity.ERROR: CRITICAL, Severity.WARNING: WARNING, Severity.INFORMATION: INFO}
COVERAGE = 0.99
"""Share of the printed numbers of a form that must have become facts."""

# as text: Great Expectations takes longer over the Decimals of its examples than DuckDB over the query
_AMOUNTS = ", ".join(f"CAST({side} AS VARCHAR) AS {side}" for side in ("lhs", "rhs", "difference", "slack"))


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


def _values(members: object) -> str:
    return ", ".join(f"'{member}'" for member in members)  # type: ignore[attr-defined] # an enumeration


STRUCTURE_RULES = (
    *declared_rules(),
    structure_rule(
        "report_key",
        "core.report",
        CRITICAL,
        "每个单位、年度、范围只有一份报告",
        "SELECT unit_id, fiscal_year, scope, count(*) AS reports FROM {batch} GROUP BY ALL HAVING count(*) > 1",
    ),
    structure_rule(
        "report_facts",
        "core.report",
        WARNING,
        "每份报告都读出了数字",
        "SELECT report_id, unit, fiscal_year FROM {batch} WHERE report_id NOT IN (SELECT report_id FROM core.cell)",
    ),
    structure_rule(
        "cell_amount",
        "core.cell",
        CRITICAL,
        "单元格的金额和精度不为空，空白格的金额为零",
        "SELECT report_id, form, line, measure, amount FROM {batch} "
        "WHERE amount IS NULL OR precision IS NULL OR precision < 0 OR (printed = '' AND amount <> 0)",
    ),
    structure_rule(
        "cell_measure",
        "core.cell",
        CRITICAL,
        "报表和金额栏都是已声明的",
        "SELECT DISTINCT form, measure FROM {batch} "
        "WHERE (form, measure) NOT IN (SELECT form, measure FROM ref.form_measure)",
    ),
    structure_rule(
        "told_measure",
        "core.told",
        WARNING,
        "情况说明、绩效自评表中的数所属的部分和种类都是已声明的",
        "SELECT DISTINCT form, measure FROM {batch} "
        "WHERE (form, measure) NOT IN (SELECT form, measure FROM ref.form_measure)",
    ),
    structure_rule(
        "form_coverage",
        "core.form_reading",
        WARNING,
        f"每张表印出的数字至少{COVERAGE:.0%}读成金额",
        "SELECT report_id, form, first_page, numbers, lifted FROM {batch} "
        f"WHERE numbers > 0 AND lifted < {COVERAGE} * numbers",
    ),
    structure_rule(
        "form_lifted",
        "core.form_reading",
        CRITICAL,
        "读成的金额不多于印出的数字",
        "SELECT report_id, form, numbers, lifted FROM {batch} WHERE lifted > numbers",
    ),
    structure_rule(
        "report_counts",
        "mart.report",
        CRITICAL,
        "加总时不计入的报告，或含在同一年度计入的报告之中，或另有说明；同一单位同一年度至多计入一份",
        "SELECT report_id, counted_as, counted_in FROM mart.report r "
        "WHERE report_id IN (SELECT report_id FROM {batch}) AND (counts <> (counted_as = 'counted') "
        "OR counts AND counted_in IS NOT NULL "
        "OR counted_as = 'in_department' AND NOT EXISTS (SELECT 1 FROM mart.report d "
        "WHERE d.report_id = r.counted_in AND d.counts AND d.fiscal_year = r.fiscal_year) "
        "OR counts AND (SELECT count(*) FROM mart.report d WHERE d.unit_id = r.unit_id "
        "AND d.fiscal_year = r.fiscal_year AND d.counts) > 1)",
    ),
    structure_rule(
        "result_closed",
        "quality.identity_result",
        CRITICAL,
        "核对结果只有规定的几种，未核对的都有原因",
        "SELECT report_id, identity, instance, outcome, reason FROM {batch} "
        f"WHERE outcome IS NULL OR outcome NOT IN ({_values(Outcome)}) OR reason IS NULL "
        "OR (outcome = 'not_evaluated') <> (reason IN (SELECT reason FROM quality.reason))",
    ),
    structure_rule(
        "result_complete",
        "quality.identity_result",
        CRITICAL,
        "每份报告对每条勾稽关系都有结果",
        "SELECT identity, count(DISTINCT report_id) AS reports "
        "FROM quality.identity LEFT JOIN {batch} USING (identity) GROUP BY identity "
        "HAVING count(DISTINCT report_id) < (SELECT count(*) FROM core.report)",
    ),
    structure_rule(
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
        structure_rule(
            f"floor_{table.replace('.', '_')}",
            table,
            CRITICAL,
            f"{table} 的行数不少于上次发布的{rows}行",
            f"SELECT count(*) AS rows FROM {{batch}} HAVING count(*) < {rows}",
        )
        for table, rows in previous.items()
    )
