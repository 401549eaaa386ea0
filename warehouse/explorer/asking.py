"""Questions of visitors: each has its turn, and is written down."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from warehouse.ask.model import Limits
from warehouse.explorer.lane import Lane
from warehouse.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.ask.model import Answer
    from warehouse.explorer.asked import Asked

LIMITS = Limits(rows=500)
"""Of an answer on a page."""

ADDRESS = 4000
"""Bytes of a question that may stand in an address; servers in front of ours refuse addresses of more than 8 kB."""

LANE = Lane(width=16, waiting=0, seconds=90)
"""The threads of those whose question runs or waits for its turn."""


def answered(asked: Asked, sql: str, limits: Limits, parameters: Mapping[str, object]) -> Answer:
    """The answer to a question; raises QueryError, or BusyError if too many ask."""
    with asked.explorer.turns.turn(asked.user or asked.address):
        started = perf_counter()
        try:
            answer = asked.explorer.ask(sql, limits, parameters)
        except QueryError as error:
            asked.audit("query", sql=sql, refused=str(error), seconds=round(perf_counter() - started, 3))
            raise
    asked.audit("query", sql=sql, parameters=parameters, rows=len(answer.rows), seconds=round(answer.seconds, 3))
    return answer
