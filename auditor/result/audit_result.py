"""The result as an object: written, read again and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import orjson

from auditor.documents import read_bytes
from auditor.errors import AuditorError
from auditor.result.document import ResultDocument
from auditor.result.framework_facts import FrameworkResult
from auditor.result.shared_requests import SharedRequests
from auditor.text import one_line, pointer

MAX_BYTES = 1_000_000_000  # some ten thousand accounts
_PART = 1_000_000  # bytes that are handed on at once
REMEDY = "Give the results.json that `auditor audit` wrote."


def _lines(value: object) -> Iterator[bytes]:
    """A value as JSON, the entries of a list on lines of their own, also those of a list within an object."""
    if isinstance(value, dict) and any(isinstance(member, list) for member in value.values()):
        begin = b"{"
        for name, member in value.items():
            yield begin + orjson.dumps(name) + b": "
            yield from _lines(member)
            begin = b", "
        yield b"}"
    elif isinstance(value, list | SharedRequests) and value:
        begin = b"[\n"
        for text in value.texts() if isinstance(value, SharedRequests) else map(orjson.dumps, value):
            yield begin
            yield text
            begin = b",\n"
        yield b"\n]"
    else:
        yield orjson.dumps(value)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The result of an audit. ``document`` is what ``results.json`` holds."""

    document: ResultDocument

    def to_json(self) -> bytes:
        """The bytes of ``results.json``: UTF-8, one line for each finding, capture and other entry of a list, so that
        it stays small, two of them can be compared line by line, and ``grep`` finds an account's.
        """
        return b"".join(self.json_parts())

    def json_parts(self) -> Iterator[bytes]:
        """The bytes of ``results.json``, part by part: a megabyte at least, but for the last."""
        waiting = bytearray()
        for text in self._texts():
            waiting += text
            if len(waiting) >= _PART:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting)

    def _texts(self) -> Iterator[bytes]:
        begin = b"{\n"
        for name, value in self.document.items():
            yield begin + orjson.dumps(name) + b": "
            yield from _lines(value)
            begin = b",\n"
        yield b"\n}\n"

    @classmethod
    def from_json(cls, data: bytes, file: str = "results.json") -> Self:
        """The result that :meth:`to_json` wrote.

        Raises:
            AuditorError: the bytes are not JSON or do not follow the schema; names file and place.
        """
        from auditor.resources import first_violation  # noqa: PLC0415 (only reading needs the schema engine)

        try:
            document = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise AuditorError(f"is not JSON ({error}).", file=file, remedy=REMEDY) from None
        if (violation := first_violation("results", document)) is not None:
            place, words = violation
            raise AuditorError(
                f"is no result of this program: {one_line(words)}.", file=file, pointer=pointer(*place), remedy=REMEDY
            )
        return cls(document)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The result in the file ``path``. Raises ``AuditorError`` as :meth:`from_json`, also if unreadable."""
        return cls.from_json(read_bytes(path, MAX_BYTES, REMEDY), str(path))


def result_at(path: Path) -> AuditResult | None:
    """The result in a file of JSON or in a folder of reports; None for anything else, which may be a bundle.

    Raises:
        AuditorError: the JSON is no result of this program, or cannot be read.
    """
    if path.is_dir():
        reports = (path / "results.json").is_file() and (path / "digest.txt").is_file()
        return AuditResult.load(path / "results.json") if reports else None
    return AuditResult.load(path) if path.suffix.lower() == ".json" else None


def framework_of(document: ResultDocument, framework_id: str) -> FrameworkResult:
    """What the result says of a framework.

    Raises:
        AuditorError: it does not hold that framework.
    """
    for framework in document["frameworks"]:
        if framework["id"] == framework_id:
            return framework
    names = ", ".join(framework["id"] for framework in document["frameworks"]) or "none"
    raise AuditorError(
        f"the result holds no framework {framework_id!r}.", remedy=f"Choose one of: {names}.", code="framework"
    )
