"""Entities for GSL that somebody wrote down: a JSON file, whatever type they are of."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from auditor.bundle.limits import Limits
from auditor.documents import read_bytes
from auditor.errors import AuditorError
from auditor.published.rule import moment
from auditor.text import one_line

_GZIP = b"\x1f\x8b"
_WRAPPER = {"entities", "now"}
_REMEDY = "Give a JSON list of entities."


@dataclass(frozen=True, slots=True)
class EntityFile:
    """``entities``: a list, or the marker ``{"$unevidenced": true}`` for a list of which nothing is known.

    ``now``: the moment that the file fixes for ``before`` and ``after``, if it does.
    """

    entities: object
    now: str | None = None


def read_entity_file(path: str | Path) -> EntityFile:
    """The entities in a JSON file, gzipped or not: a list, one object, or ``{"entities": …, "now": …}``.

    Raises:
        AuditorError: the file cannot be read or holds none of these.
    """
    document = _document(path)
    now = None
    if isinstance(document, dict) and "entities" in document and set(document) <= _WRAPPER:
        now = document.get("now")
        if now is not None and not _is_moment(now):
            raise AuditorError("is no time.", file=str(path), pointer="/now", remedy="Write 2026-09-30T12:00:00Z.")
        document = document["entities"]
    if isinstance(document, dict):
        unevidenced = document.get("$unevidenced") is True
        return EntityFile(document if unevidenced else [document], now)
    if not isinstance(document, list):
        raise AuditorError("is no list of entities.", file=str(path), remedy=_REMEDY)
    wrong = next((place for place, entity in enumerate(document) if not isinstance(entity, dict)), None)
    if wrong is not None:
        raise AuditorError("is no entity.", file=str(path), pointer=f"/{wrong}", remedy="Each entity is an object.")
    return EntityFile(document, now)


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and moment(value) is not None
    except ValueError:
        return False


def _document(path: str | Path) -> object:
    try:
        return json.loads(_unpacked(path), parse_constant=_refuse)
    except (OSError, EOFError, zlib.error) as error:  # of the packing
        raise AuditorError(f"cannot be unpacked ({error}).", file=str(path), remedy="Pack the file again.") from None
    except (ValueError, RecursionError) as error:
        raise AuditorError(f"is no JSON ({one_line(str(error), 200)}).", file=str(path), remedy=_REMEDY) from None


def _unpacked(path: str | Path) -> bytes:
    limit, remedy = Limits().member_bytes, "Give fewer entities at a time."
    data = read_bytes(path, limit, remedy)
    if data.startswith(_GZIP):
        data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(limit + 1)
        if len(data) > limit:
            raise AuditorError(f"is larger than {limit:,} bytes.", file=str(path), remedy=remedy)
    return data


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON value")
