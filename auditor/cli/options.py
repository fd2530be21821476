"""Options and arguments that several commands share, each declared once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from auditor.audit_options import declarations, default_of
from auditor.cli.output import Loudness

Command = TypeVar("Command", bound=Callable[..., object])


class GivenPath(click.Path):
    """The path of a file or folder; an empty text, as of a variable that is not set, would mean the current folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if value == "":
            self.fail("the path is empty.", param, ctx)
        return super().convert(value, param, ctx)


FILE = GivenPath(path_type=Path)
DEFAULT_OUT = Path("report")


class ReportFormat(click.ParamType[str]):
    """The name of a report format. The registry of formats is read when help or a value needs it."""

    name = "format"

    @staticmethod
    def _choice() -> click.Choice[str]:
        from auditor.reports import FORMATS

        return click.Choice(tuple(FORMATS))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return self._choice().get_metavar(param, ctx)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return self._choice().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return self._choice().shell_complete(ctx, param, incomplete)


def _turn(step: int) -> Callable[[click.Context, click.Parameter, bool], None]:
    def turned(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:
        loudness = ctx.ensure_object(Loudness)
        if given:
            loudness.level = step

    return turned


def loudness(command: Command) -> Command:
    """Adds ``-q`` and ``-v``; what they say stands in the context's :class:`Loudness`."""
    command = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_turn(1),
        help="Also list on standard error what is otherwise only counted.",
    )(command)
    return click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_turn(-1),
        help="No messages and no progress on standard error, only errors.",
    )(command)


def as_json(command: Command) -> Command:
    """Adds ``--json`` (parameter ``as_json``) and the options of :func:`loudness`."""
    option = click.option("--json", "as_json", is_flag=True, help="Machine-readable output on standard output.")
    return loudness(option(command))


def _complete_controls(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from auditor.catalogue import load_controls

    words = {}
    for control in load_controls().values():
        words[control.id] = control.title
        words |= dict.fromkeys(control.aliases, control.title)
    return [CompletionItem(word, help=title) for word, title in words.items() if word.startswith(incomplete)]


def _complete_frameworks(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from auditor.catalogue import load_frameworks

    words = {framework.id: framework.name for framework in load_frameworks().values()}
    return [CompletionItem(word, help=name) for word, name in words.items() if word.startswith(incomplete)]


bundles = click.argument("bundles", nargs=-1, required=True, type=FILE, metavar="BUNDLE...")

files_dirs = click.option(
    "--files",
    "files",
    multiple=True,
    type=FILE,
    metavar="DIR",
    help="Where the files lie that the audit was given beside the bundle (repeatable); here, and beside reports and "
    "bundle, is looked anyway.",
)

one_bundle = click.argument("bundle", type=FILE, metavar="BUNDLE")

out = click.option("--out", type=FILE, metavar="DIR", help="Folder for the reports; ./report unless --json is given.")

formats = click.option(
    "--format",
    "formats",
    multiple=True,
    type=ReportFormat(),
    help="Only reports of this kind, beside results.json (repeatable); workbooks and pages without it.",
)

only_frameworks = click.option(
    "--framework",
    "frameworks",
    multiple=True,
    metavar="ID",
    shell_complete=_complete_frameworks,
    help="Only the reports of this framework, without the overview across all (repeatable).",
)

jobs = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that write the reports; the files are the same, byte for byte.",
)

_COMPLETIONS: dict[str, Callable[[click.Context, click.Parameter, str], list[CompletionItem]]] = {
    "frameworks": _complete_frameworks,
    "controls": _complete_controls,
}


def audit_option(name: str) -> Callable[[Command], Command]:
    """Adds the option of an audit that is declared under ``name`` in :class:`AuditOptions`."""
    declared, default = declarations()[name], default_of(name)
    kind: dict[str, Any] = {"is_flag": True} if default is False else {"multiple": declared.several}
    if declared.choices:
        kind |= {"type": click.Choice(declared.choices), "default": default, "show_default": True}
    elif declared.file:
        kind["type"] = FILE
    return click.option(
        declared.flag,
        name,
        help=declared.help,
        metavar=declared.metavar,
        shell_complete=_COMPLETIONS.get(name),
        **kind,
    )


def audit_options(command: Command) -> Command:
    """Adds every option of :class:`AuditOptions`, each as the keyword of its name."""
    for name in reversed(declarations()):
        command = audit_option(name)(command)
    return command


controls_dir = audit_option("controls_dir")

frameworks_dir = audit_option("frameworks_dir")

scope = audit_option("scope")

control_id = click.argument("control_id", metavar="[ID]", required=False, shell_complete=_complete_controls)

framework_id = click.argument("framework_id", metavar="[ID]", required=False, shell_complete=_complete_frameworks)
