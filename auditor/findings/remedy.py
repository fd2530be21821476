"""What a FAIL needs: the facts of its deciding chain and all that is broken in it, so that one round mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.arn import parse_arn, partition_of
from auditor.catalogue import leading_regions
from auditor.chains import Account, Chains, Tail, TrailPath
from auditor.judgement import Answers, ControlTest, Decision, Delivery, Row
from auditor.judgement.nearest import worth_having
from auditor.remediation import ChainNames, Remedy
from auditor.verdict import LINKS, Link, State, Verdict


def remedy(test: ControlTest, answers: Answers, account: Account, chains: Chains) -> Remedy | None:
    """What mends a FAIL, from the first broken link on, with the account's real names."""
    decision = answers.decision
    if decision.verdict is not Verdict.FAIL or decision.link is None or decision.state is None:
        return None
    row = decision.row or _widened(answers.rows, account)
    path = row.path if row else None
    tail = row.tail if row else None
    broken = _broken(decision, row, answers, account)
    if tail is not None and not tail.filter_name and next(iter(broken)) not in (Link.TRAIL, Link.LOG_GROUP):
        # No filter is shown, only that none could lead to anybody: the alarms there are for something else (V3).
        tail, broken = None, {Link.METRIC_FILTER: [decision.state.code]}
    topics = chains.topics_of(tail) if tail else []
    topic_arn = tail.topic_arn or next(iter(topics), "") if tail else ""
    if tail is not None and topic_arn:
        tail, broken = _with_topic(tail, topic_arn, broken, chains)
    elif tail is not None and tail.alarm_arn and not broken.keys().isdisjoint((Link.METRIC, Link.ALARM)):
        broken |= {Link.TOPIC: ["no-action"]}  # behind a broken link that has not been asked
    required = (
        worth_having(tuple(accepted.pattern for accepted in test.variant.patterns))[0]
        if row is None or row.relation is None
        else row.relation.nearest.required
    )
    names = _published(_names(path, tail, topic_arn, account, required), tail, chains)
    accept = answers.objective is Verdict.PASS and decision.link is Link.METRIC_FILTER
    return Remedy(test.control, names, broken, accept)


def _with_topic(
    tail: Tail, topic_arn: str, broken: Mapping[Link, list[str]], chains: Chains
) -> tuple[Tail, dict[Link, list[str]]]:
    """The chain with what hangs behind its alarm, which the verdict leaves open behind a broken link."""
    behind = chains.behind_topic(tail, topic_arn)
    links = (Link.TOPIC, Link.SUBSCRIPTION)
    further = {link: [behind.links[link].code] for link in links if behind.links[link].state is State.BROKEN}
    return replace(
        tail, subscription_arn=behind.subscription_arn, protocol=behind.protocol, endpoint=behind.endpoint
    ), further | dict(broken)


def _broken(decision: Decision, row: Row | None, answers: Answers, account: Account) -> dict[Link, list[str]]:
    """Every broken link of the deciding chain in chain order, with its reason codes."""
    assert decision.link is not None
    assert decision.state is not None
    codes = {decision.link: [decision.state.code]}
    if row is not None:
        trail = dict.fromkeys([*codes.get(Link.TRAIL, ()), *_trail_codes(decision, row, answers, account)])
        links = {**row.links, **(decision.links if row is decision.row else {})}
        codes = {Link.TRAIL: list(trail)} if trail else {}
        codes |= {
            link: [links[link].code]
            for link in LINKS
            if link is not Link.TRAIL and links[link].state is State.BROKEN and links[link].reached
        }
    return {link: codes[link] for link in LINKS if link in codes}


def _trail_codes(decision: Decision, row: Row, answers: Answers, account: Account) -> list[str]:
    """What keeps the trail of a chain from delivering each of the watched calls in each region."""
    path = row.path
    codes = [path.trail_link.code] if path.trail_link.state is State.BROKEN else []
    if path.regions is not None and not path.regions.issuperset(decision.unmet):
        codes.append("no-trail-in-region")
    delivery = Delivery(account, path, answers.parts)
    lost = delivery.differing(replace(path.trail_link, state=State.OK)).values()
    return codes + [state.code for state in lost if state.state is State.BROKEN]


def _widened(rows: Sequence[Row], account: Account) -> Row | None:
    """The account's own chain that has least broken, whose trail is to serve the regions that none serves."""
    chains = [
        row
        for row in rows
        if row.path.regions is not None
        and not (row.path.gap or row.path.organization or row.aside)
        and f":{account.account_id}:" in row.path.trail_arn
    ]
    return min(
        chains, key=lambda row: (sum(s.state is State.BROKEN for s in row.links.values()), row.names), default=None
    )


def _names(path: TrailPath | None, tail: Tail | None, topic_arn: str, account: Account, required: str) -> ChainNames:
    group = path.log_group if path else None
    trail = parse_arn(path.trail_arn) if path else None
    if group is not None and trail is not None and group.partition != trail.partition:
        group = None  # no trail delivers there (T4)
    region = group.region if group else trail.region if trail else _leading(account)
    composites = tail.composite_arns if tail else ()
    return ChainNames(
        required_pattern=required,
        account_id=account.account_id,
        region=region,
        partition=group.partition if group else trail.partition if trail else partition_of(region),
        trail_name=path.name if path else "",
        trail_arn=path.trail_arn if path else "",
        trail_region=path.home_region if path else "",
        trail_account=trail.account_id if trail else "",
        log_group=group.name if group else "",
        log_group_account=group.account_id if group else "",
        log_group_region=group.region if group else "",
        filter_name=tail.filter_name if tail else "",
        metric_name=tail.metric_name if tail else "",
        metric_namespace=tail.metric_namespace if tail else "",
        alarm_name=tail.alarm_arn.rpartition(":alarm:")[2] if tail else "",
        alarm_arn=tail.alarm_arn if tail else "",
        composite_name=composites[-1].rpartition(":alarm:")[2] if composites else "",
        topic_arn=topic_arn,
        topic_name=topic_arn.rpartition(":")[2],
        subscription_arn=tail.subscription_arn if tail else "",
        protocol=tail.protocol if tail else "",
        endpoint=tail.endpoint if tail else "",
    )


def _published(names: ChainNames, tail: Tail | None, chains: Chains) -> ChainNames:
    """The names with what the filter publishes, and what the alarm that is put needs of it."""
    published = chains.published(tail) if tail is not None else None
    if published is None:
        return names
    return replace(
        names,
        metric_value=published.value,
        default_value=published.default,
        unit=published.unit,
        alarm_needs=published.needed.value,
        alarm_suits="yes" if published.alarm_suits else "",
    )


def _leading(account: Account) -> str:
    """Where a trail is proposed that there is none of: in the partition's leading region, if it is required."""
    leading = leading_regions(partition_of(account.regions[0]))
    return next((region for region in leading if region in account.regions), account.regions[0])
