"""The rooms of the house: who may import whom, and who may know the outside world."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["pipeline", "warehouse", "expectations", "assets"]
FORBIDDEN = {
    "pipeline": {"duckdb", "dagster", "great_expectations", "sqlalchemy"},
    "warehouse": {"dagster", "great_expectations", "pdfplumber", "pypdfium2"},
    "expectations": {"dagster", "pdfplumber", "pypdfium2"},
    "assets": set(),
}
MODULES = [(room, path) for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a module, parsed once."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, wherever in it."""
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize(("room", "path"), MODULES, ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_imports_point_one_way(room, path):
    later_rooms = set(ROOMS[ROOMS.index(room) + 1 :])
    assert not imported(path) & (later_rooms | FORBIDDEN[room] | {"tests"})


def test_the_settings_are_read_in_one_module():
    readers = {
        path.relative_to(ROOT).as_posix()
        for _, path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers == {"assets/settings.py", "assets/cli_common.py"}  # where gettext is told its language


def test_the_pipeline_has_no_clock():
    clocks = {("datetime", "now"), ("date", "today"), ("time", "time"), ("time", "sleep")}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, path in MODULES
        if room == "pipeline"
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in clocks
    ]
    assert not found
