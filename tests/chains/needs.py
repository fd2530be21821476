"""The calls that the code of the chains may ask for, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import auditor.chains

CHAINS = Path(auditor.chains.__file__).parent
PACKAGE = CHAINS.parent
CALL_ID = re.compile(r"[a-z0-9]+:[A-Z][A-Za-z]+")


@cache
def trees() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def chain_trees() -> Iterator[ast.Module]:
    return (tree for name, tree in trees().items() if name.startswith("chains/"))


def texts(node: ast.AST) -> Iterator[str]:
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def called(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if name in names:
                yield node


@cache
def askable() -> frozenset[str]:
    """The calls that the code may ask for: first arguments of ``Need``, constants of the module resolved."""
    found: set[str] = set()
    for tree in chain_trees():
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in called(tree, {"Need"}):
            first = node.args[0]
            name = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""), "")
            if name:
                found.add(str(name))
        # The calls about one trail are passed through a function of their own.
        for node in called(tree, {"needs_of"}):
            found |= {text for text in texts(node) if CALL_ID.fullmatch(text)}
    return frozenset(found)
