"""`--redact`: subscribers as short forms, with the key kept beside the reports and never among them."""

from __future__ import annotations

import os
from collections.abc import Callable
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

redaction_key = click.option(
    "--redaction-key",
    type=FILE,
    metavar="FILE",
    help="The key of the redaction: used again if it exists, else written. Without it OUT-redaction-key.json, beside "
    "the output and never in it.",
)


def redact_options(command: Command) -> Command:
    """Adds ``--redact`` and ``--redaction-key``."""
    option = click.option(
        "--redact",
        is_flag=True,
        help="Replace subscribers' addresses, telephone numbers and web hooks by short forms in all that is written.",
    )
    return option(redaction_key(command))


def key_path(out: Path, given: Path | None) -> Path:
    """Where the key of what is written to ``out`` lies. Raises AuditorError: among what it is to be kept out of."""
    place = Path(os.path.realpath(out)) if out.name in ("", "..") else out
    if given is None and not place.name:
        raise AuditorError("has no place beside it for the key.", file=str(out), remedy="Give --redaction-key FILE.")
    path = given or place.with_name(f"{place.name.removesuffix('.zip')}-redaction-key.json")
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(out)):
        raise AuditorError(
            "the key would lie among the reports.", file=str(path), remedy="Choose another file with --redaction-key."
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
