"""The calls that the code of the chains may ask for, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import auditor.chains
from auditor.evidence import call_ids

CHAINS = Path(auditor.chains.__file__).parent
PACKAGE = CHAINS.parent
CALL_ID = re.compile(r"[a-z0-9]+:[A-Z][A-Za-z]+")
NAMES: dict[str, str] = {name: value for name, value in vars(call_ids).items() if name.isupper()}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def trees() -> dict[str, ast.Module]:
    return {path.relative_to(PACKAGE).as_posix(): parsed(path) for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def chain_trees() -> tuple[ast.Module, ...]:
    """Of the chains alone: what they ask for is read when tests are collected."""
    return tuple(map(parsed, sorted(CHAINS.rglob("*.py"))))


def text_of(node: ast.AST) -> str | None:
    """The text of a literal, or the call id that a name stands for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return NAMES.get(node.id) if isinstance(node, ast.Name) else None


def texts(node: ast.AST) -> Iterator[str]:
    return (text for part in ast.walk(node) if (text := text_of(part)) is not None)


def called(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if name in names:
                yield node


@cache
def askable() -> frozenset[str]:
    """The calls that the code may ask for: first arguments of ``Need``."""
    found: set[str] = set()
    for tree in chain_trees():
        found |= {text for node in called(tree, {"Need"}) if (text := text_of(node.args[0])) is not None}
        # The calls about one trail are passed through a function of their own.
        for node in called(tree, {"needs_of"}):
            found |= {text for text in texts(node) if CALL_ID.fullmatch(text)}
    return frozenset(found)
