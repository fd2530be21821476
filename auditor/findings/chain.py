"""A chain of a finding: what stands at each link, and where the captures say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.chains import Account, LinkState, Source
from auditor.chains.alarms.settings import read_settings
from auditor.chains.trail import moment_of
from auditor.evidence import Capture
from auditor.judgement import Calls, Decision, Question, Row
from auditor.result import AlarmSettings, ChainFacts, EvidenceItem, LinkFacts
from auditor.rules import sentence
from auditor.text import listing, one_line
from auditor.verdict import LINKS, Link, State


class EvidenceList:
    """The evidence of one finding: each place once, in order of first use; tells its index."""

    def __init__(self, captures: Sequence[Capture]) -> None:
        self._captures = captures
        self._index: dict[Source, int] = {}

    def add(self, source: Source) -> int:
        """The index of a place in the finding's evidence."""
        return self._index.setdefault(source, len(self._index))

    @property
    def used(self) -> list[Capture]:
        """The captures that the finding rests on."""
        return [self._captures[number] for number in dict.fromkeys(source.capture for source in self._index)]

    def _place(self, source: Source) -> str:
        capture = self._captures[source.capture]
        return capture.in_file(source.pointer or capture.spoilt_place)

    def items(self) -> list[EvidenceItem]:
        """The places with file, digest and pointer."""
        return [
            {
                "file": self._captures[source.capture].file,
                "sha256": self._captures[source.capture].sha256,
                "pointer": self._place(source),
                "captured_at": self._captures[source.capture].captured_at,
            }
            for source in self._index
        ]


def chain_facts(
    number: int,
    row: Row,
    question: Question,
    parts: Sequence[Calls],
    evidence: EvidenceList,
    account: Account,
    decision: Decision,
) -> ChainFacts:
    """One chain of a finding, its ``number``-th, with each of its links; what these cite is added to ``evidence``."""
    tail, path, relation = row.tail, row.path, row.relation
    states = dict(row.links)
    if question.covers and row in decision.proving and row.structural is not None:
        states[Link.METRIC_FILTER] = row.structural  # it notices its part
    if row is decision.row:
        states |= decision.links
    first_broken = next(
        (link for bad in (State.BROKEN, State.UNKNOWN) for link in LINKS if states[link].state is bad), None
    )
    regions = list(account.regions) if path.regions is None else sorted(path.regions)
    delivered = [
        part.event.name for index, part in enumerate(parts) if row.link(Link.TRAIL, index).state is not State.BROKEN
    ]
    group = path.log_group
    return {
        "number": number,
        "trail_arn": path.trail_arn,
        "home_region": path.home_region,
        "multi_region": path.multi_region,
        "organization_trail": path.organization,
        "log_group": group.arn if group else "",
        "filter_name": tail.filter_name if tail else "",
        "filter_pattern": tail.filter_pattern if tail else None,
        "required_pattern": relation.nearest.required if relation else question.accepted[0],
        "pattern_relation": relation.relation.value if relation else None,
        "missed": list(relation.nearest.missed) if relation else [],
        "added": list(relation.nearest.added) if relation else [],
        "witness": relation.nearest.witness if relation else None,
        "witness_kind": relation.nearest.witness_kind if relation else "",
        "assumptions": list(relation.nearest.assumptions) if relation else [],
        "metric": f"{tail.metric_namespace}/{tail.metric_name}" if tail and tail.metric_name else "",
        "alarm_arn": tail.alarm_arn if tail else "",
        "alarm": _alarm(tail.alarm_item) if tail and tail.alarm_item is not None else None,
        "composite_arns": list(tail.composite_arns) if tail else [],
        "topic_arn": tail.topic_arn if tail else "",
        "subscription_arn": tail.subscription_arn if tail else "",
        "protocol": tail.protocol if tail else "",
        "endpoint": tail.endpoint if tail else "",
        "covers": {"regions": regions, "events": list(dict.fromkeys(delivered))},
        "links": {link.value: _link(states[link], evidence) for link in LINKS},
        "first_broken": None if first_broken is None else first_broken.value,
        "decides": row is decision.row or row in decision.proving,
    }  # fmt: skip


def _link(state: LinkState, evidence: EvidenceList) -> LinkFacts:
    return {
        "state": state.state.value,
        "code": state.code,
        "reason": sentence(state.code, state.facts) if state.code and state.reached else "",
        "evidence": [evidence.add(source) for source in state.sources],
    }


def _alarm(item: Mapping[str, Any]) -> AlarmSettings:
    settings = read_settings(item)
    return {
        "words": _expressions(item) if isinstance(settings, str) else settings.words,
        "description": str(item.get("AlarmDescription") or ""),
        "configured_at": moment_of(item.get("AlarmConfigurationUpdatedTimestamp")),
        "statistic": item.get("Statistic") or item.get("ExtendedStatistic"),
        "threshold": item.get("Threshold"),
        "comparison": item.get("ComparisonOperator"),
        "period": item.get("Period"),
        "evaluation_periods": item.get("EvaluationPeriods"),
        "datapoints_to_alarm": item.get("DatapointsToAlarm"),
        "treat_missing_data": item.get("TreatMissingData"),
        "actions_enabled": item.get("ActionsEnabled"),
    }


def _expressions(item: Mapping[str, Any]) -> str:
    """What an alarm evaluates that is not on one metric (A13)."""
    queries = [query for query in item.get("Metrics") or () if isinstance(query, dict) and query.get("Expression")]
    if not queries:
        return "another kind of evaluation"
    shown = listing(
        (f"{query.get('Id', '')} = {one_line(str(query['Expression']), 200)}" for query in queries), limit=4
    )
    limit = item.get("Threshold", item.get("ThresholdMetricId"))
    return f"metric maths: {shown}; {item.get('ComparisonOperator')} {limit if limit is not None else ''}".rstrip()
