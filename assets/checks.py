"""Asset checks: what Great Expectations says of the judged warehouse; how the sites stand.

One check for every identity: they are news about the units and never stop the night. One check for the structure of
every table: if a key repeats or reports have got lost, nothing is published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import dagster as dg

from assets.clock import today
from assets.nightly import alerts, findings, previous_publication, published_files, readings
from assets.settings import Settings
from expectations.outcomes import causes, outcomes
from expectations.run import EXAMPLES, FLOORS, ExpectationResult, rules, run_suites
from expectations.suites.model import CRITICAL, STRUCTURE, Rule
from expectations.suites.rules import floor_rules
from pipeline.portals.signs import Outcome, SignKind

R = TypeVar("R", Rule, ExpectationResult)


def check_name(rule: Rule | ExpectationResult) -> str:
    """The check that a rule belongs to."""
    return f"structure_{rule.table.replace('.', '_')}" if rule.suite == STRUCTURE else rule.id.replace("-", "_")


def _specs() -> Iterator[dg.AssetCheckSpec]:
    """The checks of all rules that a night may have: of the floors, the numbers are known only then."""
    for name, together in _by_check((*rules(), *floor_rules(dict.fromkeys(FLOORS, 0)))).items():
        yield dg.AssetCheckSpec(
            name,
            asset=findings,
            description="；".join(dict.fromkeys(rule.description for rule in together)),
            blocking=any(rule.suite == STRUCTURE and rule.severity == CRITICAL for rule in together),
        )


def _by_check(found: Iterable[R]) -> dict[str, list[R]]:
    together: dict[str, list[R]] = {}
    for one in found:
        together.setdefault(check_name(one), []).append(one)
    return together


@dg.multi_asset_check(specs=[*_specs()], can_subset=True)
def suites(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """Run the suites on the candidate; a rule that could not be run fails as an error of ours."""
    results = _by_check(run_suites(settings.candidate, previous_publication(settings, context.log.warning)).results)
    counts, behind = outcomes(settings.candidate), causes(settings.candidate)
    for key in context.selected_asset_check_keys:
        of_check = results[key.name]
        if identity := of_check[0].identity_id:
            yield _identity(of_check[0], counts.get(identity, {}), behind.get(identity, ()))
        else:
            yield _structure(of_check)


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


def _identity(
    result: ExpectationResult, counts: Mapping[str, int], behind: Sequence[dict[str, Any]]
) -> dg.AssetCheckResult:
    """An identity: how often it held, and the causes behind what is broken, not each breach."""
    metadata: dict[str, dg.MetadataValue[Any] | str | int] = {
        "description": result.description,
        "unexpected": result.unexpected,
        "rule": result.id,
        **counts,
    }
    if result.error:
        metadata["broken_rule"] = result.error
    if behind:
        metadata["findings"] = len(behind)
        metadata["causes"] = _table(behind[:EXAMPLES])
    elif result.examples:
        metadata["examples"] = _table(result.examples)
    return _check([result], metadata)


def _structure(results: Sequence[ExpectationResult]) -> dg.AssetCheckResult:
    """The structure of a table: its rules, and of those that are broken what breaks them."""
    broken = [
        {"rule": r.id, "description": r.description, "unexpected": r.unexpected, "example": r.error or r.examples[:1]}
        for r in results
        if not r.success
    ]
    metadata: dict[str, dg.MetadataValue[Any] | str | int] = {"rules": len(results)}
    if broken:
        metadata["broken_rules"] = _table(broken)
    return _check(results, metadata)


def _check(results: Sequence[ExpectationResult], metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    failed = [result for result in results if not result.success]
    is_grave = any(result.error or result.severity == CRITICAL for result in failed)
    return dg.AssetCheckResult(
        passed=not failed,
        check_name=check_name(results[0]),
        asset_key=findings.key,
        severity=dg.AssetCheckSeverity.ERROR if is_grave else dg.AssetCheckSeverity.WARN,
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
