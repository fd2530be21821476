"""The rule of each control, evaluated as it is published or, where that cannot be done, as repaired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Run
from tests.textbook import alarm, metric_filter, textbook, write

FAILED = '{ ($.errorMessage = "Failed authentication") && ($.eventName = ConsoleLogin) }'


# The rule speaks of every trail, and regions without captures may hold further ones: INCONCLUSIVE is the best there is.
@pytest.mark.parametrize(
    ("pattern", "published"), [(FAILED, "INCONCLUSIVE"), ("{ $.eventName = ConsoleLogin }", "FAIL")]
)
def test_a_rule_that_is_broken_as_published_is_evaluated_as_repaired(
    run: Run, tmp_path: Path, pattern: str, published: str
) -> None:
    signins = {"metricName": "Signins"}
    bundle = write(
        textbook(
            filters=[metric_filter(), metric_filter(pattern, filterName="signins", transformation=signins)],
            alarms=[alarm(), alarm(name="signins", MetricName="Signins")],
        ),
        tmp_path / "bundle",
    )
    answer = run("audit", bundle, "--control", "CloudWatch.6", "--json", "--fail-on", "never")
    result = json.loads(answer.stdout)
    (finding,) = result["findings"]
    (control,) = result["controls"]
    assert finding["as_published"] == published
    assert control["rule_repair"]["text"] == control["rule"].replace("Failed authentication", '"Failed authentication"')
