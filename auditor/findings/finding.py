"""Judged accounts as findings: reason, chains, evidence, open points, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.chains import Account, LinkState, Need, OpenPoint, Source, command_for
from auditor.chains.alarms.settings import read_settings
from auditor.chains.trail import moment_of
from auditor.evidence import Capture
from auditor.judgement import Answers, Calls, ControlTest, Decision, Question, Row
from auditor.judgement.relations import relation_to
from auditor.patterns import READINGS
from auditor.remediation import Remedy, steps
from auditor.result import AlarmSettings, Assumption, ChainFacts, EvidenceItem, Finding, LinkFacts, OpenPointFacts
from auditor.rules import reasons, sentence
from auditor.text import count, listing, one_line
from auditor.verdict import LINKS, Link, Relation, State, Verdict


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

    def items(self) -> list[EvidenceItem]:
        """The places with file, digest and pointer."""
        return [
            {
                "file": self._captures[source.capture].file,
                "sha256": self._captures[source.capture].sha256,
                "pointer": source.pointer,
                "captured_at": self._captures[source.capture].captured_at,
            }
            for source in self._index
        ]


def finding(
    number: int,
    account: Account,
    test: ControlTest,
    answers: Answers,
    published: tuple[Verdict | None, str],
    captures: Sequence[Capture],
    account_sources: Sequence[Source],
    mend: Remedy | None,
) -> Finding:
    """The finding of one control variant in one account (shape: ``Finding``).

    ``published`` is what the published rule says, and why where that is another verdict; ``mend`` what to do.
    """
    control, variant, question = test.control, test.variant, test.question
    decision, rows = answers.decision, answers.rows
    evidence = EvidenceList(captures)
    telling = _telling_rows(decision, rows)
    shown = [
        _chain(place, row, question, answers.parts, evidence, account, decision)
        for place, row in enumerate(telling, start=1)
    ]
    for source in account_sources if any(_is_foreign(row, account) for row in decision.proving) else ():
        evidence.add(source)  # that the trail serves this account
    state = decision.state
    if state is not None:
        for source in state.sources or account_sources:
            evidence.add(source)
        code, reason = state.code, sentence(state.code, state.facts)
    else:
        code, reason = _holds(decision, answers.objective)
    points = open_points(answers)
    remarks = _remarks(decision, question, answers.objective)
    return {
        "id": f"{account.account_id}/{control.id}@{variant.name}",
        "number": f"F-{number:04d}",
        "account_id": account.account_id,
        "account_name": account.name,
        "control_id": control.id,
        "variant": variant.name,
        "verdict": decision.verdict.value,
        "as_published": published[0].value if published[0] else None,
        "as_published_because": published[1],
        "objective": answers.objective.value,
        "reason_code": code,
        "reason": reason,
        "rule": reasons()[code].rule,
        "broken_link": None if decision.link is None else decision.link.value,
        "resource": _resource(decision, account),
        "links": _link_states(decision),
        "regions": list(decision.unmet),
        "chains": shown,
        "open_points": [_open_point(link, point, account) for link, point in points],
        "assumptions": _assumptions(decision, evidence),
        "remarks": remarks,
        "settles": sorted({command_for(need) for want in decision.wanting for need in want.needs}),
        "evidence": evidence.items(),
        "remediation": steps([mend]) if mend else None,
        "waiver": None,
    }


def _telling_rows(decision: Decision, rows: Sequence[Row]) -> list[Row]:
    """The chains a finding shows: those that decide first, then the others that are no mere gaps."""
    first = list(decision.proving) if decision.row is None else [decision.row]
    chosen = {id(row): row for row in first}
    for row in rows:
        if not row.path.gap and not row.aside:
            chosen.setdefault(id(row), row)
    return list(chosen.values())


def _holds(decision: Decision, objective: Verdict) -> tuple[str, str]:
    tails = [row.tail for row in decision.proving if row.tail is not None]
    if len(tails) == 1:
        facts = {
            "endpoint": tails[0].endpoint, "protocol": tails[0].protocol, "topic": tails[0].topic_arn,
            "road": _road(decision.proving[0]),
        }  # fmt: skip
        code = "holds" if objective is Verdict.PASS else "holds-by-the-letter"
        return code, sentence(code, facts)
    return "holds-several", sentence("holds-several", {"count": count(len(tails), "chain")})


def _is_foreign(row: Row, account: Account) -> bool:
    """Whether the trail of a chain is another account's."""
    return f":{account.account_id}:" not in row.path.trail_arn


def _road(row: Row) -> str:
    """Where a chain leaves the account: an organisation trail and the log group that it fills."""
    path = row.path
    if not path.organization or path.log_group is None:
        return ""
    return f", on organisation trail {path.trail_arn} and log group {path.log_group.arn}"


def _link_states(decision: Decision) -> dict[str, str]:
    """The attributes A–G of the finding: states of the deciding chain, ``n/a`` where nothing was to be judged and
    behind the link that decides.
    """
    if decision.verdict is Verdict.PASS:
        return {link.value: State.OK.value for link in LINKS}
    states = {}
    for link in LINKS:
        state = decision.links.get(link)
        behind = decision.link is not None and LINKS.index(link) > LINKS.index(decision.link)
        states[link.value] = "n/a" if behind or state is None or not state.reached else state.state.value
    return states


