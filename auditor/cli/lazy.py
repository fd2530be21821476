"""A click group whose commands are imported when they are asked for, so that `--help` stays quick."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group of the commands in ``modules`` (name → module that defines ``command``), in that order."""

    def __init__(self, *args: Any, modules: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands and cmd_name in self.modules:
            self.commands[cmd_name] = import_module(self.modules[cmd_name]).command
        return self.commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.modules:
            # click proposes the likely word among the commands that it knows
            for name in self.modules:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)
