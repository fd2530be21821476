"""A finding as a card: what was found, why it is so, the evidence and what to do, as blocks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from auditor.reports.html import blocks
from auditor.reports.html.blocks import Block, EvidenceRef
from auditor.reports.html.words import RELATION_WORDS, STATE_WORDS, code_words, short_name, utc
from auditor.result import ChainFacts, ControlFacts, EvidenceItem, Finding, OpenPointFacts, Request, ReviewFacts
from auditor.rules import reason_title
from auditor.rules.steering import NOT_REACHED
from auditor.text import count, listing
from auditor.verdict import Link, Relation, State, Verdict
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.review import status_in_words
from auditor.workpaper.rows import request_place
from auditor.workpaper.wording import points_in_words

Locate = Callable[[EvidenceItem], int]
RuleOf = Callable[[str], str]
SHOWN_EVENTS = 12
# The reason code of links behind the first broken one.
# A topic may have thousands of endpoints, a name is at most some hundred characters.
SHOWN_CHARACTERS = 600


def card(
    finding: Finding,
    control: ControlFacts | None,
    locate: Locate,
    rule_of: RuleOf,
    requests: Sequence[Request] = (),
    review: ReviewFacts | None = None,
    changes: Sequence[str] = (),
) -> list[Block]:
    """The blocks of ``finding``'s card. ``locate`` gives an evidence item's row in the evidence table, ``rule_of`` the
    number of a reason code's rule; ``requests`` are those that would settle the finding, ``review`` is what an earlier
    workbook says of it, ``changes`` are lines on what became of it since the quarter before.
    """
    refs: list[EvidenceRef] = [[locate(item), item["pointer"]] for item in finding["evidence"]]
    deciding = [chain for chain in finding["chains"] if chain["decides"]]
    others = [chain for chain in finding["chains"] if not chain["decides"]]
    if not deciding:
        deciding, others = others[:1], others[1:]
    return [
        blocks.paragraph(finding["reason"], "lead"),
        *_rule(rule_of(finding["reason_code"])),
        *_answers(finding, control),
        *_waiver(finding),
        *_review(review),
        *_changes(changes),
        *([blocks.bullets(finding["remarks"])] if finding["remarks"] else []),
        blocks.heading("The chain"),
        *(_no_chain(finding) if not deciding else []),
        *(block for chain in deciding for block in _chain(finding, chain, refs, rule_of)),
        *_other_chains(finding, others, refs, rule_of),
        *(_required_only(control) if not finding["chains"] else []),
        *_open_points(finding, rule_of),
        *_assumptions(finding),
        *_evidence(refs),
        *_what_to_do(finding, requests),
    ]


def _rule(number: str) -> list[Block]:
    return [blocks.rule(number)] if number else []


def _answers(finding: Finding, control: ControlFacts | None) -> list[Block]:
    reading = "rule text as repaired" if control and control["rule_repair"] else "rule text, literally"
    rows = [
        ("Verdict (whole chain)", finding["verdict"]),
        ("Objective (notices the control’s own events)", finding["objective"]),
        (f"As published ({reading})", finding["as_published"] or "not evaluated"),
    ]
    if finding["regions"]:
        rows.append(("Regions concerned", listing(finding["regions"])))
    if finding["resource"]:
        rows.append(("Resource concerned", finding["resource"]))
    return [blocks.facts(rows)]


def _waiver(finding: Finding) -> list[Block]:
    waiver = finding["waiver"]
    if not waiver:
        return []
    rows = [(code_words(name).capitalize(), str(value)) for name, value in waiver.items() if value]
    text = "The client accepted this deviation. The verdict stays as it is."
    return [blocks.box("plain", "Waiver", [blocks.paragraph(text), blocks.facts(rows)])]


def _review(review: ReviewFacts | None) -> list[Block]:
    if review is None:
        return []
    rows = [
        ("What became of it", status_in_words(review)),
        ("Conclusion", review["conclusion"]),
        ("Comment", review["comment"]),
        *((own["header"], own["text"]) for own in review["own"]),
        ("Earlier conclusions", review["earlier"]),
        ("It stands in", review["where"]),
    ]
    tone = "plain" if review["status"] == "carried" else "material"
    return [blocks.box(tone, "Auditor's review", [blocks.facts([(label, text) for label, text in rows if text])])]


def _changes(lines: Sequence[str]) -> list[Block]:
    return [blocks.box("plain", "Since the quarter before", [blocks.bullets(list(lines))])] if lines else []


def _names(chain: ChainFacts) -> dict[str, str]:
    return {
        Link.TRAIL: chain["trail_arn"],
        Link.LOG_GROUP: chain["log_group"],
        Link.METRIC_FILTER: chain["filter_name"],
        Link.METRIC: chain["metric"],
        Link.ALARM: chain["alarm_arn"],
        Link.TOPIC: chain["topic_arn"],
        Link.SUBSCRIPTION: chain["subscription_arn"] or chain["endpoint"],
    }


def _boxes(states: dict[str, str], names: dict[str, str], deciding: str | None) -> Block:
    return blocks.chain([
        [
            ATTRIBUTES[link],
            title,
            states.get(link, "n/a").replace("/", ""),
            STATE_WORDS[states.get(link, "n/a")],
            short_name(names.get(link, "")) or "–",
            "decides" if link == deciding else "",
        ]
        for link, title in LINK_NAMES.items()
    ])  # fmt: skip


def _no_chain(finding: Finding) -> list[Block]:
    text = "The captures show no path from a trail to a subscription for this control in this account."
    names = {finding["broken_link"]: finding["resource"]} if finding["broken_link"] else {}
    return [_boxes(finding["links"], names, finding["broken_link"]), blocks.paragraph(text, "note")]


def _chain(finding: Finding, chain: ChainFacts, refs: list[EvidenceRef], rule_of: RuleOf) -> list[Block]:
    names = _names(chain)
    states = _states(chain)
    details = {
        Link.METRIC_FILTER: f"{chain['filter_name']} in log group {chain['log_group']}",
        Link.SUBSCRIPTION: listing(filter(None, [chain["subscription_arn"], _endpoint(chain)])),
        Link.ALARM: listing(filter(None, [chain["alarm_arn"], *chain["composite_arns"]])),
    }
    rows: list[list[object]] = []
    for link, title in LINK_NAMES.items():
        facts = chain["links"].get(link)
        state = states[link]
        found = (details.get(Link(link)) or names[link]) if names[link] else ""
        if link == Link.ALARM and chain["alarm"] and names[link]:
            alarm = chain["alarm"]
            found += f"\n{alarm['words']}"
            if alarm["description"]:
                found += f"\n{alarm['description']}"
            if alarm["configured_at"]:
                found += f"\nconfigured {utc(alarm['configured_at'])}"
        if link == Link.TRAIL and found:
            found += f"\n{_trail_words(chain)}"
        known = [refs[index] for index in (facts["evidence"] if facts else []) if index < len(refs)]
        reason = facts["reason"] if facts else ""
        rule = rule_of(facts["code"]) if facts and reason else ""
        rows.append([
            f"{ATTRIBUTES[link]} {title}", _bounded(found) or "–", state.replace("/", ""), STATE_WORDS[state],
            reason, rule, known,
        ])  # fmt: skip
    deciding = chain["first_broken"] if finding["verdict"] != Verdict.PASS else None
    return [_boxes(states, names, deciding), blocks.link_table(rows), *_patterns(chain)]


def _states(chain: ChainFacts) -> dict[str, str]:
    """State per link; one about which nothing is said was not reached."""
    states: dict[str, str] = {}
    for link in LINK_NAMES:
        facts = chain["links"].get(link)
        silent = facts is None or (facts["state"] == State.UNKNOWN and facts["code"] in ("", NOT_REACHED))
        states[link] = "n/a" if facts is None or silent else facts["state"]
    return states


def _bounded(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]}… ({len(text):,} characters; whole in results.json)"


def _trail_words(chain: ChainFacts) -> str:
    words = [f"home region {chain['home_region']}"] if chain["home_region"] else []
    for name, yes, no in (
        ("multi_region", "all regions", "one region only"),
        ("organization_trail", "organisation trail", "trail of this account"),
    ):
        if chain[name] is not None:  # type: ignore[literal-required]
            words.append(yes if chain[name] else no)  # type: ignore[literal-required]
    return ", ".join(words)


def _endpoint(chain: ChainFacts) -> str:
    return f"{chain['protocol']}: {chain['endpoint']}" if chain["endpoint"] else ""


def _patterns(chain: ChainFacts) -> list[Block]:
    relation = chain["pattern_relation"]
    if chain["filter_pattern"] is None or relation is None:
        return [
            blocks.heading("Pattern"),
            blocks.code("Required", chain["required_pattern"]),
            blocks.paragraph("No filter was found to compare with it.", "note"),
        ]
    equal = relation == Relation.EQUAL
    words = RELATION_WORDS.get(relation, relation)
    if equal and chain["filter_pattern"] != chain["required_pattern"]:
        words = "Written differently, matches the same events."
    if chain["missed"]:
        words += f" It would not notice: {listing(chain['missed'], limit=SHOWN_EVENTS)}."
    if chain["added"]:
        words += f" It counts besides: {listing(chain['added'], limit=SHOWN_EVENTS)}."
    both = [
        blocks.code("Required", chain["required_pattern"]),
        blocks.code("Found", chain["filter_pattern"]),
    ]
    shown = [
        blocks.heading("Pattern"),
        blocks.paragraph(words, "plain" if equal else "warn"),
        *([blocks.fold("Required and found pattern", both)] if equal else both),
    ]
    if chain["assumptions"]:
        shown.append(blocks.paragraph(f"Reading of undocumented behaviour: {listing(chain['assumptions'])}.", "note"))
    return [*shown, *_witness(chain)]


def _witness(chain: ChainFacts) -> list[Block]:
    if chain["witness"] is None:
        return []
    label = {
        "missed": "An event that the required pattern counts and the found one does not (made up)",
        "added": "An event that the found pattern counts and the required one does not (made up)",
    }.get(chain["witness_kind"], "An event on which the two patterns differ")
    text = json.dumps(chain["witness"], indent=2, ensure_ascii=False)
    return [blocks.code(label, text)]


def _other_chains(finding: Finding, chains: list[ChainFacts], refs: list[EvidenceRef], rule_of: RuleOf) -> list[Block]:
    if not chains:
        return []
    shown = [blocks.box("plain", f"Chain {chain['number']}", _chain(finding, chain, refs, rule_of)) for chain in chains]
    return [blocks.fold(f"{count(len(chains), 'other chain')} that could serve this account", shown)]


def _required_only(control: ControlFacts | None) -> list[Block]:
    if not control:
        return []
    label = "Required" if len(control["accepted_patterns"]) == 1 else "Required (one of)"
    return [
        blocks.heading("Pattern"),
        *(blocks.code(label, pattern) for pattern in control["accepted_patterns"]),
    ]


def _open_points(finding: Finding, rule_of: RuleOf) -> list[Block]:
    points = sorted(finding["open_points"], key=lambda point: not point["material"])
    if not points:
        return []
    note = "What the captures do not show. A material point is one where the usual reading may not hold."
    boxes = [_open_point(point, rule_of(point["code"])) for point in points]
    return [blocks.heading(points_in_words(points)), blocks.paragraph(note, "note"), *boxes]


def _open_point(point: OpenPointFacts, rule: str) -> Block:
    inner = [blocks.paragraph(point["text"]), *_rule(rule)]
    if point["command"]:
        where = f", in {point['place']}" if point["place"] else ""
        inner.append(blocks.code(f"Closed by{where}", point["command"]))
    if point["material"]:
        return blocks.box("material", f"Material: {reason_title(point['code'])}", inner)
    return blocks.box("plain", reason_title(point["code"]), inner)


def _assumptions(finding: Finding) -> list[Block]:
    if not finding["assumptions"]:
        return []
    texts = [f"{code_words(item['code'])}: {item['text']}" for item in finding["assumptions"]]
    return [blocks.heading("Assumptions"), blocks.bullets(texts)]


def _evidence(refs: list[EvidenceRef]) -> list[Block]:
    if not refs:
        return [
            blocks.heading("Evidence"),
            blocks.paragraph("No capture of this account bears on it.", "note"),
        ]
    return [blocks.heading("Evidence"), blocks.evidence(refs)]


def _what_to_do(finding: Finding, requests: Sequence[Request]) -> list[Block]:
    remedy = finding["remediation"]
    shown: list[Block] = []
    if requests:
        sets = listing(dict.fromkeys(request.get("set") or request["number"] for request in requests))
        words = f"Ask the client for what is missing: {sets} asks at once for this and for whatever lies behind it."
        shown.append(blocks.paragraph(words))
    for request in requests:
        label = f"{request['number']}: {request['what']}, {request_place(request)}"
        shown.append(blocks.code(label, request["command"]) if request["command"] else blocks.paragraph(request["why"]))
    if remedy:
        shown.append(blocks.paragraph(remedy["summary"]))
        if remedy["portal"]:
            shown.append(blocks.fold("In the AWS console", [blocks.steps(remedy["portal"])]))
        if remedy["cli"]:
            shown.append(blocks.fold("On the command line", [blocks.code("AWS CLI", remedy["cli"])]))
        if remedy["terraform"]:
            shown.append(blocks.fold("With Terraform", [blocks.code("Terraform", remedy["terraform"])]))
        if remedy["references"]:
            shown.append(blocks.addresses(remedy["references"]))
    return [blocks.heading("What to do"), *shown] if shown else []
