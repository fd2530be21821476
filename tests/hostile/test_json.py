"""Text made to harm a parser: each is decoded or named in time that grows with its length only."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest

from auditor.bundle import Member
from auditor.evidence.reading.decode import decode
from auditor.text import one_line

LENGTH = 100_000
Make = Callable[[int], str]  # a text of about that many parts

TEXTS: list[tuple[str, Make, str, str]] = [
    ("deep arrays", lambda n: "[" * n + "]" * n, "none", "too-deep"),
    ("deep objects", lambda n: '{"a":' * n + "1" + "}" * n, "none", "too-deep"),
    ("deep and mixed", lambda n: '[{"a":' * n + "1" + "}]" * n, "none", "too-deep"),
    ("deep and never closed", lambda n: "[" * n, "none", "too-deep"),
    ("deep after a page", lambda n: "{}" + "[" * n, "none", "too-deep"),
    ("closed and never opened", lambda n: "]" * n, "none", "not-json"),
    ("open braces", lambda n: "{" * n, "none", "not-json"),
    ("a string without end", lambda n: '["' + "x" * n * 10, "none", "cut-short"),
    ("escaped quotes without end", lambda n: '["' + '\\"' * n * 10, "none", "cut-short"),
    ("quotes", lambda n: '"' * n, "list", ""),
    ("commas", lambda n: "[" + "," * n, "none", "not-json"),
    ("a number of a million digits", lambda n: '{"a":' + "9" * n * 10 + "}", "object", "huge-integer"),
    ("a fraction of a million digits", lambda n: '{"a":0.' + "9" * n * 10 + "}", "object", ""),
    ("an exponent of a million digits", lambda n: '{"a":1e' + "9" * n * 10 + "}", "object", "nan"),
    ("many long numbers", lambda n: "[" + ",".join(["9" * 3_000] * 500) + "]", "list", "huge-integer"),
    ("many documents", lambda n: "{} " * n, "concatenated", ""),
    ("many numbers", lambda n: "1 " * n, "list", ""),
    ("many pages in an array", lambda n: "[" + ",".join(["{}"] * n) + "]", "array", ""),
    ("one key, many times", lambda n: "{" + ",".join(['"a":1'] * n) + "}", "object", "duplicate-keys"),
    ("many objects with it", lambda n: "[" + ",".join(['{"a":1,"a":1}'] * n) + "]", "array", "duplicate-keys"),
    ("NaN and NaN", lambda n: "[" + ",".join(["NaN"] * n) + "]", "list", "nan"),
    ("halves of characters", lambda n: "[" + ",".join(['"\\ud800"'] * n) + "]", "list", "lone-surrogate"),
    (
        "keys that are halves",
        lambda n: "{" + ",".join(f'"\\udc00{key}":1' for key in range(n)) + "}",
        "object",
        "lone-surrogate",
    ),
    (
        "a key of a megabyte, twice",
        lambda n: '{"' + "k" * n * 10 + '":1,"' + "k" * n * 10 + '":1}',
        "object",
        "duplicate-keys",
    ),
    ("blanks", lambda n: " " * n * 10, "none", "empty-file"),
    ("marks", lambda n: "\ufeff" * n, "none", "empty-file"),
    ("blanks before and behind", lambda n: " " * n + "{}" + "\n" * n, "object", ""),
    ("dashes", lambda n: "-" * n * 10, "none", "not-json"),
    ("a table without end", lambda n: "-" * n + "\n|" * n, "none", "not-json"),
    ("capitals", lambda n: "A" * n * 10, "none", "not-json"),
    ("a name and a colon", lambda n: "A" * n + ":" + " " * n, "none", "not-json"),
    ("a refusal that never comes", lambda n: "An error occurred (" * n, "none", "not-json"),
    ("a refusal of brackets", lambda n: "An error occurred " + "(" * n + ")" * n, "none", "not-json"),
    ("aws and aws", lambda n: "aws : " * n, "none", "not-json"),
    ("lines", lambda n: "\n" * n + "{", "none", "cut-short"),
    ("an escape code in a key", lambda n: '{"\\u001b[2J":{"x":1,"x":2}}', "object", "duplicate-keys"),
    ("an escape code in the text", lambda n: '{"a": \x1b[2J}', "none", "not-json"),
    ("direction marks in a key", lambda n: '{"\u202ea":1,"\u202ea":2}', "object", "duplicate-keys"),
    ("a key called __proto__", lambda n: '{"__proto__":{"a":1},"constructor":1}', "object", ""),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize(("make", "shape", "code"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_text_made_to_harm_is_decoded_or_named(make: Make, shape: str, code: str, encoding: str) -> None:
    # Decoded, both are the same text: what its length costs is seen in one of them.
    data = make(LENGTH if encoding == "utf-8" else LENGTH // 10).encode(encoding)
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
