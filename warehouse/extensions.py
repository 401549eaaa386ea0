"""Extensions of DuckDB that are installed as wheels: nothing is fetched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb


def extension_file(name: str) -> Path | None:
    """The file of an extension for this version of DuckDB; None if it is not installed."""
    spec = find_spec(f"duckdb_extension_{name}")
    for place in spec.submodule_search_locations or () if spec else ():
        for path in Path(place).glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension"):
            return path
    return None
