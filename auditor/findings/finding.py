"""Judged accounts as findings: reason, chains, evidence, open points, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.chains import Account, LinkState, Need, OpenPoint, Source, command_for
from auditor.evidence import Capture
from auditor.findings.chain import EvidenceList, chain_facts
from auditor.findings.remarks import assumptions_of, remarks_of
from auditor.judgement import Answers, ControlTest, Decision, Row
from auditor.remediation import Remedy, steps
from auditor.result import Finding, OpenPointFacts
from auditor.rules import reasons, sentence
from auditor.text import count, listing
from auditor.verdict import DECIDED_WORDS, LINKS, AttributeWord, Decided, Link, State, Verdict


def finding(
    number: int,
    account: Account,
    test: ControlTest,
    answers: Answers,
    published: tuple[Decided | None, str],
    captures: Sequence[Capture],
    account_sources: Sequence[Source],
    mend: Remedy | None,
    since: str | None,
) -> Finding:
    """The finding of one control variant in one account (shape: ``Finding``).

    ``published`` is what the published rule says, and why where that is another verdict; ``mend`` what to do; ``since``
    the first day of the control period.
    """
    control, variant, question = test.control, test.variant, test.question
    decision, rows = answers.decision, answers.rows
    evidence = EvidenceList(captures)
    telling = _telling_rows(decision, rows)
    shown = [
        chain_facts(place, row, question, answers.parts, evidence, account, decision)
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
    remarks = remarks_of(decision, question, answers.objective, since)
    return {
        "id": f"{account.account_id}/{control.id}@{variant.name}",
        "number": f"F-{number:04d}",
        "account_id": account.account_id,
        "account_name": account.name,
        "control_id": control.id,
        "variant": variant.name,
        "verdict": DECIDED_WORDS[decision.verdict],
        "as_published": DECIDED_WORDS[published[0]] if published[0] else None,
        "as_published_because": published[1],
        "objective": DECIDED_WORDS[answers.objective],
        "reason_code": code,
        "reason": reason,
        "rule": reasons()[code].rule,
        "broken_link": None if decision.link is None else decision.link.value,
        "resource": _resource(decision, account),
        "links": _link_states(decision),
        "regions": list(decision.unmet),
        "chains": shown,
        "open_points": [_open_point(link, point, account) for link, point in points],
        "assumptions": assumptions_of(decision, evidence, since),
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


def _holds(decision: Decision, objective: Decided) -> tuple[str, str]:
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


def _link_states(decision: Decision) -> dict[str, AttributeWord]:
    """The attributes A–G of the finding: states of the deciding chain, ``n/a`` where nothing was to be judged and
    behind the link that decides.
    """
    if decision.verdict is Verdict.PASS:
        return {link.value: State.OK.value for link in LINKS}
    states: dict[str, AttributeWord] = {}
    for link in LINKS:
        state = decision.links.get(link)
        behind = decision.link is not None and LINKS.index(link) > LINKS.index(decision.link)
        states[link.value] = "n/a" if behind or state is None or not state.reached else state.state.value
    return states


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


def needs_of(decision: Decision) -> list[tuple[LinkState, Need | None]]:
    """What an INCONCLUSIVE wants: each unknown link with each capture that would settle it, or None."""
    needs: list[tuple[LinkState, Need | None]] = []
    for state in decision.wanting:
        needs += [(state, need) for need in state.needs] or [(state, None)]
    return needs
