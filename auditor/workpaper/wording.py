"""Verdicts, seals, sources and flaws as people read them: words, tones, tickmarks; evidence text made visible.

What page, workbook and terminal say of the same fact is said here, once, so that no two of them can differ.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.result import (
    BundleFacts,
    CaptureFacts,
    ControlFacts,
    Counts,
    Finding,
    FrameworkResult,
    OpenPointFacts,
    RedactionFacts,
    ResultDocument,
    Waiver,
    chain_states,
    deciding_chain,
)
from auditor.text import count, listing
from auditor.verdict import CaptureStatus, Coverage, PopulationSource, Seal, Verdict, WaiverStatus

NOTHING = "–"
NOT_STATED = "not stated"  # the version of a framework whose publisher gives none
VERDICT_LETTERS = {Verdict.PASS: "P", Verdict.FAIL: "F", Verdict.INCONCLUSIVE: "I", Verdict.NOT_ASSESSED: NOTHING}
STATE_LETTERS = {"ok": "P", "broken": "F", "unknown": "I", "n/a": NOTHING}
SEALS: dict[Seal, str] = {
    "verified": "Verified: every file has the digest recorded when the bundle was sealed",
    "absent": "Not sealed: digests were taken when the bundle was read, and nothing shows that files stayed unchanged "
    "before",
    "broken": "SEAL BROKEN: files differ from the digests recorded when the bundle was sealed; see Problems",
}
_NAMED_FILES = 3


def seal_in_words(bundle: BundleFacts) -> str:
    """The seal of a bundle, a broken one with the files that differ; a sentence without its full stop."""
    differing = bundle.get("seal_differences")
    if differing is None:
        return SEALS[bundle["seal"]]
    kinds = (("altered", differing["altered"]), ("missing", differing["missing"]), ("added", differing["added"]))
    parts = [
        f"{count(len(files), 'file')} {kind} ({listing(map(visible, files), limit=_NAMED_FILES)})"
        for kind, files in kinds
        if files
    ]
    words, _, see = SEALS["broken"].partition(";")
    return f"{words}: {listing(parts)};{see}" if parts else SEALS["broken"]


def redaction_in_words(redaction: RedactionFacts) -> str:
    """That a result is redacted; a sentence without its full stop."""
    return (
        "Addresses, telephone numbers and the URLs of web hooks are short forms, the same for the same subscriber; who "
        f"is meant says the key {redaction['key']}, which is not part of the reports"
    )


REGIONS_WITHOUT_CAPTURES = (
    "A region without captures is covered where a trail of all regions serves the account; where none does, its "
    "findings say so."
)

POPULATION_SOURCES: dict[PopulationSource, str] = {
    "scope": "a scope file",
    "organization": "the organisation's own listing of accounts",
    "bundle": "the bundle itself",
}
UNRECONCILED = "not reconciled to an independent source"
COVERAGES: dict[Coverage, str] = {
    "covered": "covered",
    "covered_by_org_trail": "covered by an organisation trail",
    "missing": "missing",
    "out_of_scope": "out of scope",
}
CAPTURE_STATUSES: dict[CaptureStatus, str] = {
    "added": "added after sealing",
    "altered": "altered after sealing",
    "captured": "captured",
    "empty": "empty",
    "invalid": "not following the schema",
    "lost": "lost after sealing",
    "misplaced": "contradicting their place",
    "out_of_period": "outside the period",
    "presence_only": "narrowed to what it shows",
    "not_found": "answered: there is no such thing",
    "refused": "refused by AWS",
    "unreadable": "unreadable",
}
WAIVER_STATUSES: dict[WaiverStatus, str] = {
    "active": "active",
    "expired": "expired",
    "not_yet_granted": "not yet granted",
    "undated": "day of the evidence not known",
}
_LACKING_PAGES = "with pages missing or narrowed"
_FLAWS = (*CAPTURE_STATUSES.values(), _LACKING_PAGES)
# Tone → (ink, paper); contrast above 4.5:1. A PASS with open points never has the tone of a plain one.
TONES = {
    "PASS": ("006100", "C6EFCE"),
    "OPEN": ("0B4F5C", "D6EEF2"),
    "MATERIAL": ("6B3A00", "FCE4D6"),
    "FAIL": ("9C0006", "FFC7CE"),
    "INCONCLUSIVE": ("7F6000", "FFEB9C"),
    "NOT_ASSESSED": ("404040", "E7E6E6"),
}
# Line breaks and tabs belong to patterns and commands.
_KEPT = frozenset("\n\t")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """``text`` with control, bidirectional and other invisible characters written as codes.

    >>> visible("fdp.\\u202eexe")
    'fdp.\\\\u202eexe'
    """
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    code = ord(character)
    # U+FFFE, U+FFFF and their like in the other planes are no characters; XML refuses the first two.
    if (character in _KEPT or unicodedata.category(character) not in _HIDDEN) and code & 0xFFFE != 0xFFFE:
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def holds_answer(capture: CaptureFacts) -> bool:
    """Whether the capture holds an answer, be it one that shows presence only, or that there is no such thing."""
    return capture["status"] in ("captured", "presence_only", "not_found")


def flaw(capture: CaptureFacts) -> str:
    """What keeps a capture from proving an absence, in words; ``""`` if nothing does."""
    if not holds_answer(capture):
        return CAPTURE_STATUSES[capture["status"]]
    if not capture["valid"]:
        return CAPTURE_STATUSES["invalid"]
    if capture["complete"]:
        return ""
    return _LACKING_PAGES if capture["status"] == "captured" else CAPTURE_STATUSES[capture["status"]]


def flaws_in_words(captures: Iterable[CaptureFacts]) -> list[str]:
    """``["1 empty", "2 refused by AWS"]``: how many captures have which flaw; each counts once."""
    counted = Counter(map(flaw, captures))
    return [f"{number:,} {words}" for words in _FLAWS if (number := counted[words])]


def points_in_words(points: list[OpenPointFacts]) -> str:
    """``3 open points, 1 material``, or ``""``."""
    material = sum(point["material"] for point in points)
    words = count(len(points), "open point") if points else ""
    return f"{words}, {material:,} material" if material else words


def finding_in_words(finding: Finding) -> str:
    """``PASS``, ``PASS, 2 open points``, ``PASS, objective not met``, ``FAIL, waiver until 2026-12-31`` …"""
    alone = "objective not met" if _letter_alone(finding) else ""
    points, waiver = points_in_words(finding["open_points"]), waiver_in_words(finding["waiver"])
    return ", ".join(filter(None, [finding["verdict"], points, alone, waiver]))


def waiver_in_words(waiver: Waiver | None) -> str:
    """``waiver until 2026-12-31``, ``waiver expired 2026-06-30``; ``""`` for none."""
    if waiver is None:
        return ""
    words: dict[WaiverStatus, str] = {
        "active": f"waiver until {waiver['expiry']}",
        "expired": f"waiver expired {waiver['expiry']}",
        "not_yet_granted": f"waiver not before {waiver.get('granted', '')}",
        "undated": f"waiver until {waiver['expiry']}, day of the evidence not known",
    }
    return words[waiver["status"]]


def in_force(finding: Finding) -> bool:
    """Whether a waiver stands beside a finding that is in force on the day of the evidence."""
    return finding["waiver"] is not None and finding["waiver"]["status"] == "active"


def _letter_alone(finding: Finding) -> bool:
    """Whether a version's own pattern lets a filter pass that misses some of the control's events."""
    return finding["verdict"] == Verdict.PASS != finding["objective"]


def evidence_of(document: ResultDocument) -> str:
    """On which days the evidence was captured: ``Evidence of 2026-09-28``; ``""`` if no capture says."""
    first, last = (document["bundle"][name] for name in ("captured_from", "captured_to"))
    if not first or not last:
        return ""
    days = dict.fromkeys((first[:10], last[:10]))
    return f"Evidence of {' to '.join(days)}"


def unreconciled_in_words(document: ResultDocument) -> str:
    """That a population has no independent source, and why a listing in the bundle is none; ``""`` if it has one."""
    population = document["population"]
    if population["reconciled"]:
        return ""
    listings = [capture for capture in document["captures"] if capture["call"] == LIST_ACCOUNTS]
    unused = population["source"] == "bundle" and any(capture["in_period"] is False for capture in listings)
    why = "; the organisation's listing lies outside the period and was not used" if unused else ""
    return f"{UNRECONCILED}{why}"


def framework_in_words(framework: FrameworkResult) -> str:
    """The name of a framework, with its version where one is stated that the name does not hold."""
    name, version = framework["name"], framework["version"]
    if version == NOT_STATED or version in name:
        return name
    return f"{name} {version}" if version[:2].lstrip("v").isdigit() else f"{name}, {version}"


def counts_in_words(verdict: str, counts: Counts) -> str:
    """The verdict of a requirement or framework; a PASS names how many findings have open points."""
    words = verdict.replace("_", " ")
    if verdict != Verdict.PASS or not counts["open"]:
        return words
    words += f", {counts['open']:,} with open points"
    return f"{words}, {counts['material']:,} material" if counts["material"] else words


def tone(words: str) -> str:
    """The key into :data:`TONES` for a verdict in words.

    >>> tone("PASS, 2 open points, 1 material"), tone("PASS, 1 with open points"), tone("FAIL, 1 open point")
    ('MATERIAL', 'OPEN', 'FAIL')
    """
    verdict = words.partition(",")[0].replace(" ", "_")
    if verdict == Verdict.PASS and words.endswith(("material", "objective not met")):
        return "MATERIAL"
    if verdict == Verdict.PASS and "open point" in words:
        return "OPEN"
    return verdict if verdict in TONES else "NOT_ASSESSED"


def events_in_words(control: ControlFacts) -> str:
    """The watched events by source: ``ec2.amazonaws.com: CreateRoute, DeleteRoute; s3.amazonaws.com: PutBucketAcl``.

    ``*:*`` stands for any call that the pattern matches, which the control's title says in words.
    """
    any_call = f"any call ({control['title'].removeprefix('Alarm on ')})"
    by_source: dict[str, list[str]] = {}
    for event in dict.fromkeys(control["events"]):
        source, _, name = event.partition(":")
        by_source.setdefault(any_call if event == "*:*" else source, []).append(name)
    return "; ".join(
        source if source == any_call else f"{source}: {', '.join(names)}" for source, names in by_source.items()
    )


def mark(finding: Finding) -> str:
    """The tickmark of a finding: ``P``, ``P m``, ``P t``, ``F b``, ``F w``, ``I`` …

    Open points that are not material are said once for all findings and leave no mark.
    """
    beside = ""
    if finding["verdict"] == Verdict.PASS and any(point["material"] for point in finding["open_points"]):
        beside += "m"
    if _letter_alone(finding):
        beside += "t"
    if finding["verdict"] == Verdict.FAIL and finding["objective"] == Verdict.PASS:
        beside += "b"
    if in_force(finding):
        beside += "w"
    return f"{VERDICT_LETTERS[Verdict(finding['verdict'])]} {beside}".strip()


def link_mark(finding: Finding, link: str) -> str:
    """The tickmark of one link of the deciding chain: ``P``, ``P m`` where a material open point is about it, …

    Behind the link that decides it is what the chain shows, as the page draws it.
    """
    state = finding["links"].get(link, "n/a")
    if state == "n/a" and (chain := deciding_chain(finding)) is not None:
        state = chain_states(chain)[link]
    letter = STATE_LETTERS.get(state, state)
    material = any(point["material"] and point.get("link") == link for point in finding["open_points"])
    return f"{letter} m" if letter == "P" and material else letter


def mark_tone(mark_text: str) -> str:
    """The key into :data:`TONES` for a tickmark."""
    letter, _, beside = mark_text.partition(" ")
    if letter == "P":
        return "MATERIAL" if "m" in beside or "t" in beside else "PASS"
    return {"F": "FAIL", "I": "INCONCLUSIVE"}.get(letter, "NOT_ASSESSED")
