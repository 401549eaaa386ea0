"""What the worker processes of the hostile tests run. Each that is lost is followed by one that imports this anew."""

import pipeline.document  # noqa: F401 - so that importing it is not counted among a document's seconds
from assets import parse
from pipeline.read import ocr

PICTURES = (".png", ".jpeg", ".jpg", ".tiff", ".tif")
INSTALLED = ocr.is_installed


def read(task):
    """Read a file; text recognition, which takes seconds, has to do with hostile pictures only."""
    ocr.is_installed = INSTALLED if task.source.name.endswith(PICTURES) else lambda: False
    return parse.read_task(task)
