"""Rules V3, M1, M5, M6, A6, A14, C4: what arrives in a metric decides, and what nobody shows leaves it open."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains import Tail
from auditor.verdict import Link, State
from tests.chains.chain import ALARM_ARN, GROUP, PLACE, TOPIC, Join, first_fault, needed
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, trail

FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
UNRELATED = "{ $.eventName = Unrelated }"
EVERYTHING = ("", "{ $.eventName = * }", '{ $.userIdentity.type = "AssumedRole" }')


def further(pattern: str = UNRELATED, *, name: str = "other", **transformation: Any) -> dict[str, Any]:
    """Another filter on the textbook's log group that publishes into the same metric."""
    return metric_filter(pattern, filterName=name, transformation=transformation)


def own(join: Join, files: Files) -> Tail:
    """What hangs behind the textbook's filter, by the composite alarm if there is one."""
    tails = [tail for tail in join(files).tails(GROUP) if tail.filter_name == "ssm-actions"]
    return next((tail for tail in tails if tail.composite_arns), tails[0])


def truncated(files: Files) -> Files:
    files[FILTERS]["nextToken"] = "t"
    return files


# rule and case, the alarm's settings, another filter (pattern, transformation, further members), code
CASES: list[tuple[str, dict[str, Any], str, dict[str, Any], dict[str, Any], str]] = [
    ("M6 sum and zeros for everything", {}, "", {"metricValue": "0"}, {}, ""),
    ("M6 maximum and zeros for everything", {"Statistic": "Maximum"}, "", {"metricValue": "0"}, {}, ""),
    ("A6 sum and ones for everything", {}, "", {}, {}, "publisher-counts-everything"),
    ("A6 sum and ones for nearly everything", {}, EVERYTHING[2], {}, {}, "publisher-counts-everything"),
    ("A6 sum and ones for all that read", {}, "{ $.readOnly IS TRUE }", {}, {}, "alarm-other-publisher"),
    ("A6 ones for everything, by another dimension", {}, "", {"dimensions": {"a": "$.b"}}, {}, ""),
    ("A6 ones for everything, by source", {}, "", {}, {"emitSystemFieldDimensions": ["@aws.account"]}, ""),
    ("A6 ones for everything, into another metric", {}, "", {"metricName": "X"}, {}, ""),
    ("A6 a default that breaches", {}, UNRELATED, {"defaultValue": 1}, {}, "alarm-always-in-alarm"),
    ("A6 a default of zero", {}, UNRELATED, {"defaultValue": 0}, {}, ""),
    ("M6 average and ones", {"Statistic": "Average"}, UNRELATED, {}, {}, ""),
    ("M6 average and zeros", {"Statistic": "Average"}, UNRELATED, {"metricValue": "0"}, {}, "alarm-other-publisher"),
    ("M1 average and zeros of another dimension", {"Statistic": "Average"}, UNRELATED,
     {"metricValue": "0", "dimensions": {"a": "$.b"}}, {}, ""),
    ("M5 the other unit is not seen", {"Statistic": "Average", "Unit": "None"}, UNRELATED,
     {"metricValue": "0", "unit": "Count"}, {}, ""),
    ("M5 units mixed", {}, UNRELATED, {"unit": "Count"}, {}, "units-mixed"),
    ("M5 units of another dimension", {}, UNRELATED, {"unit": "Count", "dimensions": {"a": "$.b"}}, {}, ""),
    ("L6 A6 on transformed events", {}, UNRELATED, {}, {"applyOnTransformedLogs": True}, "alarm-other-publisher"),
    ("L6 A6 all transformed events", {}, "", {}, {"applyOnTransformedLogs": True}, "alarm-other-publisher"),
    ("L6 zeros on transformed events", {}, UNRELATED, {"metricValue": "0"}, {"applyOnTransformedLogs": True}, ""),
    ("M6 value from a field", {}, UNRELATED, {"metricValue": "$.x"}, {}, "alarm-other-publisher"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "pattern", "transformation", "members", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_further_filter(
    join: Join,
    settings: dict[str, Any],
    pattern: str,
    transformation: dict[str, Any],
    members: dict[str, Any],
    code: str,
) -> None:
    other = further(pattern, **transformation) | members
    assert first_fault(own(join, textbook(filters=[metric_filter(), other], alarms=[alarm(**settings)])))[2] == code


@pytest.mark.parametrize(
    ("statistic", "code"),
    [
        pytest.param("Sum", "", id="V3 sum"),
        pytest.param("Maximum", "", id="V3 maximum"),
        pytest.param("SampleCount", "", id="V3 sample count"),
        pytest.param("Average", "further-publishers-not-shown", id="V3 average"),
        pytest.param("Minimum", "further-publishers-not-shown", id="V3 minimum"),
    ],
)
def test_v3_a_page_of_filters_is_missing(join: Join, statistic: str, code: str) -> None:
    tail = own(join, truncated(textbook(alarms=[alarm(Statistic=statistic)])))
    assert first_fault(tail)[2] == code
    assert needed(tail, Link.ALARM)[:1] == ["logs:DescribeMetricFilters"]
    points = [point for point in tail.links[Link.ALARM].open_points if point.code == "further-publishers-not-shown"]
    assert [point.material for point in points] == ([] if code else [True])
    assert tail.links[Link.ALARM].strict().state is State.UNKNOWN


def test_l3_v3_a_group_counts_more_filters_than_were_captured(join: Join) -> None:
    files = textbook(alarms=[alarm(Statistic="Average")])
    files[f"{PLACE}/logs-describe-log-groups.json"] = {
        "logGroups": [{"logGroupName": "app", "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:app:*",
                       "creationTime": 1, "metricFilterCount": 1, "storedBytes": 0}]
    }  # fmt: skip
    assert first_fault(own(join, files))[2] == "further-publishers-not-shown"


def test_a14_v3_filters_of_the_alarms_own_account_do_not_matter(join: Join) -> None:
    monitor = "999988887777"
    metric = {"Namespace": "Audit", "MetricName": "SsmActions", "Dimensions": []}
    entry = {"Id": "m1", "AccountId": ACCOUNT, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Average"}}
    left_out = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    files = textbook(alarms=[]) | textbook(monitor, trails=[], alarms=[alarm(monitor, Metrics=[entry], **left_out)])
    del files[f"{monitor}/{REGION}/logs-describe-metric-filters.json"]
    link = own(join, files).links[Link.ALARM]
    assert (link.state, link.code) == (State.OK, "")


def test_v3_a_setting_that_is_broken_stays_broken(join: Join) -> None:
    found = own(join, truncated(textbook(alarms=[alarm(Statistic="Average", EvaluationPeriods=2)])))
    assert first_fault(found) == ("alarm", "broken", "alarm-datapoints")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        pytest.param({}, "filters-truncated", id="V3 an alarm that may trip"),
        pytest.param({"EvaluationPeriods": 2}, "alarm-datapoints", id="A4 V3 two of two"),
        pytest.param({"EvaluationPeriods": 2, "TreatMissingData": "missing"}, "filters-truncated", id="A5 V3 late"),
        pytest.param(
            {"Statistic": None, "ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"},
            "alarm-low-samples-ignored", id="A10 V3 few samples",
        ),
    ],
)  # fmt: skip
def test_v3_alarms_that_no_filter_trips_are_broken_whatever_the_filter(
    join: Join, settings: dict[str, Any], code: str
) -> None:
    (tail,) = join(truncated(textbook(filters=[], alarms=[alarm(**settings)]))).tails(GROUP)
    assert [link.code for link in tail.links.values() if link.code][0 if code == "filters-truncated" else 2] == code


@pytest.mark.parametrize(
    ("statistic", "pattern", "default", "code"),
    [
        pytest.param("Average", UNRELATED, 0, "alarm-other-publisher", id="M6 V3 zeros"),
        pytest.param("Average", UNRELATED, None, "", id="M6 V3 nothing"),
        pytest.param("Sum", "", None, "publisher-counts-everything", id="A6 V3 counts everything"),
        pytest.param("Sum", UNRELATED, 1, "alarm-always-in-alarm", id="A6 V3 default breaches"),
        pytest.param("Sum", UNRELATED, 0, "", id="A6 V3 default does not"),
    ],
)
def test_a6_m6_v3_what_is_captured_spoils_what_is_not(
    join: Join, statistic: str, pattern: str, default: int | None, code: str
) -> None:
    filters = [metric_filter(pattern, logGroupName="app", transformation={"defaultValue": default})]
    (tail,) = join(truncated(textbook(filters=filters, alarms=[alarm(Statistic=statistic)]))).tails(GROUP)
    assert tail.links[Link.METRIC_FILTER].code == "filters-truncated"
    assert tail.links[Link.ALARM].code == (code or "not-reached")


def test_a14_v3_an_alarm_elsewhere_that_names_the_account_may_watch_what_is_not_shown(join: Join) -> None:
    monitor = "999988887777"
    metric = {"Namespace": "Audit", "MetricName": "SsmActions", "Dimensions": []}
    entry = {"Id": "m1", "AccountId": ACCOUNT, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}}
    left_out = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    files = truncated(textbook(filters=[], alarms=[]))
    files |= textbook(monitor, trails=[], filters=[], alarms=[alarm(monitor, Metrics=[entry], **left_out)])
    (tail,) = join(files).tails(GROUP)
    assert first_fault(tail) == ("metric_filter", "unknown", "filters-truncated")
    assert tail.links[Link.ALARM].state is State.UNKNOWN


