"""The test procedure in words: how population and evidence are established, and the attributes A to G.

The attributes are the seven links of the chain in order. The rules behind the criteria: AWS documentation of
CloudTrail, CloudWatch Logs, CloudWatch alarms and Amazon SNS, as listed with the controls' references.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.verdict import LINKS, Link


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``attribute``: its letter in the results, ``""`` for steps that concern the whole population."""

    attribute: str
    title: str
    done: str
    criterion: str
    call: str
    inconclusive: str


ATTRIBUTES: dict[str, str] = dict(zip(map(str, LINKS), "ABCDEFG", strict=True))
LINK_NAMES: dict[str, str] = {
    Link.TRAIL: "Trail",
    Link.LOG_GROUP: "Log group",
    Link.METRIC_FILTER: "Metric filter",
    Link.METRIC: "Metric",
    Link.ALARM: "Alarm",
    Link.TOPIC: "Topic",
    Link.SUBSCRIPTION: "Subscription",
}

STEPS: tuple[Step, ...] = (
    Step(
        "",
        "Population",
        "Listed the accounts and regions to be covered from the source named on the sheet Population. Every account "
        "in scope is tested (100 % of the population, no sampling); an account without any capture is a row too.",
        "Every account in scope has the captures that the control needs in every region in which the watched "
        "events can happen, or is proven by an organisation trail whose chain is whole.",
        "organizations list-accounts, or a scope file",
        "An account or region in scope without captures, and not proven otherwise.",
    ),
    Step(
        "",
        "Evidence",
        "Recognised each file by its content as the answer to one AWS call in one account and region, checked it "
        "against the schema of that call, put pages together and took its SHA-256.",
        "The answer is whole (no page is missing), follows the schema, is not narrowed by filters of the command, "
        "and its account and region are known.",
        "every call named below",
        "A page is missing, a file is damaged, the call was refused, or two captures contradict each other.",
    ),
    Step(
        "A",
        LINK_NAMES[Link.TRAIL],
        "Inspected the trails of each account, shadows of multi-region and organisation trails included, and which "
        "of the control's events in which regions they record.",
        "Trails that are switched on record the control's events in every required region. Trails are told apart by "
        "ARN; several that deliver into one log group count together.",
        "cloudtrail describe-trails; also get-trail-status and get-event-selectors where captured",
        "describe-trails is not captured for a region that could hold the missing trail, or the selectors hold a "
        "field whose meaning is not known.",
    ),
    Step(
        "B",
        LINK_NAMES[Link.LOG_GROUP],
        "Followed the log group ARN of the trail to its account and region, which may be another account's.",
        "The trail delivers to a log group that exists, is of the Standard class and receives what the trail records.",
        "cloudtrail describe-trails; also logs describe-log-groups and get-trail-status where captured",
        "The class of the group is not known, or the trail's status leaves open whether delivery works.",
    ),
    Step(
        "C",
        LINK_NAMES[Link.METRIC_FILTER],
        "Compared the meaning of each metric filter pattern on that log group with the control's required pattern: "
        "the relation of the two sets of matching events was decided, not the wording.",
        "A filter's pattern is equal in meaning to an accepted pattern of the control. The column Objective asks "
        "only whether every one of the control's own events (name and source) is counted.",
        "logs describe-metric-filters",
        "The filters of the group are not captured or not whole, run on transformed or selected events, or the "
        "relation was not decided (the reason says what was not found out).",
    ),
    Step(
        "D",
        LINK_NAMES[Link.METRIC],
        "Compared the metric that the filter publishes with those that alarms watch: namespace, name, dimensions, "
        "unit, letter by letter, in the same account and region.",
        "An alarm watches exactly that metric, and each matching event adds a value to it.",
        "logs describe-metric-filters; cloudwatch describe-alarms",
        "The alarms of that account and region are not captured or not whole, or the unit of several publishers "
        "differs.",
    ),
    Step(
        "E",
        LINK_NAMES[Link.ALARM],
        "Worked out from statistic, threshold, periods, datapoints and the treatment of missing data whether the "
        "alarm changes to ALARM on one event, from rest, and comes to rest again.",
        "One event trips the alarm, its actions are switched on, and no other alarm is needed to pass it on.",
        "cloudwatch describe-alarms, composite alarms included",
        "The alarm rests on settings whose effect the captures do not show (mute rules, suppressors, high-resolution "
        "periods, functions that are not evaluated).",
    ),
    Step(
        "F",
        LINK_NAMES[Link.TOPIC],
        "Followed the alarm's actions on entering ALARM to SNS topics, by ARN.",
        "At least one action is an existing SNS topic of the alarm's region to which CloudWatch may publish.",
        "cloudwatch describe-alarms; also sns list-topics and get-topic-attributes where captured",
        "The topic is encrypted with a customer key or has a policy whose effect the captures do not show.",
    ),
    Step(
        "G",
        LINK_NAMES[Link.SUBSCRIPTION],
        "Inspected the subscriptions of the topic and their state of confirmation.",
        "At least one subscription is confirmed and takes the alarm's message. Every protocol counts and is named; "
        "a queue or a function is not yet a person.",
        "sns list-subscriptions-by-topic; also list-subscriptions and get-topic-attributes where captured",
        "The subscriptions of the topic are not captured, are not whole, or two sources contradict each other.",
    ),
)
