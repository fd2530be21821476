"""What docs/locked-down.md promises of Windows: no module needs POSIX."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "auditor"
POSIX_ONLY = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# Members of os that Windows has not; asked for by hasattr, or behind sys.platform.
POSIX_MEMBERS = {"chown", "fork", "getegid", "geteuid", "getgid", "getuid", "killpg", "mkfifo", "setsid", "uname"}


def _unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes outside of branches on ``sys.platform``."""
    if isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _unguarded(child)


def _needs(text: str) -> set[str]:
    """What a module needs that is POSIX's own. Members that it asks for by ``hasattr`` are not needed."""
    asked = {name for name in POSIX_MEMBERS if f'hasattr(os, "{name}")' in text}
    needed = set()
    for node in _unguarded(ast.parse(text)):
        if isinstance(node, ast.Import):
            needed |= {alias.name for alias in node.names} & POSIX_ONLY
        elif isinstance(node, ast.ImportFrom):
            needed |= {node.module or ""} & POSIX_ONLY
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            needed |= ({node.attr} & POSIX_MEMBERS) - asked
    return needed


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import fcntl", {"fcntl"}),
        ("from pwd import getpwuid", {"pwd"}),
        ("import os\nos.geteuid()", {"geteuid"}),
        ("import sys\nif sys.platform == 'win32':\n    pass\nelse:\n    import fcntl", set()),
        ('import os\nif hasattr(os, "fork"):\n    os.fork()', set()),
    ],
)
def test_what_a_module_needs_is_seen(text: str, needed: set[str]) -> None:
    assert _needs(text) == needed


def test_no_module_needs_posix() -> None:
    modules = list(PACKAGE.rglob("*.py"))
    assert modules
    assert {path.name: needs for path in modules if (needs := _needs(path.read_text(encoding="utf-8")))} == {}
