"""The evidence of an entry as blocks: the objects that decide, the two values that should agree, the patterns."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from auditor.reports.html import blocks
from auditor.reports.html.blocks import Block, EvidenceRef, Line
from auditor.reports.html.words import RELATION_WORDS
from auditor.result import ChainFacts, ControlFacts, EvidenceItem, Excerpt, Finding
from auditor.text import count, listing
from auditor.verdict import Relation
from auditor.workpaper.excerpts import (
    ABSENT,
    DecidingMember,
    decides_by_itself,
    deciding_items,
    excerpt_of,
    is_answer,
    members_that_decide,
    object_name,
)
from auditor.workpaper.patterns import event_sets, marked_difference
from auditor.workpaper.view import View

Locate = Callable[[EvidenceItem], int]
SHOWN_EVENTS = 12
SHOWN_OBJECTS, SHOWN_LINES = 3, 14
_PATTERN = "filterPattern"  # compared below the chain, by its meaning


def deciding(view: View, finding: Finding, members: Sequence[DecidingMember], locate: Locate) -> list[Block]:
    """The deciding values side by side, then the objects that they stand in with the deciding members marked; where
    the deciding link cites nothing, the objects that lead to it.
    """
    names = members_that_decide(view, finding)
    items = deciding_items(finding)
    cited = [(item, excerpt) for item in items if (excerpt := excerpt_of(view, item)) is not None]
    if not cited:
        return []
    places = {(view.evidence.get(item["file"], ""), item["pointer"]): [locate(item), item["pointer"]] for item in items}
    rows = [
        (_owner(member), member.member, member.value, places[member.evidence, member.pointer])
        for member in members
        if member.member != _PATTERN and (member.evidence, member.pointer) in places
    ]
    objects = [(item, excerpt) for item, excerpt in cited if not is_answer(item, excerpt["value"])]
    drawn = [_excerpt(excerpt, names, [locate(item), item["pointer"]]) for item, excerpt in objects[:SHOWN_OBJECTS]]
    folded = [blocks.fold(f"Excerpt of the evidence ({count(len(drawn), 'object')})", drawn)] if drawn else []
    if names == (_PATTERN,):  # it is compared below; its object is there for those who want the rest of it
        return folded
    if not decides_by_itself(finding):
        return [blocks.heading("What the captures show up to there"), *drawn]
    if rows:
        return [blocks.heading("What decides"), blocks.compared(rows), *folded]
    return [blocks.heading("What decides"), *drawn]


def _excerpt(excerpt: Excerpt, names: Sequence[str], ref: EvidenceRef) -> Block:
    value = excerpt["value"]
    lines = json.dumps(value, indent=1, ensure_ascii=False).splitlines()
    marks = [_decides(line, names) for line in lines]
    kept = _within(lines, marks)
    hidden = len(lines) - len(kept)
    note = f"{count(excerpt['left_out'], 'further member')} of the object not shown." if excerpt["left_out"] else ""
    if hidden:
        note = f"{count(hidden, 'further line')} not shown. {note}".strip()
    if any(name != _PATTERN for name in names) and not any(marks):
        missing = [name for name in names if name != _PATTERN]
        note = f"{listing(missing)}: {ABSENT}. {note}".strip()
    pieces: list[Line] = [blocks.piece(f"{lines[place]}\n", differs=marks[place]) for place in kept]
    return blocks.marked(_capital(object_name(value)) or "Object", pieces, ref, note)


def _owner(member: DecidingMember) -> str:
    return (_capital(member.object) if member.pointer else member.object) or member.pointer


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _decides(line: str, names: Sequence[str]) -> bool:
    return any(line.lstrip().startswith(f'"{name}":') for name in names)


def _within(lines: Sequence[str], marks: Sequence[bool]) -> list[int]:
    """Positions of the lines to show: the marked ones with what they hold, then the first others."""
    if len(lines) <= SHOWN_LINES:
        return list(range(len(lines)))
    wanted = {place + offset for place, decides in enumerate(marks) if decides for offset in range(4)}
    chosen = sorted(place for place in wanted if place < len(lines))[:SHOWN_LINES]
    others = [place for place in range(len(lines)) if place not in wanted]
    return sorted([*chosen, *others[: max(0, SHOWN_LINES - len(chosen))]])


def patterns(chain: ChainFacts, control: ControlFacts | None) -> list[Block]:
    """The relation of the found pattern to the required one: as sets of events, or as a marked difference."""
    relation, pattern = chain["pattern_relation"], chain["filter_pattern"]
    if pattern is None or relation is None:
        return [
            blocks.heading("Pattern"),
            blocks.code("Required", chain["required_pattern"]),
            blocks.paragraph("No filter was found to compare with it.", "note"),
        ]
    equal = relation == Relation.EQUAL.value
    words = RELATION_WORDS.get(relation, relation)
    if equal and pattern != chain["required_pattern"]:
        words = "Written differently, matches the same events."
    if chain["missed"]:
        words += f" It would not notice: {listing(chain['missed'], limit=SHOWN_EVENTS)}."
    if chain["added"]:
        words += f" It counts besides: {listing(chain['added'], limit=SHOWN_EVENTS)}."
    required_pieces, found_pieces = marked_difference(chain["required_pattern"], pattern)
    if equal:
        both = [blocks.code("Required", chain["required_pattern"]), blocks.code("Found", pattern)]
    else:
        both = [
            blocks.marked("Required; marked is what the found pattern has not", _lines(required_pieces)),
            blocks.marked("Found; marked is what the required pattern has not", _lines(found_pieces)),
        ]
    events = None if equal else event_sets(chain, control)
    shown = [blocks.heading("Pattern"), blocks.paragraph(words, "plain" if equal else "warn")]
    if events is not None:
        shown.append(
            blocks.sets(
                [
                    ("both", "In both", events.both),
                    ("missing", "Required and missing", events.missing),
                    ("extra", "Counted besides", events.extra),
                ]
            )
        )
    shown += [blocks.fold("Required and found pattern", both)] if equal or events is not None else both
    if chain["assumptions"]:
        shown.append(blocks.paragraph(f"Reading of undocumented behaviour: {listing(chain['assumptions'])}.", "note"))
    return [*shown, *_witness(chain)]


def _lines(pieces: Sequence[tuple[str, bool]]) -> list[Line]:
    return [blocks.piece(f"{text} ", differs=differs) for text, differs in pieces]


def _witness(chain: ChainFacts) -> list[Block]:
    if chain["witness"] is None:
        return []
    label = {
        "missed": "An event that the required pattern counts and the found one does not (made up)",
        "added": "An event that the found pattern counts and the required one does not (made up)",
    }.get(chain["witness_kind"], "An event on which the two patterns differ")
    return [blocks.code(label, json.dumps(chain["witness"], indent=2, ensure_ascii=False))]
