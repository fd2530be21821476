"""Rule L5: what was created after the day of its capture."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.api import audit
from tests.textbook import metric_filter, textbook, write

MIDNIGHT = 1_790_553_600_000  # 2026-09-28, in milliseconds
DAY = 86_400_000


@pytest.mark.parametrize(
    ("created", "day", "pointers"),
    [
        pytest.param(MIDNIGHT, "2026-09-28", [], id="L5 on the day"),
        pytest.param(MIDNIGHT + 2 * DAY - 1, "2026-09-28", [], id="L5 on the next, by the client's clock"),
        pytest.param(MIDNIGHT + 2 * DAY, "2026-09-28", ["/metricFilters/0/creationTime"], id="L5 later"),
        pytest.param(MIDNIGHT + 2000 * DAY, None, [], id="L5 the day is not known"),
    ],
)
def test_a_filter_created_after_its_capture(tmp_path: Path, created: int, day: str | None, pointers: list[str]) -> None:
    bundle = write(textbook(filters=[metric_filter(creationTime=created)]), tmp_path / "bundle")
    document = audit(bundle, controls=["ssm-actions"], captured_on=day).document
    found = [problem for problem in document["problems"] if problem["code"] == "created-after-capture"]
    assert [problem["pointer"] for problem in found] == pointers
    assert [finding["verdict"] for finding in document["findings"]] == ["PASS"]
