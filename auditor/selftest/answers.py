"""The known answers themselves: patterns, rules, chains and reports, each asked again."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from auditor import gsl, patterns
from auditor.api import audit
from auditor.reports import rendered
from auditor.result import AuditResult
from auditor.selftest.group import Group, group, known_answers

Json = Any
FRAMEWORKS = ("cis-aws-5.0.0", "iso27001-2022")
# Formats whose bytes depend on no library that may differ in version: those of workbooks do (openpyxl, zlib).
FORMATS = ("html", "json")


def matching() -> Group:
    """Which events filter patterns count: the meaning of the language, row by row."""

    def fault(case: Json) -> str:
        counted = patterns.match(case["pattern"], case["event"])
        return "" if counted is case["matches"] else f"{case['pattern']} ({case['why']}): {counted}"

    return group("matching", known_answers("matching"), fault)


def relations() -> Group:
    """How patterns from the field relate to the required ones; each example is put to the meaning again."""

    def fault(case: Json) -> str:
        comparison = patterns.relate(case["left"], case["right"])
        if comparison.relation != case["relation"]:
            return f"{case['left']}: {comparison.relation}, and {case['relation']} is proved"
        for event, sides in ((comparison.left_only, (True, False)), (comparison.right_only, (False, True))):
            if event is None:
                continue
            if (patterns.match(case["left"], event), patterns.match(case["right"], event)) != sides:
                return f"{case['left']}: the example does not tell the patterns apart"
        return ""

    return group("relations", known_answers("relations"), fault)


def rules_of_gsl() -> Group:
    """What GSL rules say of lists of entities."""
    now = datetime.fromisoformat("2026-07-01T00:00:00+00:00")

    def fault(case: Json) -> str:
        parsed = gsl.parse(case["rule"])
        outcome = gsl.evaluate(parsed, case["entities"], now=now, pattern_equal=_same_but_for_blanks)
        return "" if outcome.result == case["result"] else f"{case['rule']} ({case['why']}): {outcome.result}"

    return group("gsl", known_answers("gsl"), fault)


def _same_but_for_blanks(left: str, right: str) -> bool | None:
    """A stand-in for the engine of patterns, which has a group of its own."""
    return None if left == "undecidable" else re.sub(r"\s+", "", left) == re.sub(r"\s+", "", right)


def chains() -> Group:
    """Small bundles on both sides of every rule of the law: the verdict of each account, and its reason."""
    data = known_answers("chains")

    def fault(case: Json) -> str:
        files = {**{path: data["textbook"][path] for path in case["kept"]}, **case["files"]}
        with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
            result = audit(
                _written(files, Path(folder) / "bundle"), frameworks=[FRAMEWORKS[1]], controls=["ssm-actions"]
            )
        findings = result.document["findings"]
        answers = {finding["account_id"]: [finding["verdict"], finding["reason_code"]] for finding in findings}
        return "" if answers == case["answers"] else f"{case['case']}: {answers}, and {case['answers']} is known"

    return group("chains", data["cases"], fault)


def _written(files: Mapping[str, Json], folder: Path) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            target.write_text(content, encoding="utf-8")
        else:
            target.write_text(json.dumps(content), encoding="utf-8")
    return folder


def reports() -> Group:
    """A bundle whose result and pages are known to the byte."""
    expected = known_answers("reports")
    try:
        digests = dict(report_digests())
    except Exception as error:
        return Group("reports", len(expected), (f"{type(error).__name__}: {error}",))

    def fault(name: str) -> str:
        return "" if digests.get(name) == expected.get(name) else f"{name} came out otherwise"

    return group("reports", sorted({*expected, *digests}), fault)


def report_digests() -> Iterator[tuple[str, str]]:
    """SHA-256 of each report of the shipped bundle, by name; the version of the program is set aside."""
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        files = known_answers("bundle")
        result = audit(_written(files, Path(folder) / "known-bundle"), frameworks=list(FRAMEWORKS), period="2026Q3")
    document = orjson.loads(orjson.dumps(result.document))
    document["tool"]["version"] = "0"
    for name, data in rendered(AuditResult(document), FORMATS):
        if name.endswith((".html", ".json", ".md")):
            yield name, hashlib.sha256(data).hexdigest()
