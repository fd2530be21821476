"""Random patterns and all small events: what the laws, the enumeration and the solver are tried on.

Everything draws from a ``random.Random``, so a seed repeats a run and hypothesis can steer one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

SELECTORS = ("$.a", "$.b", "$.a.c", "$.a[0]", "$.a[1]", "$.a[*]", "$.*", "$.b.c", "$.a[*].c", "$.b.*")
PLAIN_SELECTORS = ("$.a", "$.b", "$.a.c", "$.b.c", "$.a[0]", "$.a[1]", "$.d.e.f")
VALUES = (
    *("x", "x*", "*", '""', "1", '"1"', "10", "1e1", '"1e1"', "*1", "x*y", "true", "1.5"),
    *('"*.*"', "%^x%", "%1|y$%"),
)
CONSTANTS = ("NULL", "TRUE", "FALSE")
BOUNDS = ("1", "10", "1.5", "0")


def condition(random: Random, selectors: Sequence[str], values: Sequence[str] = VALUES) -> str:
    """One condition of a JSON pattern."""
    selector = random.choice(selectors)
    kind = random.random()
    if kind < 0.38:
        return f"{selector}={random.choice(values)}"
    if kind < 0.66:
        return f"{selector}!={random.choice(values)}"
    if kind < 0.78:
        return f"{selector}{random.choice(('<', '<=', '>', '>='))}{random.choice(BOUNDS)}"
    if kind < 0.9:
        return f"{selector} IS {random.choice(CONSTANTS)}"
    return f"{selector} NOT EXISTS"


def formula(random: Random, depth: int, selectors: Sequence[str], values: Sequence[str] = VALUES) -> str:
    """Conditions joined by ``&&`` and ``||``, ``depth`` levels deep at most."""
    if not depth or random.random() < 0.25:
        return condition(random, selectors, values)
    parts = [formula(random, depth - 1, selectors, values) for _ in range(random.randint(2, 3))]
    return f"({random.choice((' && ', ' || ')).join(parts)})"


def json_pattern(
    random: Random, depth: int = 2, selectors: Sequence[str] = SELECTORS, values: Sequence[str] = VALUES
) -> str:
    """A JSON pattern; with wildcards or regular expressions it may pass AWS's quotas."""
    return f"{{ {formula(random, random.randint(0, depth), selectors, values)} }}"


def terms(random: Random) -> str:
    """An unstructured pattern."""
    words = ("a", "b", "ab", '"a b"', '"b["', "%a.b%", "%^a|b$%")
    return " ".join(random.choice(("", "", "-", "?")) + random.choice(words) for _ in range(random.randint(1, 3)))


def terms_of_json(random: Random) -> str:
    """An unstructured pattern with something to say of the texts of small JSON objects."""
    words = (
        *(
            "x",
            "a",
            '"\\"a\\":"',
            '"\\"x\\""',
            "1",
            "%x$%",
            "%^x%",
            r"%^\{%",
            r"%\x22\}$%",
            "%a.*x%",
            r"%^.{5}x%",
            "%[^x]x%",
        ),
        *(
            r"%x\x22%",
            r"%^\{\x22a\x22:%",
            "%.*%",
            r"%:\x22x*\x22%",
            r"%\x22a\x22:\d%",
            "%xx|y%",
            r"%^\{\}$%",
            r"%\{.*\{%",
        ),
    )
    return " ".join(random.choice(("", "", "-", "?")) + random.choice(words) for _ in range(random.randint(1, 2)))


def fields_of_json(random: Random) -> str:
    """A space-delimited pattern with something to say of them."""
    tests = ('="{*"', '!="{*"', "=*x*", '="*}"', '="{}"', "=%x.*y%", "=*a*", '!="*x*"', '="*:x*"', "=%[a-c]%")
    fields = [f"f{place}{random.choice(('', *tests))}" for place in range(random.randint(1, 2))]
    if random.random() < 0.4:
        fields.insert(random.randint(0, len(fields)), "...")
    return f"[{', '.join(fields)}{random.choice((',', '', ''))}]"


def delimited(random: Random) -> str:
    """A space-delimited pattern."""
    fields = [_field(random, f"f{place}") for place in range(random.randint(1, 3))]
    if random.random() < 0.4:
        fields.insert(random.randint(0, len(fields)), "...")
    return f"[{', '.join(fields)}{random.choice((',', '', '', ''))}]"


def _field(random: Random, name: str) -> str:
    tests = [
        f"{name}{random.choice(('=', '!='))}{random.choice(('a', 'a*', '*b', '*', '1', 'a b*', ']', '%a|b%'))}"
        if random.random() < 0.8
        else f"{name}{random.choice(('<', '>='))}{random.choice(('1', '0', '11'))}"
        for _ in range(random.choice((0, 1, 1, 2)))
    ]
    quoted = [test.replace("=a b*", '="a b*"').replace("=]", '="]"') for test in tests]
    return random.choice(("&&", "||")).join(quoted) or name


SCALARS: tuple[Any, ...] = (
    *(None, True, False, "", "x", "xy", "xzy", "1", "10", "1e1", "1.5", "z"),
    *(1, 10, 1.5, 2, -1, 0),
)
_FEW: tuple[Any, ...] = (None, "x", "1", 1, 10, "z", True, 2, "")


def nodes() -> list[Any]:
    """Small values: all scalars, and objects and arrays of few members."""
    pairs = list(itertools.product(("x", 1, None), repeat=2))
    return [
        *SCALARS,
        {},
        *({"c": value} for value in SCALARS),
        *({"q": value} for value in _FEW),
        *({"c": first, "q": second} for first, second in pairs),
        [],
        *([value] for value in SCALARS),
        *([first, second] for first in _FEW for second in _FEW),
        *([{"c": value}] for value in _FEW),
        *([{"c": first}, second] for first, second in pairs),
        ["x", {"c": 1}],
    ]


def events() -> Iterator[dict[str, Any]]:
    """Small events with the members a, b and q."""
    yield {}
    for value in nodes():
        yield {"a": value}
        yield {"b": value}
    for first in nodes():
        for second in (*SCALARS, {}, {"c": "x"}, {"c": 1}, [1], {"q": 1, "c": "x"}):
            yield {"a": first, "b": second}
            yield {"b": first, "a": second}
    for first, second in itertools.product(SCALARS, repeat=2):
        yield {"a": first, "q": second}
        yield {"q": first}
