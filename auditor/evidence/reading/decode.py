"""Bytes to JSON documents: the first step from a member to evidence."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import orjson

from auditor.bundle import Member
from auditor.errors import Problem, Severity
from auditor.evidence.operations import operation_named
from auditor.evidence.reading.exact_json import Fault, Oddity, read_exact
from auditor.evidence.reading.file_kind import FileKind, binary_kind, text_kind
from auditor.evidence.reading.refusal import Refusal, find_refusal, quoted_refusal
from auditor.evidence.reading.shared_texts import with_shared_texts
from auditor.evidence.reading.text_encoding import Text, read_text
from auditor.text import count, one_line

Shape = Literal["object", "concatenated", "array", "list", "scalar", "none"]

_BLANKS = b" \t\r\n"
_SHOWN_ODDITIES = 20  # of each kind in one file; the rest is counted

_REMEDIES = {
    "duplicate-keys": "Capture again; the AWS CLI never writes a key twice.",
    "nan": "Capture again; the AWS CLI never writes it. It was read as null.",
    "huge-integer": "Capture again; AWS has no such number. It was read as null.",
    "lone-surrogate": "Capture again with PYTHONUTF8=1. It was read as its escape.",
}
_UNUSABLE = ("duplicate-keys", "nan", "huge-integer")
_FAULTY = {"not-json": FileKind.BROKEN_JSON, "cut-short": FileKind.CUT_JSON, "too-deep": FileKind.DEEP_JSON}
_JSON_NAMES = (".json", ".json.gz")
_OF_ERRORS = re.compile(r"\.(?:std)?err(?:or)?s?(?:\.txt|\.log)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a member holds.

    ``pages`` are the JSON values that may be answers. By ``shape``: of an *object* that object; of
    *concatenated* objects each; of an *array* of objects its elements; of any other JSON (*list*: an array
    of other things, an empty array, or documents that are not all objects; *scalar*) the documents
    themselves; of *none*, which is no JSON, nothing. ``page_pointers`` stand before the JSON pointers into
    each page: ``""``, ``/0`` for the first element of an array, ``#1`` for the first of several documents.
    ``kind`` says what a file is that is no JSON. ``spoilt_pointers`` name what cannot be relied upon: objects in which
    a key occurs twice, numbers that JSON or AWS does not have (read as null); where there are very many, the document.
    """

    pages: tuple[object, ...]
    shape: Shape
    encoding: str
    kind: FileKind
    refusal: Refusal | None
    problems: tuple[Problem, ...]
    page_pointers: tuple[str, ...]
    spoilt_pointers: tuple[str, ...]

    @property
    def what(self) -> str:
        """What it is, in words."""
        return self.kind.value


def decode(member: Member) -> Decoded:
    """The JSON in ``member``, in whatever encoding it was saved, or what the member is instead."""
    data = member.data
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _decode_other(member)
    if _faithful(data, value):
        return _plain(value, "utf-8", ())
    return _decode_exactly(member, Text(data.decode("utf-8"), "utf-8"))


def _faithful(data: bytes, value: object) -> bool:
    """Whether ``value`` is all that ``data`` says, although orjson keeps the last of repeated keys only and
    turns integers past 64 bits into floats.

    Written again without blanks, both must be the same bytes. A repeated key would be missing, a long
    integer would have an exponent. Blanks inside strings fall out on both sides, so no token can be taken
    for another. Equal documents that are spelt otherwise (``\\u0041``, ``1.50``) are settled exactly.
    """
    try:
        return data.translate(None, _BLANKS) == orjson.dumps(value).translate(None, _BLANKS)
    except orjson.JSONEncodeError:  # nested too deeply to be written
        return False


def _plain(value: object, encoding: str, problems: tuple[Problem, ...]) -> Decoded:
    if type(value) is dict:
        return Decoded((with_shared_texts(value),), "object", encoding, FileKind.JSON, None, problems, ("",), ())
    return _shaped([value], encoding, problems, ())


def _shaped(documents: list[object], encoding: str, problems: tuple[Problem, ...], spoilt: tuple[str, ...]) -> Decoded:
    shape: Shape
    pages = tuple(documents)
    if len(pages) > 1:
        shape = "concatenated" if _objects(pages) else "list"
        pointers = tuple(map(_document_prefix, range(len(pages))))
    elif isinstance(pages[0], list) and pages[0] and _objects(pages[0]):
        shape, pages = "array", tuple(pages[0])
        pointers = tuple(f"/{index}" for index in range(len(pages)))
    else:
        shape = "object" if _objects(pages) else "list" if isinstance(pages[0], list) else "scalar"
        pointers = ("",)
    return Decoded(pages, shape, encoding, FileKind.JSON, None, problems, pointers, spoilt)


