"""What commands have in common: the settings, the switch for JSON, ports, and what is said of a file that fails."""

from __future__ import annotations

import errno
import gettext
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from assets.settings import Settings

LOCALE = Path(__file__).parent / "locale"
"""What click itself says, in Chinese as well; who wants it in English sets LANGUAGE=en."""

os.environ.setdefault("LANGUAGE", "zh_CN")
gettext.bindtextdomain("messages", str(LOCALE))

JSON = click.option("--json", "machine", is_flag=True, help="输出 JSON，供程序使用。")
PORT = click.IntRange(1, 65535)

_FULL = (errno.ENOSPC, errno.EDQUOT)
_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹，也不能在此建立",
    errno.EEXIST: "已经存在",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "是一个文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.ENAMETOOLONG: "名称太长",
}


class Commands(click.Group):
    """Commands that tell of a file that cannot be read or written in one sentence; other errors are ours and stay."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno in _FULL:
                raise click.ClickException("磁盘已满，没有写完。请腾出空间后再试。") from error
            if error.filename is None:
                raise
            reason = _REASONS.get(error.errno or 0, error.strerror)
            place = _missing(Path(os.fsdecode(error.filename)))
            raise click.ClickException(f"不能读写 {place}：{reason}。请核对路径和权限，或改用另一个位置。") from error


def _missing(path: Path) -> Path:
    """The first folder on the way to a path that does not exist, or the path itself."""
    return next((folder for folder in reversed(path.parents) if not os.path.lexists(folder)), path)


def current_settings() -> Settings:
    """The settings of the environment; a wrong one ends the command and says which."""
    from assets.settings import Settings

    try:
        return Settings.from_environment()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
