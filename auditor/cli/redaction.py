"""`--redact`: subscribers as short forms, with the key kept beside the reports and never among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from auditor.cli.options import FILE
from auditor.cli.output import note
from auditor.errors import AuditorError
from auditor.text import one_line

if TYPE_CHECKING:
    from auditor.result import AuditResult

Command = TypeVar("Command", bound=Callable[..., object])

Callback = Callable[[click.Context, click.Parameter, Path | None], Path | None]


def _key_option(callback: Callback | None = None) -> Callable[[Command], Command]:
    return click.option(
        "--redaction-key",
        type=FILE,
        metavar="FILE",
        callback=callback,
        help="The key of the redaction: used again if it exists, else written. Without it OUT-redaction-key.json, "
        "beside the output and never in it.",
    )


def _of_a_redaction(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """The key, if there is something that it is the key of."""
    if value is not None and not ctx.params.get("redact"):
        raise click.UsageError("--redaction-key says where the key of --redact lies, which is not given.", ctx)
    return value


redaction_key = _key_option()


def redact_options(command: Command) -> Command:
    """Adds ``--redact`` and ``--redaction-key``."""
    option = click.option(
        "--redact",
        is_flag=True,
        is_eager=True,  # so that it is known where the key is told
        help="Replace subscribers' addresses, telephone numbers and web hooks by short forms in all that is written.",
    )
    return option(_key_option(_of_a_redaction)(command))


def key_path(out: Path, given: Path | None, inputs: Iterable[Path] = ()) -> Path:
    """Where the key of what is written to ``out`` lies.

    Raises AuditorError: among what it is to be kept out of, or in one of the files and folders that were given.
    """
    place = Path(os.path.realpath(out)) if out.name in ("", "..") else out
    if given is None and not place.name:
        raise AuditorError("has no place beside it for the key.", file=str(out), remedy="Give --redaction-key FILE.")
    path = given or place.with_name(f"{place.name.removesuffix('.zip')}-redaction-key.json")
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(out)):
        raise AuditorError(
            "the key would lie among the reports.", file=str(path), remedy="Choose another file with --redaction-key."
        )
    for folder in inputs:
        if folder.is_dir() and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            raise AuditorError(
                f"lies in what was given, {folder}, into which nothing is ever written.",
                file=str(path),
                remedy="Choose another file with --redaction-key.",
            )
    return path


def redact(result: AuditResult, path: Path) -> AuditResult:
    """The result redacted with the key at ``path``, which is written before anything that needs it."""
    from auditor.redaction import RedactionKey, redacted

    key = RedactionKey.at(path)
    replaced = redacted(result, key)
    key.save(path)
    note(f"Redacted; the key is {one_line(str(path))}. Keep it, and do not send it.")
    return replaced