def _objects(values: tuple[object, ...] | list[object]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _document_prefix(index: int) -> str:
    return f"#{index + 1}"


def _decode_other(member: Member) -> Decoded:
    """What is not plain UTF-8 JSON of one document."""
    if not member.data.strip():
        return _nothing(member, "utf-8", FileKind.EMPTY)
    kind = binary_kind(member.data)
    text = None if kind else read_text(member.data)
    if text is None:
        return _nothing(member, "", kind or FileKind.BINARY)
    if text.encoding != "utf-8":
        try:
            data = text.text.encode("utf-8")
            value = orjson.loads(data)
        except (UnicodeEncodeError, orjson.JSONDecodeError):
            pass
        else:
            if _faithful(data, value):
                return _plain(value, text.encoding, _guess(member, text))
    return _decode_exactly(member, text)


def _decode_exactly(member: Member, text: Text) -> Decoded:
    exact = read_exact(text.text)
    if exact.fault is not None:
        return _decode_text(member, text, exact.fault)
    if not exact.documents:
        return _nothing(member, text.encoding, FileKind.EMPTY)
    several = len(exact.documents) > 1
    oddities = [
        (_document_prefix(index) if several else "", oddity)
        for index, oddities in enumerate(exact.oddities)
        for oddity in oddities
    ]
    spoilt = tuple(prefix + oddity.pointer for prefix, oddity in oddities if oddity.code in _UNUSABLE)
    return _shaped(exact.documents, text.encoding, _guess(member, text) + _odd(member, oddities), spoilt)


def _decode_text(member: Member, text: Text, fault: Fault) -> Decoded:
    """Text that is no JSON, or not to its end."""
    refusal = find_refusal(text.text) or find_refusal(text.text[fault.position :])
    if refusal is None and (_OF_ERRORS.search(member.path) or operation_named(member.path).call is not None):
        refusal = quoted_refusal(text.text)
    if refusal is not None:
        return Decoded((), "none", text.encoding, FileKind.REFUSAL, refusal, (), (), ())
    kind = text_kind(text.text)
    if kind is not FileKind.BROKEN_JSON:
        return _nothing(member, text.encoding, kind)
    place = _line_and_column(text.text, fault.position)
    problem = Problem(member.path, place, fault.why.replace("{place}", place) + ".", "Capture again.", fault.code)
    return _nothing(member, text.encoding, _FAULTY[fault.code], problem)


def _nothing(member: Member, encoding: str, kind: FileKind, problem: Problem | None = None) -> Decoded:
    """No JSON; a problem where JSON was to be expected: by the file's name or by what it begins with."""
    if problem is None and (kind.cli_output or member.path.lower().endswith(_JSON_NAMES)):
        if kind is FileKind.EMPTY:
            says, code = "is empty; zero bytes are no evidence of absence.", "empty-file"
        else:
            says, code = f"is no JSON but: {kind.value}.", "not-json"
        problem = Problem(member.path, "", says, "Capture again, with --output json.", code)
    return Decoded((), "none", encoding, kind, None, (problem,) if problem else (), (), ())


def _line_and_column(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line:,}, column {position - text.rfind(chr(10), 0, position):,}"


def _guess(member: Member, text: Text) -> tuple[Problem, ...]:
    if text.guessed_at is None:
        return ()
    return (
        Problem(
            member.path,
            f"byte {text.guessed_at:,}",
            f"is not UTF-8; it was read as code page {text.encoding}, so that names with other letters than "
            "A to Z may be spelt wrongly.",
            "Capture again with PYTHONUTF8=1.",
            "code-page",
            "warning",
        ),
    )


def _odd(member: Member, oddities: list[tuple[str, Oddity]]) -> tuple[Problem, ...]:
    """A problem for each oddity; of those alike, past the first few, one for all."""
    problems = []
    numbers: Counter[str] = Counter()
    for prefix, oddity in oddities:
        numbers[oddity.code] += oddity.places
        if numbers[oddity.code] <= _SHOWN_ODDITIES:
            place, what = one_line(prefix + oddity.pointer), f"holds {one_line(oddity.what)}."
            problems.append(_odd_problem(member, place, what, oddity.code))
    for code, number in sorted(numbers.items()):
        if number > _SHOWN_ODDITIES:
            what = f"holds {count(number - _SHOWN_ODDITIES, 'further place')} of this kind ({code})."
            problems.append(_odd_problem(member, "", what, code))
    return tuple(problems)


def _odd_problem(member: Member, place: str, what: str, code: str) -> Problem:
    severity: Severity = "error" if code in _UNUSABLE else "warning"
    return Problem(member.path, place, what, _REMEDIES[code], code, severity)
