"""The wordings: each says the same story as another place would. Sentences are made up; order, numbering and manner vary.

Belongs here: one file for each place. Not here: what is said (`tests.narratives.story`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.narratives.phrasings.centre import Centre
from tests.narratives.phrasings.coast import Coast
from tests.narratives.phrasings.delta import Delta
from tests.narratives.phrasings.ledger import InYuan
from tests.narratives.phrasings.south import South

if TYPE_CHECKING:
    from tests.narratives.wording import Teller

PHRASINGS: dict[str, type[Teller]] = {
    "south": South,
    "centre": Centre,
    "coast": Coast,
    "delta": Delta,
    "yuan": InYuan,
}
