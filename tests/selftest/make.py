"""Makes the known answers of ``auditor selftest`` from the cases of these tests: ``python -m tests.selftest.make``.

Run it when cases were added, or when reports or results were meant to change. The chains are written once: bundles that
the tests of the rules write, those of ``more_chains.py``, and their answers, which no change of reports changes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from auditor.selftest.answers import report_digests
from tests.selftest.bundle import files

ROOT = Path(__file__).parents[2]
DATA = ROOT / "auditor" / "selftest" / "data"
TESTS = ROOT / "tests"


def _cases(path: str) -> Any:
    return json.loads((TESTS / path).read_text(encoding="utf-8"))


def matching() -> list[Any]:
    """The table of the pattern language, row by row."""
    return [{name: case[name] for name in ("why", "pattern", "event", "matches")}
            for case in _cases("patterns/data/meaning.json")]  # fmt: skip


def relations() -> list[Any]:
    """Every fourth pattern from the field, with its relation to the required one; of each control and relation one."""
    wild = _cases("patterns/data/wild.json")
    related = [case for case in wild["patterns"] if "relation" in case and len(case["pattern"]) < 2_000]
    seen: set[tuple[str, str]] = set()
    chosen = []
    for number, case in enumerate(related):
        key = (case["control"], case["relation"])
        if number % 4 == 0 or key not in seen:
            right = wild["reference"][case["control"]]
            chosen.append({"left": case["pattern"], "right": right, "relation": case["relation"]})
        seen.add(key)
    return chosen


def gsl() -> list[Any]:
    """Every section of the rule language."""
    return [{name: case[name] for name in ("why", "rule", "entities", "result")}
            for case in _cases("gsl/data/evaluation.json")]  # fmt: skip


def written(name: str, value: Any) -> None:
    """Writes a file of known answers, one entry a line."""
    if isinstance(value, list):
        text = "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "\n]\n"
    else:
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    (DATA / f"{name}.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Writes all but the chains."""
    for name, made in (("matching", matching()), ("relations", relations()), ("gsl", gsl()), ("bundle", files())):
        written(name, made)
    written("reports", dict(report_digests()))


if __name__ == "__main__":
    sys.exit(main())
