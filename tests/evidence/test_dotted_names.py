"""Account and region in names of files whose parts stand between dots."""

from __future__ import annotations

import pytest

from auditor.evidence.placing.place import path_place


@pytest.mark.parametrize(
    "name",
    [
        "logs-describe-metric-filters.444455556666.eu-west-1.json",
        "444455556666.eu-west-1.logs-describe-metric-filters.json",
        "prod.444455556666.eu-west-1.logs-describe-metric-filters.json",
        "logs-describe-metric-filters_444455556666.eu-west-1.json.gz",
        "eu-west-1/logs-describe-metric-filters.444455556666.json",
        "444455556666/logs-describe-metric-filters.eu-west-1.json",
    ],
)
def test_parts_between_dots(name: str) -> None:
    where = path_place(name)
    assert (where.account_id, where.region) == ("444455556666", "eu-west-1")


def test_two_regions_in_one_name_tell_none() -> None:
    assert path_place("444455556666.eu-west-1.us-east-1.json").region == ""
