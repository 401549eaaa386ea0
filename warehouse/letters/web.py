"""A letter as one HTML page that needs nothing beside it and prints like the Word document."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from warehouse.letters.compose import day, ordinal
from warehouse.letters.model import Picture
from warehouse.letters.text import numeral

if TYPE_CHECKING:
    from warehouse.letters.model import Letter


def to_html(letter: Letter) -> str:
    """The letter as an HTML document; all its texts are escaped, its pictures are in it."""
    return _environment().get_template("letter.html").render(letter=letter)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"numeral": numeral, "ordinal": ordinal, "day": day, "data_uri": _data_uri}
    environment.tests["picture"] = lambda shape: isinstance(shape, Picture)
    return environment


def _data_uri(picture: Picture) -> str:
    return f"data:image/png;base64,{b64encode(picture.png).decode()}"
