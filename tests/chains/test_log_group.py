"""Rules T4, L1, L2, X6: where a trail delivers, and whether that group exists and can carry filters."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.verdict import State
from tests.chains.chain import PLACE, Join
from tests.textbook import ACCOUNT, REGION, Files, metric_filter, textbook, trail


def link(join: Join, files: Files) -> tuple[str, str]:
    (path,) = join(files).paths(ACCOUNT, (REGION,))
    return path.log_group_link.state.value, path.log_group_link.code


@pytest.mark.parametrize(
    ("arn", "name", "code"),
    [
        pytest.param(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*", "ct", "", id="T4 with an asterisk"),
        pytest.param(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct", "ct", "", id="T4 without"),
        pytest.param(
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/a/b.c#d:*", "/a/b.c#d", "", id="T4 all signs of a name"
        ),
        pytest.param(
            f"arn:aws-cn:logs:{REGION}:{ACCOUNT}:log-group:ct:*",
            "ct",
            "log-group-arn-unusable",
            id="T4 another partition",
        ),
        pytest.param(None, None, "no-log-group", id="X6 left out"),
    ],
)
def test_arn(join: Join, arn: str | None, name: str | None, code: str) -> None:
    (path,) = join(textbook(trails=[trail(CloudWatchLogsLogGroupArn=arn)])).paths(ACCOUNT, (REGION,))
    assert (path.log_group.name if path.log_group else None) == name
    assert path.log_group_link.code == code


def groups(*names: str, **more: Any) -> Files:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
    items = [{"logGroupName": name, "arn": f"{arn}{name}:*", **more} for name in names]
    return {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": items}}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, ("ok", ""), id="L1 not captured"),
        pytest.param(groups("ct"), ("ok", ""), id="L1 listed"),
        pytest.param(groups("ct-other"), ("broken", "log-group-missing"), id="L1 only a longer name listed"),
        pytest.param(groups(), ("broken", "log-group-missing"), id="L1 none listed"),
        pytest.param(groups("ct", logGroupClass="STANDARD"), ("ok", ""), id="L2 standard"),
        pytest.param(
            groups("ct", logGroupClass="INFREQUENT_ACCESS"), ("broken", "log-group-class"), id="L2 infrequent"
        ),
        pytest.param(groups("ct", logGroupClass="DELIVERY"), ("broken", "log-group-class"), id="L2 delivery"),
        pytest.param(groups("ct", logGroupClass="NEW"), ("unknown", "log-group-class-unknown"), id="L2 not known"),
    ],
)
def test_group(join: Join, more: Files, expected: tuple[str, str]) -> None:
    assert link(join, textbook(filters=[]) | more) == expected


def test_l1_a_listed_filter_proves_the_group(join: Join) -> None:
    assert link(join, textbook() | groups("other")) == ("ok", "")
    (path, *_) = join(textbook() | groups("other")).paths(ACCOUNT, [REGION])
    assert [point.code for point in path.log_group_link.open_points if point.material] == ["log-group-not-listed"]


def test_l2_the_class_outweighs_a_listed_filter(join: Join) -> None:
    assert link(join, textbook() | groups("ct", logGroupClass="ESSENTIALS"))[1] == "log-group-class"


def test_v3_a_class_without_filters_speaks_before_a_late_delivery(join: Join) -> None:
    late = {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": 1_795_560_385, "LatestDeliveryTime": 1_795_660_385}
    status = {f"{PLACE}/cloudtrail-get-trail-status/main.json": late}
    assert link(join, textbook() | status) == ("unknown", "delivery-late")
    assert link(join, textbook() | status | groups("ct", logGroupClass="DELIVERY")) == ("broken", "log-group-class")


def test_x6_unknown_members_are_kept_and_harm_nothing(join: Join) -> None:
    (path,) = join(textbook(trails=[trail(Novelty={"a": 1})])).paths(ACCOUNT, (REGION,))
    assert path.log_group_link.state is State.OK


@pytest.mark.parametrize(
    ("filters", "more", "state", "material"),
    [
        pytest.param([metric_filter()], {}, ("ok", ""), ["log-group-denied"], id="L1 a filter is listed"),
        pytest.param([], {}, ("broken", "log-group-missing"), [], id="L1 nothing is listed"),
        pytest.param([], groups("ct"), ("unknown", "log-group-contradictory"), [], id="L1 the group is listed"),
    ],
)
def test_aws_knows_no_such_group(
    join: Join, filters: list[Any], more: Files, state: tuple[str, str], material: list[str]
) -> None:
    denied = (
        "An error occurred (ResourceNotFoundException) when calling the DescribeMetricFilters operation: "
        "The specified log group does not exist."
    )
    files = textbook(filters=filters) | more | {f"{PLACE}/logs-describe-metric-filters/ct.json": denied}
    assert link(join, files) == state
    (path, *_) = join(files).paths(ACCOUNT, [REGION])
    assert [point.code for point in path.log_group_link.open_points if point.material] == material
