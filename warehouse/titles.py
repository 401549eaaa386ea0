"""The Chinese names of all that figures are filed under: forms, topics of the prose, their lines and measures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from pipeline.narrative.topics import MEASURES, TOPICS
from pipeline.performance import titles as performance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.narrative.topics import Topic

_PERCENTAGES = frozenset({"rate", "share", "completion", "completion_initial", "completion_full"})
_COUNTED = frozenset({"count", "score", "weight", "comparison", "named", "none"})


@cache
def form_titles() -> Mapping[str, str]:
    """Titles by form or topic."""
    topics = {topic.key: topic.title for topic in TOPICS.values()}
    return {**{form.key: form.title for form in FORMS.values()}, **topics, performance.FORM: performance.TITLE}


@cache
def measure_titles() -> Mapping[tuple[str, str], str]:
    """Titles by form or topic, and measure."""
    columns = {key: form.measures for key, form in FORMS.items()}
    told = {**dict.fromkeys(TOPICS, MEASURES), performance.FORM: performance.MEASURES}
    return {
        (form, measure): title for form, measures in (columns | told).items() for measure, title in measures.items()
    }


@cache
def line_titles() -> Mapping[tuple[str, str], str]:
    """Titles by form or topic, and line that has a name of its own."""
    own = {(form.key, line.key): line.title for form in FORMS.values() for line in form.lines}
    return own | {(topic.key, line): title for topic in TOPICS.values() for line, title in _lines(topic).items()}


def word_of(form: str, measure: str) -> str:
    """What follows a figure as it is stored, with its space: 元, % or, for what is counted, nothing."""
    if not is_prose(form) and form != performance.FORM:
        return " 元"
    if measure in _PERCENTAGES or measure.endswith("_rate"):
        return "%"
    return "" if measure in _COUNTED else " 元"


def is_prose(form: str) -> bool:
    """Whether figures of this form stand in sentences."""
    return form in TOPICS


def _lines(topic: Topic) -> dict[str, str]:
    form = FORMS.get(topic.form)
    lines = {**form.measures, **{line.key: line.title for line in form.lines}} if form else {}
    return {**lines, **topic.lines}
