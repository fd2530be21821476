"""Whole bundles drawn from the schemas, valid and spoilt: every account has its finding, the result can be written."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.fuzz.captures import answers_in, bundle, packed
from tests.fuzz.spoiling import spoil
from tests.fuzz.targets import audited, captures


@examples(50)
@given(st.integers(0, 2**32), st.integers(0, 4), st.randoms(use_true_random=False), st.booleans())
def test_law_a_drawn_bundle_is_audited(seed: int, changes: int, changing: Random, strict: bool) -> None:
    random = Random(seed)
    answers = answers_in(random)
    for _ in range(changes):  # hypothesis chooses them, and so finds the least that does harm
        spoil(changing, answers)
    audited(packed(random, answers), strict=strict)


def test_reports_are_made_of_a_drawn_bundle() -> None:
    audited(bundle(Random(0)), reports=True)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("block", range(4))
def test_many_drawn_bundles_are_audited(block: int, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5_000 * block, 5_000 * (block + 1)):
        try:
            captures(str(number).encode())
        except Exception as fault:
            pytest.fail(f"bundle {number}: {fault!r}")
    assert capsys.readouterr() == ("", "")
