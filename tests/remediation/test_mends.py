"""Every reason code that can fail: what is proposed is done to the bundle, and the next audit finds nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.rules import reasons, steering
from tests.remediation.failing import CASES, SOURCED
from tests.remediation.mending import mended
from tests.remediation.test_topics_mend import CASES as TOPICS
from tests.textbook import ACCOUNT, REGION, Files, metric_filter, textbook, write

# What no remedy captures: the listing of filters is asked for next.
STILL_OPEN = dict.fromkeys(("no-alarm-at-all", "no-metric-filter-counted"), "filters-not-captured")


def finding(folder: Path, files: Files, question: str) -> dict[str, Any]:
    """The finding about the textbook's account; ``question``: a control, with ``@`` as a framework asks, or none."""
    control, _, framework = question.partition("@")
    control = control if control in load_controls() else "ssm-actions"
    options: dict[str, Any] = {"frameworks": [framework]} if framework else {"controls": [control]}
    options |= {"match": "covers"} if question == "covers" else {}
    folder.mkdir()
    if control != "ssm-actions":
        options["scope"] = folder / "scope.csv"
        options["scope"].write_text(f"account_id,regions\n{ACCOUNT},{REGION}\n", encoding="utf-8")
    findings = audit(write(files, folder / "bundle"), **options).document["findings"]
    (own,) = [one for one in findings if (one["account_id"], one["control_id"]) == (ACCOUNT, control)]
    return dict(own)


@pytest.mark.parametrize(
    ("code", "files", "why"),
    [pytest.param(code, files, *(why or [""]), id=" ".join((code, *why))) for code, files, *why in CASES],
)
def test_one_round_mends_it(tmp_path: Path, code: str, files: Files, why: str) -> None:
    before = finding(tmp_path / "before", files, why)
    assert (before["verdict"], before["reason_code"]) == ("FAIL", code), before["reason"]
    after = finding(tmp_path / "after", mended(files, before["remediation"]["cli"]), why)
    expected = ("INCONCLUSIVE", STILL_OPEN[code]) if code in STILL_OPEN else ("PASS", "holds")
    assert (after["verdict"], after["reason_code"]) == expected, after["reason"]


def codes_of_failures() -> set[str]:
    """The reason codes that stand in the program where a link is made broken."""
    found = set()
    for path in (Path(auditor.__file__).parent).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name, arguments = getattr(node.func, "id", ""), node.args
                fails = name == "broken" or (arguments and ast.unparse(arguments[0]) in ("State.BROKEN", "False"))
                if fails and name in ("broken", "LinkState", "Trip"):
                    parts = [part for argument in arguments[:2] for part in ast.walk(argument)]
                    found |= {part.value for part in parts if isinstance(part, ast.Constant)}
                    named = (getattr(steering, part.id, None) for part in parts if isinstance(part, ast.Name))
                    found |= {code for code in named if isinstance(code, str)}
    return {code for code in found if code in reasons()}


def test_each_reason_that_fails_is_mended_here() -> None:
    failing = codes_of_failures()
    assert len(failing) > 40, "the search is wrong"
    proved = {code for code, *_ in CASES} | {case.values[1] for case in TOPICS}
    assert failing <= proved


def test_no_remedy_weakens_a_filter_that_meets_the_objective_before_it_is_accepted(tmp_path: Path) -> None:
    remedy = finding(tmp_path / "one", textbook(filters=[metric_filter(SOURCED)]), "")["remediation"]
    for text in (remedy["summary"], remedy["portal"][0], remedy["cli"], remedy["terraform"]):
        accepting, _, weakening = text.partition("Only if it is not accepted")
        assert "owns it, the reason and the day on which the acceptance expires" in accepting
        assert weakening
