"""Rules L6, L7 with the pattern: what a filter on transformed or selected events decides and leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import NAMES, PATTERN, alarm, metric_filter, textbook, write

LESS = "{" + "||".join(f"($.eventName={name})" for name in NAMES[:-1]) + "}"
OTHER = "{ $.event.name = SendCommand }"
TRANSFORMED = {"applyOnTransformedLogs": True}
SELECTED = {"fieldSelectionCriteria": '@aws.account IN ["111122223333"]'}
FILTER, ALARM = "metric_filter", "alarm"


@pytest.mark.parametrize(
    ("pattern", "changes", "verdict", "objective"),
    [
        # Whatever the pattern says of plain events, it runs on others: any of them may be right there.
        pytest.param(PATTERN, TRANSFORMED, "INCONCLUSIVE", "INCONCLUSIVE", id="L6 the required pattern"),
        pytest.param(LESS, TRANSFORMED, "INCONCLUSIVE", "INCONCLUSIVE", id="L6 a narrower one"),
        pytest.param(OTHER, TRANSFORMED, "INCONCLUSIVE", "INCONCLUSIVE", id="L6 one for other members"),
        # Selection only takes events away: what a pattern misses, it misses with any selection.
        pytest.param(PATTERN, SELECTED, "INCONCLUSIVE", "INCONCLUSIVE", id="L7 the required pattern"),
        pytest.param(LESS, SELECTED, "FAIL", "FAIL", id="L7 a narrower one"),
        pytest.param(OTHER, SELECTED, "FAIL", "FAIL", id="L7 one for other members"),
        pytest.param("{ broken", SELECTED, "FAIL", "FAIL", id="L7 none at all"),
        pytest.param(LESS, TRANSFORMED | SELECTED, "INCONCLUSIVE", "INCONCLUSIVE", id="L7 transformed as well"),
    ],
)
def test_pattern(tmp_path: Path, pattern: str, changes: dict[str, Any], verdict: str, objective: str) -> None:
    files = textbook(filters=[metric_filter(pattern, **changes)])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert (finding["verdict"], finding["objective"], finding["broken_link"]) == (verdict, objective, FILTER)


@pytest.mark.parametrize("changes", [TRANSFORMED, SELECTED], ids=["L6 transformed", "L7 selected"])
def test_v3_what_is_broken_behind_an_open_filter_fails(tmp_path: Path, changes: dict[str, Any]) -> None:
    files = textbook(filters=[metric_filter(**changes)], alarms=[alarm(Threshold=9.0)])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert (finding["verdict"], finding["broken_link"]) == ("FAIL", ALARM)


@pytest.mark.parametrize("changes", [TRANSFORMED, SELECTED], ids=["L6 transformed", "L7 selected"])
def test_v3_a_plain_filter_beside_it_is_enough(tmp_path: Path, changes: dict[str, Any]) -> None:
    open_one = metric_filter(filterName="other", transformation={"metricName": "Other"}, **changes)
    files = textbook(filters=[open_one, metric_filter()])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert finding["verdict"] == "PASS"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param(TRANSFORMED, "INCONCLUSIVE", id="M6 on transformed events: it may count all"),
        pytest.param({}, "PASS", id="M6 on plain events"),
    ],
)
def test_another_publisher_of_unseen_events(tmp_path: Path, changes: dict[str, Any], verdict: str) -> None:
    second = metric_filter('{ $.level = "ERROR" }', filterName="second", logGroupName="app", **changes)
    files = textbook(filters=[metric_filter(), second])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert finding["verdict"] == verdict
