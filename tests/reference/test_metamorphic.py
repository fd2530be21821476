"""What must hold between two audits of bundles that differ in one respect, whatever the verdict is."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.reference import comparison, generator
from tests.reference.recipes import Recipe

BUNDLES = 60
REQUIRED = (
    "cloudtrail-describe-trails",
    "logs-describe-metric-filters",
    "cloudwatch-describe-alarms",
    "sns-list-subscriptions",
)
Files = dict[str, Any]


def _recipes(seed: int, count: int = BUNDLES) -> list[Recipe]:
    """Recipes for one audit together: no listing, no scope, no period, the same control."""
    rng = random.Random(seed)
    found: list[Recipe] = []
    while len(found) < count:
        recipe = generator.random_recipe(rng)
        if not recipe.alone and not recipe.period and not recipe.scoped and recipe.control == "ssm-actions":
            found.append(recipe)
    return found


def _audit(parts: list[Files], *, strict: bool = False) -> dict[str, dict[str, Any]]:
    return comparison.audit(comparison.merge(parts), comparison.recipe_for("ssm-actions", strict=strict))


def _answers(findings: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    keys = ("verdict", "objective", "reason_code", "broken_link")
    return {account: tuple(finding[key] for key in keys) for account, finding in findings.items()}


def _material(finding: dict[str, Any]) -> bool:
    return any(point["material"] for point in finding["open_points"])


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_removing_a_required_capture_or_page_makes_no_pass(seed: int) -> None:
    """V3: without a material open point."""
    parts, wholes, removed = [], {}, {}
    for number, recipe in enumerate(_recipes(seed)):
        accounts = comparison.ids(number * 20)
        whole = generator.build(recipe, accounts)
        parts.append(whole)
        for extra, path in enumerate(sorted(p for p in whole if any(call in p for call in REQUIRED)), 1):
            others = comparison.ids(number * 20 + extra)
            left = generator.build(recipe, others)
            paths = dict(zip(sorted(whole), sorted(left), strict=True))
            if "-1.json" in path and path.replace("-1.json", "-2.json") in whole:
                continue  # nothing in a last page alone says that there was one before it
            if left.pop(paths[path], None) is None or extra > 18:
                continue
            parts.append(left)
            for before, after in zip(accounts, others, strict=True):
                removed[after] = path
                wholes[after] = before
    findings = _audit(parts)
    made = [
        (wholes[account], removed[account])
        for account, finding in findings.items()
        if account in wholes
        and finding["verdict"] == "PASS"
        and not _material(finding)
        and wholes[account] in findings
        and findings[wholes[account]]["verdict"] != "PASS"
    ]
    assert not made


@pytest.mark.parametrize("seed", [3, 4])
def test_strangers_change_nothing(seed: int) -> None:
    parts = [generator.build(recipe, comparison.ids(n)) for n, recipe in enumerate(_recipes(seed, 30))]
    together = _answers(_audit(parts))
    alone: dict[str, tuple[Any, ...]] = {}
    for part in parts:
        if part:
            alone |= _answers(_audit([part]))
    assert alone == together


def _shuffled(files: Files) -> Files:
    rng = random.Random(1)

    def shuffle(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            rng.shuffle(keys)
            return {key: value[key] if key == "arguments" else shuffle(value[key]) for key in keys}
        if isinstance(value, list):
            items = [shuffle(item) for item in value]
            rng.shuffle(items)
            return items
        return value

    paths = list(files)
    rng.shuffle(paths)
    return {path: shuffle(files[path]) for path in paths}


def _moved(files: Files) -> Files:
    """The same captures below another folder, region before account."""

    def place(path: str) -> str:
        return re.sub(r"^(\d{12})/([a-z0-9-]+)/", r"client/export/\2/\1/", path)

    moved = {place(path): content for path, content in files.items() if path != "captures.json"}
    if "captures.json" in files:
        entries = [dict(entry, file=place(entry["file"])) for entry in files["captures.json"]["captures"]]
        moved["captures.json"] = {"captures": entries}
    return moved


def _renamed(files: Files) -> Files:
    """Trails, filters, alarms and topics under other names, everywhere alike."""
    text = json.dumps(files)
    for old, new in (("ssm-actions", "Xy.z_9"), ("alerts", "Post-An-SOC"), ("log-group:ct", "log-group:/a/b.ct")):
        text = text.replace(old, new)
    text = text.replace('"logGroupName": "ct', '"logGroupName": "/a/b.ct')
    return dict(json.loads(text))


@pytest.mark.parametrize("other", [_shuffled, _moved, _renamed])
def test_order_layout_and_names_change_nothing(other: Callable[[Files], Files]) -> None:
    parts = [generator.build(recipe, comparison.ids(n)) for n, recipe in enumerate(_recipes(5))]
    whole = comparison.merge(parts)
    recipe = comparison.recipe_for("ssm-actions")
    assert _answers(comparison.audit(other(whole), recipe)) == _answers(comparison.audit(whole, recipe))


@pytest.mark.parametrize("seed", [6, 7])
def test_strict_differs_only_where_a_material_open_point_stands(seed: int) -> None:
    """V5."""
    parts = [generator.build(recipe, comparison.ids(n)) for n, recipe in enumerate(_recipes(seed))]
    usual, strict = _audit(parts), _audit(parts, strict=True)
    differing = {account for account, finding in usual.items() if finding["verdict"] != strict[account]["verdict"]}
    assert [a for a in sorted(differing) if not _material(usual[a])] == []
    assert [a for a in sorted(differing) if strict[a]["verdict"] != "INCONCLUSIVE"] == []
