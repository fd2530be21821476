"""Members to JSON documents, in every encoding and shape that people really send."""

from __future__ import annotations

import base64
import codecs
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.bundle import Member
from auditor.evidence.reading.decode import Decoded, decode

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "decode_cases.json").read_text(encoding="utf-8"))
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
}


def decoded(data: bytes | str, path: str = "alarms.json") -> Decoded:
    data = data.encode() if isinstance(data, str) else data
    return decode(Member(path, len(data), "", data, False))


def saved(case: dict[str, Any]) -> bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    codec = case.get("save_as", "utf-8")
    data: bytes = case["text"].encode(codec)
    return MARKS[codec] + data if case.get("mark") else data


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_case_is_decoded_as_written(case: dict[str, Any]) -> None:
    found = decoded(saved(case), case.get("path", "alarms.json"))
    why = case["why"]
    assert found.shape == case["shape"], why
    assert found.what == case.get("what", ""), why
    assert found.pages == tuple(case.get("pages", ())), why
    assert found.page_pointers == tuple(case.get("pointers", ())), why
    assert found.spoilt_pointers == tuple(case.get("spoilt", ())), why
    assert sorted((problem.code, problem.pointer) for problem in found.problems) == sorted(
        map(tuple, case.get("problems", ()))
    ), why
    refusal = found.refusal and [
        found.refusal.error_code,
        found.refusal.operation,
        found.refusal.message,
    ]
    assert refusal == case.get("refusal"), why
    if "encoding" in case:
        assert found.encoding == case["encoding"], why
    for problem in found.problems:
        assert problem.file == case.get("path", "alarms.json")
        assert problem.remedy
        assert problem.line().isprintable()


def test_what_cannot_be_relied_upon_is_an_error_and_a_guess_a_warning() -> None:
    severities = {problem.code: problem.severity for case in CASES for problem in decoded(saved(case)).problems}
    assert severities == {
        "code-page": "warning",
        "huge-integer": "error",
        "lone-surrogate": "warning",
        "duplicate-keys": "error",
        "nan": "error",
        "empty-file": "error",
        "cut-short": "error",
        "not-json": "error",
    }


def test_many_oddities_make_few_problems_and_lose_no_pointer() -> None:
    found = decoded("[" + ",".join(['{"a": 1, "a": 2}'] * 1_000) + "]")
    assert len(found.spoilt_pointers) == 1_000
    assert len(found.problems) == 21
    assert "980 further places" in found.problems[-1].problem


@pytest.mark.parametrize(("odd", "spoils"), [('{"a": 1, "a": 2}', True), ("NaN", True), ('"\\ud800"', False)])
def test_where_there_are_very_many_oddities_the_document_is_one(odd: str, spoils: bool) -> None:
    found = decoded('{"b": 1} {"a": [' + ",".join([odd] * 1_500) + "]}")
    assert len(found.spoilt_pointers) == (1_001 if spoils else 0)
    assert found.spoilt_pointers[-1:] == (("#2",) if spoils else ())
    assert len(found.problems) == 21
    assert "1,480 further places" in found.problems[-1].problem


@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"a":', "}")])
def test_documents_are_read_as_deep_as_they_can_be_written(open_: str, close: str) -> None:
    for text in (
        open_ * 254 + "1" + close * 254,
        open_ * 254 + "1.50" + close * 254,  # read exactly, since it is spelt otherwise
    ):
        assert decoded(text).shape in ("object", "list")
    for text in (open_ * 255 + "1" + close * 255, open_ * 900 + "1" + close * 900):
        found = decoded(text)
        assert found.shape == "none"
        assert found.what == "JSON nested too deeply"
        assert [problem.code for problem in found.problems] == ["too-deep"]


keys = st.sampled_from(["a", "b", 'c"', "d:e", "ü", "f\\", " "])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | keys | st.text(max_size=5)


@st.composite
def texts(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON texts with repeated keys, long integers, NaN, odd spelling and blanks anywhere."""
    blank = st.sampled_from(["", "", " ", "\n\t"])
    ascii_only = draw(st.booleans())

    def value(level: int) -> str:
        kind = draw(st.sampled_from(["scalar", "list", "object"] if level else ["scalar"]))
        if kind == "list":
            return "[" + ",".join(value(level - 1) for _ in range(draw(st.integers(0, 3)))) + "]"
        if kind == "object":
            pairs = [
                json.dumps(draw(keys), ensure_ascii=ascii_only) + draw(blank) + ":" + draw(blank) + value(level - 1)
                for _ in range(draw(st.integers(0, 4)))
            ]
            return "{" + ("," + draw(blank)).join(pairs) + "}"
        return json.dumps(draw(scalars), ensure_ascii=ascii_only)

    return value(depth)


def plain_reading(text: str) -> tuple[Any, bool]:
    """The value by Python's own parser, what is no number of JSON or of 64 bits as null, and whether any is spoilt."""
    spoilt = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal spoilt
        spoilt = spoilt or len(dict(pairs)) < len(pairs)
        return dict(pairs)

    def no_number(_: str) -> None:
        nonlocal spoilt
        spoilt = True

    def integer(digits: str) -> int | None:
        return int(digits) if -(2**63) <= int(digits) < 2**64 else no_number(digits)

    value = json.loads(text, object_pairs_hook=members, parse_constant=no_number, parse_int=integer)
    return value, spoilt


@given(texts())
def test_law_nothing_is_lost_in_silence(text: str) -> None:
    value, spoilt = plain_reading(text)
    for data in (text.encode(), codecs.BOM_UTF16_LE + text.encode("utf-16-le")):
        found = decoded(data)
        whole = list(found.pages) if found.shape == "array" else found.pages[0]
        assert json.dumps(whole) == json.dumps(value), "with the last of repeated keys, and what is no number as null"
        assert bool(found.spoilt_pointers) == spoilt


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_law_any_bytes_are_decoded_or_named(data: bytes) -> None:
    found = decoded(data)
    assert (found.shape == "none") == bool(found.what)
    assert len(found.pages) == len(found.page_pointers)
    assert all(problem.line().isprintable() for problem in found.problems)
