"""A rule of the suites as a plain value: a query for the rows that should not be there."""

from __future__ import annotations

from dataclasses import dataclass

STRUCTURE = "structure"
CRITICAL, WARNING, INFO = "critical", "warning", "info"


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


def structure_rule(name: str, table: str, severity: str, description: str, query: str) -> Rule:
    """A rule of the structure suite."""
    return Rule(f"structure_{name}", STRUCTURE, table, severity, description, query)
