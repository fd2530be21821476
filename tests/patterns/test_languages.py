"""Automata against Python's own regular expressions, and the search against enumeration."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.patterns import match, parse
from auditor.patterns.engine.budget import Budget, UndecidableError
from auditor.patterns.engine.languages import EVERY_TEXT, Language, containing, of_glob, of_regex
from auditor.patterns.engine.machines import accepts
from auditor.patterns.engine.members import member
from auditor.patterns.regex import RegexError, parse_regex
from auditor.patterns.syntax import Compare, Glob

TEXTS = ["".join(signs) for length in range(6) for signs in itertools.product("ab1", repeat=length)]
globs = st.lists(st.sampled_from(["", "a", "b", "ab", "1"]), min_size=1, max_size=4).map(
    lambda pieces: Glob((pieces[0], *(piece for piece in pieces[1:-1] if piece), *pieces[1:][-1:]))
)
atoms = st.sampled_from(["a", "b", ".", r"\d", "[ab]", "[^a]", r"\x61", r"[\d-]"])
pieces = st.tuples(atoms, st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "{,1}", "{1,}", "*?"])).map("".join)
branches = st.tuples(
    st.sampled_from(["", "^"]), st.lists(pieces, max_size=3).map("".join), st.sampled_from(["", "$"])
).map("".join)
regexes = st.lists(branches, min_size=1, max_size=2).map("|".join)


def as_python(source: str) -> re.Pattern[str]:
    return re.compile(source.replace("$", r"\Z").replace("{,1}", "{0,1}"), re.DOTALL | re.ASCII)


@given(regexes)
def test_regexes_are_found_where_python_finds_them(source: str) -> None:
    python, language = as_python(source), of_regex(parse_regex(source))
    pattern = parse("{ $.a = %" + source + "% }")
    for text in TEXTS[:120]:
        found = python.search(text) is not None
        assert accepts(language, text) == found, text
        assert match(pattern, {"a": text}) == found, text


@given(globs)
def test_globs_fit_where_python_says(glob: Glob) -> None:
    python = re.compile(".*".join(map(re.escape, glob.pieces)), re.DOTALL)
    for text in TEXTS:
        fits = python.fullmatch(text) is not None
        assert accepts(of_glob(glob), text) == fits
    pattern = parse('{ $.a = "' + "*".join(glob.pieces) + '" }')
    assert isinstance(pattern.root, Compare)
    for text in TEXTS[:100]:
        assert match(pattern, {"a": text}) == (python.fullmatch(text) is not None)


@given(st.lists(globs, max_size=3), st.lists(globs, max_size=3), st.frozensets(st.sampled_from(TEXTS[:20]), max_size=4))
def test_a_member_is_found_if_there_is_one(inside: list[Glob], outside: list[Glob], excluded: frozenset[str]) -> None:
    within, without = [of_glob(glob) for glob in inside], [of_glob(glob) for glob in outside]

    def belongs(text: str) -> bool:
        return (
            all(accepts(language, text) for language in within)
            and not any(accepts(language, text) for language in without)
            and text not in excluded
        )

    found = member(within, without, excluded, Budget())
    if found is None:
        assert not any(map(belongs, TEXTS))
    else:
        assert belongs(found)
        assert not any(belongs(text) for text in TEXTS if len(text) < len(found))


def test_anchors_that_can_never_hold() -> None:
    assert parse_regex("a^b|c$d").branches == ()
    assert len(parse_regex("a*^b|cd*$e?").branches) == 2
    assert not accepts(of_regex(parse_regex("a^")), "a")


@pytest.mark.parametrize(
    "source", ["(a)", "a!", "é", "a{", "a{}", "a{2,1}", "a**", "^*", "[", "[]", "[b-a]", "]", "\\", "\\q", "\\x1"]
)
def test_not_a_regex(source: str) -> None:
    with pytest.raises(RegexError) as caught:
        parse_regex(source)
    assert 0 <= caught.value.offset <= len(source)
    assert caught.value.expected


def test_the_budget_ends_a_search() -> None:
    with pytest.raises(UndecidableError):
        member([containing("a" * 30)], [], frozenset(), Budget(5))


def test_every_text() -> None:
    assert member([EVERY_TEXT], [], frozenset([""]), Budget()) is not None
    assert member([], [EVERY_TEXT], frozenset(), Budget()) is None
    assert member([Language("nothing", ())], [], frozenset(), Budget()) is None