def composite(rule: str, **changes: Any) -> dict[str, Any]:
    base = {"AlarmName": "page", "AlarmArn": ALARM_ARN + "page", "AlarmRule": rule, "AlarmActions": [TOPIC]}
    base |= {"ActionsEnabled": True, "OKActions": [], "InsufficientDataActions": [], "StateValue": "OK"}
    return base | changes


def above(rule: str, filters: list[dict[str, Any]], *others: dict[str, Any], **changes: Any) -> Files:
    alarms = [alarm(AlarmActions=[]), *others]
    return textbook(filters=[metric_filter(), *filters], alarms=alarms, composites=[composite(rule, **changes)])


def other_alarm(name: str = "b", **changes: Any) -> dict[str, Any]:
    return alarm(name=name, **({"MetricName": "Other", "AlarmActions": []} | changes))


@pytest.mark.parametrize("pattern", EVERYTHING)
@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        pytest.param("ALARM(ssm-actions) OR ALARM(b)", ("broken", "composite-true-at-rest"), id="C4 or"),
        pytest.param("ALARM(ssm-actions) AND ALARM(b)", ("unknown", "composite-conditional"), id="C4 C5 and"),
        pytest.param("ALARM(ssm-actions) AND NOT ALARM(b)", ("broken", "composite-needs-more"), id="C4 and not"),
    ],
)
def test_c4_an_alarm_whose_filter_counts_everything_rests_in_alarm(
    join: Join, pattern: str, rule: str, fault: tuple[str, str]
) -> None:
    filters = [further(pattern, metricName="Other")]
    assert first_fault(own(join, above(rule, filters, other_alarm())))[1:] == fault


