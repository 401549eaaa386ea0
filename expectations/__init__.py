"""Judging: which figures of the published final accounts contradict each other.

Here belong the identities as declarations, the one evaluator that turns them into rows of schema `quality`, the
findings made of the failing rows, and the suites that Great Expectations runs over them. Reading documents, building
`core.*` and orchestration do not belong here. An *issue* (we could not read) never becomes a *finding* (it does not
add up): what was not read is `not_evaluated`, with its reason.
"""
