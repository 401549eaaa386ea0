"""What commands have in common: the settings, and the switch for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assets.settings import Settings

JSON = click.option("--json", "machine", is_flag=True, help="输出 JSON，供程序使用。")


def current_settings() -> Settings:
    """The settings of the environment; a wrong one ends the command and says which."""
    from assets.settings import Settings

    try:
        return Settings.from_environment()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
