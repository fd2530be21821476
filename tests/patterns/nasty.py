"""Pairs of patterns that are meant to take long: families of what grows, each up to AWS's 1,024 characters.

``python -m tests.patterns.nasty [SECONDS]`` times them and prints those that take longer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise

from auditor.patterns import relate
from auditor.patterns.syntax import LENGTH_LIMIT
from tests.processor import Watch

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def fitted(opening: str, parts: list[str], joined: str, closing: str, room: int = LENGTH_LIMIT) -> str:
    """As many of the parts as fit into a pattern."""
    text = opening
    for number, part in enumerate(parts):
        more = (joined if number else "") + part
        if len(text) + len(more) + len(closing) > room:
            break
        text += more
    return text + closing


def every(parts: list[str], room: int = LENGTH_LIMIT) -> str:
    """A JSON pattern in which all of them hold."""
    return fitted("{", parts, "&&", "}", room)


def some(parts: list[str]) -> str:
    """A JSON pattern in which one of them holds."""
    return fitted("{", parts, "||", "}")


def pairs() -> Iterator[tuple[str, str, str]]:
    """Name, left and right pattern."""
    contains = [f'$.x="*{letter}*"' for letter in LETTERS]
    twice = [f'$.x="*{letter}*{letter}*"' for letter in LETTERS]
    order = [f'$.x!="*{one}*{two}*"' for one, two in pairwise(LETTERS)]
    for size in (12, 20, 40):
        yield f"letters {size}", every(contains[:size]), every(twice[:size])
        yield f"any letters {size}", some(contains[:size]), some(twice[:size])
        few = "".join(["$.x=%^[a-z]{1,", str(size - 1), "}$%"])
        yield (
            f"too few {size}",
            every(contains[:size]),
            every([few, *contains[:size]]),
        )
        mixed = [part for both in zip(contains[:size], order[:size], strict=False) for part in both]
        yield f"in order {size}", every(mixed), every(contains[:size])
        yield f"out of order {size}", every(mixed[::-1]), every(mixed)
        pieces = [f'$.x="*{LETTERS[number]}*{LETTERS[-number]}*{LETTERS[number // 2]}*"' for number in range(size)]
        yield f"three pieces {size}", every(pieces), every(pieces[::-1])
        yield f"three pieces or {size}", every(pieces), some(pieces[1:])
        denied = [part.replace("=", "!=") for part in pieces]
        yield f"three pieces denied {size}", every(denied), some(pieces)
        yield (
            f"pieces and denied {size}",
            every([*pieces[::2], *denied[1::2]]),
            every(pieces),
        )
    for size in (15, 40, 200, 900, 5000):
        a, b = "{$.x=%^.*a.{" + str(size) + "}$%}", "{$.x=%^.*b.{" + str(size) + "}$%}"
        yield f"counter from the end {size}", a, b
        c = "{$.x=%^.*a.{" + str(size) + "}b.*$%}"
        d = "{$.x=%^.*b.{" + str(size + 1) + "}a.*$%}"
        yield f"counter in the middle {size}", c, d
        yield f"counters joined {size}", c[:-1] + "&&" + d[1:], c
        e = "{$.x=%[ab]{" + str(size) + "}a[ab]{" + str(size) + "}%}"
        f = "{$.x=%[ab]{" + str(size) + "}b[ab]{" + str(size) + "}%}"
        yield f"counter both sides {size}", e, f
        yield f"counter joined both sides {size}", e[:-1] + "&&" + f[1:], "{$.x!=%a{1," + str(size) + "}b%}"
        yield f"spread counters {size}", "{$.x=%^" + ("a{0," + str(size) + "}b{0," + str(size) + "}") * 20 + "$%}", e
    for size in (4, 8, 16, 60):
        branches = "|".join(f"a.{{{number}}}b" for number in range(1, size))
        other = "|".join(f"b.{{{number}}}a" for number in range(1, size))
        yield f"branches {size}", f"{{$.x=%{branches}%}}"[:LENGTH_LIMIT], f"{{$.x=%{other}%}}"[:LENGTH_LIMIT]
        yield f"denied branches {size}", f"{{$.x!=%{branches}%&&$.x=%b%}}", f"{{$.x!=%{other}%&&$.x=%a%}}"
    for size in (6, 12, 40):
        names = [f"w{number}" for number in range(size)]
        a = [f"{name}=*{LETTERS[n]}{LETTERS[n]}*" for n, name in enumerate(names)]
        b = [f"{name}=*{LETTERS[n]}*{LETTERS[n]}*" for n, name in enumerate(names)]
        for rest in ("...,", ""):
            yield f"fields {rest}{size}", fitted(f"[{rest}", a, ",", "]"), fitted(f"[{rest}", b, ",", "]")
            yield f"fields turned {rest}{size}", fitted(f"[{rest}", a, ",", "]"), fitted(f"[{rest}", b[::-1], ",", "]")
        same = [f"{name}=*{LETTERS[0]}*{LETTERS[1]}*" for name in names]
        yield f"fields alike {size}", fitted("[...,", same, ",", "]"), fitted("[", same, ",", ",...]")
        yield f"fields counted {size}", fitted("[...,", names, ",", "]"), fitted("[", same, ",", ",...]")
        long = [f"{name}=*{LETTERS}*" for name in names]
        yield f"fields long {size}", fitted("[...,", long, ",", "]"), fitted("[...,", long[::-1], ",", "]")
        yield f"fields against fields {size}", "[...,a=%^.*a.{20}$%]", fitted("[...,", same, ",", "]")
        numbers = [f"{name}>{n}&&{name}<{n + 5}" for n, name in enumerate(names)]
        yield f"fields of numbers {size}", fitted("[...,", numbers, ",", "]"), fitted("[...,", numbers[::-1], ",", "]")
        words = [f"?word{n}" for n in range(size)]
        yield f"terms {size}", fitted("", words, " ", ""), fitted("", [word[1:] for word in words], " ", "")
        yield f"terms denied {size}", fitted("", [f"-{w[1:]}" for w in words], " ", ""), fitted("", words, " ", "")
        regexes = [f"%a.{{{n}}}b%" for n in range(1, size)]
        yield f"regex terms {size}", fitted("", regexes, " ", ""), fitted("", [f"-{r}" for r in regexes], " ", "")
        yield f"regex terms apart {size}", fitted("", regexes[::2], " ", ""), fitted("", regexes[1::2], " ", "")
        either = some([f'$.a{n}="*word{n}*"' for n in range(size)])
        both = every([f'$.a{n}="*word{n}*"' for n in range(size)])
        for kind, text in (("or", either), ("and", both)):
            yield f"terms to json {kind} {size}", fitted("", words, " ", ""), text
            yield f"all terms to json {kind} {size}", fitted("", [word[1:] for word in words], " ", ""), text
            yield f"no terms to json {kind} {size}", fitted("", [f"-{word[1:]}" for word in words], " ", ""), text
            yield f"regex terms to json {kind} {size}", fitted("", regexes, " ", ""), text
            yield f"fields to json {kind} {size}", fitted("[...,", a, ",", "]"), text
            yield f"more fields to json {kind} {size}", fitted("[", b, ",", ",...]"), text
        huge = [f"%a{{{19_000 + n}}}%" for n in range(size)]
        yield f"huge terms {size}", fitted("", huge, " ", ""), fitted("", [f"?{r}" for r in huge], " ", "")
    for size in (4, 8, 16):
        pair = [f"($.a{n}=x&&$.b{n}=y)" for n in range(size)]
        clause = [f"($.a{n}=x||$.b{n}=y)" for n in range(size)]
        yield f"products {size}", some(pair), every(clause)
        odd = [f"(($.a{n}=x||$.a{n + 1}=y)&&($.a{n}!=x||$.a{n + 1}!=y))" for n in range(size)]
        yield f"parity {size}", every(odd), every(odd[::-1])
        yield f"parity or {size}", some(odd), every(odd[1:])
        holes = [f"($.p{n}=h{m}||$.p{n}=h{m + 1})" for n in range(size) for m in range(3)]
        yield f"pigeons {size}", every(holes), some(holes)
        clauses = [
            "(" + "||".join(f"$.v{(n * k + 3 * k) % size}{'=' if (n + k) % 3 else '!='}x" for k in (1, 2, 3)) + ")"
            for n in range(60)
        ]
        yield f"three literals {size}", every(clauses), every(clauses[::-1], 700)
        globs = [f'($.x="*{LETTERS[n]}*"||$.y="*{LETTERS[n]}*")' for n in range(size)]
        yield f"two places {size}", every(globs), every(globs[::2])
        yield (
            f"two places denied {size}",
            every(globs),
            every([g.replace("=", "!=") for g in globs]),
        )
        nested = "$.x=a"
        for n in range(size * 6):
            nested = f"({nested}{('&&', '||')[n % 2]}$.y{n}={n})"
        yield f"nested {size}", f"{{{nested}}}"[:LENGTH_LIMIT], f"{{{nested}}}"[:LENGTH_LIMIT]
        deep = [f"$.{'.'.join('a' * (n + 1))}=x" for n in range(size)]
        yield f"deep {size}", some(deep), some(deep[::-1])
        yield (
            f"deep denied {size}",
            every([d.replace("=", "!=") for d in deep]),
            some(deep),
        )
        arrays = [f"$.a[{n}]=x{n}" for n in range(size)]
        yield (
            f"arrays {size}",
            every(["$.a[*]=x", "$.a[*]=y", *arrays]),
            some(arrays),
        )
        many = [f"$.a[*]=x{n}" for n in range(3)]
        yield (
            f"elements {size}",
            every([*many, f"$.a[{size * 100}] NOT EXISTS"]),
            some(arrays),
        )
        numbers = [f"$.n>{n}&&$.n<{n}.5" for n in range(size)]
        yield (
            f"bounds {size}",
            some([f"({n})" for n in numbers]),
            some([*numbers[::2], '$.n="*5"']),
        )
        digits = [f'$.n="*{n}*"&&$.n>{10**n}' for n in range(size)]
        yield f"digits {size}", every(digits), some(digits)
        exact = "9" * 290
        yield f"long bounds {size}", f'{{$.n="*7*"&&$.n>{exact}}}', f'{{$.n="*{size}"&&$.n<{exact}.5}}'
        list_ = [f"$.eventName=Name{n}" for n in range(40)]
        wild = [f'$.eventName="*{LETTERS[n]}*{LETTERS[n + 1]}*"' for n in range(size)]
        yield f"names {size}", some([*wild, *list_]), some(list_[::-1])
        yield (
            f"names denied {size}",
            every([w.replace("=", "!=") for w in wild]),
            some([*wild, *list_]),
        )


def slow(seconds: float, chosen: Iterable[tuple[str, str, str]]) -> Iterator[tuple[float, str, str]]:
    """The pairs that take longer, with time, name and answer."""
    for name, left, right in chosen:
        with Watch() as watch:
            answer = relate(left, right)
        if watch.seconds > seconds:
            length = "" if len(left) <= LENGTH_LIMIT >= len(right) else " too long"
            yield watch.seconds, name, f"{answer.relation}{length}"


if __name__ == "__main__":
    for spent, name, answer in slow(float(sys.argv[1]) if len(sys.argv) > 1 else 1, pairs()):
        print(f"{spent:6.2f} s  {name}: {answer}", flush=True)
