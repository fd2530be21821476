"""Text made to harm a parser: each is decoded or named in time that grows with its length only."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest

from auditor.bundle import Member
from auditor.evidence.decode import decode
from auditor.text import one_line

N = 100_000

TEXTS: list[tuple[str, Callable[[], str], str, str]] = [
    ("deep arrays", lambda: "[" * N + "]" * N, "none", "too-deep"),
    ("deep objects", lambda: '{"a":' * N + "1" + "}" * N, "none", "too-deep"),
    ("deep and mixed", lambda: '[{"a":' * N + "1" + "}]" * N, "none", "too-deep"),
    ("deep and never closed", lambda: "[" * N, "none", "too-deep"),
    ("deep after a page", lambda: "{}" + "[" * N, "none", "too-deep"),
    ("closed and never opened", lambda: "]" * N, "none", "not-json"),
    ("open braces", lambda: "{" * N, "none", "not-json"),
    ("a string without end", lambda: '["' + "x" * N * 10, "none", "cut-short"),
    ("escaped quotes without end", lambda: '["' + '\\"' * N * 10, "none", "cut-short"),
    ("quotes", lambda: '"' * N, "list", ""),
    ("commas", lambda: "[" + "," * N, "none", "not-json"),
    ("a number of a million digits", lambda: '{"a":' + "9" * N * 10 + "}", "object", "huge-integer"),
    ("a fraction of a million digits", lambda: '{"a":0.' + "9" * N * 10 + "}", "object", ""),
    ("an exponent of a million digits", lambda: '{"a":1e' + "9" * N * 10 + "}", "object", "nan"),
    ("many long numbers", lambda: "[" + ",".join(["9" * 3_000] * 500) + "]", "list", "huge-integer"),
    ("many documents", lambda: "{} " * N, "concatenated", ""),
    ("many numbers", lambda: "1 " * N, "list", ""),
    ("many pages in an array", lambda: "[" + ",".join(["{}"] * N) + "]", "array", ""),
    ("one key, many times", lambda: "{" + ",".join(['"a":1'] * N) + "}", "object", "duplicate-keys"),
    ("many objects with it", lambda: "[" + ",".join(['{"a":1,"a":1}'] * N) + "]", "array", "duplicate-keys"),
    ("NaN and NaN", lambda: "[" + ",".join(["NaN"] * N) + "]", "list", "nan"),
    ("halves of characters", lambda: "[" + ",".join(['"\\ud800"'] * N) + "]", "list", "lone-surrogate"),
    (
        "keys that are halves",
        lambda: "{" + ",".join(f'"\\udc00{n}":1' for n in range(N)) + "}",
        "object",
        "lone-surrogate",
    ),
    (
        "a key of a megabyte, twice",
        lambda: '{"' + "k" * N * 10 + '":1,"' + "k" * N * 10 + '":1}',
        "object",
        "duplicate-keys",
    ),
    ("blanks", lambda: " " * N * 10, "none", "empty-file"),
    ("marks", lambda: "\ufeff" * N, "none", "empty-file"),
    ("blanks before and behind", lambda: " " * N + "{}" + "\n" * N, "object", ""),
    ("dashes", lambda: "-" * N * 10, "none", "not-json"),
    ("a table without end", lambda: "-" * N + "\n|" * N, "none", "not-json"),
    ("capitals", lambda: "A" * N * 10, "none", "not-json"),
    ("a name and a colon", lambda: "A" * N + ":" + " " * N, "none", "not-json"),
    ("a refusal that never comes", lambda: "An error occurred (" * N, "none", "not-json"),
    ("a refusal of brackets", lambda: "An error occurred " + "(" * N + ")" * N, "none", "not-json"),
    ("aws and aws", lambda: "aws : " * N, "none", "not-json"),
    ("lines", lambda: "\n" * N + "{", "none", "cut-short"),
    ("an escape code in a key", lambda: '{"\\u001b[2J":{"x":1,"x":2}}', "object", "duplicate-keys"),
    ("an escape code in the text", lambda: '{"a": \x1b[2J}', "none", "not-json"),
    ("direction marks in a key", lambda: '{"\u202ea":1,"\u202ea":2}', "object", "duplicate-keys"),
    ("a key called __proto__", lambda: '{"__proto__":{"a":1},"constructor":1}', "object", ""),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize(("make", "shape", "code"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_text_made_to_harm_is_decoded_or_named(make: Callable[[], str], shape: str, code: str, encoding: str) -> None:
    data = make().encode(encoding)
    if encoding != "utf-8":
        data = codecs.BOM_UTF16_LE + data
    found = decode(Member("a.json", len(data), "", data, False))
    assert found.shape == shape
    assert {problem.code for problem in found.problems} == ({code} if code else set())
    assert len(found.problems) <= 21
    for problem in found.problems:
        assert problem.line() == one_line(problem.line(), 2_000)


WRONG_TYPES = ["null", "true", "0", "-0.0", '""', "[]", "{}", "[[]]", "[null]", "[{}, []]", '"\\u0000"', "[[[{}]]]"]


@pytest.mark.parametrize("text", WRONG_TYPES)
def test_wrong_types_are_values_like_any_other(text: str) -> None:
    found = decode(Member("a.json", len(text), "", text.encode(), False))
    assert found.shape != "none"
    assert found.problems == ()
    assert len(found.pages) == len(found.page_pointers) == 1


@pytest.mark.timeout(60)
def test_every_beginning_of_a_capture_is_named_and_none_is_taken_for_the_whole() -> None:
    whole = b'{"MetricAlarms": [{"AlarmName": "pr\\u00fcf\\ud83d\\ude00-\xc3\xbc", "No": null, "Ok": [true, -1.5e3]}]}'
    for length in range(len(whole)):
        for data in (whole[:length], whole + b"\n" + whole[:length]):
            found = decode(Member("a.json", len(data), "", data, False))
            if data.strip() == whole:
                assert found.shape == "object"
            else:
                assert found.shape == "none", data
                assert [problem.code for problem in found.problems] == ["cut-short" if data else "empty-file"], data
