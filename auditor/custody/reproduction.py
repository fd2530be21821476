"""Audits again as a result says that it was made, and compares every file byte for byte."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor import api
from auditor.audit_options import AuditOptions, declarations
from auditor.custody.reports import check_origin
from auditor.errors import AuditorError
from auditor.redaction import RedactionKey, redacted
from auditor.reports import formats_of, rendered
from auditor.result import AuditResult
from auditor.text import listing, path_name
from auditor.version import __version__

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What auditing again came to. ``differing`` are the files of the report folder that came out otherwise, ``why``
    the parts of the result that differ, and what is known of the reason.
    """

    command_line: str
    differing: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def reproduced(self) -> bool:
        """Whether every file came out byte for byte."""
        return not self.differing


def reproduce(
    result: AuditResult,
    listed: dict[str, str],
    bundles: tuple[Path, ...],
    folders: Iterable[Path],
    redaction_key: Path | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Audits ``bundles`` with the options that ``result`` records; ``listed`` are the digests of its report folder.

    Files that the audit was given beside the bundle are looked for by name in ``folders``.

    Raises:
        AuditorError: the bundle is another one, a file that the audit was given is not found, or the result does not
            record how it was made.
    """
    check_origin(result, bundles)
    command_line = result.document["options"].get("command_line")
    if not command_line:
        raise AuditorError(
            "does not record a command line: it was made by a program with values that no command can write.",
            file="results.json",
            remedy="Audit again with files for engagement and scope, from the command line.",
        )
    key = _key(result, redaction_key)
    options = with_files(AuditOptions.recorded(command_line), list(folders))
    again: AuditResult = api.audit_by_options(list(bundles), options, progress)
    if key is not None:
        again = redacted(again, key)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in rendered(again, formats_of(listed))}
    differing = tuple(sorted(name for name, digest in listed.items() if digests.get(name) != digest))
    return Reproduction(
        command_line, differing, tuple(_reasons(result, again, bundles, differing)) if differing else ()
    )


def with_files(options: AuditOptions, folders: list[Path]) -> AuditOptions:
    """The options, each file that they name by its last name where it lies. Raises AuditorError: it is not found."""
    changes: dict[str, Any] = {}
    for name, declared in declarations().items():
        value = getattr(options, name)
        if declared.file and value:
            located = tuple(located_in(path, folders) for path in (value if isinstance(value, tuple) else (value,)))
            changes[name] = located if isinstance(value, tuple) else located[0]
    return replace(options, **changes)


def located_in(path: Path, folders: list[Path]) -> Path:
    """The file of that last name in the first folder that has one. Raises AuditorError: none has."""
    for folder in folders:
        if (folder / path.name).exists():
            return folder / path.name
    raise AuditorError(
        "was given to the audit, and is not found in " + (listing(map(str, folders), "or") or "any folder") + ".",
        file=path.name,
        remedy="Say with --files DIR where the files lie that the audit was given.",
        code="file-of-audit",
    )


def _key(result: AuditResult, path: Path | None) -> RedactionKey | None:
    made_with = result.document.get("redaction")
    if made_with is None:
        return None
    if path is None:
        raise AuditorError(
            "is redacted: it comes out the same only with the key.",
            file="results.json",
            remedy="Give the key with --redaction-key.",
        )
    key = RedactionKey.load(path)
    if key.fingerprint != made_with["key"]:
        raise AuditorError(
            f"is not the key of this result, which is {made_with['key']}.",
            file=str(path),
            remedy="Give the key with which the reports were redacted.",
        )
    return key


def _reasons(
    result: AuditResult, again: AuditResult, bundles: tuple[Path, ...], differing: Iterable[str]
) -> Iterable[str]:
    old, new = result.document, again.document
    version = old["tool"]["version"]
    if version != __version__:
        yield f"the result was made by version {version}, and this is {__version__}"
    name = listing(map(path_name, bundles))
    if name != old["bundle"]["name"]:
        yield f"the bundle was called {old['bundle']['name']}, and is called {name}"
    parts = [part for part in old if old[part] != new.get(part)]  # type: ignore[literal-required]
    if parts:
        yield f"the result differs in {listing(parts)}"
    elif all(name.endswith(".xlsx") for name in differing):
        here = "it is" if os.environ.get("SOURCE_DATE_EPOCH") else "it is not"
        yield f"only workbooks differ: they bear the time in SOURCE_DATE_EPOCH where that is set; here {here}"
