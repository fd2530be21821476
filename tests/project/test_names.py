"""A name says what a thing is: none that the product binds is a mere glue word, and constants stand above their use."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLUE = json.loads(Path(__file__).with_name("glue_words.json").read_text(encoding="utf-8"))


def bound_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of whatever a module binds: functions, classes, arguments, variables, attributes, imports."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield node.lineno, name


def glue(source: str) -> list[tuple[int, str]]:
    return sorted((line, name) for line, name in bound_names(source) if name.strip("_").lower() in GLUE["words"])


def below_their_use(source: str) -> list[str]:
    """Constants that functions above them use; tables of a module's own functions have to stand below these."""
    tree = ast.parse(source)
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return [
        target.id
        for node in tree.body
        for target in ([*node.targets] if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
        if isinstance(target, ast.Name)
        and any(use.id == target.id and use.lineno < node.lineno for use in uses)
        and own.isdisjoint(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    ]


def test_constants_stand_above_their_use() -> None:
    below = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted((ROOT / "auditor").rglob("*.py"))
        if (names := below_their_use(path.read_text(encoding="utf-8")))
    }
    assert below == {}


def test_a_constant_below_its_use_is_seen() -> None:
    assert below_their_use("def f(): return _A\n_A = 1") == ["_A"]
    assert below_their_use("def f(): return _A\n_A: int = 1") == ["_A"]
    assert below_their_use("_A = 1\ndef f(): return _A") == []
    assert below_their_use("def f(): return _A\n_A = {1: f}") == []


def test_no_bound_name_is_a_glue_word() -> None:
    modules = sorted((ROOT / "auditor").rglob("*.py"))
    assert len(modules) > 400
    named = {
        f"{path.relative_to(ROOT).as_posix()}: {name}": line
        for path in modules
        for line, name in glue(path.read_text(encoding="utf-8"))
    }
    assert named.keys() == GLUE["published"].keys(), f"{GLUE['why']} {named}"


@pytest.mark.parametrize(
    "source",
    [
        "found = 1", "found: int", "found += 1", "a, *found = b", "[0 for found in b]", "{k: v for k, found in b}",
        "if found := a: pass", "def found(): pass", "def f(found): pass", "def f(*, found): pass",
        "def f(*found): pass", "def f(**found): pass", "lambda found: 0", "class Found: pass", "self._found = 1",
        "with a as found: pass", "for found in a: pass", "import a as found", "from a import b as found",
        "try: pass\nexcept E as found: pass", "match a:\n case {**found}: pass", "match a:\n case [*found]: pass",
        "match a:\n case found: pass", "async def found(): pass",
    ],
)  # fmt: skip
def test_every_way_to_bind_a_name_is_seen(source: str) -> None:
    assert len(glue(source)) == 1
    assert not glue(source.replace("found", "found_pattern").replace("Found", "FoundPattern"))


def test_what_is_only_read_or_called_is_free() -> None:
    assert not glue("from a import found\na = found(found.found, found=1)\nb = 'found'  # found")
