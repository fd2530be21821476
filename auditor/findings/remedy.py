"""What a FAIL needs: the facts of its deciding chain, for the steps from the first broken link on."""

from __future__ import annotations

from auditor.arn import parse_arn, partition_of
from auditor.catalogue import Control, Variant, leading_regions
from auditor.chains import Account, Tail
from auditor.chains.topic import sns_actions
from auditor.judgement import Decision
from auditor.judgement.relations import worth_having
from auditor.remediation import steps
from auditor.result import RemediationSteps
from auditor.verdict import LINKS, Link, Verdict


def remedy(control: Control, variant: Variant, decision: Decision, account: Account) -> RemediationSteps | None:
    """The three ways to mend a FAIL, from the first broken link on, with the account's real names."""
    if decision.verdict is not Verdict.FAIL or decision.link is None or decision.state is None:
        return None
    row = decision.row
    path = row.path if row else None
    tail = row.tail if row else None
    first_broken = decision.link
    if tail is not None and not tail.filter_name and LINKS.index(first_broken) > LINKS.index(Link.METRIC_FILTER):
        # No filter is shown, only that none could lead to anybody: the alarms there are for something else (V3).
        tail, first_broken = None, Link.METRIC_FILTER
    group = path.log_group if path else None
    trail = parse_arn(path.trail_arn) if path else None
    region = group.region if group else trail.region if trail else _leading(account)
    topic_arn = _topic(tail) if tail else ""
    facts = {
        "account_id": account.account_id,
        "region": region,
        "partition": group.partition if group else trail.partition if trail else partition_of(region),
        "trail_name": path.name if path else "",
        "trail_arn": path.trail_arn if path else "",
        "trail_region": path.home_region if path else "",
        "trail_account": trail.account_id if trail else "",
        "log_group": group.name if group else "",
        "log_group_account": group.account_id if group else "",
        "log_group_region": group.region if group else "",
        "filter_name": tail.filter_name if tail else "",
        "required_pattern": worth_having(tuple(accepted.pattern for accepted in variant.patterns))[0]
        if row is None or row.relation is None else row.relation.required,
        "metric_name": tail.metric_name if tail else "",
        "metric_namespace": tail.metric_namespace if tail else "",
        "alarm_name": tail.alarm_arn.rpartition(":alarm:")[2] if tail else "",
        "alarm_arn": tail.alarm_arn if tail else "",
        "topic_arn": topic_arn,
        "topic_name": topic_arn.rpartition(":")[2],
        "subscription_arn": tail.subscription_arn if tail else "",
        "protocol": tail.protocol if tail else "",
        "endpoint": tail.endpoint if tail else "",
    }  # fmt: skip
    return steps(control, facts, first_broken, decision.state.code)


def _topic(tail: Tail) -> str:
    """The topic of the chain; where it ends before, the one that its alarm names, so that it is kept."""
    if tail.topic_arn or tail.alarm_item is None:
        return tail.topic_arn
    topics, _ = sns_actions([str(action) for action in tail.alarm_item.get("AlarmActions") or ()])
    return topics[0] if topics else ""


def _leading(account: Account) -> str:
    """Where a trail is proposed that there is none of: in the partition's leading region, if it is required."""
    leading = leading_regions(partition_of(account.regions[0]))
    return next((region for region in leading if region in account.regions), account.regions[0])
