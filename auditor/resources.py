"""Files that belong to the product: JSON Schemas and data, found in a wheel and in an editable install."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError

PACKAGE = Path(__file__).resolve().parent
# A wheel carries the schemas inside the package; an editable install has them beside it.
_SCHEMA_FOLDERS = (PACKAGE / "schemas", PACKAGE.parent / "schemas")


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``schemas/<name>.schema.json``. Do not change the returned object.

    Raises:
        AuditorError: the installation lacks it.
    """
    for folder in _SCHEMA_FOLDERS:
        path = folder / f"{name}.schema.json"
        if path.is_file():
            document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
            return document
    raise AuditorError(f"the installation lacks schemas/{name}.schema.json.", remedy="Install the package again.")


def data_files(folder: str) -> list[Path]:
    """The JSON files of a data folder of the package (``evidence/calls``), sorted by name.

    Raises:
        AuditorError: there are none, as when the package is imported from a zip file.
    """
    files = sorted((PACKAGE / folder).glob("*.json"))
    if not files:
        raise AuditorError(
            f"the installation lacks the files of auditor/{folder}.",
            remedy="Install the package with pip; it does not run from within a zip file.",
        )
    return files


@cache
def validator(name: str) -> Any:
    """A compiled validator (``jsonschema_rs``) of the JSON Schema ``name``; its ``iter_errors`` names places."""
    import jsonschema_rs  # noqa: PLC0415 (28 ms that only validation needs)

    return jsonschema_rs.validator_for(schema(name))


_LONGEST_WORDS = 300


def first_violation(name: str, document: Any) -> tuple[tuple[str | int, ...], str] | None:
    """The first place where a document does not follow the JSON Schema ``name``, and why; None if it does.

    Of a long value only the end is told, which says what is wrong with it.
    """
    import jsonschema_rs  # noqa: PLC0415

    try:
        validator(name).validate(document)
    except jsonschema_rs.ValidationError as violation:
        words = violation.message
        short = words if len(words) <= _LONGEST_WORDS else f"…{words[-_LONGEST_WORDS:]}"
        return tuple(violation.instance_path), short
    return None
