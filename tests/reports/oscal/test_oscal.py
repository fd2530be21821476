"""The OSCAL document of a framework: valid, whole in itself, and never kinder than the result.

``assessment-results-1.2.3.json`` is NIST's schema of that release, unchanged (public domain; usnistgov/OSCAL).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from auditor.reports.oscal import render
from tests.reports.example_result import example_result, passing_result

SCHEMA = json.loads(Path(__file__).with_name("assessment-results-1.2.3.json").read_text(encoding="utf-8"))
FRAMEWORKS = [framework["id"] for framework in example_result().document["frameworks"]]
LOADED = "import sys\nfrom pathlib import Path\nfrom trestle.oscal.assessment_results import AssessmentResults\n" \
         "print(len(AssessmentResults.oscal_read(Path(sys.argv[1])).results))"  # fmt: skip


def content(framework: str) -> Any:
    return json.loads(render(example_result(), framework))["assessment-results"]


def below(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from below(inner)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_document_is_valid(framework: str) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    errors = list(validator.iter_errors(json.loads(render(example_result(), framework))))
    assert [(error.instance_path, error.message[:200]) for error in errors] == []


def test_a_result_without_findings_to_tell_is_valid() -> None:
    result = passing_result()
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    for framework in result.document["frameworks"]:
        assert list(validator.iter_errors(json.loads(render(result, framework["id"])))) == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_identifiers_are_unique_and_references_lead_somewhere(framework: str) -> None:
    document = content(framework)
    identifiers = [each["uuid"] for each in below(document) if "uuid" in each]
    assert len(identifiers) == len(set(identifiers))
    named = {"observation-uuid", "risk-uuid", "subject-uuid", "component-uuid", "actor-uuid"}
    references = {value for each in below(document) for name, value in each.items() if name in named}
    references |= {each["href"][1:] for each in below(document) if str(each.get("href", "")).startswith("#")}
    assert references <= set(identifiers)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_only_a_pass_is_satisfied(framework: str) -> None:
    (result,) = content(framework)["results"]
    for finding in result.get("findings", ()):
        (verdict,) = (each["value"] for each in finding["props"] if each["name"] == "verdict")
        assert (finding["target"]["status"]["state"] == "satisfied") == (verdict == "PASS")


def test_an_observation_holds_the_three_answers_the_witness_and_the_places() -> None:
    document = example_result().document
    told = {each["id"]: each for each in document["findings"]}
    witnesses = 0
    for each in content(FRAMEWORKS[0])["results"][0]["observations"]:
        facts = {fact["name"]: fact["value"] for fact in each["props"]}
        finding = told[facts["finding"]]
        assert (facts["verdict"], facts["objective"]) == (finding["verdict"], finding["objective"])
        assert facts.get("as-published") == finding["as_published"]
        assert len(each.get("relevant-evidence", ())) == len(finding["evidence"])
        witnesses += "remarks" in each
    assert witnesses


def test_files_have_their_digests_and_the_bytes_are_always_the_same() -> None:
    digests = {
        item["file"]: item["sha256"] for each in example_result().document["findings"] for item in each["evidence"]
    }
    _, *files = content(FRAMEWORKS[0])["back-matter"]["resources"]
    for file in files:
        (link,) = file["rlinks"]
        assert link["hashes"] == [{"algorithm": "SHA-256", "value": digests[link["href"]]}]
    assert files
    assert render(example_result(), FRAMEWORKS[0]) == render(example_result(), FRAMEWORKS[0])


@pytest.mark.long
@pytest.mark.skipif(find_spec("trestle") is None, reason="compliance-trestle is not installed: pip install '.[long]'")
def test_compliance_trestle_loads_it(tmp_path: Path) -> None:
    """What NIST's schema says to every report, another program's reading of it says to one."""
    path = tmp_path / "report.json"
    path.write_bytes(render(example_result(), FRAMEWORKS[0]))
    words = [sys.executable, "-W", "ignore", "-c", LOADED, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr[-500:]
