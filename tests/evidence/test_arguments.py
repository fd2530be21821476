"""Recorded arguments: one line, words, or lines in a list say the same; what narrows is told from what does not."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.evidence import calls
from auditor.evidence.operations.arguments import alarm_types, log_group_asked, narrowed_by, value_of
from auditor.evidence.operations.command_words import given

WORDS = ("--region", "us-east-1", "--log-group-name", "ct")


@pytest.mark.parametrize(
    "value",
    [
        list(WORDS),
        " ".join(WORDS),
        [" ".join(WORDS)],
        ["--region us-east-1", "--log-group-name ct"],
        "--region 'us-east-1' --log-group-name \"ct\"",
        {"--region": "us-east-1", "--log-group-name": "ct"},
        {"region": "us-east-1", "logGroupName": "ct"},
        {"Region": "us-east-1", "log_group_name": ["ct"]},
    ],
)
def test_however_arguments_are_written_they_say_the_same(value: Any) -> None:
    assert given(value) == WORDS
    assert narrowed_by(given(value)) == "--log-group-name"
    assert value_of(given(value), "--region") == "us-east-1"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], ()),
        ("", ()),
        ([""], ("",)),
        (["--query", "Alarms[?a == 'b']"], ("--query", "Alarms[?a == 'b']")),
        (["--alarm-names", "two words", "--no-paginate"], ("--alarm-names", "two words", "--no-paginate")),
        ("--alarm-names it's", ("--alarm-names", "it's")),
        (["--max-items", 5], ("--max-items", "5")),
        ({"includeShadowTrails": False, "paginate": True}, ("--no-include-shadow-trails", "--paginate")),
        ({"maxItems": 5, "query": None}, ("--max-items", "5")),
        (5, None),
        (None, None),
    ],
)
def test_words_stay_whole_and_what_is_no_command_line_is_none(value: Any, words: tuple[str, ...] | None) -> None:
    assert given(value) == words


@pytest.mark.parametrize(
    ("line", "narrowed"),
    [
        ("--region-opt-status-contains ENABLED_BY_DEFAULT", True),
        ("--region-opt-status-contains=ENABLED_BY_DEFAULT", True),
        ("--region-opt ENABLED", True),
        ("--region-opt-status-contains ENABLED ENABLED_BY_DEFAULT", False),
        ("--region-opt-status-contains ENABLED_BY_DEFAULT ENABLED ENABLING --region us-east-1", False),
        ("--region-names us-east-1", True),
        ("--filter Name=opt-in-status,Values=opted-in", True),
        ("--all-regions", False),
        ("--region us-east-1", False),
        ("--alarm-t CompositeAlarm", True),
        ("--alarm-types=MetricAlarm", False),
        ("--alarm-types CompositeAlarm MetricAlarm", False),
        ('--alarm-types \'["CompositeAlarm", "MetricAlarm"]\'', False),
        ("--alarm-types CompositeAlarm > MetricAlarm.json", True),
        ("--alarm-types CompositeAlarm | tee MetricAlarm", True),
        ("--alarm-types CompositeAlarm --profile MetricAlarm", True),
        ("--alarm-types=file://MetricAlarm", True),
    ],
)
def test_x3_what_narrows(line: str, narrowed: bool) -> None:
    assert bool(narrowed_by(given(line))) == narrowed


FILTERS, BY_TOPIC = "logs:DescribeMetricFilters", "sns:ListSubscriptionsByTopic"
HARMLESS: list[tuple[str, Any]] = [
    (FILTERS, "aws logs describe-metric-filters --region eu-west-1 --profile audit --no-cli-pager > f.json 2>err.txt"),
    (FILTERS, ["aws", "logs", "describe-metric-filters", "--region", "eu-west-1", "--output", "json"]),
    (FILTERS, "AWS_PROFILE=x aws --region=eu-west-1 logs describe-metric-filters --page-size 50"),
    (FILTERS, "aws-vault exec prod -- /usr/bin/aws logs describe-metric-filters --region eu-west-1 | tee x.json"),
    (FILTERS, "docker run --rm amazon/aws-cli:2.15.0 logs describe-metric-filters --region eu-west-1|jq ."),
    (FILTERS, "set -e; mkdir -p x && aws logs describe-metric-filters \\\n  --region eu-west-1 >x/f.json; date"),
    (FILTERS, "aws logs describe-metric-filters --endpoint-url https://logs.eu-west-1.amazonaws.com --debug"),
    (FILTERS, [["--region", "eu-west-1"]]),
    (FILTERS, [{"name": "--region", "value": "eu-west-1"}, {"--profile": "x"}]),
    (FILTERS, ["'--region'", "'eu-west-1'"]),
    (FILTERS, ["-Region", "eu-west-1"]),
    (FILTERS, "\u2013region eu-west-1"),
    (FILTERS, {"region_name": "eu-west-1", "service_name": "logs", "operation": "describe_metric_filters"}),
    (FILTERS, "client.get_paginator('describe_metric_filters').paginate()"),
    (FILTERS, "none"),
    (BY_TOPIC, "client.list_subscriptions_by_topic(TopicArn='arn:aws:sns:us-east-1:111122223333:alerts')"),
    ("logs:DescribeAccountPolicies", "--policy-type TRANSFORMER_POLICY --region us-east-1"),
    ("cloudwatch:DescribeAlarms", {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}),
]
NOT_KNOWN: list[tuple[str, Any]] = [
    (FILTERS, "--region eu-west-1 | jq '{metricFilters: [.metricFilters[] | select(.filterName==\"f\")]}'"),
    (FILTERS, ["--region", "eu-west-1", "|", "grep", "f"]),
    (FILTERS, ["--region", "eu-west-1|head"]),
    (FILTERS, "aws logs describe-metric-filters > f.json && jq .x f.json > g.json"),
    (FILTERS, ["--filterNamePrefix", "f"]),
    (FILTERS, ["-FilterNamePrefix", "f"]),
    (FILTERS, ["filter-name-prefix", "f"]),
    (FILTERS, ["'--filter-name-prefix'", "f"]),
    (FILTERS, "--FILTER-NAME-PREFIX f"),
    (FILTERS, "\u2014filter-name-prefix f"),
    (FILTERS, ["--region=eu-west-1 --filter-name-prefix f"]),
    (FILTERS, ["--profile x", "-FilterNamePrefix f"]),
    (FILTERS, [["--filter-name-prefix", "f"]]),
    (FILTERS, [{"name": "--filter-name-prefix", "value": "f"}]),
    (FILTERS, {"Name": "FilterNamePrefix", "Value": "f"}),
    (FILTERS, "client.describe_metric_filters(filterNamePrefix='f')"),
    (FILTERS, "client.describe_metric_filters(**more)"),
    (FILTERS, "client.describe_metric_filters()['metricFilters'][:1]"),
    (FILTERS, 'aws logs describe-metric-filters "$@"'),
    (FILTERS, "aws logs describe-metric-filters --region `cat region`"),
    (FILTERS, "aws logs describe-subscription-filters"),
    (FILTERS, ["--unknown", "x"]),
    (FILTERS, ["--endpoint-url", "http://localhost:4566"]),
    (FILTERS, ["--generate-cli-skeleton", "output"]),
    (FILTERS, [5]),
    (BY_TOPIC, "client.list_subscriptions(TopicArn='x')"),
    ("logs:DescribeAccountPolicies", "--policy-type DATA_PROTECTION_POLICY"),
    ("kms:GetKeyPolicy", "--key-id x --policy-name other"),
]


@pytest.mark.parametrize(("call", "value"), HARMLESS)
def test_x3_what_is_known_to_leave_an_answer_whole(call: str, value: Any) -> None:
    assert narrowed_by(given(value), calls()[call]) == ""


@pytest.mark.parametrize(("call", "value"), NOT_KNOWN)
def test_x3_what_is_not_known_to_be_harmless_may_narrow(call: str, value: Any) -> None:
    assert narrowed_by(given(value), calls()[call])


def test_x3_what_the_shell_does_with_an_answer_is_no_value_of_an_option() -> None:
    for redirected in ("> ct.json", ">> ct.json", "2> errors.txt", "2>&1", "&> ct.json", "| tee ct.json", "; date"):
        line = given(f"logs describe-metric-filters --region us-east-1 --log-group-name ct {redirected}")
        assert value_of(line, "--log-group-name") == log_group_asked(line) == "ct"


def test_c1_kinds_of_alarms_count_where_nothing_else_narrowed() -> None:
    both = frozenset({"MetricAlarm", "CompositeAlarm"})
    assert alarm_types(given("--alarm-types MetricAlarm CompositeAlarm > alarms.json")) == both
    assert alarm_types(given('--alarm-types=["MetricAlarm","CompositeAlarm"]')) == both
    assert alarm_types(given("--alarm-types MetricAlarm --alarm-names a")) == frozenset()


@pytest.mark.parametrize("call_id", calls())
def test_x3_a_call_is_not_narrowed_by_the_command_that_captures_it(call_id: str) -> None:
    call = calls()[call_id]
    arguments = given(call.request("us-east-1", "main"))
    assert narrowed_by(arguments, call) == ""


def test_x3_an_option_that_says_which_trail_narrows_a_listing_of_trails() -> None:
    listing, selectors = calls()["cloudtrail:DescribeTrails"], calls()["cloudtrail:GetEventSelectors"]
    line = given("--trail-name main --region us-east-1")
    assert narrowed_by(line, listing) == "--trail-name-list"
    assert narrowed_by(line, selectors) == ""


@pytest.mark.parametrize(
    ("line", "region"),
    [
        ("--region eu-west-1", "eu-west-1"),
        ("--region=eu-west-1", "eu-west-1"),
        ("--region us-east-1 --output json --region eu-west-1", "eu-west-1"),
        ("--region-names eu-west-1", ""),
        ("--output json", ""),
    ],
)
def test_the_last_value_of_an_option_counts(line: str, region: str) -> None:
    assert value_of(given(line), "--region") == region
