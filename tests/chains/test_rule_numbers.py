"""Every numbered rule of the chain's semantics has tests on both sides, whose names carry its number."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.rules import rules

TESTS = Path(__file__).parents[1]
# Rules that state no decision about a chain, and why.
NO_DECISION = {
    "T19": "size limit and delay: stated once per report, no verdict",
    "L11": "a limit that AWS enforces when a filter is made; no export can break it",
    "N7": "visible in no capture: stated once per report",
}
_NUMBER = re.compile(r"(?<![A-Za-z0-9])([VTLMACSNX][0-9]{1,2})(?![0-9])")


def names() -> Iterator[str]:
    """The names of all tests: functions, ids of parameters, and first members of case tuples."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name.upper().replace("_", " ")
            elif isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            elif isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
                yield str(node.elts[0].value)


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    return Counter(number for name in names() for number in set(_NUMBER.findall(name)))


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule not in NO_DECISION])
def test_rule_has_a_test_on_each_side(rule: str, counted: Counter[str]) -> None:
    assert counted[rule] >= 2, f"rule {rule} has {counted[rule]} tests that carry its number; two are needed"


def test_only_rules_are_exempt() -> None:
    assert set(NO_DECISION) <= set(rules())
