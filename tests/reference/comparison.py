"""The product's answers beside the reference's: many strangers to a bundle, so that an audit of each costs little."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import auditor
from tests import textbook
from tests.reference import generator, judge
from tests.reference.recipes import Recipe

BATCH = 60
PERIOD = "2026Q3"


@cache
def cautious_cases() -> list[dict[str, Any]]:
    """Known kinds in which the product leaves open what the law calls broken, each with a smallest bundle."""
    path = Path(__file__).with_name("cautious.json")
    cases: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cases"]
    return cases


@cache
def cautious_codes() -> frozenset[str]:
    """The reason codes of those kinds."""
    return frozenset(code for case in cautious_cases() for code in case["reason_codes"])


@dataclass(frozen=True)
class Disagreement:
    """One account on which both judges differ."""

    recipe: Recipe
    account: str
    what: str
    expected: tuple[str, ...]
    product: str
    reason_code: str = ""

    @property
    def cautious(self) -> bool:
        """The product leaves open what the law calls broken, for a reason that ``cautious.json`` knows."""
        return self.product == "INCONCLUSIVE" and self.expected == ("FAIL",) and self.reason_code in cautious_codes()


@dataclass
class Tally:
    """What a run saw."""

    bundles: int = 0
    findings: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)
    cautious: list[Disagreement] = field(default_factory=list)


def ids(number: int) -> list[str]:
    """Three account ids for the case ``number`` of a batch, related to no other case's."""
    return [f"{100_000_000_000 + number * 1_000_003 + k * 333_333_000:012d}" for k in range(3)]


def recipe_for(control: str, *, strict: bool = False) -> Recipe:
    """A recipe without changes for ``control``, which carries the arguments of an audit."""
    seed = next(seed for seed in range(999) if Recipe("plain", seed, ()).control == control)
    return Recipe("plain", seed, (), strict=strict)


def _key(recipe: Recipe) -> tuple[Any, ...]:
    return recipe.control, recipe.strict, recipe.covers, recipe.region if recipe.scoped else "", recipe.period


def batches(recipes: Iterable[Recipe]) -> Iterator[list[Recipe]]:
    """Recipes that one audit can take together: the same arguments, strangers to one another."""
    waiting: dict[tuple[Any, ...], list[Recipe]] = defaultdict(list)
    for recipe in recipes:
        if recipe.alone:
            yield [recipe]
            continue
        group = waiting[_key(recipe)]
        group.append(recipe)
        if len(group) == BATCH:
            yield waiting.pop(_key(recipe))
    yield from waiting.values()


def audit(files: dict[str, Any], recipe: Recipe, accounts: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """The product's findings of ``recipe``'s control by account."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        bundle = textbook.write(files, Path(folder) / "bundle", encode=lambda value: json.dumps(value).encode())
        bundle.mkdir(exist_ok=True)
        options: dict[str, Any] = {}
        if recipe.scoped:
            scope = [{"account_id": a, "regions": [recipe.region], "in_scope": True} for a in sorted(accounts)]
            options["scope"] = Path(folder) / "scope.json"
            options["scope"].write_text(json.dumps(scope), encoding="utf-8")
        if recipe.period:
            options["period"] = PERIOD
        result = auditor.audit(
            bundle,
            controls=[f"{recipe.control}@default"],
            match="covers" if recipe.covers else "equal",
            strict=recipe.strict,
            **options,
        )
    return {str(finding["account_id"]): finding for finding in result.document["findings"]}


def merge(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several bundles as one; their capture records as one."""
    files: dict[str, Any] = {}
    record: list[Any] = []
    for part in parts:
        record += part.get("captures.json", {}).get("captures", [])
        files |= part
    if record:
        files["captures.json"] = {"captures": record}
    return files


def compare(batch: list[Recipe], tally: Tally) -> None:
    """Judge a batch twice and note where the answers differ."""
    parts = [generator.build(recipe, ids(number)) for number, recipe in enumerate(batch)]
    expected = [judge.judge(part, recipe.control, recipe.arguments) for part, recipe in zip(parts, batch, strict=True)]
    accounts = [account for found in expected for account in found]
    findings = audit(merge(parts), batch[0], accounts) if accounts else {}
    for recipe, found in zip(batch, expected, strict=True):
        tally.bundles += 1
        for account, judgement in found.items():
            finding = findings.get(account)
            tally.findings += 1
            verdict = judgement.objective if recipe.covers else judgement.verdict
            for what, allowed in (("verdict", verdict), ("objective", judgement.objective)):
                product = str(finding[what]) if finding else "none"
                if what == "verdict":
                    tally.verdicts[product] += 1
                if product not in allowed:
                    code = str(finding["reason_code"]) if finding else ""
                    found_one = Disagreement(recipe, account, what, tuple(sorted(allowed)), product, code)
                    (tally.cautious if found_one.cautious else tally.disagreements).append(found_one)


def shrink(disagreement: Disagreement) -> Disagreement:
    """The same kind of disagreement with as few changes and arguments as possible, in a bundle of its own."""

    def same(recipe: Recipe) -> Disagreement | None:
        tally = Tally()
        compare([recipe], tally)
        for found in tally.disagreements:
            if (found.what, found.product) == (disagreement.what, disagreement.product):
                return found
        return None

    best = same(disagreement.recipe)
    if best is None:
        return disagreement
    progress = True
    while progress:
        progress = False
        recipe = best.recipe
        simpler = [
            replace(recipe, changes=recipe.changes[:n] + recipe.changes[n + 1 :]) for n in range(len(recipe.changes))
        ]
        simpler += [
            replace(recipe, **{flag: False})
            for flag in ("strict", "covers", "scoped", "period")
            if getattr(recipe, flag)
        ]
        for candidate in simpler:
            found = same(candidate)
            if found is not None:
                best, progress = found, True
                break
    return best


def run(count: int, seed: int) -> Tally:
    """Compare ``count`` random bundles."""
    rng = random.Random(seed)
    tally = Tally()
    for batch in batches(generator.random_recipe(rng) for _ in range(count)):
        compare(batch, tally)
    return tally
