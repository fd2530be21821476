"""One remedy for all findings of a cause: its commands, done once, mend every one of them."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.api import audit
from tests.remediation.mending import mended
from tests.textbook import Files, write

SAMPLE = Path("samples/quarterly")


def captured() -> Files:
    """The sample's captures by path, but for the capture record, which would speak of the files as they were."""
    files = (path for path in sorted(SAMPLE.rglob("*.json")) if path.name != "captures.json")
    return {path.relative_to(SAMPLE).as_posix(): json.loads(path.read_text("utf-8") or "null") for path in files}


def test_the_remedy_of_a_cause_mends_all_of_its_findings(tmp_path: Path) -> None:
    files = captured()
    before = audit(write(files, tmp_path / "before"), frameworks=["cloudguard-soc2-tsc-2017"]).document
    causes = [cause for cause in before["causes"] if cause["verdict"] == "FAIL" and cause["remedies"]]
    assert len({cause["code"] for cause in causes}) > 6
    for cause in causes:
        files = mended(files, cause["remedies"][0]["steps"]["cli"])
    after = audit(write(files, tmp_path / "after"), frameworks=["cloudguard-soc2-tsc-2017"]).document
    verdicts = {finding["id"]: (finding["verdict"], finding["reason"]) for finding in after["findings"]}
    for cause in causes:
        told = {finding: verdicts[finding] for finding in cause["findings"]}
        # A topic that is new has a listing of subscriptions still to be captured.
        left = {finding: words for finding, words in told.items() if words[0] == "FAIL"}
        assert not left, (cause["code"], left)
