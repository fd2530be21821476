"""docs/security.md: every attack names a test, and every test that is named is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ATTACKS = re.findall(r"^\| (?!attack|package|target|---)([^|]+) \| (`[^|]+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_attack_has_its_test() -> None:
    assert len(ATTACKS) > 30
    for attack, tests in ATTACKS:
        assert re.search(r"`tests/[\w/]+\.py::\w+`", tests), attack
