"""The DuckLake of the settings: its file, what is shared at night, and from where the night builds."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING

from pipeline.lake import Lake
from pipeline.version import READER_VERSION
from warehouse.ducklake import DuckLake, DuckLakeError, Shared
from warehouse.ducklake import share as add

if TYPE_CHECKING:
    from collections.abc import Callable

    from assets.settings import Settings


def ducklake(settings: Settings) -> DuckLake:
    """The DuckLake of the file that the settings name; raises DuckLakeError."""
    if settings.ducklake is None:
        raise DuckLakeError("没有设置 JUESUAN_DUCKLAKE（docs/growing.md）。")
    try:
        if settings.ducklake.stat().st_mode & 0o077:
            raise DuckLakeError("JUESUAN_DUCKLAKE 所指的文件含有密码，只应本人可读写（chmod 600）。")
        given = tomllib.loads(settings.ducklake.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DuckLakeError("JUESUAN_DUCKLAKE 所指的文件不存在。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise DuckLakeError("JUESUAN_DUCKLAKE 所指的文件不是 TOML 格式。") from None
    types = {field.name: bool if field.name == "tls" else str for field in fields(DuckLake)}
    if wrong := [name for name, value in given.items() if not isinstance(value, types.get(name, ()))]:
        raise DuckLakeError(f"JUESUAN_DUCKLAKE 所指的文件中，{'、'.join(wrong)} 无效；可用的项：{'、'.join(types)}。")
    if missing := [name for name in ("catalog", "data") if not given.get(name)]:
        raise DuckLakeError(f"JUESUAN_DUCKLAKE 所指的文件中缺少 {'、'.join(missing)}。")
    return DuckLake(**given)


def share(settings: Settings, progress: Callable[[str], None]) -> Shared:
    """Add what this machine has read to the DuckLake; raises DuckLakeError."""
    return add(Lake(settings.lake), ducklake(settings), READER_VERSION, progress)


def source(settings: Settings, progress: Callable[[str], None]) -> Lake | DuckLake:
    """What the warehouse is built of: this machine's lake, or the DuckLake, once this machine's readings are in it."""
    if not settings.build_from_ducklake:
        return Lake(settings.lake)
    share(settings, progress)
    return ducklake(settings)
