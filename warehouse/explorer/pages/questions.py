"""The cookbook: questions that are often asked, each with its answer and its SQL."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from warehouse.explorer.asked import MissingError
from warehouse.explorer.asking import LANE, LIMITS, answered
from warehouse.explorer.cookbook import book, state, with_values
from warehouse.explorer.html import render
from warehouse.explorer.routes import page
from warehouse.explorer.shown import shown
from warehouse.query import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked
    from warehouse.explorer.model import Explorer
    from warehouse.questions.load import Question


def questions(asked: Asked) -> Mapping[str, Any]:
    """All questions, by theme; those of the bureau's own that cannot be read are named with what is wrong."""
    known = book(asked.explorer.questions)
    themes: dict[str, list[tuple[str, Question]]] = {}
    for key, one in known.questions.items():
        themes.setdefault(one.theme, []).append((key, one))
    return {"themes": themes, "own": known.own, "spoiled": known.spoiled}


def question(asked: Asked) -> Mapping[str, Any] | Response:
    """One question with the answer to the words that were given for its parameters."""
    key, one = question_of(asked)
    words = {parameter.name: asked.word(parameter.name) or parameter.default for parameter in one.parameters}
    shared = {"question": one, "key": key, "words": words, "address": urlencode(words)}
    try:
        values = one.bind(words)
        answer = answered(asked, one.sql, LIMITS, values)
    except BusyError:
        raise
    except QueryError as error:
        refused = {"error": str(error), "answer": None, "sql": one.sql}
        return render(asked.request, "question.html", shared | refused, HTTPStatus.BAD_REQUEST)
    return shared | {"error": "", "answer": answer, "shown": shown(answer), "sql": with_values(one.sql, values)}


def question_of(asked: Asked) -> tuple[str, Question]:
    """The question of an address; raises MissingError."""
    key = asked.path("key")
    known = book(asked.explorer.questions)
    one = known.questions.get(key) or known.own.get(key)
    if one is None:
        raise MissingError(f"没有“{key[:60]}”这个问题。")
    return key, one


def _own(explorer: Explorer) -> object:
    return state(explorer.questions)


ROUTES = (
    page("/questions", questions, "questions.html", beside=_own),
    page("/questions/{key}", question, "question.html", beside=_own, lane=LANE),
)