@pytest.mark.parametrize(
    ("pattern", "trails", "code"),
    [
        pytest.param(f'{{ $.recipientAccountId = "{ACCOUNT}" }}', {}, "publisher-counts-everything", id="own account"),
        pytest.param(f"{{ $.userIdentity.accountId = {ACCOUNT} }}", {}, "publisher-counts-everything", id="own caller"),
        pytest.param('{ $.recipientAccountId = "444455556666" }', {}, "", id="another account"),
        pytest.param(
            '{ $.recipientAccountId = "444455556666" }', {"IsOrganizationTrail": True}, "alarm-other-publisher",
            id="one of an organisation",
        ),
        pytest.param(f'{{ $.awsRegion = "{REGION}" }}', {}, "alarm-other-publisher", id="one of all regions"),
        pytest.param(
            f'{{ $.awsRegion = "{REGION}" }}', {"IsMultiRegionTrail": False}, "publisher-counts-everything",
            id="the only region",
        ),
        pytest.param('{ $.eventVersion = "1.0*" }', {}, "alarm-other-publisher", id="one of several versions"),
        pytest.param('{ $.eventVersion = "1.*" }', {}, "publisher-counts-everything", id="every version"),
        pytest.param('{ $.* = "1.08" }', {}, "alarm-other-publisher", id="one version by any member"),
        pytest.param('{ $.eventTime != "2026-01-01*" }', {}, "publisher-counts-everything", id="every day but one"),
        pytest.param('{ $.eventTime = "2026-01-01*" }', {}, "", id="one day"),
        pytest.param('{ $.eventTime != "2026-*" }', {}, "alarm-other-publisher", id="every year but one"),
        pytest.param("{ $.eventTime = %:[0-5][1-9]Z% }", {}, "alarm-other-publisher", id="most seconds"),
        pytest.param(
            '{ $.userIdentity.sessionContext.attributes.creationDate = "2025-*" }', {}, "alarm-other-publisher",
            id="sessions of one year",
        ),
        pytest.param("{ $.eventID = *a* }", {}, "alarm-other-publisher", id="most ids"),
        pytest.param(
            "{ $.userIdentity.sessionContext.sessionIssuer.userName = *e* }", {}, "alarm-other-publisher",
            id="names with a letter",
        ),
        pytest.param("{ $.userIdentity.accessKeyId = ASIA* }", {}, "publisher-counts-everything", id="a role's key"),
        pytest.param("{ $.userIdentity.accessKeyId = AKIA* }", {}, "alarm-other-publisher", id="a user's key"),
        pytest.param("{ $.userIdentity.accessKeyId = AKIA1234* }", {}, "", id="some keys"),
        pytest.param("{ $.userIdentity.accessKeyId NOT EXISTS }", {}, "alarm-other-publisher", id="without a key"),
        pytest.param(
            "{ $.userIdentity.sessionContext.sessionIssuer.arn = * }", {}, "publisher-counts-everything", id="issuer",
        ),
        pytest.param("{ $.tlsDetails.cipherSuite = * }", {}, "alarm-other-publisher", id="with TLS"),
        pytest.param("{ $.requestParameters.* = * }", {}, "alarm-other-publisher", id="with any parameter"),
        pytest.param("{ $.resources[0].ARN = * }", {}, "alarm-other-publisher", id="about a resource"),
        pytest.param("{ $.additionalEventData.* = * }", {}, "alarm-other-publisher", id="with further data"),
        pytest.param('{ $.userAgent = "*Boto*" }', {}, "alarm-other-publisher", id="by one SDK"),
        pytest.param('{ $.userAgent = "*aws*" }', {}, "alarm-other-publisher", id="by tools"),
        pytest.param("{ $.userIdentity.type = AWSService }", {}, "alarm-other-publisher", id="by services"),
        pytest.param("{ $.userIdentity.invokedBy = * }", {}, "alarm-other-publisher", id="by or for services"),
        pytest.param("{ $.eventType = AwsServiceEvent }", {}, "alarm-other-publisher", id="without a call"),
        pytest.param("{ $.vpcEndpointId = vpce-* }", {}, "alarm-other-publisher", id="through endpoints"),
        pytest.param(
            "{ $.userIdentity.sessionContext.ec2RoleDelivery = * }", {}, "alarm-other-publisher", id="of instances",
        ),
        pytest.param("{ $.sessionCredentialFromConsole = true }", {}, "alarm-other-publisher", id="in the console"),
        pytest.param('{ $.eventName = "*e*" }', {}, "alarm-other-publisher", id="most names"),
        pytest.param('{ $.eventName = "Describe*" }', {}, "", id="some names"),
        pytest.param("{ $.userIdentity.type = Root }", {}, "", id="a rare caller"),
    ],
)  # fmt: skip
def test_a6_l10_a_further_filter_that_counts_nearly_all_that_its_group_receives(
    join: Join, pattern: str, trails: dict[str, Any], code: str
) -> None:
    files = textbook(trails=[trail(**trails)], filters=[metric_filter(), further(pattern)])
    assert first_fault(own(join, files))[2] == code


