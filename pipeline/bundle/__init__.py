"""Archives (压缩包): what portals publish by the dozen in one file becomes the files that it holds.

Here belong the formats of archives, the names in them, and the limits that keep a hostile one from costing more than
itself. What the files say is the readers' business; where they are kept is the caller's.
"""

from pipeline.bundle.intake import LIMITS, Limits
from pipeline.bundle.unpack import SEPARATOR, is_bundle, unpack

__all__ = ["LIMITS", "SEPARATOR", "Limits", "is_bundle", "unpack"]
