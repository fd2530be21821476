"""Rules L3–L9, L12, T5, V2, V6: which filters a log group has, and what they run on."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains import Tail
from auditor.verdict import Link
from tests.chains.chain import GROUP, PLACE, Join, faults, first_fault, needed
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook

TRANSFORMER, POLICIES = "logs:GetTransformer", "logs:DescribeAccountPolicies"
KEEPS: list[dict[str, Any]] = [{"parseJSON": {}}]
CHANGES: list[dict[str, Any]] = [{"parseJSON": {}}, {"renameKeys": {"entries": []}}]


def transformer(config: list[dict[str, Any]], group: str = "ct") -> Files:
    answer = {"logGroupIdentifier": group, "transformerConfig": config}
    return {f"{PLACE}/logs-get-transformer/{group}.json": answer}


def policies(*documents: str, kind: str = "TRANSFORMER_POLICY") -> Files:
    items = [
        {"policyName": str(number), "policyType": kind, "policyDocument": document}
        for number, document in enumerate(documents)
    ]
    return {f"{PLACE}/logs-describe-account-policies.json": {"accountPolicies": items}}


def only(join: Join, files: Files) -> Tail:
    (tail,) = join(files).tails(GROUP)
    return tail


L6_CASES = [
    pytest.param({}, "unknown", [TRANSFORMER, POLICIES], id="L6 not captured"),
    pytest.param(transformer(KEEPS), "ok", [], id="L6 only parses"),
    pytest.param(transformer([{"parseJSON": {"source": "@message"}}]), "ok", [], id="L6 only parses the message"),
    pytest.param(transformer([{"parseJSON": {"destination": "x"}}]), "unknown", [], id="L6 parses into another place"),
    pytest.param(transformer(CHANGES), "unknown", [], id="L6 changes fields"),
    pytest.param(transformer(KEEPS, "other"), "unknown", [TRANSFORMER, POLICIES], id="L6 another group's"),
    pytest.param(policies(), "unknown", [TRANSFORMER], id="L6 no account policy"),
    pytest.param(policies('[{"renameKeys": {}}]'), "unknown", [], id="L6 the account's changes fields"),
    pytest.param(policies('[{"parseJSON": {}}]'), "unknown", [TRANSFORMER], id="L6 the account's only parses"),
    pytest.param(policies("{", kind="RETENTION_POLICY"), "unknown", [TRANSFORMER], id="L6 a policy of another kind"),
]


@pytest.mark.parametrize(("more", "state", "calls"), L6_CASES)
def test_transformed_logs(join: Join, more: Files, state: str, calls: list[str]) -> None:
    tail = only(join, textbook(filters=[metric_filter(applyOnTransformedLogs=True)]) | more)
    assert tail.links[Link.METRIC_FILTER].state.value == state
    assert needed(tail, Link.METRIC_FILTER) == calls


def test_l6_a_filter_on_plain_logs_asks_for_no_transformer(join: Join) -> None:
    tail = only(join, textbook(filters=[metric_filter(applyOnTransformedLogs=False)]) | transformer(CHANGES))
    assert first_fault(tail) == ("", "", "")


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        pytest.param(None, "", id="L7 absent"),
        pytest.param("", "", id="L7 empty"),
        pytest.param("  ", "", id="L7 blank"),
        pytest.param(f'@aws.account IN ["{ACCOUNT}"]', "filter-selects-sources", id="L7 one account"),
        pytest.param('@aws.region NOT IN ["eu-west-1"]', "filter-selects-sources", id="L7 not one region"),
    ],
)
def test_field_selection(join: Join, criteria: str | None, code: str) -> None:
    tail = only(join, textbook(filters=[metric_filter(fieldSelectionCriteria=criteria)]))
    assert first_fault(tail)[2] == code


def system_dimension(value: str) -> list[dict[str, str]]:
    return [{"Name": "@aws.account", "Value": value}]


@pytest.mark.parametrize(
    ("emitted", "dimensions", "fault"),
    [
        pytest.param(None, [], ("", "", ""), id="L8 none"),
        pytest.param(["@aws.account"], [], ("metric", "broken", "system-dimensions"), id="L8 alarm without"),
        pytest.param(
            ["@aws.account"],
            system_dimension(ACCOUNT),
            ("metric", "unknown", "system-dimensions-one-source"),
            id="L8 alarm with one source",
        ),
        pytest.param(
            ["@aws.account", "@aws.region"],
            system_dimension(ACCOUNT),
            ("metric", "broken", "system-dimensions"),
            id="L8 alarm with one of two",
        ),
    ],
)
def test_system_dimensions(
    join: Join, emitted: list[str] | None, dimensions: list[dict[str, str]], fault: tuple[str, str, str]
) -> None:
    files = textbook(filters=[metric_filter(emitSystemFieldDimensions=emitted)], alarms=[alarm(Dimensions=dimensions)])
    assert faults(join(files)) == [fault]


def test_l9_the_transformation_there_is_read(join: Join) -> None:
    tail = only(join, textbook())
    assert (tail.metric_namespace, tail.metric_name) == ("Audit", "SsmActions")


def test_l9_a_filter_without_transformation_publishes_nothing(join: Join) -> None:
    tail = only(join, textbook(filters=[metric_filter(metricTransformations=[])]))
    assert first_fault(tail)[0] in ("metric_filter", "alarm")


def test_l4_filters_of_another_group_count_for_nothing(join: Join) -> None:
    tail = only(join, textbook(filters=[metric_filter(logGroupName="ct-other")]))
    assert first_fault(tail) == ("metric_filter", "broken", "no-metric-filter")


def test_l4_each_filter_of_the_group_has_its_tail(join: Join) -> None:
    found = join(textbook(filters=[metric_filter(), metric_filter(filterName="b")])).tails(GROUP)
    assert [tail.filter_name for tail in found] == ["ssm-actions", "b"]


MEMBERS = [
    {"Id": member, "Arn": f"arn:aws:organizations::{ACCOUNT}:account/o-abcdefghij/{member}", "Status": "ACTIVE"}
    for member in (ACCOUNT, "444455556666")
]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        pytest.param(f"{ACCOUNT}/eu-west-1", "no-metric-filter-twin", id="T5 another region"),
        pytest.param(f"444455556666/{REGION}", "no-metric-filter-twin", id="T5 another account of the organisation"),
        pytest.param(PLACE, "", id="T5 the group's own place"),
    ],
)
def test_group_of_the_same_name(join: Join, place: str, code: str) -> None:
    files = textbook(filters=[]) | {f"{ACCOUNT}/organizations-list-accounts.json": {"Accounts": MEMBERS}}
    files[f"{place}/logs-describe-metric-filters.json"] = {"metricFilters": [metric_filter()]}
    tail = only(join, files)
    assert first_fault(tail)[2] == code
    if code:
        assert place.split("/")[1] in tail.links[Link.METRIC_FILTER].facts["twin"]


RULES_PATH = f"{PLACE}/observabilityadmin-list-centralization-rules-for-organization.json"


def central(**changes: Any) -> Files:
    rule = {
        "RuleName": "central",
        "RuleArn": f"arn:aws:observabilityadmin:{REGION}:{ACCOUNT}:organization-centralization-rule/central",
        "DestinationAccountId": "444455556666",
        "DestinationRegion": REGION,
        "RuleHealth": "Healthy",
    }
    return {RULES_PATH: {"CentralizationRuleSummaries": [rule | changes]}}


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        pytest.param({}, ["no-metric-filter"], id="L12 no rule captured"),
        pytest.param(central(), ["no-metric-filter", "filters-on-copy"], id="L12 a rule copies elsewhere"),
        pytest.param(central(DestinationAccountId=ACCOUNT), ["no-metric-filter"], id="L12 into the group's own place"),
        pytest.param(central(RuleHealth="Unhealthy"), ["no-metric-filter"], id="L12 a rule that does not work"),
    ],
)
def test_centralisation(join: Join, more: Files, codes: list[str]) -> None:
    found = join(textbook(filters=[]) | more).tails(GROUP)
    assert [first_fault(tail)[2] for tail in found] == codes


@pytest.mark.parametrize(
    ("counted", "codes"),
    [
        pytest.param(None, [""], id="L3 not counted"),
        pytest.param(1, [""], id="L3 as many as captured"),
        pytest.param(0, [""], id="L3 a listed filter outweighs a count of none"),
        pytest.param(3, ["", "filters-fewer-than-counted"], id="L3 more than captured"),
    ],
)
def test_counted_filters(join: Join, counted: int | None, codes: list[str]) -> None:
    group = {"logGroupName": "ct", "arn": f"{GROUP.arn}:*", "retentionInDays": 1, "storedBytes": 0, "kmsKeyId": "k"}
    group |= {} if counted is None else {"metricFilterCount": counted}
    files = textbook() | {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": [group]}}
    assert [first_fault(tail)[2] for tail in join(files).tails(GROUP)] == codes


@pytest.mark.parametrize(
    ("counted", "fault"),
    [
        pytest.param(0, ("metric_filter", "broken", "no-metric-filter-counted"), id="L3 none, and no listing needed"),
        pytest.param(1, ("metric_filter", "unknown", "filters-not-captured"), id="L3 one that is not shown"),
    ],
)
def test_counted_filters_without_their_listing(join: Join, counted: int, fault: tuple[str, str, str]) -> None:
    group = {"logGroupName": "ct", "arn": f"{GROUP.arn}:*", "metricFilterCount": counted}
    files = textbook() | {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": [group]}}
    del files[f"{PLACE}/logs-describe-metric-filters.json"]
    assert first_fault(only(join, files)) == fault


def log_alarm(*groups: str) -> dict[str, Any]:
    return {
        "AlarmName": "query",
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:query",
        "ScheduledQueryConfiguration": {"QueryString": "stats count(*)", "LogGroupIdentifiers": list(groups)},
    }


@pytest.mark.parametrize(
    ("groups", "named"),
    [
        pytest.param(["ct"], True, id="V6 by name"),
        pytest.param([f"{GROUP.arn}:*"], True, id="V6 by ARN"),
        pytest.param(["other"], False, id="V6 another group"),
    ],
)
def test_log_alarms_are_named_and_change_no_link(join: Join, groups: list[str], named: bool) -> None:
    files = textbook(alarms=[])
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["LogAlarms"] = [log_alarm(*groups)]
    tail = only(join, files)
    assert first_fault(tail) == ("alarm", "broken", "no-alarm")
    remarks = tail.links[Link.METRIC_FILTER].remarks
    assert [facts["alarms"] for _, facts in remarks] == (["query"] if named else [])


def test_l5_a_young_filter_is_as_good_as_an_old_one(join: Join) -> None:
    for created in (1_751_328_000_000, 1_795_560_385_000):
        assert first_fault(only(join, textbook(filters=[metric_filter(creationTime=created)]))) == ("", "", "")