def test_l2_a_filter_on_a_group_of_another_class_publishes_nothing(join: Join) -> None:
    dead = further(defaultValue=1) | {"logGroupName": "cheap"}
    classes = {"ct": "STANDARD", "cheap": "INFREQUENT_ACCESS"}
    listing = [{"logGroupName": name, "logGroupClass": kind} for name, kind in classes.items()]
    groups = {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": listing}}
    files = textbook(filters=[metric_filter(), dead])
    assert first_fault(own(join, files))[2] == "alarm-always-in-alarm"
    assert first_fault(own(join, files | groups))[2] == ""


@pytest.mark.parametrize(
    ("transformation", "code"),
    [
        pytest.param({"metricValue": "0"}, "", id="C4 zeros for everything"),
        pytest.param({"dimensions": {"a": "$.b"}}, "", id="C4 M1 everything, by another dimension"),
    ],
)
def test_c4_what_arrives_decides_how_another_alarm_rests(join: Join, transformation: dict[str, Any], code: str) -> None:
    filters = [further("", **({"metricName": "Other"} | transformation))]
    files = above("ALARM(ssm-actions) OR ALARM(b)", filters, other_alarm())
    assert first_fault(own(join, files))[2] == code


@pytest.mark.parametrize(
    ("dimensions", "fault"),
    [
        pytest.param({"a": "$.b"}, ("broken", "composite-true-at-rest"), id="C4 M1 the alarm's dimensions"),
        pytest.param({"c": "$.b"}, ("", ""), id="C4 M1 other dimensions"),
    ],
)
def test_c4_the_rest_of_an_alarm_on_dimensions(join: Join, dimensions: dict[str, str], fault: tuple[str, str]) -> None:
    filters = [further(metricName="Other", dimensions=dimensions)]
    sparse = other_alarm(TreatMissingData="missing", Dimensions=[{"Name": "a", "Value": "x"}])
    files = above("ALARM(ssm-actions) OR INSUFFICIENT_DATA(b)", filters, sparse)
    assert first_fault(own(join, files))[1:] == fault


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        pytest.param("ALARM(ssm-actions) AND NOT OK(b)", ("broken", "composite-needs-more"), id="C4 V4 while busy"),
        pytest.param("ALARM(ssm-actions) OR NOT OK(b)", ("unknown", "composite-undecided"), id="C4 V4 after silence"),
    ],
)
def test_c4_v4_what_fails_while_the_group_is_busy_is_broken(join: Join, rule: str, fault: tuple[str, str]) -> None:
    filters = [further(metricName="Other", defaultValue=0)]
    files = above(rule, filters, other_alarm(TreatMissingData="missing"))
    assert first_fault(own(join, files))[1:] == fault


