"""Entry points for untrusted bytes, with bytes that were changed at random: a sample of what `tests.fuzz.run` does."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.mutations import mutated
from tests.fuzz.targets import TARGETS

SAMPLE = {
    "archive": 150,
    "decode": 500,
    "evidence": 12,
    "captures": 10,
    "pattern": 60,
    "gsl": 150,
    "events": 400,
    "report": 20,
}


def runs(name: str, number: int, seed: int) -> None:
    target, seeds = TARGETS[name]
    inputs, random = list(seeds()), Random(f"{name} {seed}")
    for data in inputs:
        target(data)
    for _ in range(number):
        data = mutated(random.choice(inputs), random)
        try:
            target(data)
        except Exception as fault:
            pytest.fail(f"{data!r}: {fault!r}")


@pytest.mark.parametrize("name", TARGETS)
def test_changed_bytes_are_read_or_refused(name: str) -> None:
    runs(name, SAMPLE[name], 0)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("name", TARGETS)
def test_many_changed_bytes_are_read_or_refused(name: str, seed: int) -> None:
    runs(name, 100 * SAMPLE[name], seed)


def test_every_target_has_its_sample() -> None:
    assert SAMPLE.keys() == TARGETS.keys()
