"""The field cases (``cases/``): reading them, laying out their bundles, and those that wait (``waiting.json``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

Case = dict[str, Any]

FOLDER = Path(__file__).parent


@cache
def cases(kind: str) -> dict[str, Case]:
    """The cases of one kind by id, in the order of the file."""
    document = json.loads((FOLDER / "cases" / f"{kind}.json").read_text("utf-8"))
    return {case["id"]: case for case in document["cases"]}


def kinds() -> list[str]:
    """The kinds of cases that there are."""
    return sorted(path.stem for path in (FOLDER / "cases").glob("*.json"))


@cache
def language_cases() -> dict[str, Case]:
    """The cases on languages and faces by id."""
    document = json.loads((FOLDER / "language_cases.json").read_text("utf-8"))
    return {case["id"]: case for case in document["cases"]}


@cache
def waiting() -> dict[str, str]:
    """Ids of the cases that cannot pass yet, with what each waits for."""
    reasons: dict[str, str] = json.loads((FOLDER / "waiting.json").read_text("utf-8"))["cases"]
    return reasons


def parameters(*of_kinds: str) -> list[ParameterSet]:
    """Every case of these kinds as a test parameter."""
    return [parameter for kind in of_kinds for parameter in _marked(cases(kind))]


def language_parameters(kind: str) -> list[ParameterSet]:
    """Every case of one kind on languages and faces as a test parameter."""
    return _marked({case_id: case for case_id, case in language_cases().items() if case["kind"] == kind})


def _marked(by_id: Mapping[str, Case]) -> list[ParameterSet]:
    """One that waits must fail by its own assertion, else the list is stale."""
    marked = []
    for case_id, case in by_id.items():
        reason = waiting().get(case_id)
        mark = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)] if reason else []
        marked.append(pytest.param(case, id=case_id, marks=mark))
    return marked


def lay_out(case: Case, folder: Path) -> Path:
    """Write the case's bundle to ``folder`` as it says: JSON with indent 4, text and bytes as they are."""
    for path, content in (case.get("captures") or case.get("bundle") or case.get("files", {})).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            target.write_bytes(content.encode("utf-8"))
        elif isinstance(content, dict) and set(content) == {"base64"}:
            target.write_bytes(base64.b64decode(content["base64"]))
        else:
            target.write_bytes(json.dumps(content, indent=4).encode("utf-8"))
    return folder