def test_c4_v3_the_alarm_itself_rests_as_its_captured_filters_say(join: Join) -> None:
    tail = own(join, truncated(above("ALARM(ssm-actions)", [])))
    assert first_fault(tail) == ("", "", "")
    assert [point.code for point in tail.links[Link.ALARM].open_points][:1] == ["further-publishers-not-shown"]


@pytest.mark.parametrize(
    ("missing", "fault"),
    [
        pytest.param(False, ("alarm", "broken", "composite-true-at-rest"), id="C4 V3 all filters"),
        pytest.param(True, ("alarm", "unknown", "composite-undecided"), id="C4 V3 a page is missing"),
    ],
)
def test_c4_v3_a_missing_filter_may_let_the_alarm_rest(join: Join, missing: bool, fault: tuple[str, str, str]) -> None:
    files = above("NOT OK(ssm-actions)", [])
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["MetricAlarms"][0]["TreatMissingData"] = "missing"
    assert first_fault(own(join, truncated(files) if missing else files)) == fault


def test_c4_v3_the_rest_of_an_alarm_whose_filters_are_not_all_there(join: Join) -> None:
    tail = own(join, truncated(above("ALARM(ssm-actions) OR ALARM(b)", [], other_alarm())))
    assert first_fault(tail) == ("alarm", "unknown", "composite-undecided")
    assert tail.links[Link.ALARM].facts["silencer"] == "b"
    assert needed(tail, Link.ALARM)[:1] == ["logs:DescribeMetricFilters"]


def test_c5_a_missing_page_of_alarms_may_hold_the_one_that_lifts_a_silencer(join: Join) -> None:
    files = above("ALARM(ssm-actions) AND (NOT ALARM(b) OR ALARM(d))", [], other_alarm())
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["NextToken"] = "t"
    tail = own(join, files)
    assert first_fault(tail) == ("alarm", "unknown", "composite-conditional")
    assert tail.links[Link.ALARM].facts["silencer"] == "b and d"