def _chain(
    number: int,
    row: Row,
    question: Question,
    parts: Sequence[Calls],
    evidence: EvidenceList,
    account: Account,
    decision: Decision,
) -> ChainFacts:
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


def _resource(decision: Decision, account: Account) -> str:
    """What the deciding link is about: the thing that one would have to mend or capture."""
    row = decision.row
    if decision.link is None:
        return ""
    if row is None:
        return account.account_id
    tail, path = row.tail, row.path
    if decision.state is not None and decision.state.lacks_alarms and decision.state.needs:
        listing_of = decision.state.needs[0]  # one listing of alarms, whatever filter it is missed for
        return f"{listing_of.account_id}:{listing_of.region}"
    group = path.log_group
    log_group = f"{group.account_id}:{group.region}:{group.name}" if group else ""
    named = {
        Link.TRAIL: path.trail_arn or account.account_id,
        Link.LOG_GROUP: path.trail_arn,
        Link.METRIC_FILTER: f"{log_group}:{tail.filter_name}" if tail and tail.filter_name else log_group,
        Link.METRIC: tail.alarm_arn if tail else "",
        Link.ALARM: (tail.alarm_arn or f"{log_group}:{tail.filter_name}") if tail else "",
        Link.TOPIC: (tail.topic_arn or tail.alarm_arn) if tail else "",
        Link.SUBSCRIPTION: tail.topic_arn if tail else "",
    }
    return named[decision.link]


def open_points(answers: Answers) -> list[tuple[Link, OpenPoint]]:
    """What a finding assumes (V5): all points of a PASS, the material ones that ``--strict`` would feel else."""
    decision, strict_verdict, rows = answers.decision, answers.strictly, answers.rows
    telling: Sequence[Row] = ()
    if decision.verdict is Verdict.PASS:
        telling = decision.proving
    elif strict_verdict is not decision.verdict:
        telling = rows
    elif decision.verdict is Verdict.INCONCLUSIVE and decision.row is not None:
        telling = [decision.row]
    material = telling is rows
    points = [(link, p) for row in telling for link in LINKS for p in row.links[link].open_points]
    return list(
        {
            (point.code, point.needs, str(sorted(point.facts.items()))): (link, point)
            for link, point in points
            if point.material or not material
        }.values()
    )


def _open_point(link: Link, point: OpenPoint, account: Account) -> OpenPointFacts:
    places = dict.fromkeys(need.account_id for need in point.needs)
    return {
        "link": link.value,
        "code": point.code,
        "material": point.material,
        "text": sentence(point.code, point.facts),
        "command": "; ".join(command_for(need) for need in point.needs),
        "place": listing(f"account {account_id}" for account_id in places if account_id != account.account_id),
    }


def _assumptions(decision: Decision, evidence: EvidenceList) -> list[Assumption]:
    deciding = decision.proving or ([decision.row] if decision.row else [])
    codes = dict.fromkeys(code for row in deciding if row.relation for code in row.relation.nearest.assumptions)
    assumptions: list[Assumption] = [{"code": code, "text": pattern_assumption(code)} for code in codes]
    if any(capture.arguments is None for capture in evidence.used):
        assumptions.append({"code": "arguments-not-recorded", "text": sentence("arguments-not-recorded", {})})
    return assumptions


def pattern_assumption(code: str) -> str:
    """A named reading of the pattern language in words; the relation would change under the other reading."""
    reading = READINGS.get(code)
    if reading is None:
        return f"The relation of the pattern rests on the reading '{code}', which AWS does not document."
    return f"Taken, where AWS is silent: {reading.taken}. The relation would change if {reading.other}."


_COUNTS_MORE = (Relation.BROADER, Relation.OVERLAPPING)


def _remarks(decision: Decision, question: Question, objective: Verdict) -> list[str]:
    remarks: dict[str, None] = {}
    for row in decision.proving or ([decision.row] if decision.row else []):
        for link in LINKS:
            for code, facts in row.links[link].remarks:
                remarks[sentence(code, facts)] = None
    for row in decision.proving:
        tail, relation = row.tail, row.relation
        if tail is not None and tail.protocol in ("sqs", "lambda", "firehose", "application"):
            facts = {"endpoint": tail.endpoint, "protocol": tail.protocol}
            remarks[sentence("remark-only-queue", facts)] = None
        if tail is not None and relation is not None and relation.everything:
            alarm = tail.alarm_arn.rpartition(":alarm:")[2]
            remarks[sentence("remark-counts-everything", {"filter": tail.filter_name, "alarm": alarm})] = None
        if objective is not Verdict.PASS and tail is not None and relation is not None and not all(relation.noticed):
            meant = question.objective_pattern
            recommended = relation_to(str(tail.filter_pattern), (meant,), meant, question.pairs)
            facts = {"filter": tail.filter_name, "missed": recommended.nearest.missed_words}
            remarks[sentence("remark-letter-alone", facts)] = None
        if question.covers and tail is not None and relation is not None and relation.relation in _COUNTS_MORE:
            facts = {"filter": tail.filter_name, "added": relation.nearest.added_words}
            remarks[sentence("remark-counted-beyond", facts)] = None
    return list(remarks)


def needs_of(decision: Decision) -> list[tuple[LinkState, Need | None]]:
    """What an INCONCLUSIVE wants: each unknown link with each capture that would settle it, or None."""
    needs: list[tuple[LinkState, Need | None]] = []
    for state in decision.wanting:
        needs += [(state, need) for need in state.needs] or [(state, None)]
    return needs
