"""Values that no export holds, put into answers; and answers written as nobody expects them."""

from __future__ import annotations

import copy
import gzip
import json
from random import Random
from typing import Any

TEXTS = (
    "", " ", "\x00", "\x1b[2J", "\u202e\u2066", "\ud800", "<script>alert(1)</script>", "=HYPERLINK(1)", "é\u0301", "٣",
    "x" * 5_000, "1" * 4_301, "1e999", "nan", "-inf", "null", "true", "[[[[", "%[%", "$.a", "arn:::::",
    "arn:aws:sns:::", "*", "'\"`$(x)", "{{7*7}}", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "2026-02-30", "\U0001f4a3", "111122223333", "us-east-1", '{"Statement": {"Effect": "Allow"}}',
    '{"a":' * 90 + "1" + "}" * 90,
)  # fmt: skip
NUMBERS = (
    0, -0.0, -1, 1, 7, 59, 60, 61, 86_400, 2**31, 2**53 + 1, 2**63, -(2**63), 2**64 - 1, 10**30, 10**310, 0.1, 5e-324,
    1e300, -1e300, float("inf"), float("nan"), 253_402_300_800,
)  # fmt: skip
OTHERS = (None, True, False, [], {}, [[]], [None], {"": None}, [[[[{"a": []}]]]], {"__proto__": {"x": 1}})
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gzip")


def spoil(random: Random, answers: dict[str, Any]) -> None:
    """One value somewhere in the answers becomes another, goes, comes twice, or gets company."""
    place: Any = answers
    key: Any = random.choice(sorted(answers))
    while isinstance(place[key], dict | list) and place[key] and random.random() < 0.85:
        place = place[key]
        key = random.choice(sorted(place)) if isinstance(place, dict) else random.randrange(len(place))
    value = place[key]
    match random.randrange(8):
        case 0 if place is not answers:
            del place[key]
        case 1 if isinstance(value, dict):
            value[random.choice(TEXTS)] = random.choice(OTHERS)
        case 2 if isinstance(place, list):
            place.extend([copy.deepcopy(value)] * random.choice((1, 1, 30)))
        case 3 if isinstance(place, dict) and place is not answers:
            place[key.swapcase()] = place.pop(key)
        case 4:
            place[key] = random.choice(([value], {"a": value}, json.dumps(value, default=str), [[value], value]))
        case 5:
            place[key] = random.choice(NUMBERS)
        case 6:
            place[key] = random.choice(TEXTS)
        case _:
            place[key] = copy.deepcopy(random.choice(OTHERS))


def written(random: Random, content: Any) -> bytes:
    """The answer as a file: as the CLI writes it, or in another encoding, escaped or not, or twice."""
    text = json.dumps(content, indent=4, ensure_ascii=random.random() < 0.5)
    encoding = random.choice(ENCODINGS) if random.random() < 0.15 else "utf-8"
    if random.random() < 0.03:
        text += "\n" + text
    return (
        gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)
        if encoding == "gzip"
        else text.encode(encoding, "surrogatepass")
    )