@pytest.mark.parametrize(
    ("inner", "states", "fault"),
    [
        pytest.param("ALARM(b) AND ALARM(d)", ("ALARM", "ALARM"), ("broken", "composite-silenced"), id="C5 both"),
        pytest.param("ALARM(b) AND ALARM(d)", ("ALARM", "OK"), ("unknown", "composite-conditional"), id="C5 one"),
        pytest.param("ALARM(b) AND NOT ALARM(b)", ("ALARM", "OK"), ("", ""), id="C5 one alarm has one state"),
    ],
)
def test_c5_a_composite_that_silences(join: Join, inner: str, states: tuple[str, str], fault: tuple[str, str]) -> None:
    others = [other_alarm(name, MetricName=name, StateValue=state) for name, state in zip("bd", states, strict=True)]
    files = above("ALARM(ssm-actions) AND NOT ALARM(quiet)", [], *others)
    below = composite(inner, AlarmName="quiet", AlarmArn=ALARM_ARN + "quiet", AlarmActions=[])
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["CompositeAlarms"].append(below)
    tail = own(join, files)
    assert first_fault(tail)[1:] == fault
    if fault[0]:
        assert tail.links[Link.ALARM].facts["silencer"] == "quiet"


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        pytest.param("ALARM", ("broken", "composite-silenced"), id="C5 stood in ALARM"),
        pytest.param("OK", ("unknown", "composite-conditional"), id="C5 stood in OK"),
    ],
)
def test_c5_a_composite_that_silences_by_alarms_that_no_capture_lists(
    join: Join, state: str, fault: tuple[str, str]
) -> None:
    files = above("ALARM(ssm-actions) AND NOT ALARM(quiet)", [])
    below = composite("ALARM(b)", AlarmName="quiet", AlarmArn=ALARM_ARN + "quiet", AlarmActions=[], StateValue=state)
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["CompositeAlarms"].append(below)
    assert first_fault(own(join, files))[1:] == fault


@pytest.mark.parametrize(
    ("suppressor", "fault"),
    [
        pytest.param("ssm-actions", ("broken", "composite-suppressed"), id="C5 by the very alarm"),
        pytest.param("quiet", ("unknown", "composite-suppressor"), id="C5 by a composite"),
        pytest.param("never", ("", ""), id="C5 by one that never is in ALARM"),
        pytest.param("gone", ("unknown", "composite-suppressor"), id="C5 by one that no capture lists"),
    ],
)
def test_c5_suppressors(join: Join, suppressor: str, fault: tuple[str, str]) -> None:
    files = above("ALARM(ssm-actions)", [], other_alarm(), ActionsSuppressor=suppressor)
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["CompositeAlarms"] += [
        composite(rule, AlarmName=name, AlarmArn=ALARM_ARN + name, AlarmActions=[])
        for name, rule in (("quiet", "ALARM(b)"), ("never", "FALSE"))
    ]
    assert first_fault(own(join, files))[1:] == fault


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        pytest.param({"EvaluationState": "PARTIAL_DATA"}, ("unknown", "alarm-evaluation-error"), id="A12 error"),
        pytest.param(
            {"EvaluationState": "PARTIAL_DATA", "Threshold": 5.0}, ("broken", "alarm-threshold"), id="A12 A2 broken"
        ),
        pytest.param(
            {"Statistic": None, "ExtendedStatistic": "tm90", "EvaluationPeriods": 2}, ("broken", "alarm-datapoints"),
            id="A4 A10 broken whatever the statistic",
        ),
        pytest.param({"Period": 10, "Threshold": 2.0}, ("broken", "alarm-threshold"), id="A2 A9 broken"),
    ],
)  # fmt: skip
def test_a1_to_a12_the_link_is_the_worst_of_its_rules(
    join: Join, settings: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert first_fault(own(join, textbook(alarms=[alarm(**settings)])))[1:] == fault


def test_m1_to_m5_the_link_is_the_worst_of_its_rules(join: Join) -> None:
    files = textbook(filters=[metric_filter(transformation={"metricValue": "$.x"}), further(unit="Count")])
    assert first_fault(own(join, files)) == ("metric", "broken", "value-not-constant")
