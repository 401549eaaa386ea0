"""Text recognition: where text stands in a picture, and what it says. The only module that knows rapidocr.

Its models come in its wheel; nothing is fetched. They are loaded once per process, when the first page needs them.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from opencc import OpenCC
from rapidocr import RapidOCR
from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

DETECTION_DPI = 110
"""Lines of text are found as well at this resolution as at twice of it, in a quarter of the time."""

_LONGEST = 2000  # pixels; a sheet of A3 has 1,500, and memory grows with the square
_HEIGHT = 48  # pixels; what the model scales every line to
_NARROWEST = 96  # pixels; in less a lone 0 is read as O; the model's own 320 takes twice the time for a number
_PARAMETERS = {
    "Global.log_level": "critical",
    "Global.return_word_box": True,
    "Global.use_preprocess_img": False,  # it would scale the picture once more
    "Global.use_vertical_padding": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_type": "max",  # the picture comes as large as it is to be looked at
    "Det.limit_side_len": 4000,
    "Rec.rec_img_shape": [3, _HEIGHT, _NARROWEST],
    "Rec.rec_batch_num": 1,  # batches pad all to the widest: slower, and more memory
}


class Said(NamedTuple):
    """What a line of text says: the characters, how sure each is (0 to 1), and where its middle is (0 to 1)."""

    text: str
    scores: tuple[float, ...]
    middles: tuple[float, ...]

    @property
    def score(self) -> float:
        """How sure the least sure character is."""
        return min(self.scores, default=0.0)


class Engine:
    """The models of one process."""

    def __init__(self) -> None:
        self._ocr = RapidOCR(params=_PARAMETERS)

    def find(
        self, gray: NDArray[np.uint8], dpi: float, enough: float = DETECTION_DPI
    ) -> list[tuple[float, float, float, float]]:
        """Where lines of text stand: (x0, top, x1, bottom) in pixels, in no particular order.

        `enough` is the resolution at which they are looked for.
        """
        factor = min(1.0, enough / dpi, _LONGEST / max(gray.shape))
        small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        with _told_want_of_memory():
            found: Any = self._ocr(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None:
            return []
        ends = np.concatenate([found.boxes.min(axis=1), found.boxes.max(axis=1)], axis=1) / factor
        return [(x0, top, x1, bottom) for x0, top, x1, bottom in ends.tolist()]

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Said]:
        """What each of these pictures of one line says."""
        if not crops:
            return []
        with _told_want_of_memory():
            found: Any = self._ocr.recognize_txt([cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops])
        return [_said(text, info) for text, info in zip(found.txts, found.word_results, strict=True)]


@contextmanager
def _told_want_of_memory() -> Iterator[None]:
    """Its runtime tells it as an error among others, which would pass for a mistake of ours."""
    try:
        yield
    except ONNXRuntimeError as error:
        if "bad_alloc" in str(error) or "allocate memory" in str(error):
            raise MemoryError from error
        raise


def _said(text: str, info: Any) -> Said:
    text = _simplified(text)
    scores = tuple(info.confs)
    columns = [column for word in info.word_cols for column in word]
    seen = [(char, score) for char, score in zip(text, scores, strict=False) if not char.isspace()]
    width = info.line_txt_len
    middles = tuple(min(1.0, (column + 0.5) / width) for column in columns) if width else ()
    return Said("".join(char for char, _ in seen), tuple(score for _, score in seen), middles)


def _simplified(text: str) -> str:
    """The text in the characters in which these reports are printed: the models know others that look like them, 決."""
    return "".join(map(_simplified_character, text))


@lru_cache(maxsize=10_000)
def _simplified_character(char: str) -> str:
    return str(_to_simplified().convert(char))


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


@cache
def engine() -> Engine:
    """The models, loaded at the first call."""
    return Engine()
