"""Reads one catalogue file, the product's or a user's, and holds it against its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from auditor.documents import check_escapes, read_text
from auditor.errors import AuditorError
from auditor.resources import validator
from auditor.text import count, one_line, pointer

MAX_BYTES = 16_000_000  # far more than any control or framework has
_LONGEST_VALUE = 80  # characters of a wrong value that a message still shows


class CatalogueError(AuditorError):
    """A control or framework is not usable or not known."""


def read_document(path: Path, kind: str) -> dict[str, object]:
    """The JSON object in ``path``, valid against ``schemas/<kind>.schema.json`` and named as its ``id``.

    Raises:
        CatalogueError: unreadable, not JSON, not valid, or the name differs; names file, place and remedy.
    """
    document = check_document(_parse(path, kind), path, kind)
    if path.stem != document["id"]:
        raise CatalogueError(
            f"has the id {one_line(document['id'])}, but the file is not named so.",
            file=str(path),
            pointer="/id",
            remedy=f"Rename the file to {one_line(document['id'])}.json, or correct the id.",
            code=f"invalid-{kind}",
        )
    return document


def check_document(document: dict[str, Any], path: Path, kind: str) -> dict[str, Any]:
    """The document itself, which is valid against ``schemas/<kind>.schema.json``.

    Raises:
        CatalogueError: it is not; names the first violation and how many there are.
    """
    violations = sorted(validator(kind).iter_errors(document), key=lambda each: (-len(each.instance_path), str(each)))
    if violations:
        first = violations[0]
        more = f" (and {count(len(violations) - 1, 'further violation')})" if violations[1:] else ""
        raise CatalogueError(
            f"is no {kind}: {_words(first)}{more}.",
            file=str(path),
            pointer=pointer(*first.instance_path),
            remedy=f"Correct it as schemas/{kind}.schema.json describes.",
            code=f"invalid-{kind}",
        )
    return document


def _words(violation: Any) -> str:
    """The violation's message; a long value in it, which the pointer names anyway, gives way to what it breaks."""
    value = json.dumps(violation.instance, ensure_ascii=False, separators=(",", ":"))
    message: str = violation.message
    return one_line(message.replace(value, "the value") if len(value) > _LONGEST_VALUE else message)


def _parse(path: Path, kind: str) -> dict[str, object]:
    text = read_text(path, MAX_BYTES, f"Is it a {kind}?", CatalogueError)
    check_escapes(text, str(path), CatalogueError)
    try:
        document: dict[str, object] = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else one_line(str(error))
        raise CatalogueError(
            f"is not JSON ({reason}).", file=str(path), remedy=f"A {kind} is one JSON object in UTF-8.",
            code="not-json",
        ) from None  # fmt: skip
    return document


def _unique(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    # json keeps the last of two equal names: of two variants "default" one would vanish silently
    members: dict[str, object] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"the name {name!r} stands twice in one object")
        members[name] = value
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")
