"""The body of an entry: why it is so, the chain with what differs, the evidence and what to do, as blocks."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.reports.html import blocks
from auditor.reports.html.blocks import Block, EvidenceRef
from auditor.reports.html.links import boxes, deciding_chains, link_rows, no_chain
from auditor.reports.html.proof import Locate, deciding, patterns
from auditor.reports.html.words import code_words
from auditor.result import ChainFacts, ControlFacts, Finding, ReviewFacts, Waiver
from auditor.rules import reason_title
from auditor.text import count, listing
from auditor.workpaper.causes import CauseRow
from auditor.workpaper.finding_rows import request_place
from auditor.workpaper.references import reference_title
from auditor.workpaper.review import status_in_words
from auditor.workpaper.view import View, control_of

PRINTED_LINES = 6  # of commands; longer ones are not for paper
SHOWN_NUMBERS = 8  # of findings that changed alike
SHOWN_PLACES = 3  # of one file; the workbook has all


def body(row: CauseRow, view: View, locate: Locate) -> list[Block]:
    """The blocks of an entry. ``locate`` gives an evidence item's row in the page's table of evidence."""
    finding = row.findings[0]
    key = control_of(finding)
    control = next((facts for facts in view.controls if f"{facts['id']}@{facts['variant']}" == key), None)
    refs: list[EvidenceRef] = [[locate(item), item["pointer"]] for item in finding["evidence"]]
    chains, others = deciding_chains(finding)
    return [
        *_answers(row, view, control),
        *_waivers(row),
        *_reviews(row, view),
        *_changes(row, view),
        *_remarks(row),
        blocks.heading("The chain" if len(row.findings) == 1 else f"The chain, as in {finding['number']}"),
        *(no_chain(finding) if not chains else []),
        *(boxes(finding, chain, row.differing) for chain in chains[:1]),
        *(deciding(view, finding, row.deciding, locate) if row.tier != "pass" else []),
        *(block for chain in chains[:1] for block in patterns(chain, control)),
        *(link_rows(chain, refs, view) for chain in chains[:1]),
        *(block for chain in chains[1:] for block in (boxes(finding, chain, {}), link_rows(chain, refs, view))),
        *_differences(row),
        *_required_only(finding, control),
        *_other_chains(finding, others, control, refs, view),
        *_open_points(row, view),
        *_assumptions(row),
        *_evidence(row, locate),
        *_what_to_do(row, view),
    ]


def rule_chip(number: str) -> list[Block]:
    """The number of a rule, if there is one."""
    return [blocks.rule(number)] if number else []


def _answers(row: CauseRow, view: View, control: ControlFacts | None) -> list[Block]:
    reading = ", its text repaired" if control and control["rule_repair"] else ""
    several = len(row.findings) > 1
    rows = [
        ("Verdict", _counted([finding["verdict"] for finding in row.findings], several)),
        ("Objective", _counted([finding["objective"] for finding in row.findings], several)),
        (
            f"Rule as published{reading}",
            _counted([finding["as_published"] or "not evaluated" for finding in row.findings], several),
        ),
    ]
    because = dict.fromkeys(finding.get("as_published_because", "") for finding in row.findings)
    sentences = [sentence for sentence in because if sentence]
    if sentences:
        rows.append(("Why it differs", " ".join(sentences[:2])))
    regions = dict.fromkeys(region for finding in row.findings for region in finding["regions"])
    if regions:
        words = view.regions_in_words(sorted(regions))
        if 0 < len(regions) < len(view.regions):
            words += f" ({len(regions)} of {len(view.regions)} expected, on which the verdict rests)"
        rows.append(("Regions concerned", words))
    resources = dict.fromkeys(finding["resource"] for finding in row.findings if finding["resource"])
    if len(resources) == 1:
        rows.append(("Resource concerned", next(iter(resources))))
    return [blocks.facts(rows)]


def _counted(words: Sequence[str], several: bool) -> str:
    """``FAIL``, or ``FAIL in all 16``, ``PASS in 5, INCONCLUSIVE in 11``."""
    kinds = dict.fromkeys(words)
    if not several:
        return words[0]
    if len(kinds) == 1:
        return f"{words[0]} in all {len(words)}"
    return ", ".join(f"{kind} in {words.count(kind)}" for kind in kinds)


def _waivers(row: CauseRow) -> list[Block]:
    waivers: dict[str, tuple[Waiver, list[str]]] = {}
    for finding in row.findings:
        if finding["waiver"]:
            waivers.setdefault(str(finding["waiver"]), (finding["waiver"], []))[1].append(finding["number"])
    return [_waiver(waiver, numbers, len(row.findings)) for waiver, numbers in waivers.values()]


def _waiver(waiver: Waiver, numbers: list[str], of: int) -> Block:
    rows = [(code_words(name).capitalize(), str(value)) for name, value in waiver.items() if value]
    stays = "The verdict stays as it is." if of == 1 else "The verdicts stay as they are."
    text = f"The client accepted this deviation. {stays}"
    if len(numbers) < of:
        text += f" It covers {listing(numbers)}."
    return blocks.box("plain", "Waiver", [blocks.paragraph(text), blocks.facts(rows)])


def _reviews(row: CauseRow, view: View) -> list[Block]:
    """What earlier workbooks say of its findings; those of which they say the same together."""
    numbers_of: dict[tuple[tuple[str, str], ...], list[str]] = {}
    tones: dict[tuple[tuple[str, str], ...], str] = {}
    for finding in row.findings:
        review = view.reviewed.get(finding["id"])
        if review is not None:
            rows = _review(review)
            numbers_of.setdefault(rows, []).append(finding["number"])
            tones[rows] = "plain" if review["status"] == "carried" else "material"
    return [
        blocks.box(tones[rows], f"Auditor's review of {listing(numbers)}", [blocks.facts(rows)])
        for rows, numbers in numbers_of.items()
    ]


def _review(review: ReviewFacts) -> tuple[tuple[str, str], ...]:
    rows = (
        ("What became of it", status_in_words(review)),
        ("Conclusion", review["conclusion"]),
        ("Comment", review["comment"]),
        *((column["header"], column["text"]) for column in review["own"]),
        ("Earlier conclusions", review["earlier"]),
        ("It stands in", review["where"]),
    )
    return tuple((label, text) for label, text in rows if text)


def _changes(row: CauseRow, view: View) -> list[Block]:
    """What became of its findings since the quarter before; those of which the same is to be said together."""
    numbers_of: dict[tuple[str, ...], list[str]] = {}
    for finding in row.findings:
        if lines := view.changed.get(finding["id"]):
            numbers_of.setdefault(lines, []).append(finding["number"])
    return [
        blocks.box(
            "plain", f"Since the quarter before: {listing(numbers, limit=SHOWN_NUMBERS)}", [blocks.bullets(list(lines))]
        )
        for lines, numbers in numbers_of.items()
    ]


def _remarks(row: CauseRow) -> list[Block]:
    remarks = dict.fromkeys(remark for finding in row.findings for remark in finding["remarks"])
    return [blocks.bullets(list(remarks))] if remarks else []


def _differences(row: CauseRow) -> list[Block]:
    if not row.differences:
        return []
    heads, *rows = row.differences
    return [
        blocks.fold(f"What differs in the {count(len(rows), 'finding')}", [blocks.table("What differs", heads, rows)])
    ]


def _required_only(finding: Finding, control: ControlFacts | None) -> list[Block]:
    if not control or finding["chains"]:
        return []
    label = "Required" if len(control["accepted_patterns"]) == 1 else "Required (one of)"
    return [
        blocks.heading("Pattern"),
        *(blocks.code(label, pattern) for pattern in control["accepted_patterns"]),
    ]


def _other_chains(
    finding: Finding, chains: list[ChainFacts], control: ControlFacts | None, refs: list[EvidenceRef], view: View
) -> list[Block]:
    if not chains:
        return []
    shown = [
        blocks.box(
            "plain",
            f"Chain {chain['number']}",
            [boxes(finding, chain, {}), link_rows(chain, refs, view), *patterns(chain, control)],
        )
        for chain in chains
    ]
    return [blocks.fold(f"{count(len(chains), 'other chain')} that could serve this account", shown)]


def _open_points(row: CauseRow, view: View) -> list[Block]:
    """Material points in full; what is true of nearly every PASS is only named, since it is said once for all."""
    points = {
        (point["code"], point["text"]): point for finding in row.findings for point in finding["open_points"]
    }.values()
    material = [point for point in points if point["material"]]
    usual = dict.fromkeys(reason_title(point["code"]) for point in points if not point["material"])
    shown: list[Block] = []
    for point in material:
        inner = [blocks.paragraph(point["text"]), *rule_chip(view.rule_of(point["code"]))]
        if point["command"]:
            where = f", in {point['place']}" if point["place"] else ""
            inner.append(blocks.code(f"Closed by{where}", point["command"]))
        shown.append(blocks.box("material", f"Material open point: {reason_title(point['code'])}", inner))
    if usual:
        words = f"Read as the usual case: {listing(usual)}. What closes it for all findings stands under Open points."
        shown.append(blocks.paragraph(words, "note"))
    return [blocks.heading("Open points"), *shown] if shown else []


def _assumptions(row: CauseRow) -> list[Block]:
    assumed = {item["code"]: item["text"] for finding in row.findings for item in finding["assumptions"]}
    if not assumed:
        return []
    texts = [f"{code_words(code)}: {text}" for code, text in assumed.items()]
    return [blocks.heading("Assumptions"), blocks.bullets(texts)]


def _evidence(row: CauseRow, locate: Locate) -> list[Block]:
    """The cited files, each once with the places in it."""
    places: dict[int, list[str]] = {}
    for item in row.evidence:
        places.setdefault(locate(item), []).append(item["pointer"] or "/")
    if not places:
        return [
            blocks.heading("Evidence"),
            blocks.paragraph("No capture of this account bears on it.", "note"),
        ]
    cited: list[EvidenceRef] = [[place, listing(pointers, limit=SHOWN_PLACES)] for place, pointers in places.items()]
    return [blocks.heading("Evidence"), blocks.evidence(cited)]


def _what_to_do(row: CauseRow, view: View) -> list[Block]:
    requests = {
        request["number"]: request for finding in row.findings for request in view.asked_for.get(finding["id"], ())
    }.values()
    shown: list[Block] = []
    if requests:
        sets = listing(dict.fromkeys(request.get("set") or request["number"] for request in requests))
        words = f"Ask the client for what is missing: {sets} asks at once for this and for whatever lies behind it."
        shown.append(blocks.paragraph(words))
    for request in requests:
        label = f"{request['number']}: {request['what']}, {request_place(request)}"
        shown.append(blocks.code(label, request["command"]) if request["command"] else blocks.paragraph(request["why"]))
    remedy = row.remediation
    if remedy:
        shown.append(blocks.paragraph(remedy["summary"]))
        if remedy["portal"]:
            shown.append(blocks.fold("In the AWS console", [blocks.steps(remedy["portal"])]))
        if remedy["cli"]:
            short = remedy["cli"].count("\n") <= PRINTED_LINES
            shown.append(blocks.fold("On the command line", [blocks.code("AWS CLI", remedy["cli"])], paper=short))
        if remedy["terraform"]:
            shown.append(blocks.fold("With Terraform", [blocks.code("Terraform", remedy["terraform"])]))
        if remedy["references"]:
            shown.append(blocks.addresses([(reference_title(url), url) for url in remedy["references"]]))
    return [blocks.heading("What to do"), *shown] if shown else []
