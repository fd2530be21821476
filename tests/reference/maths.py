"""Metric maths (A13): an expression over the values of series in one period, gaps included.

The grammar of the expressions that the generator writes is Python's, so Python's own parser reads them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache

Value = float | None
WHOLE_RANGE = ("RUNNING_SUM", "DATAPOINT_COUNT")


@cache
def parse(expression: str) -> ast.expr | None:
    """The expression, or None where it is no arithmetic (``SELECT …``)."""
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except SyntaxError:
        return None


@cache
def names(expression: str) -> frozenset[str]:
    """The series that ``expression`` reads."""
    tree = parse(expression)
    return frozenset(re.findall(r"\b[a-z]\w*\b", expression) if tree is None else _names(tree))


def _names(tree: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not node.id.isupper()}


@cache
def functions(expression: str) -> frozenset[str]:
    """Functions by which a rule names the outcome: ``SUM`` only where it stands on one series, ``/`` for a ratio."""
    tree = parse(expression)
    if tree is None:
        return frozenset(["SELECT"])
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            listed = bool(node.args) and isinstance(node.args[0], ast.List)
            if node.func.id != "SUM" or not listed:
                found.add(node.func.id)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _names(node.right):
            found.add("/")
    return frozenset(found)


def value(expression: str, series: Mapping[str, Value]) -> Value:
    """What ``expression`` is in a period; None where it has no point: all its series have a gap."""
    tree = parse(expression)
    assert tree is not None
    return _value(tree, series)


def _value(node: ast.expr, series: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Name):
        return series[node.id]
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, series)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp):
        return _joined(node, [node.left, node.right], series)
    if isinstance(node, ast.Compare):
        return _joined(node, [node.left, node.comparators[0]], series)
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    if node.func.id == "IF":
        condition = _value(node.args[0], series)
        if condition is None:
            return None  # a point exists only where the condition has one
        return _value(node.args[1 if condition else 2], series) or 0.0
    listed = node.args[0]
    return _joined(node, listed.elts if isinstance(listed, ast.List) else [listed], series)


def _joined(node: ast.expr, parts: list[ast.expr], series: Mapping[str, Value]) -> Value:
    """A point exists only where some series has one; the gaps of the others count as 0."""
    values = [_value(part, series) for part in parts]
    if all(v is None or not _names(part) for v, part in zip(values, parts, strict=True)) and any(map(_names, parts)):
        return None
    numbers = [0.0 if v is None else v for v in values]
    if isinstance(node, ast.BinOp):
        left, right = numbers
        return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}.get(type(node.op), left)
    if isinstance(node, ast.Compare):
        left, right = numbers
        return float({ast.Gt: left > right, ast.GtE: left >= right, ast.Lt: left < right}[type(node.ops[0])])
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return {"SUM": sum, "MAX": max, "MIN": min}[node.func.id](numbers)
