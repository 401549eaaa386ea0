"""Asset checks: what Great Expectations says of the judged warehouse, one check a rule; how the sites stand.

Rules of the structure block: if a key repeats or reports have got lost, nothing is published. Rules of the identities
are news about the units and never stop the night.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets.clock import today
from assets.nightly import alerts, findings, previous_publication, published_files, readings
from assets.settings import Settings
from expectations.outcomes import causes, outcomes
from expectations.run import EXAMPLES, FLOORS, ExpectationResult, rules, run_suites
from expectations.suites.model import CRITICAL, STRUCTURE, Rule
from expectations.suites.rules import floor_rules
from pipeline.portals.signs import Outcome, SignKind


def check_name(rule_id: str) -> str:
    """A rule's id as Dagster takes it."""
    return rule_id.replace("-", "_")


def _spec(rule: Rule) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check_name(rule.id),
        asset=findings,
        description=rule.description,
        blocking=rule.suite == STRUCTURE and rule.severity == CRITICAL,
    )


RULES = (*rules(), *floor_rules(dict.fromkeys(FLOORS, 0)))
"""All rules that a night may have; the floors stand on what was published before, with any numbers here."""


@dg.multi_asset_check(specs=[_spec(rule) for rule in RULES], can_subset=True)
def suites(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """Run the suites on the candidate; a rule that could not be run fails as an error of ours."""
    results = {
        check_name(r.id): r
        for r in run_suites(settings.candidate, previous_publication(settings, context.log.warning)).results
    }
    counts, behind = outcomes(settings.candidate), causes(settings.candidate)
    for key in context.selected_asset_check_keys:
        result = results.get(key.name)
        yield _result(result, counts, behind) if result else _nothing_before(key)


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            f"site_{kind}", asset=published_files, description=f"没有网站出现“{kind.label}”。{kind.advice}"
        )
        for kind in SignKind
    ],
    can_subset=True,
)
def sites(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """Hold every site against its earlier nights and against last year."""
    from assets.signs import standing

    found = standing(settings, today())
    for key in context.selected_asset_check_keys:
        rows = [
            {
                "site": site.name,
                "outcome": sign.outcome.label,
                "text": sign.text,
                "since": sign.since or "",
                "url": sign.url,
            }
            for site, signs in found
            for sign in signs
            if key.name == f"site_{sign.kind}"
        ]
        amiss = sum(row["outcome"] == Outcome.AMISS.label for row in rows)
        unjudged = sum(row["outcome"] == Outcome.NOT_JUDGED.label for row in rows)
        yield dg.AssetCheckResult(
            passed=not amiss,
            check_name=key.name,
            asset_key=key.asset_key,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"amiss": amiss, "not_judged": unjudged, **({"sites": _table(rows)} if rows else {})},
        )


@dg.asset_check(asset=readings)
def second_reading(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """抽查的页由另一程序复读，与初读逐格相同；不同之处列入问题清单，请对照原文核对。"""
    event = context.instance.get_latest_materialization_event(readings.key)
    materialization = event and event.asset_materialization
    counts = {
        key: value for key, value in (materialization.metadata if materialization else {}).items() if "doubt" in key
    }
    differing = counts.get("doubt_disagreements")
    return dg.AssetCheckResult(
        passed=not (differing and differing.value), severity=dg.AssetCheckSeverity.WARN, metadata=counts
    )


@dg.asset_check(asset=alerts)
def alerts_delivered(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """每个通知渠道都已送达；没有送达的下次发布时补发。"""
    event = context.instance.get_latest_materialization_event(alerts.key)
    metadata = event.asset_materialization.metadata if event and event.asset_materialization else {}
    troubles = {key: value for key, value in metadata.items() if key in ("alert_failures", "alert_problems")}
    return dg.AssetCheckResult(
        passed=not any(value.value for value in troubles.values()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata=troubles,
    )


def _result(
    result: ExpectationResult, counts: Mapping[str, Mapping[str, int]], behind: Mapping[str, Sequence[dict[str, Any]]]
) -> dg.AssetCheckResult:
    """A rule's result; of an identity also how often it held, and the causes behind what is broken, not each breach."""
    identity = result.identity_id
    metadata: dict[str, dg.MetadataValue[Any] | str | int] = {
        "description": result.description,
        "unexpected": result.unexpected,
        "rule": result.id,
        **counts.get(identity, {}),
    }
    if result.error:
        metadata["broken_rule"] = result.error
    if identity and identity in behind:
        metadata["findings"] = len(behind[identity])
        metadata["causes"] = _table(behind[identity][:EXAMPLES])
    elif result.examples:
        metadata["examples"] = _table(result.examples)
    grave = result.error or result.severity == CRITICAL
    return dg.AssetCheckResult(
        passed=result.success,
        check_name=check_name(result.id),
        asset_key=findings.key,
        severity=dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """Rows as Dagster shows them: plain values only."""
    return dg.MetadataValue.table(
        [
            dg.TableRecord({key: value if isinstance(value, str | int) else str(value) for key, value in row.items()})
            for row in rows
        ]
    )


def _nothing_before(key: dg.AssetCheckKey) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=True,
        check_name=key.name,
        asset_key=key.asset_key,
        metadata={"description": "首次发布，没有可比较的文件"},
    )
